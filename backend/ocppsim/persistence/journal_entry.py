"""What happened to journals within a span of time, brought down to the outcome."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

ROW_LENGTH = 4_096
"""So many messages and cells at most make up one row of the log, or a little more."""

Message = tuple[int, int, bytes]
"""The charger, the sequence number, the body."""

_Content = tuple[
    set[int],
    dict[int, int],
    dict[int, int],
    list[Message],
    dict[str, dict[int, bytes | None]],
]

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(_Content)


class DamagedEntry(ValueError):
    """A row of the log that nobody can read."""


class UnfitWrite(ValueError):
    """A write that cannot be stored (a number of more than 64 bits, a text that is none)."""


class JournalEntry:
    """The writes to the journals of any number of chargers, by their numbers.

    It says: drop all of the chargers in ``forgotten``, and know that numbers up to the one in
    ``used`` are taken; then delete the messages up to the number in ``retired``; then store what
    ``messages`` has above that number, and ``cells`` (by key and charger; None: no such cell any
    more). Numbers of messages rise and never repeat, so that one at or below its charger's
    ``retired`` is dealt with, whenever it came.

    Doing the whole of it once more, or after a part of it was done, changes nothing more. The
    same holds for entries one after the other, as long as the last one is done, too.
    """

    __slots__ = ("cells", "forgotten", "messages", "retired", "used")

    def __init__(self) -> None:
        self.forgotten: set[int] = set()
        self.used: dict[int, int] = {}
        self.retired: dict[int, int] = {}
        self.messages: list[Message] = []
        self.cells: dict[str, dict[int, bytes | None]] = {}

    def __bool__(self) -> bool:
        return bool(self.messages or self.cells or self.retired or self.forgotten)

    def forget(self, charger_id: int) -> None:
        """Drop messages and cells; the highest sequence number stays known."""
        self.forgotten.add(charger_id)
        for owner, sequence, _ in self.messages:
            if owner == charger_id:
                _raise(self.used, charger_id, sequence)
        self.messages = [message for message in self.messages if message[0] != charger_id]
        for of_key in self.cells.values():
            of_key.pop(charger_id, None)

    def add(self, later: JournalEntry) -> None:
        """Take in what happened next."""
        for charger_id in later.forgotten:
            self.forget(charger_id)
        for charger_id, sequence in later.used.items():
            _raise(self.used, charger_id, sequence)
        retired = self.retired
        for charger_id, sequence in later.retired.items():
            if sequence > retired.get(charger_id, 0):
                retired[charger_id] = sequence
        self.messages.extend(later.messages)
        for key, of_key in later.cells.items():
            if key in self.cells:
                self.cells[key].update(of_key)
            else:
                self.cells[key] = of_key.copy()

    def drop_retired(self) -> None:
        """Let go of the messages that are dealt with."""
        retired = self.retired
        self.messages = [
            message for message in self.messages if message[1] > retired.get(message[0], 0)
        ]

    def keep_only(self, chargers: set[int]) -> None:
        """Leave out what is for others."""
        self.forgotten = self.forgotten & chargers
        self.used = {key: value for key, value in self.used.items() if key in chargers}
        self.retired = {key: value for key, value in self.retired.items() if key in chargers}
        self.messages = [message for message in self.messages if message[0] in chargers]
        self.cells = {
            key: {charger: body for charger, body in of_key.items() if charger in chargers}
            for key, of_key in self.cells.items()
        }

    def highest_appended(self) -> list[tuple[int, int]]:
        """Chargers that had messages, each with the highest number (the last one: numbers rise)."""
        highest = self.used.copy()
        highest.update({charger_id: sequence for charger_id, sequence, _ in self.messages})
        return list(highest.items())

    def encode(self) -> list[bytes]:
        """The rows of the log that say this together. Raises ``UnfitWrite``."""
        try:
            if len(self.messages) + self.cell_count <= ROW_LENGTH:
                content = (self.forgotten, self.used, self.retired, self.messages, self.cells)
                return [_encoder.encode(content)]
            return [row for part in self._parts() for row in part.encode()]
        except (OverflowError, UnicodeEncodeError) as error:
            raise UnfitWrite(str(error)) from error

    def drop_unfit(self) -> list[tuple[int, UnfitWrite]]:
        """Leave out the writes that cannot be encoded; returns their chargers."""
        refused: list[tuple[int, UnfitWrite]] = []
        kept = JournalEntry()
        for single in self._single_writes():
            try:
                single.encode()
            except UnfitWrite as error:
                refused.extend((charger_id, error) for charger_id in single.chargers())
            else:
                kept.add(single)
        self.forgotten, self.used, self.retired = kept.forgotten, kept.used, kept.retired
        self.messages, self.cells = kept.messages, kept.cells
        return refused

    def chargers(self) -> set[int]:
        """The numbers of all whose journals it writes to."""
        chargers = self.forgotten | self.retired.keys()  # those in used were forgotten
        chargers.update(message[0] for message in self.messages)
        return chargers.union(*self.cells.values())

    @property
    def cell_count(self) -> int:
        return sum(map(len, self.cells.values()))

    def _parts(self) -> Iterator[JournalEntry]:
        first = JournalEntry()
        first.forgotten, first.used, first.retired = self.forgotten, self.used, self.retired
        yield first
        retired = self.retired
        messages = [each for each in self.messages if each[1] > retired.get(each[0], 0)]
        for start in range(0, len(messages), ROW_LENGTH):
            part = JournalEntry()
            part.messages = messages[start : start + ROW_LENGTH]
            yield part
        for key, of_key in self.cells.items():
            bodies = list(of_key.items())
            for start in range(0, len(bodies), ROW_LENGTH):
                part = JournalEntry()
                part.cells[key] = dict(bodies[start : start + ROW_LENGTH])
                yield part

    def _single_writes(self) -> Iterator[JournalEntry]:
        for charger_id in self.forgotten:
            single = JournalEntry()
            single.forgotten.add(charger_id)
            if charger_id in self.used:
                single.used[charger_id] = self.used[charger_id]
            yield single
        for charger_id, sequence in self.retired.items():
            single = JournalEntry()
            single.retired[charger_id] = sequence
            yield single
        for message in self.messages:
            single = JournalEntry()
            single.messages.append(message)
            yield single
        for key, of_key in self.cells.items():
            for charger_id, body in of_key.items():
                single = JournalEntry()
                single.cells[key] = {charger_id: body}
                yield single


def decode(row: bytes) -> JournalEntry:
    """One of the rows that ``JournalEntry.encode`` made. Raises ``DamagedEntry``."""
    entry = JournalEntry()
    try:
        content = _decoder.decode(row)
    except msgspec.DecodeError as error:
        raise DamagedEntry(str(error)) from error
    entry.forgotten, entry.used, entry.retired, entry.messages, entry.cells = content
    return entry


def _raise(numbers: dict[int, int], charger_id: int, sequence: int) -> None:
    if sequence > numbers.get(charger_id, 0):
        numbers[charger_id] = sequence
