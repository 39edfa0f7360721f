"""What nearly all charge points of a fleet do nearly all of the time, on a short way."""

from __future__ import annotations

from typing import Protocol

from .sample_form import SampleForm

Sample = tuple[float, float, str]
"""The register (Wh), when it was read (Unix seconds), and the request that says so."""


class SteadyMetering(Protocol):
    """A charge point that does nothing but send the samples of one transaction, in real time.

    It lasts as long as nothing else happens. An entry that cannot go on says so with None, and
    has changed nothing then; the owner ends it (``Controller.end_steady``) before the controller
    is called in any other way. All that it orders is what the controller would have ordered.
    ``now_s`` is the present on both clocks of a :class:`~.moment.Moment`, which show the same.
    """

    @property
    def cell_key(self) -> str:
        """Under which the register is to be stored."""
        ...

    @property
    def sequence(self) -> int:
        """The number of the message that is under way, or of the next one."""
        ...

    @property
    def next_s(self) -> float:
        """When :meth:`sample` is to be called."""
        ...

    @property
    def persisted_to(self) -> int:
        """Up to which message the journal is known to have all."""
        ...

    @property
    def form(self) -> SampleForm | None:
        """What is stored of each sample; None where more of them changes than two numbers."""
        ...

    kept_aside: bool
    """Whether samples are kept elsewhere than in the journal: in the end it is to get them, too."""

    def sample(self, now_s: float) -> Sample | None:
        """A sample is due, and is to be kept, with its message of number ``sequence``."""
        ...

    def stored(self, sample: Sample) -> tuple[bytes, bytes]:
        """The cell and the message that the journal is to have of a sample."""
        ...

    def persisted(self, sequence: int, now_s: float) -> bytes | None:
        """The journal has all messages up to that one: the text to send now, if there is one."""
        ...

    def answered(self, text: bytes, now_s: float) -> int | None:
        """The CSMS has confirmed the message, if ``text`` says that and no more.

        The number up to which messages are to be retired. Before that
        ``Controller.deliveries_of`` is to be asked where ``has_deliveries`` says so.
        """
        ...

    @property
    def has_deliveries(self) -> bool:
        """Whether there are so many that it is to be told what became of them."""
        ...


__all__ = ["SteadyMetering"]
