"""One outlet of a charger: its offer, its contactor, its meter, and the vehicle behind it."""

from __future__ import annotations

from math import inf
from typing import Final

from .course import Course, Stretch, plan_charge, plan_fall, plan_rise
from .curve import power_at
from .flow_record import FlowRecord
from .instruments import OutletMeter
from .meter import Reading
from .noise import NOMINAL_VOLTAGE_V, Noise
from .steady_flow import EvenFlow, SteadyFlow
from .vehicle import LEAST_POWER_W, PowerType, Vehicle

NEVER: Final = inf

PILOT_MINIMUM_A: Final = 6.0
"""The least that a pilot signal can say (IEC 61851-1, annex A)."""

_EXACTLY: Final = 1.0 - 1e-9


class Evse:
    """Charges the connected vehicle at what the offer and the vehicle allow.

    Time is on the simulated clock and only moves forward: an earlier ``now_s`` than one seen
    before means that one. Invariants: the energy register never falls; the power is never
    above the offer (but for the time that the vehicle needs to follow a lower one), which is
    never above ``max_power_w``; the battery gains exactly the register's rise, less what the
    auxiliary load took, times the vehicle's efficiency; none of it depends on how often the
    EVSE is looked at.

    A vehicle sees an offer after its reaction delay, and follows it by its ramp. The contactor
    knows neither: with it open nothing flows, and a change of the number of phases opens it
    for a moment, so that the vehicle starts anew.
    """

    __slots__ = (
        "_base_wh",
        "_declines",
        "_energy_wh",
        "_meter",
        "_now_s",
        "_offered_phases",
        "_offered_w",
        "_pending",
        "_plan",
        "_power_w",
        "_reading",
        "_step",
        "_taken_w",
        "_usable_w",
        "_vehicle",
        "max_power_w",
        "phases",
        "power_type",
        "record",
    )

    def __init__(
        self,
        *,
        power_type: PowerType,
        max_power_w: float,
        phases: int,
        noise: Noise,
        energy_wh: float = 0.0,
        meter_deviation: float = 0.0,
        meter_resolution_wh: float = 0.0,
    ) -> None:
        """``phases`` (1 or 3) is of no meaning for DC; ``energy_wh`` is what the meter shows.

        ``meter_deviation`` is how much more than what flows the meter shows (relative),
        ``meter_resolution_wh`` the step of its registers.

        Raise ``ValueError`` for hardware that cannot be.
        """
        if not 0.0 < max_power_w < inf:
            raise ValueError(f"the power of an outlet is above 0 W, not {max_power_w:g}")
        if power_type == "AC" and phases not in (1, 3):
            raise ValueError(f"an AC outlet has 1 or 3 phases, not {phases}")
        self.power_type: Final[PowerType] = power_type
        self.max_power_w: Final = max_power_w
        self.phases: Final = phases if power_type == "AC" else 0
        self._meter = OutletMeter(
            power_type=power_type,
            max_power_w=max_power_w,
            phases=self.phases,
            noise=noise,
            deviation=meter_deviation,
            resolution_wh=meter_resolution_wh,
        )
        self._meter.set_counted(energy_wh, energy_wh)
        self._vehicle: Vehicle | None = None
        self._offered_w = 0.0
        self._usable_w = 0.0
        self._offered_phases = self.phases
        self._energy_wh = energy_wh
        self._base_wh = energy_wh
        self._taken_w = 0.0
        self._pending: tuple[tuple[float, float], ...] = ()
        self._declines = False
        self._plan: Course = ()
        self._step = 0
        self._power_w = 0.0
        self._now_s = -inf
        self._reading: Reading | None = None
        self.record: FlowRecord | None = None
        """Kept while somebody wants to know more than the register tells."""

    @property
    def vehicle(self) -> Vehicle | None:
        """The vehicle that is connected, as it was at the last instant looked at."""
        return self._vehicle

    @property
    def now_s(self) -> float:
        """The last instant looked at; minus infinity before the first."""
        return self._now_s

    @property
    def energy_wh(self) -> float:
        """What has flowed up to the last instant looked at; a perfect meter shows it."""
        return self._energy_wh

    @property
    def counted_wh(self) -> float:
        """What the meter has counted up to then: its register between two steps."""
        return self._meter.counted_wh(self._energy_wh)

    @property
    def offered_power_w(self) -> float:
        """The power that the vehicle may take; 0 while the contactor is open."""
        return self._offered_w

    @property
    def usable_power_w(self) -> float:
        """What of the offer is on the phases that the connected vehicle has."""
        return self._usable_w

    @property
    def power_w(self) -> float:
        """What flows, at the last instant looked at."""
        return self._power_w

    @property
    def power_ahead_w(self) -> float:
        """The most that may flow before the vehicle has followed all that it was offered so far.

        Above ``power_w`` while it rises, and while it has yet to react to an offer; that counts
        of one that is paused, too, as it may go on meanwhile.
        """
        vehicle = self._vehicle
        if vehicle is None:
            return 0.0
        power_type, phases = self.power_type, self._offered_phases
        rises = (
            vehicle.draws
            and not self._declines
            and vehicle.spec.ramp_w_per_s(power_type, phases) > 0.0
        )
        if not (self._pending or rises):
            return self._power_w
        highest_w = max([self._taken_w, *(offered_w for _, offered_w in self._pending)])
        knots = vehicle.power_knots(power_type, highest_w, phases)
        return max(self._power_w, power_at(knots, vehicle.battery.stored_wh))

    @property
    def draws(self) -> bool:
        """Whether the connected vehicle asks for energy.

        It is let to, has not reached its target, and does not decline the offer as too low.
        Nothing offered is nothing to decline.
        """
        vehicle = self._vehicle
        declined = self._declines and not self._plan
        return vehicle is not None and vehicle.draws and not declined

    @property
    def least_offer_w(self) -> float:
        """Below this (for AC over all phases) the connected vehicle does not charge; 0 without one.

        An outlet that is weaker than a pilot can say counts as saying what it has.
        """
        if self._vehicle is None:
            return 0.0
        spec = self._vehicle.spec
        if self.power_type == "DC":
            return spec.dc_min_power_kw * 1000.0
        if spec.ac_min_current_a > PILOT_MINIMUM_A:
            return spec.ac_min_current_a * NOMINAL_VOLTAGE_V * self.phases
        return min(PILOT_MINIMUM_A * NOMINAL_VOLTAGE_V * self.phases, self.max_power_w)

    @property
    def full_at_s(self) -> float:
        """When the battery will be full, or at the vehicle's target, if nothing changes.

        ``NEVER`` while nothing flows.
        """
        return self._plan[-1].ends_at_s if self._plan and not self._declines else NEVER

    @property
    def next_change_s(self) -> float:
        """When the vehicle reacts, stops asking or declines; look then, for ``draws``."""
        ends_at_s = self._plan[-1].ends_at_s if self._plan else NEVER
        return min(ends_at_s, self._pending[0][0]) if self._pending else ends_at_s

    def connect(self, vehicle: Vehicle, now_s: float) -> None:
        """Bring a vehicle; there is none connected."""
        self.settle(now_s)
        self._vehicle = vehicle
        self._start_anew()

    def disconnect(self, now_s: float) -> None:
        """Take the vehicle away, with the charge that it has got."""
        self.settle(now_s)
        self._vehicle = None
        self._start_anew()

    @property
    def offered_phases(self) -> int:
        """The phases that the offer is over; 0 for DC."""
        return self._offered_phases

    def offer(self, power_w: float, now_s: float, phases: int | None = None) -> None:
        """Let the vehicle take up to ``power_w`` (at most ``max_power_w``); 0 opens the contactor.

        For AC the offer is a current a phase at nominal voltage: ``power_w`` over ``phases``
        of the outlet's phases (None: all of them); the others are switched off, and no phase
        gives more than its share of ``max_power_w``.
        """
        self.settle(now_s)
        over = self.phases if phases is None else min(phases, self.phases)
        highest_w = self.max_power_w * (over / self.phases) if self.phases else self.max_power_w
        offered_w = min(max(power_w, 0.0), highest_w)
        if offered_w == self._offered_w and over == self._offered_phases:
            return
        starts_anew = self._offered_w <= 0.0 or offered_w <= 0.0 or over != self._offered_phases
        self._offered_w = offered_w
        self._offered_phases = over
        if starts_anew:
            self._start_anew()
        else:
            self._react()

    def set_willing(self, willing: bool, now_s: float) -> None:
        """Let the connected vehicle ask for energy, or pause it."""
        self.settle(now_s)
        if self._vehicle is not None:
            self._vehicle.willing = willing
        self._replan()

    def restore_energy(self, energy_wh: float, counted_wh: float | None = None) -> None:
        """Set the energy forward to what had flowed before; it never falls.

        ``counted_wh`` is what the meter had made of it (None: the same).
        """
        counted_wh = max(self.counted_wh, energy_wh if counted_wh is None else counted_wh)
        self._energy_wh = self._base_wh = max(self._energy_wh, energy_wh)
        self._meter.set_counted(counted_wh, self._energy_wh)
        self._reading = None

    def catch_up(self, shown_wh: float) -> None:
        """The register is known to have shown more: the connected vehicle got the difference."""
        self._meter.set_least(shown_wh)
        self._reading = None
        energy_wh = self._meter.flowed_wh(shown_wh)
        delivered_wh = energy_wh - self._energy_wh
        vehicle = self._vehicle
        if delivered_wh <= 0.0:
            return
        if vehicle is not None:
            efficiency = vehicle.spec.efficiency(self.power_type)
            battery = vehicle.battery
            battery.stored_wh = min(
                battery.capacity_wh, battery.stored_wh + delivered_wh * efficiency
            )
        self._energy_wh = energy_wh
        self._replan()

    def read(self, now_s: float) -> Reading:
        """The meter at ``now_s``; asking again for the same instant costs nothing."""
        if self._reading is None or now_s > self._now_s:
            self.settle(now_s)
            self._reading = self._meter.read(
                self._now_s,
                self._energy_wh,
                self._power_w,
                self._offered_w,
                self._offered_phases,
                self._vehicle,
            )
        return self._reading

    def steady_flow(self) -> SteadyFlow | None:
        """Its meter from the last instant looked at on, while power goes on as planned.

        None where none flows, or the vehicle is about to follow another offer.
        """
        if not self._plan or self._pending or not self._power_w > 0.0:
            return None
        stretch = self._plan[self._step]
        if type(stretch) is Stretch and stretch.slope_per_h == 0.0 and self._meter.is_exact:
            return EvenFlow(self, stretch, self._base_wh)
        return SteadyFlow(self, stretch.ends_at_s)

    def settle(self, now_s: float) -> None:
        """Let the time pass: bring register, battery and power to ``now_s``."""
        if now_s > self._now_s:
            while self._pending and self._pending[0][0] <= now_s:
                at_s, self._taken_w = self._pending[0]
                self._pending = self._pending[1:]
                self._pass_to(at_s)
                self._replan()
            self._pass_to(now_s)

    def _pass_to(self, now_s: float) -> None:
        self._now_s = now_s
        self._reading = None
        if self._plan:
            self._flow()
        record = self.record
        if record is not None:
            record.note(now_s, self._power_w, self._usable_w)

    def _flow(self) -> None:
        """Find register, battery and power on the foreseen course of charging."""
        vehicle = self._vehicle
        if not self._plan or vehicle is None:
            return
        stretch = self._plan[self._step]
        while self._now_s >= stretch.ends_at_s:
            self._base_wh += stretch.energy_wh
            if self.record is not None:
                self.record.pass_by(stretch.flow(stretch.ends_at_s)[0])
            vehicle.battery.stored_wh = stretch.end_stored_wh
            self._step += 1
            if self._step == len(self._plan):
                self._plan = ()
                self._power_w = 0.0
                self._energy_wh = max(self._energy_wh, self._base_wh)
                return
            stretch = self._plan[self._step]
        self._power_w, energy_wh, vehicle.battery.stored_wh = stretch.flow(self._now_s)
        energy_wh += self._base_wh
        # A later instant may round to a register one bit lower.
        if energy_wh > self._energy_wh:  # noqa: PLR1730 - dearer
            self._energy_wh = energy_wh

    def _start_anew(self) -> None:
        """Nothing has flowed yet: a vehicle has come or gone, or the contactor moved."""
        self._power_w = 0.0
        self._taken_w = 0.0
        self._pending = ()
        self._react()

    def _react(self) -> None:
        """The offer is another one, which the vehicle sees now or a little later."""
        vehicle = self._vehicle
        delay_s = 0.0 if vehicle is None else vehicle.spec.reaction_delay_s
        if delay_s > 0.0 and self._offered_w > 0.0:
            self._pending += ((self._now_s + delay_s, self._offered_w),)
        else:
            self._taken_w = self._offered_w
        self._replan()

    def _replan(self) -> None:
        """Foresee the charging from here on, after something has changed."""
        self._plan_anew()
        self._usable_w = self._offered_w
        vehicle = self._vehicle
        if self.phases and vehicle is not None:
            used = min(self._offered_phases, vehicle.spec.ac_phases)
            self._usable_w *= used / self._offered_phases
        if self.record is not None:
            self.record.note(self._now_s, self._power_w, self._usable_w)

    def _plan_anew(self) -> None:
        from_w = self._power_w
        self._reading = None
        self._base_wh = self._energy_wh
        self._declines = False
        self._plan = ()
        self._step = 0
        self._power_w = 0.0
        vehicle = self._vehicle
        if vehicle is None or not vehicle.draws or self._taken_w < LEAST_POWER_W:
            return
        if not vehicle.spec.can_take(self.power_type):
            return
        least_w = self.least_offer_w
        if self.phases:
            least_w *= self._offered_phases / self.phases
        self._declines = self._taken_w < least_w * _EXACTLY
        self._plan = self._course(vehicle, from_w)
        self._flow()

    def _course(self, vehicle: Vehicle, from_w: float) -> Course:
        """From the present power to what the vehicle takes of the offer, and on from there."""
        spec = vehicle.spec
        power_type, phases, now_s = self.power_type, self._offered_phases, self._now_s
        stored_wh = vehicle.battery.stored_wh
        efficiency = spec.efficiency(power_type)
        auxiliary_w = spec.auxiliary_w
        ramp_w_per_s = spec.ramp_w_per_s(power_type, phases)
        knots = [] if self._declines else vehicle.power_knots(power_type, self._taken_w, phases)
        if ramp_w_per_s == 0.0:
            return plan_charge(knots, stored_wh, efficiency, now_s, auxiliary_w)
        level_w = 0.0 if self._declines else spec.level_w(power_type, self._taken_w, phases)
        if from_w > level_w:
            return plan_fall(
                vehicle.power_knots(power_type, inf, phases),
                knots,
                stored_wh,
                efficiency,
                now_s,
                auxiliary_w,
                from_w=from_w,
                level_w=level_w,
                ramp_w_per_s=ramp_w_per_s,
            )
        return plan_rise(
            knots,
            stored_wh,
            efficiency,
            now_s,
            auxiliary_w,
            from_w=from_w,
            ramp_w_per_s=ramp_w_per_s,
        )


__all__ = ["NEVER", "PILOT_MINIMUM_A", "Evse"]
