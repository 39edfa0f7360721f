"""Handling the deadlines of a charger whose simulated time runs fast."""

from __future__ import annotations

from typing import Protocol

from ocppsim.chargepoint.moment import Moment

from .scaled_clock import ScaledClock

STEPS_IN_A_TURN = 4
"""Deadlines handled in one turn; the charger's timer brings the next ones, after the others'."""
STEPS_BEFORE_AN_INPUT = 1
"""Before a frame or a commit: many of those come in one turn of the event loop."""
LATE_AFTER_S = 5.0
"""From this real delay on what is due is done at once: a computer that is too slow skips."""


class Paced(Protocol):
    """What has deadlines on both clocks: a charger."""

    @property
    def next_deadline_s(self) -> float: ...

    @property
    def next_real_deadline_s(self) -> float: ...

    def handle_deadline(self, now: Moment) -> None: ...


def keep_up(charger: Paced, clock: ScaledClock, most_steps: int = STEPS_IN_A_TURN) -> bool:
    """Do what has become due at the simulated instants at which it is due, a few at a time.

    Returns whether anything was due.

    Fast time runs through many instants until the event loop gets round to a charger. In real
    time a sample is a millisecond late; at 3600 times the pace it would be seconds late on the
    wire.
    """
    for step in range(most_steps):
        due_s = charger.next_deadline_s
        moment = clock.at(due_s)
        if moment.simulated_s < due_s:
            if charger.next_real_deadline_s <= moment.real_s:
                charger.handle_deadline(moment)
                return True
            return step > 0
        if clock.real_at(due_s) < moment.real_s - LATE_AFTER_S:
            charger.handle_deadline(clock.now())
            return True
        charger.handle_deadline(moment)
    return True


__all__ = ["LATE_AFTER_S", "STEPS_BEFORE_AN_INPUT", "STEPS_IN_A_TURN", "Paced", "keep_up"]
