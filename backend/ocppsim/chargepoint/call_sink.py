"""Who is told what becomes of the CALLs of charge points: for statistics over many of them."""

from __future__ import annotations

from typing import Protocol


class CallSink(Protocol):
    """Both are called on the hot path, in the middle of a step; they must be quick, and not raise.

    A message that is sent again, as transaction messages are, is a CALL anew each time.
    """

    def answered(self, action: str, latency_s: float, /) -> None:
        """A usable answer came so many seconds of real time after the CALL was sent."""
        ...

    def failed(self, action: str, kind: str, code: str, /) -> None:
        """There will be no usable answer.

        ``kind`` is ``error`` (a CALLERROR with that ``code``), ``timeout``, ``violation`` (an
        answer that cannot be used) or ``lost`` (the link went down before there was one).
        """
        ...


__all__ = ["CallSink"]
