"""What flowed through an outlet between two instants: the extremes that a register hides."""

from __future__ import annotations

from math import inf
from typing import NamedTuple


class Flow(NamedTuple):
    """What a :class:`FlowRecord` saw since it was taken last.

    ``peak_power_w`` is exact: power is monotonic between the instants that are noted. Offers are
    the lowest and highest power that the vehicle could take for a while, 0 with the contactor open.
    ``without_offer_s`` and ``without_demand_s`` are the times without power, by whose doing: the
    charger's, which offered none, or the vehicle's.
    """

    peak_power_w: float
    lowest_offer_w: float
    highest_offer_w: float
    without_offer_s: float
    without_demand_s: float


class FlowRecord:
    """Kept by an outlet while somebody wants it.

    The outlet notes every instant at which it looked at itself, and both sides of every change.
    """

    __slots__ = (
        "_at_s",
        "_counted_w",
        "_highest_w",
        "_lowest_w",
        "_offered_w",
        "_peak_w",
        "_power_w",
        "_without_demand_s",
        "_without_offer_s",
    )

    def __init__(self, at_s: float, power_w: float, offered_w: float) -> None:
        self._begin(at_s, power_w, offered_w)

    def note(self, now_s: float, power_w: float, offered_w: float) -> None:
        """How it is at ``now_s``, which does not fall; it was so since the last note, or crept."""
        span_s = now_s - self._at_s
        if span_s > 0.0:
            # What did not last, as an offer at the very end of a transaction, does not count
            if self._power_w > self._peak_w:  # noqa: PLR1730 - dearer, and every reading is noted
                self._peak_w = self._power_w
            if power_w > self._peak_w:  # noqa: PLR1730
                self._peak_w = power_w
            if self._offered_w != self._counted_w:
                self._counted_w = self._offered_w
                self._lowest_w = min(self._lowest_w, self._offered_w)
                self._highest_w = max(self._highest_w, self._offered_w)
        if self._power_w <= 0.0:
            if self._offered_w <= 0.0:
                self._without_offer_s += span_s
            else:
                self._without_demand_s += span_s
        self._at_s = now_s
        self._power_w = power_w
        self._offered_w = offered_w

    def pass_by(self, power_w: float) -> None:
        """A corner of the power curve since the last note."""
        self._peak_w = max(self._peak_w, power_w)

    def take(self) -> Flow:
        """What was seen up to the last note; what comes counts from there."""
        flow = self.look()
        self._begin(self._at_s, self._power_w, self._offered_w)
        return flow

    def look(self) -> Flow:
        """The same, without taking it."""
        lasted = self._lowest_w <= self._highest_w
        return Flow(
            self._peak_w if lasted else self._power_w,
            self._lowest_w if lasted else self._offered_w,
            self._highest_w if lasted else self._offered_w,
            self._without_offer_s,
            self._without_demand_s,
        )

    def _begin(self, at_s: float, power_w: float, offered_w: float) -> None:
        self._at_s = at_s
        self._power_w = power_w
        self._peak_w = 0.0
        self._offered_w = offered_w
        self._counted_w: float = -1.0
        self._lowest_w: float = inf
        self._highest_w: float = -inf
        self._without_offer_s = 0.0
        self._without_demand_s = 0.0


__all__ = ["Flow", "FlowRecord"]
