"""Handling the deadlines of a charger whose simulated time runs fast."""

from __future__ import annotations

from typing import Protocol

from ocppsim.chargepoint.moment import Moment

from .scaled_clock import ScaledClock

MOST_STEPS = 4
"""Deadlines handled in one turn; the charger's timer brings the next ones, after the others'."""
LATE_AFTER_S = 5.0
"""From this real delay on what is due is done at once: a computer that is too slow skips."""


class Paced(Protocol):
    """What has deadlines on both clocks: a charger."""

    @property
    def next_deadline_s(self) -> float: ...

    @property
    def next_real_deadline_s(self) -> float: ...

    def handle_deadline(self, now: Moment) -> None: ...


def keep_up(charger: Paced, clock: ScaledClock) -> None:
    """Do what has become due at the simulated instants at which it is due, a few at a time.

    Fast time runs through many instants until the event loop gets round to a charger. In real
    time a sample is a millisecond late; at 3600 times the pace it would be seconds late on the
    wire.
    """
    for _ in range(MOST_STEPS):
        due_s = charger.next_deadline_s
        moment = clock.at(due_s)
        if moment.simulated_s < due_s:
            if charger.next_real_deadline_s <= moment.real_s:
                charger.handle_deadline(moment)
            return
        if clock.real_at(due_s) < moment.real_s - LATE_AFTER_S:
            charger.handle_deadline(clock.now())
            return
        charger.handle_deadline(moment)


__all__ = ["LATE_AFTER_S", "MOST_STEPS", "Paced", "keep_up"]
