"""The last frames of all chargers, raw, in one ring that is bounded in bytes.

To take a frame down costs as little as can be, and nothing is kept per charger: kinds, actions and
latencies are found out when somebody reads, by a walk through the ring. The newest frames are
objects; those before them have been packed, many at a time (``packed_frames``). A secret that a
frame carries (the value of the AuthorizationKey, the password in the URL of a file) is taken out
of it before it is kept.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Iterator, Sequence
from typing import TypeVar

import msgspec

from .message_reading import MessageRecord, OpenCalls, ReadMessage, shown_text, view
from .message_secrets import is_harmless, without_secrets
from .packed_frames import PackedFrames
from .snapshots import MessageDirection, MessageView

T = TypeVar("T")

DEFAULT_BYTES = 64 << 20
_RECORD_BYTES = 160
"""What a record that is not packed costs beside its text, about."""
_LOOSE_BYTES = 192 << 10
"""From so many bytes on frames are packed: few enough to be in the caches of a processor still."""
_LEAST_LOOSE = 64
"""So many stay as they are: whoever takes a frame down may find something wrong with it later."""
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
        self._loose: list[MessageRecord] = []
        """What came after the packed ones."""
        self._loose_bytes = 0
        self._most_loose_bytes = min(_LOOSE_BYTES, max_bytes)
        self._last_id = 0
        self.received = 0
        """How many of all frames since the beginning came from a CSMS."""
        self._cleared: dict[str, int] = {}
        """By charger, up to which id its frames are forgotten; by rising id."""

    @property
    def sent(self) -> int:
        """How many of all frames since the beginning went to a CSMS."""
        return self._last_id - self.received

    @property
    def size_bytes(self) -> int:
        """What the ring holds, about."""
        return self._packed_bytes + self._loose_bytes

    def add(
        self, charge_point_id: str, direction: MessageDirection, text: bytes, timestamp_s: float
    ) -> MessageRecord:
        """Take down a frame (``timestamp_s``: Unix seconds); the oldest ones make room."""
        if is_harmless(text) is None:
            text = without_secrets(text)
        self._last_id = number = self._last_id + 1
        if direction == "received":
            self.received += 1
        record = MessageRecord(number, charge_point_id, timestamp_s, direction, text)
        self._loose.append(record)
        self._loose_bytes = size = self._loose_bytes + len(text) + _RECORD_BYTES
        if size > self._most_loose_bytes:
            self._tidy()
        return record

    def query(
        self,
        charge_point_id: str,
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
        records = self._records(charge_point_id)
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
        self, charge_point_id: str, from_s: float | None, to_s: float | None
    ) -> Iterator[ReadMessage]:
        """The frames of a charger in a period (Unix seconds, both ends in it), by rising id.

        They are those that are kept now; what is cleared until its turn comes is left out.
        """
        records = self._records(charge_point_id)
        chosen = [
            index
            for index, record in enumerate(records)
            if (from_s is None or record.timestamp_s >= from_s)
            and (to_s is None or record.timestamp_s <= to_s)
        ]
        return (
            message
            for message in _read(records, chosen)
            if message.record.id > self._cleared.get(charge_point_id, 0)
        )

    def open_calls(self, charge_point_id: str) -> OpenCalls:
        """What reads the frames that are still to come of a charger."""
        calls = OpenCalls()
        for record in self._records(charge_point_id)[-_LOOK_BACK:]:
            calls.read(record)
        return calls

    def clear(self, charge_point_id: str) -> None:
        """Forget the messages of a charger: nobody sees them any more.

        Newer ones take their place in the ring as if they were still there.
        """
        self._cleared.pop(charge_point_id, None)  # so that it comes last again
        self._cleared[charge_point_id] = self._last_id

    def _records(self, charge_point_id: str) -> list[MessageRecord]:
        found: list[MessageRecord] = []
        for packed in self._packed:
            found += packed.of(charge_point_id)
        found += [each for each in self._loose if each.charge_point_id == charge_point_id]
        cleared = self._cleared.get(charge_point_id)
        return found if cleared is None else found[bisect_right(found, cleared, key=_id_of) :]

    def _tidy(self) -> None:
        """Pack the older half of what is loose, and drop the oldest, as far as they have to go."""
        loose = self._loose
        if self._max_bytes > 2 * _LOOSE_BYTES:
            half = min(len(loose) // 2, len(loose) - _LEAST_LOOSE)
            if half >= _LEAST_PACKED:
                packed = PackedFrames(loose[:half])
                self._loose_bytes -= sum(_size(record) for record in loose[:half])
                del loose[:half]
                self._packed.append(packed)
                self._packed_bytes += packed.size_bytes
        room = self._max_bytes - self._most_loose_bytes
        while self._packed and self._packed_bytes > room:
            self._packed_bytes -= self._packed.popleft().size_bytes
        room = max(self._max_bytes - self._packed_bytes, 0)
        too_many = 0
        while self._loose_bytes > room and too_many < len(loose) - 1:
            self._loose_bytes -= _size(loose[too_many])
            too_many += 1
        del loose[:too_many]
        oldest = self._packed[0].first_id if self._packed else loose[0].id
        cleared = self._cleared
        while cleared and cleared[charge_point_id := next(iter(cleared))] < oldest:
            del cleared[charge_point_id]


def _size(record: MessageRecord) -> int:
    return len(record.text) + _RECORD_BYTES


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
