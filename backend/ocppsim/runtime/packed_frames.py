"""A run of frames of the message log in few pieces of memory."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

FRAME_BYTES = 21
"""What a frame costs beside its text: its charger, its time, its end, its direction."""
_BYTES = 600
"""What there is beside the frames, about."""


class PackedFrames:
    """Frames with rising ids, one after the other in one text.

    A frame as an object of its own is some 60 bytes more, and is far away in memory by the time
    when it makes room for others.
    """

    __slots__ = (
        "_ends",
        "_text",
        "chargers",
        "first_id",
        "received",
        "size_bytes",
        "timestamps_s",
    )

    def __init__(
        self,
        first_id: int,
        texts: Sequence[bytes],
        chargers: array[int],
        received: bytearray,
        timestamps_s: array[float],
    ) -> None:
        """At least one frame; their ids have no gaps."""
        self.first_id = first_id
        self.chargers = chargers
        self.received = received
        self.timestamps_s = timestamps_s
        self._text = b"".join(texts)
        self._ends = array("I")
        end = 0
        for text in texts:
            end += len(text)
            self._ends.append(end)
        self.size_bytes = end + FRAME_BYTES * len(texts) + _BYTES

    def text(self, index: int) -> bytes:
        """That of one frame."""
        return self._text[self._ends[index - 1] if index else 0 : self._ends[index]]


__all__ = ["FRAME_BYTES", "PackedFrames"]
