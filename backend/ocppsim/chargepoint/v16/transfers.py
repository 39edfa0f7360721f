"""Files that come and go: what the device does meanwhile, and how often it is tried."""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from ocppsim.chargepoint.effects import CancelTransfer, Effect

from .caller import Caller
from .core import Core

OWN_RETRIES = 2
"""The retries where the CSMS names no number (1.6 ed.2 §6.25, §6.55: our own choice)."""
OWN_RETRY_INTERVAL_S = 5
_SHORTEST_RETRY_INTERVAL_S = 1
"""A ``retryInterval`` of 0 makes no storm of attempts."""
_LARGEST_NUMBER = 1_000_000_000

_LOCATION = re.compile(
    r"(?P<scheme>[a-z][a-z0-9+.-]*)://"
    r"(?:[^/?#]*@)?"
    r"(?:\[[0-9a-f:.]+\]|[^/?#:@\[\]]+)"
    r"(?::(?P<port>[0-9]{1,5}))?"
    r"(?:[/?#].*)?",
    re.IGNORECASE | re.DOTALL,
)
_LARGEST_PORT = 65535

Order = Callable[[int], Effect]
"""Makes the effect that starts something, from the ticket that its end is told with."""


def is_usable(location: str, protocols: str) -> bool:
    """Whether a file can be got from, or put at, such a URL (1.6 ed.2 §8, errata 3.88).

    ``protocols`` is SupportedFileTransferProtocols; user and password, port and path are
    optional.
    """
    found = _LOCATION.fullmatch(location)
    if found is None or int(found["port"] or 0) > _LARGEST_PORT:
        return False
    return found["scheme"].upper() in protocols.split(",")


class Transfers:
    """What was ordered of the device, and who waits for the end of it."""

    __slots__ = ("_core", "_last_ticket", "_waiting")

    def __init__(self, core: Core) -> None:
        self._core = core
        self._last_ticket = 0
        self._waiting: dict[int, Callable[[bool], None]] = {}

    def start(self, order: Order, on_ended: Callable[[bool], None]) -> int:
        """Order it; ``on_ended`` hears once whether it succeeded. Returns the ticket."""
        self._last_ticket += 1
        self._waiting[self._last_ticket] = on_ended
        self._core.effects.append(order(self._last_ticket))
        return self._last_ticket

    def cancel(self, ticket: int) -> None:
        """Nobody waits for the end any more."""
        if self._waiting.pop(ticket, None) is not None:
            self._core.effects.append(CancelTransfer(ticket))

    def ended(self, ticket: int, *, succeeded: bool) -> None:
        """It is over; a ticket that nobody waits for is passed over."""
        on_ended = self._waiting.pop(ticket, None)
        if on_ended is not None:
            on_ended(succeeded)


class RetryPlan(msgspec.Struct, frozen=True):
    """How often a transfer is tried again (errata 3.50: 0 is one attempt), and when."""

    retries: int
    interval_s: int

    @classmethod
    def of(cls, retries: int | None, interval_s: int | None) -> RetryPlan:
        """What the CSMS asks for, within reason, or our own choice."""
        if retries is None:
            retries = OWN_RETRIES
        if interval_s is None:
            interval_s = OWN_RETRY_INTERVAL_S
        return cls(
            min(max(retries, 0), _LARGEST_NUMBER),
            min(max(interval_s, _SHORTEST_RETRY_INTERVAL_S), _LARGEST_NUMBER),
        )


class _Job:
    __slots__ = ("began", "interval_s", "on_began", "on_ended", "order", "retries_left")

    def __init__(
        self,
        order: Order | None,
        plan: RetryPlan,
        on_began: Callable[[], None],
        on_ended: Callable[[bool], None],
    ) -> None:
        self.order = order
        self.retries_left = plan.retries
        self.interval_s = plan.interval_s
        self.on_began = on_began
        self.on_ended = on_ended
        self.began = False


class Attempts:
    """One transfer at a time, tried until it succeeds or its retries are used up.

    An attempt begins while the charge point is registered and connected only: what has no way
    to the CSMS has none to a file server either, and nothing is told before Accepted.
    """

    __slots__ = ("_caller", "_core", "_is_due", "_job", "_ticket", "_timer", "_transfers")

    def __init__(self, core: Core, caller: Caller, transfers: Transfers, timer: str) -> None:
        self._core = core
        self._caller = caller
        self._transfers = transfers
        self._timer = timer
        self._job: _Job | None = None
        self._ticket: int | None = None
        self._is_due = False

    def begin(
        self,
        order: Order | None,
        plan: RetryPlan,
        on_began: Callable[[], None],
        on_ended: Callable[[bool], None],
    ) -> None:
        """Try something new, instead of whatever was tried before.

        ``on_began`` is called with the first attempt, ``on_ended`` with the outcome of the
        last one. Without an ``order`` it cannot be done, and fails when it has begun.
        """
        self.cancel()
        self._job = _Job(order, plan, on_began, on_ended)
        self._try_soon()

    def cancel(self) -> None:
        """Give up, without an outcome."""
        self._job = None
        self._is_due = False
        self._core.timers.cancel(self._timer)
        if self._ticket is not None:
            self._transfers.cancel(self._ticket)
            self._ticket = None

    def resume(self) -> None:
        """The CSMS can be reached again: make the attempt that is due."""
        if self._is_due and self._caller.open:
            self._try()

    def _try_soon(self) -> None:
        self._is_due = True
        self.resume()

    def _try(self) -> None:
        job = self._job
        assert job is not None
        self._is_due = False
        if not job.began:
            job.began = True
            job.on_began()
        if job.order is None:
            self._finish(job, succeeded=False)
        else:
            self._ticket = self._transfers.start(job.order, self._ended)

    def _ended(self, succeeded: bool) -> None:
        job = self._job
        assert job is not None
        self._ticket = None
        if succeeded or job.retries_left == 0:
            self._finish(job, succeeded=succeeded)
            return
        job.retries_left -= 1
        self._core.timers.set(self._timer, self._core.now_s + job.interval_s, self._try_soon)

    def _finish(self, job: _Job, *, succeeded: bool) -> None:
        self._job = None
        job.on_ended(succeeded)
