"""A site in virtual time: people come and go, energy adds up, and the same seed gives the same."""

from __future__ import annotations

from typing import Any

import pytest

from ocppsim.chargepoint.controller import ChargePointIdentity
from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.v16.charge_point import ChargePoint
from ocppsim.simulation.definition import ChargerDefinition, ConnectorDefinition
from ocppsim.simulation.fleet_csms import CsmsScript, PlannedCall
from ocppsim.simulation.fleet_disturbances import Disturbance
from ocppsim.simulation.fleet_records import MessageRow, MeterRow, SessionRow, SiteRow
from ocppsim.simulation.fleet_run import FleetCharger, FleetRun
from ocppsim.simulation.resolved_vehicle import DEFAULT_VEHICLE
from ocppsim.simulation.visit import Visit

EPOCH_S = 1_767_225_600.0
HOUR_S = 3600.0
SOCKET = ConnectorDefinition()
TETHERED_DC = ConnectorDefinition(power_type="DC", max_power_w=50_000.0, cable="tethered")


class Notebook:
    """Keeps every row."""

    def __init__(self) -> None:
        self.meters: list[MeterRow] = []
        self.sessions: list[SessionRow] = []
        self.messages: list[MessageRow] = []
        self.sites: list[SiteRow] = []

    def meter(self, row: MeterRow) -> None:
        self.meters.append(row)

    def session(self, row: SessionRow) -> None:
        self.sessions.append(row)

    def message(self, row: MessageRow) -> None:
        self.messages.append(row)

    def site(self, row: SiteRow) -> None:
        self.sites.append(row)

    def sent(self, action: str) -> list[MessageRow]:
        return [
            row
            for row in self.messages
            if (row.direction, row.kind, row.action) == ("sent", "CALL", action)
        ]


def charger(number: int = 1, *connectors: ConnectorDefinition, **keys: str) -> FleetCharger:
    definition = ChargerDefinition(
        charger_id=number,
        location_id=0,
        charger_name=f"Charger {number}",
        connection_url="ws://csms.invalid/",
        identity=ChargePointIdentity(f"CP{number}", "Vendor", "Model"),
        connectors=connectors or (SOCKET,),
    )
    return FleetCharger(definition, {"MeterValueSampleInterval": "300", **keys})


def visit(number: int = 1, **changes: Any) -> Visit:
    planned: dict[str, Any] = {
        "number": number,
        "at_s": HOUR_S,
        "departs_at_s": 3 * HOUR_S,
        "chargers": (0,),
        "connector_id": None,
        "vehicle": DEFAULT_VEHICLE,
        "id_tag": f"TAG{number}",
    }
    return Visit(**(planned | changes))


def play(
    chargers: list[FleetCharger],
    visits: list[Visit],
    csms: CsmsScript | None = None,
    *,
    hours: float = 6.0,
    **options: Any,
) -> tuple[FleetRun, Notebook]:
    notebook = Notebook()
    run = FleetRun(
        chargers,
        visits,
        csms or CsmsScript(),
        ChargePoint,
        notebook,
        start_epoch_s=EPOCH_S,
        **options,
    )
    run.advance_to(hours * HOUR_S)
    run.finish()
    assert run.violations == []
    return run, notebook


@pytest.mark.parametrize("connector", [SOCKET, TETHERED_DC])
def test_a_vehicle_comes_charges_and_leaves(connector: ConnectorDefinition) -> None:
    run, notebook = play([charger(1, connector)], [visit()])
    (session,) = notebook.sessions
    assert session.outcome == "charged"
    assert session.plugged_in == EPOCH_S + HOUR_S
    assert session.started == EPOCH_S + HOUR_S + 10.0
    assert session.stopped == pytest.approx(EPOCH_S + 3 * HOUR_S)
    assert session.plugged_out == EPOCH_S + 3 * HOUR_S + 5.0
    assert (session.transaction_id, session.stop_reason) == (1, "Local")
    assert session.energy_wh == pytest.approx(run.register_wh)
    assert session.energy_wh > 10_000.0
    assert session.soc_end_percent > session.soc_begin_percent == 20.0
    assert session.peak_power_w == max(row.power_w for row in notebook.meters)
    assert notebook.meters[-1].status == "Available"
    assert len(notebook.sent("StopTransaction")) == 1


def test_a_cable_that_is_kept_after_a_refused_start_comes_free_with_the_tag() -> None:
    refusing = CsmsScript(id_tags={"TAG1": "Invalid"})
    trusting = charger(1, AuthorizeRemoteTxRequests="false")
    _, notebook = play([trusting], [visit(start_by="remote")], refusing)
    (session,) = notebook.sessions
    assert session.stop_reason == "DeAuthorized"
    assert session.stopped is not None
    assert session.plugged_out == session.stopped + 5.0
    assert len(notebook.sent("StartTransaction")) == 1


def test_the_samples_are_a_regular_truth_beside_the_meter_values() -> None:
    run, notebook = play([charger()], [visit()], sample_interval_s=900.0)
    assert [row.time - EPOCH_S for row in notebook.meters] == [900.0 * n for n in range(25)]
    charging = [row for row in notebook.meters if row.power_w > 0.0]
    assert {row.status for row in charging} == {"Charging"}
    for row in charging:
        assert row.current_l3_a is not None
        assert row.power_w <= row.offered_power_w
        assert row.soc_percent is not None
    assert notebook.meters[-1].energy_wh == run.register_wh
    assert max(row.charging_power_w for row in notebook.sites) == run.totals.peak_power_w
    assert max(row.plugged_in_vehicles for row in notebook.sites) == 1


def test_who_finds_no_free_connector_goes_away() -> None:
    late = visit(3, at_s=4 * HOUR_S, departs_at_s=5 * HOUR_S)
    _, notebook = play([charger()], [visit(1), visit(2, at_s=2 * HOUR_S), late])
    outcomes = {session.session: session.outcome for session in notebook.sessions}
    assert outcomes == {1: "charged", 2: "turned_away", 3: "charged"}


def test_a_connector_that_the_vehicle_cannot_use_is_not_free_for_it() -> None:
    chargers = [charger(1, SOCKET, TETHERED_DC)]
    city_car = DEFAULT_VEHICLE.spec.__class__(name="City car", dc_max_power_kw=0.0)
    vehicle = DEFAULT_VEHICLE.__class__(None, "City car", city_car, 30.0)
    _, notebook = play(chargers, [visit(1, vehicle=vehicle), visit(2, vehicle=vehicle)])
    assert [session.connector for session in notebook.sessions] == [None, 1]


def test_who_is_refused_unplugs_and_goes() -> None:
    script = CsmsScript(id_tags={"TAG1": "Blocked"})
    _, notebook = play([charger()], [visit()], script)
    (session,) = notebook.sessions
    assert session.outcome == "refused"
    assert session.plugged_out == EPOCH_S + HOUR_S + 40.0
    assert session.energy_wh == 0.0
    assert notebook.sent("StartTransaction") == []


def test_only_the_tags_that_the_csms_knows_are_accepted_where_it_says_so() -> None:
    script = CsmsScript(id_tags={"TAG1": "Accepted"}, other_tags="Invalid")
    _, notebook = play([charger(1), charger(2)], [visit(1), visit(2, chargers=(1,))], script)
    assert {row.id_tag: row.outcome for row in notebook.sessions} == {
        "TAG1": "charged",
        "TAG2": "refused",
    }


def test_the_csms_can_start_for_the_driver() -> None:
    _, notebook = play([charger()], [visit(start_by="remote")])
    (session,) = notebook.sessions
    assert session.outcome == "charged"
    assert session.stop_reason == "Local"


def test_whoever_waits_for_the_car_leaves_when_it_is_full() -> None:
    vehicle = DEFAULT_VEHICLE.__class__(None, "Nearly full", DEFAULT_VEHICLE.spec, 95.0)
    _, notebook = play([charger()], [visit(vehicle=vehicle, leaves_when_done=True)])
    (session,) = notebook.sessions
    assert session.soc_end_percent == pytest.approx(100.0)
    assert session.stopped is not None
    assert session.stopped < EPOCH_S + 1.5 * HOUR_S


def test_who_is_still_there_at_the_end_is_written_down_as_unfinished() -> None:
    run, notebook = play([charger()], [visit(departs_at_s=99 * HOUR_S)], hours=2.0)
    (session,) = notebook.sessions
    assert session.outcome == "unfinished"
    assert session.plugged_out is None
    assert session.energy_wh == pytest.approx(run.register_wh)


def test_a_charging_profile_of_the_csms_holds_the_power_down() -> None:
    profile = {
        "chargingProfileId": 1,
        "stackLevel": 0,
        "chargingProfilePurpose": "TxDefaultProfile",
        "chargingProfileKind": "Relative",
        "chargingSchedule": {
            "chargingRateUnit": "A",
            "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 10.0}],
        },
    }
    payload = {"connectorId": 0, "csChargingProfiles": profile}
    script = CsmsScript(calls=(PlannedCall(2 * HOUR_S, 0, "SetChargingProfile", payload),))
    _, notebook = play([charger()], [visit()], script)
    late = [row for row in notebook.meters if row.time > EPOCH_S + 2 * HOUR_S and row.power_w]
    assert late
    assert all(row.current_a <= 10.0 for row in late)


def test_answers_take_as_long_as_the_script_says() -> None:
    _, notebook = play([charger()], [visit()], CsmsScript(answer_delay_s=2.0))
    (asked,) = notebook.sent("StartTransaction")
    answered = next(
        row for row in notebook.messages if row[3:5] == ("CALLRESULT", "StartTransaction")
    )
    assert answered.time - asked.time == pytest.approx(2.0)
    assert answered.message_id == asked.message_id


def test_the_same_seed_gives_the_same_rows_and_another_one_does_not() -> None:
    def rows(seed: int) -> tuple[Any, ...]:
        chargers = [charger(number) for number in range(1, 6)]
        visits = [
            visit(number, at_s=600.0 * number, chargers=(0, 1, 2, 3, 4)) for number in range(1, 9)
        ]
        _, notebook = play(chargers, visits, seed=seed, hours=4.0)
        return notebook.meters, notebook.sessions, notebook.messages, notebook.sites

    assert rows(1) == rows(1)
    assert rows(1) != rows(2)


def test_a_week_of_one_charger_adds_up() -> None:
    visits = [
        visit(day + 1, at_s=(24 * day + 18) * HOUR_S, departs_at_s=(24 * day + 31) * HOUR_S)
        for day in range(7)
    ]
    run, notebook = play([charger()], visits, hours=7 * 24.0)
    assert run.totals.outcomes == {"charged": 6, "unfinished": 1}
    energy_wh = sum(session.energy_wh for session in notebook.sessions)
    assert energy_wh == pytest.approx(run.register_wh)
    assert energy_wh == pytest.approx(run.totals.energy_wh)
    for session in notebook.sessions:
        kept_wh = (session.soc_end_percent - session.soc_begin_percent) * 1000.0
        assert kept_wh == pytest.approx(0.9 * session.energy_wh)


def test_a_connector_number_narrows_the_choice() -> None:
    _, notebook = play([charger(1, SOCKET, SOCKET)], [visit(connector_id=ConnectorId(2))])
    assert [session.connector for session in notebook.sessions] == [2]


def disturbed(
    *disturbances: Disturbance, hours: float = 6.0, **changes: Any
) -> tuple[FleetRun, Notebook]:
    return play([charger()], [visit(**changes)], disturbances=disturbances, hours=hours)


def test_a_charger_that_is_offline_charges_on_and_tells_it_later() -> None:
    run, notebook = disturbed(Disturbance("offline", 0, 1.5 * HOUR_S, 2.5 * HOUR_S))
    (session,) = notebook.sessions
    assert session.outcome == "charged"
    assert session.energy_wh > 20_000.0
    silent = [row for row in notebook.messages if 1.5 * HOUR_S < row.time - EPOCH_S < 2.5 * HOUR_S]
    assert silent == []
    samples = [row for row in notebook.sent("MeterValues") if row.time == EPOCH_S + 2.5 * HOUR_S]
    assert len(samples) > 5
    assert run.disturbances == 1


def test_on_a_poor_network_answers_take_longer() -> None:
    poor = Disturbance("poor_network", 0, 1.5 * HOUR_S, 2.5 * HOUR_S, latency_ms=400.0)
    _, notebook = disturbed(poor)
    asked_s = {row.message_id: row.time for row in notebook.messages if row.direction == "sent"}
    waits = [
        (row.time - EPOCH_S, row.time - asked_s[row.message_id])
        for row in notebook.messages
        if row.direction == "received" and row.message_id in asked_s
    ]
    poor_s = [wait_s for at_s, wait_s in waits if 1.5 * HOUR_S + 1 < at_s < 2.5 * HOUR_S]
    assert len(poor_s) > 5
    assert poor_s == [pytest.approx(0.8, abs=1e-5)] * len(poor_s)
    assert max(wait_s for at_s, wait_s in waits if at_s > 2.5 * HOUR_S + 1) < 0.1


def test_a_fault_ends_the_charging_and_is_repaired() -> None:
    fault = Disturbance("fault", 0, 2 * HOUR_S, 4 * HOUR_S, ConnectorId(1), "GroundFailure")
    _, notebook = disturbed(fault)
    (session,) = notebook.sessions
    assert session.energy_wh == pytest.approx(22_000.0, rel=0.02)
    during = [row for row in notebook.meters if 2.1 * HOUR_S < row.time - EPOCH_S < 4 * HOUR_S]
    assert {(row.status, row.power_w) for row in during} == {("Faulted", 0.0)}
    assert any("GroundFailure" in row.payload for row in notebook.sent("StatusNotification"))
    assert notebook.meters[-1].status == "Available"


def test_without_mains_nothing_is_shown_and_nobody_comes() -> None:
    cut = Disturbance("power_cut", 0, 0.5 * HOUR_S, 2 * HOUR_S)
    _, notebook = disturbed(cut)
    (session,) = notebook.sessions
    assert session.outcome == "turned_away"
    dark = [row for row in notebook.meters if 0.6 * HOUR_S < row.time - EPOCH_S < 1.9 * HOUR_S]
    assert {row.status for row in dark} == {""}
    assert len(notebook.sent("BootNotification")) == 2


def test_a_session_ends_when_the_mains_fail() -> None:
    _, notebook = disturbed(Disturbance("power_cut", 0, 2 * HOUR_S, 2.1 * HOUR_S))
    (session,) = notebook.sessions
    assert (session.outcome, session.stop_reason) == ("charged", "PowerLoss")
    assert session.energy_wh == pytest.approx(22_000.0, rel=0.02)


def test_a_driver_tries_again_at_a_charger_that_restarts() -> None:
    restart = Disturbance("restart", 0, HOUR_S + 9.5, HOUR_S + 9.5)
    _, notebook = disturbed(restart)
    (session,) = notebook.sessions
    assert session.outcome == "charged"
    assert session.started == EPOCH_S + HOUR_S + 20.0


def test_of_disturbances_that_overlap_the_last_to_end_makes_it_well() -> None:
    _, notebook = disturbed(
        Disturbance("offline", 0, 1.5 * HOUR_S, 2.5 * HOUR_S),
        Disturbance("offline", 0, 2.0 * HOUR_S, 2.2 * HOUR_S),
        Disturbance("offline", 0, 2.4 * HOUR_S, 2.7 * HOUR_S),
        Disturbance("power_cut", 0, 2.6 * HOUR_S, 2.8 * HOUR_S),
        Disturbance("fault", 0, 2.65 * HOUR_S, 2.9 * HOUR_S),
    )
    assert [
        row for row in notebook.messages if 1.5 * HOUR_S < row.time - EPOCH_S < 2.8 * HOUR_S
    ] == []
    assert notebook.meters[-1].status == "Available"
