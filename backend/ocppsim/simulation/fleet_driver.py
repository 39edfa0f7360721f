"""The people of a site: they come with their vehicles, show tags, and leave again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from ocppsim.chargepoint.errors import ChargePointError
from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.notifications import (
    AuthorizationEnded,
    ConnectorChanged,
    Notification,
    SessionAbandoned,
    TransactionChanged,
)

from .fleet_records import FleetTotals, Recorder, SessionRow
from .leaving import TRIES_AGAIN_AFTER_S, UNPLUGS_AFTER_S, demand_cable, end_transaction
from .participant import Act, Participant
from .visit import OpenVisit, StoredVisit, Visit, turned_away

GIVES_UP_AFTER_S = 30.0
"""How long a driver whose tag was refused stays."""

NOTICES_AFTER_S = 120.0
"""How long a vehicle that asks for no more is left there by a driver who waits for it."""

_TRIES = 16

Deed = Callable[[float], int | None]
"""What is done at a time; returns the place of the charger that it is done to, if any."""

Remember = Callable[[int, ConnectorId, StoredVisit | None], object]
"""Keeps, by the place of a charger and its connector, its latest visit; None: nobody came."""


def _forget(_place: int, _connector_id: ConnectorId, _visit: StoredVisit | None) -> None:
    """Where nobody will take over."""


class FleetDriver:
    """Carries out the visits; ``schedule`` has a deed done at a time, seconds after the start.

    ``remember`` is told of every visit in such an order that, whenever this ends, another driver
    can :meth:`take_over` those that were going on.
    """

    def __init__(
        self,
        members: Sequence[Participant],
        recorder: Recorder,
        totals: FleetTotals,
        *,
        start_epoch_s: float,
        seed: int,
        schedule: Callable[[float, Deed], None],
        remember: Remember = _forget,
    ) -> None:
        self._members = members
        self._recorder = recorder
        self._totals = totals
        self._start_epoch_s = start_epoch_s
        self._seed = seed
        self._most_connectors = max((len(member.connector_ids) for member in members), default=0)
        self._schedule = schedule
        self._remember = remember
        self._open: dict[tuple[int, ConnectorId], OpenVisit] = {}

    @property
    def plugged_in(self) -> int:
        """How many vehicles are at a connector."""
        return len(self._open)

    def arrive(self, visit: Visit, now_s: float) -> int | None:
        """A vehicle comes; returns the place of its charger, or None if it goes away again."""
        found = self._find_connector(visit)
        if found is None:
            self._record(turned_away(visit, self._start_epoch_s))
            return None
        place, connector_id = found
        member = self._members[place]
        register_wh = member.reading(connector_id, now_s).energy_wh
        vehicle = visit.vehicle_for(member.charger.plant.connector_power_type(connector_id))
        there = OpenVisit(visit, member.name, connector_id, register_wh, now_s)
        self._remember(place, connector_id, there.stored())
        try:
            member.do_at(
                now_s,
                lambda charger, now: charger.plug_in(
                    connector_id, vehicle, now, soc_percent=vehicle.soc_percent
                ),
            )
        except ChargePointError:
            self._remember(place, connector_id, None)
            self._record(turned_away(visit, self._start_epoch_s))
            return place
        self._open[place, connector_id] = there
        if visit.start_by != "plug":
            self._schedule(now_s + visit.tag_after_s, lambda at_s: self._begin(place, there, at_s))
        self._schedule(max(visit.departs_at_s, now_s), lambda at_s: self._leave(place, there, at_s))
        return place

    def take_over(
        self, place: int, connector_id: ConnectorId, visit: Visit, stored: StoredVisit, now_s: float
    ) -> None:
        """A visit goes on that another driver has begun, at a charger that was down meanwhile.

        Who has charged, and finds that it has ended, leaves. One that is over is written down.
        """
        member = self._members[place]
        plant = member.charger.plant
        there = OpenVisit.restored(visit, member.name, connector_id, stored)
        if stored.left_at_s is not None:
            soc_percent = visit.vehicle.soc_percent
            self._record(
                there.row(
                    self._start_epoch_s, stored.left_at_s, stored.left_register_wh, soc_percent
                )
            )
            return
        there.transaction = member.charger.connector_view(connector_id).transaction
        self._open[place, connector_id] = there
        if plant.cable(connector_id) == "socket":  # the vehicle's end was out already
            member.do_at(now_s, lambda charger, now: charger.unplug(connector_id, "charger", now))
        if not plant.is_vehicle_connected(connector_id):
            self._gone(place, there, now_s)
        elif there.was_charged and there.transaction is None:
            self._leave_at(place, there, now_s + UNPLUGS_AFTER_S)
        else:
            if visit.start_by != "plug" and there.transaction is None:
                shows_tag_at_s = max(now_s, stored.arrived_at_s + visit.tag_after_s)
                self._schedule(shows_tag_at_s, lambda at_s: self._begin(place, there, at_s))
            self._schedule(
                max(visit.departs_at_s, now_s), lambda at_s: self._leave(place, there, at_s)
            )

    def notice(self, place: int, notification: Notification, now_s: float) -> None:
        """A charger shows something."""
        match notification:
            case TransactionChanged(view):
                there = self._open.get((place, view.connector_id))
                if there is not None:
                    there.transaction = view
                    if not there.was_charged:
                        there.was_charged = True
                        self._remember(place, view.connector_id, there.stored())
                    if view.state in {"stopping", "stopped", "failed"}:
                        self._leave_at(place, there, now_s + UNPLUGS_AFTER_S)
            case AuthorizationEnded(connector_id, _, status) if (
                status != "Accepted" and connector_id is not None
            ):
                there = self._open.get((place, connector_id))
                if there is not None and there.transaction is None:
                    there.refused = True
                    self._remember(place, connector_id, there.stored())
                    self._leave_at(place, there, now_s + GIVES_UP_AFTER_S)
            case SessionAbandoned(connector_id):
                there = self._open.get((place, connector_id))
                if there is not None:
                    self._leave_at(place, there, now_s + GIVES_UP_AFTER_S)
            case ConnectorChanged(connector_id, "SuspendedEV"):
                there = self._open.get((place, connector_id))
                if there is not None and there.visit.leaves_when_done:
                    self._schedule(
                        now_s + NOTICES_AFTER_S,
                        lambda at_s: self._leave_if_done(place, there, at_s),
                    )
            case _:
                pass

    def sampled(self, place: int, connector_id: ConnectorId, power_w: float) -> None:
        """A connector was looked at."""
        there = self._open.get((place, connector_id))
        if there is not None and power_w > there.peak_power_w:
            there.peak_power_w = power_w

    def is_visited(self, place: int) -> bool:
        """Whether a vehicle is at any connector of a charger."""
        connectors = self._members[place].connector_ids
        return any((place, connector_id) in self._open for connector_id in connectors)

    def send_away(self, place: int, now_s: float) -> None:
        """All who are at a charger leave now, as they would when their time is over."""
        for connector_id in self._members[place].connector_ids:
            there = self._open.get((place, connector_id))
            if there is not None:
                self._leave(place, there, now_s)

    def finish(self, now_s: float) -> None:
        """Writes down the visits that are still going on, by charger and connector."""
        for (place, _), there in sorted(self._open.items(), key=lambda item: item[0]):
            soc_percent = self._members[place].reading(there.connector_id, now_s).soc_percent
            self._write_down(place, there, None, now_s, soc_percent)
        self._open.clear()

    # --- deeds ----------------------------------------------------------------------------

    def _begin(self, place: int, there: OpenVisit, now_s: float) -> int:
        """The driver shows the tag, or asks the CSMS to start; again where that cannot be done."""
        if self._is_here(place, there) and not there.leaving and there.transaction is None:
            member = self._members[place]
            visit, connector_id = there.visit, there.connector_id
            if visit.start_by == "remote":
                payload = {"connectorId": connector_id, "idTag": visit.id_tag}
                done = member.linked
                if done:
                    member.call("RemoteStartTransaction", payload, now_s)
            else:
                done = self._try(
                    member,
                    now_s,
                    lambda charger, now: charger.present_id_tag(visit.id_tag, connector_id, now),
                )
            if not done:
                self._schedule(
                    now_s + TRIES_AGAIN_AFTER_S, lambda at_s: self._begin(place, there, at_s)
                )
        return place

    def _leave_if_done(self, place: int, there: OpenVisit, now_s: float) -> int:
        plant = self._members[place].charger.plant
        if self._is_here(place, there) and not plant.ev_draws(there.connector_id):
            return self._leave(place, there, now_s)
        return place

    def _leave(self, place: int, there: OpenVisit, now_s: float) -> int:
        """The driver ends the transaction, and goes."""
        if there.leaving or not self._is_here(place, there):
            return place
        member = self._members[place]
        visit, connector_id = there.visit, there.connector_id
        if member.charger.connector_view(connector_id).transaction is not None:
            power_w = member.reading(connector_id, now_s).power_w
            there.peak_power_w = max(there.peak_power_w, power_w)
            id_tag = visit.id_tag if visit.start_by == "tag" else None
            self._try(
                member,
                now_s,
                lambda charger, now: end_transaction(charger, connector_id, id_tag, now),
            )
        self._leave_at(place, there, now_s + UNPLUGS_AFTER_S)
        return place

    def _leave_at(self, place: int, there: OpenVisit, at_s: float) -> None:
        if not there.leaving:
            there.leaving = True
            self._schedule(at_s, lambda now_s: self._unplug(place, there, now_s))

    def _unplug(self, place: int, there: OpenVisit, now_s: float) -> int:
        """The driver takes the cable out; tries again where it is held."""
        if not self._is_here(place, there):
            return place
        member = self._members[place]
        connector_id = there.connector_id
        plant = member.charger.plant
        soc_percent = member.reading(connector_id, now_s).soc_percent
        if plant.is_locked(connector_id):
            id_tag = None if there.transaction is None else there.transaction.id_tag
            self._try(
                member,
                now_s,
                lambda charger, now: demand_cable(charger, connector_id, id_tag, now),
            )
        if plant.is_locked(connector_id):
            self._schedule(
                now_s + TRIES_AGAIN_AFTER_S, lambda at_s: self._unplug(place, there, at_s)
            )
            return place
        member.do_at(now_s, lambda charger, now: charger.unplug(connector_id, "ev", now))
        if plant.cable(connector_id) == "socket":
            member.do_at(now_s, lambda charger, now: charger.unplug(connector_id, "charger", now))
        for notification in member.take_notifications():
            self.notice(place, notification, now_s)
        self._gone(place, there, now_s, soc_percent)
        return place

    # --- within ---------------------------------------------------------------------------

    def _find_connector(self, visit: Visit) -> tuple[int, ConnectorId] | None:
        """Any of the free ones, all alike; that is a matter of the visit's seed alone."""
        random = Random(f"{self._seed}/visits/{visit.seed}")
        # Where most are free, a few tries spare looking at all of them
        for _ in range(_TRIES):
            place = visit.chargers[random.randrange(len(visit.chargers))]
            index = random.randrange(self._most_connectors)
            connector_ids = self._members[place].connector_ids
            if index < len(connector_ids) and self._is_free(place, connector_ids[index], visit):
                return place, connector_ids[index]
        free = [
            (place, connector_id)
            for place in visit.chargers
            for connector_id in self._members[place].connector_ids
            if self._is_free(place, connector_id, visit)
        ]
        return free[random.randrange(len(free))] if free else None

    def _is_free(self, place: int, connector_id: ConnectorId, visit: Visit) -> bool:
        if visit.connector_id not in {None, connector_id} or (place, connector_id) in self._open:
            return False
        member = self._members[place]
        charger = member.charger
        return (
            member.in_service
            and visit.vehicle.spec.can_take(charger.plant.connector_power_type(connector_id))
            and charger.plant.cable(connector_id) == "none"
            and charger.connector_view(connector_id).status == "Available"
        )

    def _is_here(self, place: int, there: OpenVisit) -> bool:
        return self._open.get((place, there.connector_id)) is there

    def _try(self, member: Participant, now_s: float, deed: Act) -> bool:
        """A deed that the charger may not be able to follow just now; whether it was."""
        try:
            member.do_at(now_s, deed)
        except ChargePointError:
            return False
        return True

    def _gone(
        self, place: int, there: OpenVisit, now_s: float, soc_percent: float | None = None
    ) -> None:
        """The vehicle has left."""
        self._write_down(place, there, now_s, now_s, soc_percent)
        del self._open[place, there.connector_id]
        register_wh = self._members[place].reading(there.connector_id, now_s).energy_wh
        self._remember(place, there.connector_id, there.stored(now_s, register_wh))

    def _write_down(
        self,
        place: int,
        there: OpenVisit,
        left_at_s: float | None,
        now_s: float,
        soc_percent: float | None,
    ) -> None:
        self._record(
            there.row(
                self._start_epoch_s,
                left_at_s,
                self._members[place].reading(there.connector_id, now_s).energy_wh,
                there.visit.vehicle.soc_percent if soc_percent is None else soc_percent,
            )
        )

    def _record(self, row: SessionRow) -> None:
        totals = self._totals
        totals.sessions += 1
        totals.energy_wh += row.energy_wh
        totals.outcomes[row.outcome] = totals.outcomes.get(row.outcome, 0) + 1
        self._recorder.session(row)


__all__ = [
    "GIVES_UP_AFTER_S",
    "NOTICES_AFTER_S",
    "Deed",
    "FleetDriver",
    "Remember",
]
