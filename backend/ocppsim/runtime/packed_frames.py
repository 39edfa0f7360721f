"""A run of frames of the message log in few pieces of memory."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from .message_reading import MessageRecord

_FRAME_BYTES = 21
"""What a frame costs beside its text: its charger, its time, its end, its direction."""
_BYTES = 600
"""What there is beside the frames, about."""


class PackedFrames:
    """Frames with rising ids, one after the other in one text; records again when somebody reads.

    A frame as an object of its own is some 160 bytes more, and is far away in memory by the time
    when it makes room for others.
    """

    __slots__ = (
        "_charge_point_ids",
        "_ends",
        "_received",
        "_text",
        "_timestamps_s",
        "_violations",
        "first_id",
        "size_bytes",
    )

    def __init__(self, records: Sequence[MessageRecord]) -> None:
        """``records`` are at least one, and their ids have no gaps."""
        self.first_id = records[0].id
        self._text = b"".join([record.text for record in records])
        self._ends = array("I")
        end = 0
        for record in records:
            end += len(record.text)
            self._ends.append(end)
        self._charge_point_ids = tuple([record.charge_point_id for record in records])
        self._timestamps_s = array("d", [record.timestamp_s for record in records])
        self._received = bytes([record.direction == "received" for record in records])
        self._violations = {
            record.id: record.violation for record in records if record.violation is not None
        }
        self.size_bytes = end + _FRAME_BYTES * len(records) + _BYTES

    def __len__(self) -> int:
        return len(self._received)

    def of(self, charge_point_id: str) -> list[MessageRecord]:
        """The frames of a charger, by rising id."""
        found: list[MessageRecord] = []
        charge_point_ids = self._charge_point_ids
        if charge_point_id in charge_point_ids:
            for index, owner in enumerate(charge_point_ids):
                if owner == charge_point_id:
                    found.append(self._record(index))
        return found

    def _record(self, index: int) -> MessageRecord:
        number = self.first_id + index
        return MessageRecord(
            number,
            self._charge_point_ids[index],
            self._timestamps_s[index],
            "received" if self._received[index] else "sent",
            self._text[self._ends[index - 1] if index else 0 : self._ends[index]],
            self._violations.get(number),
        )


__all__ = ["PackedFrames"]
