"""The last frames of all chargers, raw, in one ring that is bounded in bytes.

To take a frame down costs as little as can be, and nothing is kept per charger: kinds, actions and
latencies are found out when somebody reads, by a walk through the ring. The newest frames are
objects; those before them have been packed, many at a time (``packed_frames``). Chargers are known
by the numbers that they have towards the journal. A secret that a
frame carries (the value of the AuthorizationKey, the password in the URL of a file) is taken out
of it before it is kept.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator, Sequence
from typing import TypeVar

import msgspec

from .message_reading import MessageRecord, OpenCalls, ReadMessage, shown_text, view
from .message_secrets import is_harmless, without_secrets
from .packed_frames import FRAME_BYTES, PackedFrames
from .snapshots import MessageDirection, MessageView

T = TypeVar("T")

DEFAULT_BYTES = 64 << 20
_LOOSE_FRAME_BYTES = FRAME_BYTES + 60
"""What a frame that is not packed costs beside its text, about."""
_LOOSE_BYTES = 192 << 10
"""From so many bytes on frames are packed: few enough to be in the caches of a processor still."""
_LEAST_PACKED = 32

_LOOK_BACK = 4096
"""Frames of a charger before the first one that is read in which its CALL is looked for."""


class MessagePage(msgspec.Struct, frozen=True):
    """Messages by rising id; ``total`` is how many fit the filters altogether."""

    messages: list[MessageView]
    total: int


class MessageLog:
    """Keeps the newest frames of all chargers together, up to ``max_bytes``.

    An answer tells the action of its CALL, and the time since, as long as the CALL is kept.
    """

    def __init__(self, max_bytes: int = DEFAULT_BYTES) -> None:
        self._max_bytes = max_bytes
        self._packed: deque[PackedFrames] = deque()
        self._packed_bytes = 0
        # What came after the packed ones
        self._first_loose_id = 1
        self._texts: list[bytes] = []
        self._chargers = array("q")
        self._received = bytearray()
        self._timestamps_s = array("d")
        self._loose_bytes = 0
        self._most_loose_bytes = min(_LOOSE_BYTES, max_bytes)
        self._received_before = 0
        """How many of the frames before the loose ones came from a CSMS."""
        self._violations: dict[int, str] = {}
        """By id, by rising id, what was wrong with a frame."""
        self._cleared: dict[int, int] = {}
        """By charger, up to which id its frames are forgotten; by rising id."""

    @property
    def received(self) -> int:
        """How many of all frames since the beginning came from a CSMS."""
        return self._received_before + self._received.count(1)

    @property
    def sent(self) -> int:
        """How many of all frames since the beginning went to a CSMS."""
        return self.last_id - self.received

    @property
    def size_bytes(self) -> int:
        """What the ring holds, about."""
        return self._packed_bytes + self._loose_bytes

    def add(
        self, charger_id: int, direction: MessageDirection, text: bytes, timestamp_s: float
    ) -> int:
        """Take down a frame (``timestamp_s``: Unix seconds); the oldest ones make room.

        Returns the id of the frame.
        """
        if is_harmless(text) is None:
            text = without_secrets(text)
        self.add_harmless(charger_id, direction == "received", text, timestamp_s)
        return self.last_id

    def add_harmless(
        self, charger_id: int, is_received: bool, text: bytes, timestamp_s: float
    ) -> None:
        """The same for a frame that is known to carry no secret."""
        self._texts.append(text)
        self._chargers.append(charger_id)
        self._received.append(is_received)
        self._timestamps_s.append(timestamp_s)
        self._loose_bytes = size = self._loose_bytes + len(text) + _LOOSE_FRAME_BYTES
        if size > self._most_loose_bytes:
            self._tidy()

    def note_violation(self, number: int, text: str) -> None:
        """Something was found to be wrong with a frame that is kept."""
        self._violations[number] = text

    def frame(self, number: int) -> MessageRecord | None:
        """The frame of that id; None where it is not there any more."""
        index = number - self._first_loose_id
        if index >= 0:
            return self._record(index) if index < len(self._texts) else None
        at = bisect_right(self._packed, number, key=_first_id) - 1
        return self._packed_record(self._packed[at], number) if at >= 0 else None

    def query(
        self,
        charger_id: int,
        *,
        direction: MessageDirection | None = None,
        action: str | None = None,
        q: str | None = None,
        after: int | None = None,
        limit: int = 100,
    ) -> MessagePage:
        """The messages of a charger that fit all filters.

        ``action`` also finds the answers to the CALLs of that action, ``q`` is looked for in
        the text (in any case). With ``after`` (a message id) the first ``limit`` messages
        behind it, else the newest ``limit``; always by rising id.
        """
        records = self._records(charger_id)
        behind = 0 if after is None else bisect_right(records, after, key=_id_of)
        fitting: Sequence[int] = range(behind, len(records))
        if direction is not None:
            fitting = [index for index in fitting if records[index].direction == direction]
        if q:
            wanted = q.casefold()
            fitting = [i for i in fitting if wanted in shown_text(records[i]).casefold()]
        if action is None:
            chosen = _page(fitting, after, limit)
            messages = _read(records, chosen)
            return MessagePage([view(message) for message in messages], len(fitting))
        found = [message for message in _read(records, fitting) if message.action == action]
        return MessagePage([view(message) for message in _page(found, after, limit)], len(found))

    def between(
        self, charger_id: int, from_s: float | None, to_s: float | None
    ) -> Iterator[ReadMessage]:
        """The frames of a charger in a period (Unix seconds, both ends in it), by rising id.

        They are those that are kept now; what is cleared until its turn comes is left out.
        """
        records = self._records(charger_id)
        chosen = [
            index
            for index, record in enumerate(records)
            if (from_s is None or record.timestamp_s >= from_s)
            and (to_s is None or record.timestamp_s <= to_s)
        ]
        return (
            message
            for message in _read(records, chosen)
            if message.record.id > self._cleared.get(charger_id, 0)
        )

    def open_calls(self, charger_id: int) -> OpenCalls:
        """What reads the frames that are still to come of a charger."""
        calls = OpenCalls()
        for record in self._records(charger_id)[-_LOOK_BACK:]:
            calls.read(record)
        return calls

    def clear(self, charger_id: int) -> None:
        """Forget the messages of a charger: nobody sees them any more.

        Newer ones take their place in the ring as if they were still there.
        """
        self._cleared.pop(charger_id, None)  # so that it comes last again
        self._cleared[charger_id] = self.last_id

    @property
    def last_id(self) -> int:
        """That of the newest frame; 0 before the first."""
        return self._first_loose_id + len(self._texts) - 1

    def _records(self, charger_id: int) -> list[MessageRecord]:
        found: list[MessageRecord] = []
        for packed in self._packed:
            found += [
                self._packed_record(packed, packed.first_id + index)
                for index in _indices(packed.chargers, charger_id)
            ]
        found += map(self._record, _indices(self._chargers, charger_id))
        cleared = self._cleared.get(charger_id)
        return found if cleared is None else found[bisect_right(found, cleared, key=_id_of) :]

    def _record(self, index: int) -> MessageRecord:
        """One of the loose frames."""
        number = self._first_loose_id + index
        return MessageRecord(
            number,
            self._timestamps_s[index],
            "received" if self._received[index] else "sent",
            self._texts[index],
            self._violations.get(number),
        )

    def _packed_record(self, packed: PackedFrames, number: int) -> MessageRecord:
        index = number - packed.first_id
        return MessageRecord(
            number,
            packed.timestamps_s[index],
            "received" if packed.received[index] else "sent",
            packed.text(index),
            self._violations.get(number),
        )

    def _tidy(self) -> None:
        """Pack the older half of what is loose, and drop the oldest, as far as they have to go."""
        half = len(self._texts) // 2
        if self._max_bytes > 2 * _LOOSE_BYTES and half >= _LEAST_PACKED:
            packed = PackedFrames(
                self._first_loose_id,
                self._texts[:half],
                self._chargers[:half],
                self._received[:half],
                self._timestamps_s[:half],
            )
            self._forget_loose(half)
            self._packed.append(packed)
            self._packed_bytes += packed.size_bytes
        room = self._max_bytes - self._most_loose_bytes
        while self._packed and self._packed_bytes > room:
            self._packed_bytes -= self._packed.popleft().size_bytes
        room = max(self._max_bytes - self._packed_bytes, 0)
        too_many, too_much = 0, self._loose_bytes - room
        while too_much > 0 and too_many < len(self._texts) - 1:
            too_much -= len(self._texts[too_many]) + _LOOSE_FRAME_BYTES
            too_many += 1
        self._forget_loose(too_many)
        oldest = self._packed[0].first_id if self._packed else self._first_loose_id
        cleared, violations = self._cleared, self._violations
        while cleared and cleared[charger_id := next(iter(cleared))] < oldest:
            del cleared[charger_id]
        while violations and (number := next(iter(violations))) < oldest:
            del violations[number]

    def _forget_loose(self, count: int) -> None:
        """The oldest of them are not loose any more."""
        self._loose_bytes -= sum(map(len, self._texts[:count])) + count * _LOOSE_FRAME_BYTES
        self._received_before += self._received.count(1, 0, count)
        self._first_loose_id += count
        del self._texts[:count]
        del self._chargers[:count]
        del self._received[:count]
        del self._timestamps_s[:count]


def _indices(chargers: array[int], charger_id: int) -> Iterator[int]:
    """Where a charger is, by rising index."""
    start = 0
    while True:
        try:
            found = chargers.index(charger_id, start)
        except ValueError:
            return
        yield found
        start = found + 1


def _first_id(packed: PackedFrames) -> int:
    return packed.first_id


def _id_of(record: MessageRecord) -> int:
    return record.id


def _page(fitting: Sequence[T], after: int | None, limit: int) -> Sequence[T]:
    return fitting[:limit] if after is not None else fitting[max(0, len(fitting) - limit) :]


def _read(records: Sequence[MessageRecord], chosen: Sequence[int]) -> Iterator[ReadMessage]:
    """Those of a charger's frames with the (rising) indices ``chosen``, by rising index."""
    if not chosen:
        return
    calls = OpenCalls()
    wanted = iter(chosen)
    next_wanted = next(wanted)
    for index in range(max(0, next_wanted - _LOOK_BACK), chosen[-1] + 1):
        message = calls.read(records[index])
        if index == next_wanted:
            yield message
            next_wanted = next(wanted, -1)


__all__ = ["DEFAULT_BYTES", "MessageLog", "MessagePage", "MessageRecord", "OpenCalls", "view"]
