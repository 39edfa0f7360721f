"""The two clocks of the shell and the wall clock beside them."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

from ocppsim.chargepoint.moment import Moment


class Clock(Protocol):
    """Where the shell reads the time."""

    @property
    def epoch_s(self) -> float:
        """The wall-clock time (Unix seconds) at simulated second 0."""
        ...

    def now(self) -> Moment: ...

    def real_s(self) -> float:
        """The real time of :meth:`now`, for who needs no more."""
        ...

    def real_at(self, simulated_s: float) -> float:
        """The real time at which the simulated clock will read ``simulated_s``."""
        ...

    def wall_s(self) -> float:
        """The wall clock of this machine, in Unix seconds."""
        ...


class SystemClock:
    """The machine's monotonic clock; simulated time runs at the pace of real time."""

    def __init__(
        self,
        monotonic: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        # Asked for every message: straight, without a call in between
        self.real_s = monotonic
        self.wall_s = wall
        self._epoch_s = wall() - monotonic()

    @property
    def epoch_s(self) -> float:
        return self._epoch_s

    def now(self) -> Moment:
        now_s = self.real_s()
        return Moment(now_s, now_s)

    def real_at(self, simulated_s: float) -> float:
        return simulated_s


_FIRST_S = datetime(1, 1, 1, tzinfo=UTC).timestamp()
_LAST_S = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC).timestamp()


def iso_utc(epoch_s: float) -> str:
    """Unix seconds as ISO 8601 in UTC with milliseconds: ``2026-01-02T03:04:05.678Z``.

    A time beyond the calendar (year 1 to 9999) is shown as its nearest end.
    """
    moment = datetime.fromtimestamp(min(max(epoch_s, _FIRST_S), _LAST_S), UTC)
    return f"{moment.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


__all__ = ["Clock", "SystemClock", "iso_utc"]
