"""Reservations under random interleavings: each claimed once, by its holder, one left for any."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from ocppsim.chargepoint.controller import ChargePointIdentity
from ocppsim.chargepoint.durable_state import DurableState
from ocppsim.chargepoint.errors import IllegalAction
from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.notifications import RecordsChanged
from ocppsim.chargepoint.v16.charge_point import ChargePoint
from ocppsim.chargepoint.views import ReservationView
from ocppsim.protocol.v16.date_time import format_date_time
from ocppsim.simulation.central_system import CentralSystem
from ocppsim.simulation.definition import ChargerDefinition, ConnectorDefinition
from ocppsim.simulation.virtual_bench import VirtualBench

CONNECTORS = (1, 2, 3)
PARENTS = {"MEMBER": "GROUP", "COUSIN": "GROUP"}

connector_ids = st.sampled_from(CONNECTORS)
tags = st.sampled_from(["HOLDER", "STRANGER", "MEMBER", "COUSIN"])
parents = st.sampled_from([None, None, "GROUP"])


def make_bench(
    behaviour: dict[str, str] | None = None, durable: DurableState | None = None, **keys: str
) -> VirtualBench:
    central_system = CentralSystem(clock_epoch_s=VirtualBench.EPOCH_S)
    for tag, parent in PARENTS.items():
        central_system.id_tags[tag] = {"status": "Accepted", "parentIdTag": parent}
    durable = durable or DurableState()
    durable.configuration = {**durable.configuration, **keys}
    return VirtualBench(
        ChargerDefinition(
            charger_id=1,
            location_id=1,
            charger_name="Charger",
            connection_url="ws://csms.example/ocpp",
            identity=ChargePointIdentity("CP001", "Vendor", "Model"),
            connectors=(ConnectorDefinition(),) * len(CONNECTORS),
            behaviour=behaviour or {},
        ),
        central_system,
        ChargePoint,
        durable=durable,
    )


def reserve(
    bench: VirtualBench,
    reservation_id: int,
    connector_id: int,
    id_tag: str = "HOLDER",
    parent: str | None = None,
    for_s: float = 3600.0,
) -> str | None:
    request: dict[str, Any] = {
        "connectorId": connector_id,
        "expiryDate": format_date_time(bench.EPOCH_S + bench.now_s + for_s),
        "idTag": id_tag,
        "reservationId": reservation_id,
    }
    if parent is not None:
        request["parentIdTag"] = parent
    return bench.ask("ReserveNow", request).status


def is_for(reservation: ReservationView, id_tag: str) -> bool:
    parent = PARENTS.get(id_tag)
    return reservation.id_tag == id_tag or (
        parent is not None and reservation.parent_id_tag == parent
    )


class ReservedWorld(RuleBasedStateMachine):
    """Users, the CSMS and faults at a charger with three connectors, in any order."""

    @initialize(
        shown=st.sampled_from(["last_free", "never_shown"]),
        timeout=st.sampled_from(["Finishing", "Preparing"]),
        occupied=st.sampled_from(["at_once", "at_unplug"]),
        pre_authorize=st.sampled_from(["true", "false"]),
        authorize_remote=st.sampled_from(["true", "false"]),
        busy=st.sets(connector_ids, max_size=2),
    )
    def begin(
        self,
        shown: str,
        timeout: str,
        occupied: str,
        pre_authorize: str,
        authorize_remote: str,
        busy: set[int],
    ) -> None:
        self.shown = shown == "last_free"
        self.bench = make_bench(
            {
                "reserved_connector_zero": shown,
                "preparing_timeout": timeout,
                "inoperative_while_occupied": occupied,
            },
            LocalPreAuthorize=pre_authorize,
            AuthorizeRemoteTxRequests=authorize_remote,
        )
        for connector_id in busy:
            self.bench.start("STRANGER", connector_id)
        self.told = len(busy)
        self.before = self.views()

    def views(self) -> dict[int, ReservationView]:
        views = self.bench.charger.controller.reservations()
        return {view.connector_id: view for view in views}

    @rule(
        reservation_id=st.integers(1, 4),
        connector_id=st.sampled_from((0, 0, *CONNECTORS)),
        id_tag=tags,
        parent=parents,
        for_s=st.sampled_from([30.0, 600.0, 3000.0]),
    )
    def reserve(
        self, reservation_id: int, connector_id: int, id_tag: str, parent: str | None, for_s: float
    ) -> None:
        free = self.free_for_any()
        had_whole = 0 in self.before
        status = reserve(self.bench, reservation_id, connector_id, id_tag, parent, for_s)
        if status == "Accepted":
            mine = self.views()[connector_id]
            assert (mine.reservation_id, mine.id_tag) == (reservation_id, id_tag)
            if connector_id and had_whole and 0 in self.views() and free:
                assert self.free_for_any() or self.is_served(self.views()[0])
        else:
            assert self.views() == self.before
        self.check()

    @rule(reservation_id=st.integers(1, 8))
    def cancel(self, reservation_id: int) -> None:
        known = any(view.reservation_id == reservation_id for view in self.before.values())
        answer = self.bench.ask("CancelReservation", {"reservationId": reservation_id})
        assert answer.status == ("Accepted" if known else "Rejected")
        self.check()

    @rule(connector_id=connector_ids)
    def plug_in(self, connector_id: int) -> None:
        self.attempt(lambda: self.bench.plug_in(connector_id), leaves_one=True)

    @rule(connector_id=connector_ids)
    def leave(self, connector_id: int) -> None:
        self.attempt(lambda: self.bench.drive_away(connector_id))

    @rule(connector_id=connector_ids, id_tag=tags)
    def tag(self, connector_id: int, id_tag: str) -> None:
        self.attempt(lambda: self.bench.tag(id_tag, connector_id), leaves_one=True)

    @rule(id_tag=tags)
    def tag_at_the_shared_reader(self, id_tag: str) -> None:
        self.attempt(lambda: self.bench.tag(id_tag, None), leaves_one=True)

    @rule(connector_id=st.none() | connector_ids, id_tag=tags)
    def remote_start(self, connector_id: int | None, id_tag: str) -> None:
        request: dict[str, Any] = {"idTag": id_tag}
        if connector_id is not None:
            request["connectorId"] = connector_id
        self.attempt(lambda: self.bench.ask("RemoteStartTransaction", request), leaves_one=True)

    @rule(connector_id=connector_ids)
    def stop(self, connector_id: int) -> None:
        self.attempt(lambda: self.bench.stop_button(connector_id))

    @rule(connector_id=st.sampled_from((0, *CONNECTORS)), lasts=st.booleans())
    def fault(self, connector_id: int, lasts: bool) -> None:
        self.attempt(lambda: self.bench.raise_fault("GroundFailure", connector_id))
        assert connector_id not in self.before
        assert connector_id or not self.before
        if not lasts:
            self.attempt(lambda: self.bench.clear_fault(connector_id))

    @rule(connector_id=st.sampled_from((0, *CONNECTORS)), lasts=st.booleans())
    def make_inoperative(self, connector_id: int, lasts: bool) -> None:
        request = {"connectorId": connector_id, "type": "Inoperative"}
        self.attempt(lambda: self.bench.ask("ChangeAvailability", request))
        if not lasts:
            request = {"connectorId": connector_id, "type": "Operative"}
            self.attempt(lambda: self.bench.ask("ChangeAvailability", request))

    @rule(connector_id=st.sampled_from((0, 0, *CONNECTORS)), id_tag=tags, parent=parents)
    def begin_anew(self, connector_id: int, id_tag: str, parent: str | None) -> None:
        """Everybody leaves, all is repaired, and something is reserved."""
        self.attempt(
            lambda: self.bench.ask("ChangeAvailability", {"connectorId": 0, "type": "Operative"})
        )
        for number in (0, *CONNECTORS):
            self.attempt(lambda number=number: self.bench.clear_fault(number))
        for number in CONNECTORS:
            self.stop(number)
            self.leave(number)
        self.reserve(1, connector_id, id_tag, parent, 3000.0)

    @rule(duration_s=st.sampled_from([1.0, 20.0, 70.0, 400.0]))
    def wait(self, duration_s: float) -> None:
        self.bench.advance(duration_s)
        self.check()
        wall_s = self.bench.EPOCH_S + self.bench.now_s
        assert all(view.expires_at_s > wall_s for view in self.before.values())

    @rule(crashed=st.booleans())
    def restart(self, crashed: bool) -> None:
        if crashed:
            self.bench.crash()
        else:
            self.bench.power_cycle(1.0)
        expected = dict(self.before)
        wall_s = self.bench.EPOCH_S + self.bench.now_s
        for connector_id, view in expected.items():
            # The restart ended the transaction that an ordered Inoperative was waiting for
            usable = self.bench.charger.controller.connector(ConnectorId(connector_id)).operative
            if usable and view.expires_at_s > wall_s + 5.0:
                assert self.views()[connector_id] == view
        self.bench.wait_for(lambda: self.bench.charger.registration == "Accepted")
        self.bench.advance(1.0)
        self.check()

    def attempt(self, deed: Any, *, leaves_one: bool = False) -> None:
        free = self.free_for_any()
        with contextlib.suppress(IllegalAction):
            deed()
        whole = self.views().get(0)
        if leaves_one and free and whole is not None:
            assert self.free_for_any(cables=not self.shown) or self.is_served(whole)
        self.check()

    def free_for_any(self, *, cables: bool = False) -> list[int]:
        """The connectors where the holder of the whole could begin: those that nobody uses.

        One with a stranger's cable in it counts while it is reported Reserved, or with
        ``cables`` in any case.
        """
        status = {
            number: self.bench.charger.controller.connector(ConnectorId(number)).status
            for number in CONNECTORS
        }
        ready = {"Available", "Reserved"} | ({"Preparing", "Finishing"} if cables else set())
        return [
            number
            for number in CONNECTORS
            if number not in self.views()
            and status[number] in ready
            and self.pending(number) is None
        ]

    def pending(self, number: int) -> str | None:
        return self.bench.charger.controller.connector(ConnectorId(number)).pending_id_tag

    def is_served(self, whole: ReservationView) -> bool:
        waiting = [self.pending(number) for number in CONNECTORS if number not in self.views()]
        return any(tag is not None and is_for(whole, tag) for tag in waiting)

    def check(self) -> None:
        """What must hold after every deed."""
        before, self.before = self.before, self.views()
        assert self.bench.violations == []
        starts = self.bench.sent("StartTransaction")
        for start in starts[self.told :]:
            own = before.get(start["connectorId"])
            claimed = [
                view
                for view in before.values()
                if view.reservation_id == start.get("reservationId")
            ]
            if own is not None and own.expires_at_s > self.bench.EPOCH_S + self.bench.now_s:
                assert is_for(own, start["idTag"])
                assert claimed == [own]
            for view in claimed:
                assert is_for(view, start["idTag"])
                assert view.connector_id in (0, start["connectorId"])
                assert view not in self.before.values()
            assert len(claimed) == ("reservationId" in start)
        self.told = len(starts)
        for number in CONNECTORS:
            view = self.bench.charger.controller.connector(ConnectorId(number))
            own = self.before.get(number)
            if own is not None:
                assert view.status in ("Reserved", "Preparing")
                if view.status == "Preparing":
                    assert view.pending_id_tag is not None
                    assert is_for(own, view.pending_id_tag)
            elif view.status == "Reserved":
                assert self.shown
                assert 0 in self.before


def test_in_any_order_a_reservation_is_claimed_once_and_by_its_holder():
    run_state_machine_as_test(
        ReservedWorld,
        settings=settings(max_examples=100, stateful_step_count=40, deadline=None),
    )


# --- what REST sees and what is stored --------------------------------------------------------


def test_the_views_tell_what_was_asked_for():
    bench = make_bench()
    reserve(bench, 9, 2, "ME", "US", for_s=60)
    reserve(bench, 4, 0)
    expires_at_s = bench.EPOCH_S + bench.now_s + 60
    assert bench.charger.controller.reservations()[1:] == [
        ReservationView(9, ConnectorId(2), "ME", "US", expires_at_s)
    ]
    assert bench.charger.controller.reservations()[0].connector_id == 0


def test_whoever_watches_hears_of_every_change():
    bench = make_bench()
    reserve(bench, 1, 1, for_s=60)
    reserve(bench, 1, 2, for_s=60)
    bench.advance(61)
    changes = [note for note in bench.notified(RecordsChanged) if note.records == "reservations"]
    # Made; moved, which frees and makes; over
    assert len(changes) == 4


@pytest.mark.parametrize("reservation_id", [-5, 0, 2**31, 2**70])
def test_any_number_is_a_reservation_id(reservation_id: int):
    bench = make_bench()
    assert reserve(bench, reservation_id, 1) == "Accepted"
    bench.crash()
    bench.start("HOLDER", 1)
    assert bench.sent("StartTransaction")[0]["reservationId"] == reservation_id


def test_a_date_at_the_end_of_time_is_as_late_as_a_clock_can_show():
    bench = make_bench()
    request = {
        "connectorId": 1,
        "expiryDate": "9999-12-31T23:59:60-23:59",
        "idTag": "HOLDER",
        "reservationId": 1,
    }
    assert bench.ask("ReserveNow", request).status == "Accepted"
    [view] = bench.charger.controller.reservations()
    assert format_date_time(view.expires_at_s).startswith("8999-12-31")


def test_a_connector_that_is_there_no_longer_has_no_reservation():
    cells = {
        "reservation/7": b'{"reservation_id":1,"connector_id":7,"id_tag":"HOLDER",'
        b'"parent_id_tag":null,"expires_s":9e9}'
    }
    bench = make_bench(durable=DurableState(cells=cells))
    assert bench.charger.controller.reservations() == []
    assert "reservation/7" not in bench.journal.stored.cells


def test_a_reservation_whose_transaction_is_stored_already_is_over():
    """The end of the program came between the two."""
    bench = make_bench()
    reserve(bench, 1, 1)
    stored = bench.journal.stored.cells["reservation/1"]
    bench.start("HOLDER", 1)
    bench.journal.stored.cells["reservation/1"] = stored
    bench.crash()
    bench.advance(1)
    assert bench.charger.controller.reservations() == []
    assert bench.status(1) == "Finishing"


def test_the_whole_is_no_longer_kept_where_that_is_switched_off():
    bench = make_bench()
    reserve(bench, 1, 0)
    reserve(bench, 2, 1)
    bench.set_configuration(ReserveConnectorZeroSupported="false")
    assert [view.reservation_id for view in bench.charger.controller.reservations()] == [2]


@pytest.mark.parametrize("power_loss", ["stop", "resume"])
def test_a_number_may_be_used_again_while_its_transaction_runs(power_loss: str):
    bench = make_bench({"power_loss": power_loss})
    reserve(bench, 1, 1)
    bench.start("HOLDER", 1)
    assert reserve(bench, 1, 2) == "Accepted"
    bench.crash()
    bench.power_cycle()
    assert [view.connector_id for view in bench.charger.controller.reservations()] == [2]
