"""Time as an argument: the two clocks that a charge point is told about."""

from __future__ import annotations

import msgspec


class Moment(msgspec.Struct, frozen=True, gc=False):
    """An instant on both clocks, in seconds; both are monotonic and have an arbitrary origin.

    ``simulated_s`` drives everything that the simulated device does (charging, sampling,
    heartbeats, retries). ``real_s`` drives waits for the peer (the CALL timeout), which do
    not shrink when a simulation runs faster than real time.
    """

    simulated_s: float
    real_s: float
