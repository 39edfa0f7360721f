"""What nearly all charge points of a fleet do nearly all of the time, on a short way."""

from __future__ import annotations

from typing import Protocol

from .effects import Append, PutCell, Retire
from .moment import Moment


class SteadyMetering(Protocol):
    """A charge point that does nothing but send the samples of one transaction, in real time.

    It lasts as long as nothing else happens. An entry that cannot go on says so with None, and
    has changed nothing then; the owner ends it (``Controller.end_steady``) before the controller
    is called in any other way. All that it orders is what the controller would have ordered.
    """

    @property
    def next_s(self) -> float:
        """When :meth:`sample` is to be called."""
        ...

    @property
    def persisted_to(self) -> int:
        """Up to which message the journal is known to have all."""
        ...

    def sample(self, now: Moment) -> tuple[PutCell, Append] | None:
        """A sample is due: the register and the message to store."""
        ...

    def persisted(self, sequence: int, now: Moment) -> bytes | None:
        """The journal has all messages up to that one: the text to send now, if there is one."""
        ...

    def answered(self, text: bytes, now: Moment) -> Retire | None:
        """The CSMS has confirmed the message, if ``text`` says that and no more."""
        ...


__all__ = ["SteadyMetering"]
