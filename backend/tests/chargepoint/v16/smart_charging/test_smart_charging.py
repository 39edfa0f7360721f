"""Smart charging inside a whole charger: what is asked for by REST, and the offers themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppsim.chargepoint.controller import ChargePointIdentity
from ocppsim.chargepoint.durable_state import DurableState
from ocppsim.chargepoint.effects import PutCell
from ocppsim.chargepoint.errors import InvalidSetting, UnknownConnector
from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.notifications import RecordsChanged, ViolationSeen
from ocppsim.chargepoint.v16.charge_point import ChargePoint
from ocppsim.chargepoint.views import LimitView
from ocppsim.simulation.central_system import CentralSystem
from ocppsim.simulation.definition import ChargerDefinition, ConnectorDefinition
from ocppsim.simulation.virtual_bench import VirtualBench
from tests.conformance.charging import (
    DEFAULT,
    MAX,
    TX,
    clear,
    install,
    profile,
    remote_start,
    set_profile,
)

ONE, TWO = ConnectorId(1), ConnectorId(2)


def make_bench(*connectors: ConnectorDefinition, **configuration: str) -> VirtualBench:
    definition = ChargerDefinition(
        charger_id=1,
        location_id=1,
        charger_name="Charger",
        connection_url="ws://csms.example/ocpp",
        identity=ChargePointIdentity("CP001", "Vendor", "Model"),
        connectors=connectors or (ConnectorDefinition(),),
    )
    return VirtualBench(
        definition,
        CentralSystem(clock_epoch_s=VirtualBench.EPOCH_S),
        ChargePoint,
        durable=DurableState(configuration=configuration),
    )


@pytest.fixture
def bench() -> Iterator[VirtualBench]:
    made = make_bench()
    yield made
    assert made.violations == []


def limit(bench: VirtualBench, connector_id: ConnectorId = ONE) -> LimitView:
    return bench.charger.controller.limit(connector_id, bench.now)


def plug_in(bench: VirtualBench, cable_a: float | None) -> None:
    bench.act(
        lambda charger, now: charger.plug_in(ONE, bench.vehicle, now, cable_current_a=cable_a)
    )
    bench.tag("TAG")


def changes(bench: VirtualBench) -> int:
    return bench.notified(RecordsChanged).count(RecordsChanged("charging-profiles"))


@given(
    st.sampled_from([1, 3]),
    st.floats(1_000.0, 43_000.0),
    st.none() | st.sampled_from([13.0, 20.0, 32.0, 63.0]),
)
def test_without_a_profile_the_offer_is_what_the_limit_says(
    phases: int, max_power_w: float, cable_a: float | None
) -> None:
    """The short way round the engine gives what the engine would."""
    bench = make_bench(ConnectorDefinition(max_power_w=max_power_w, phases=phases))
    plug_in(bench, cable_a)
    shown = limit(bench)
    assert shown.offered_power_w == pytest.approx(shown.power_w)
    assert shown.offered_power_w > 0.0
    assert bench.status() == "Charging"
    offered_w = shown.offered_power_w
    install(bench, 0, profile((0, 200), purpose=MAX))
    assert limit(bench).offered_power_w == pytest.approx(offered_w)
    assert bench.status() == "Charging"


def test_the_limit_is_explained_layer_by_layer(bench: VirtualBench) -> None:
    plug_in(bench, 20.0)
    install(bench, 0, profile((0, 16), purpose=MAX, profile_id=1))
    install(bench, 1, profile((0, 12), (60, 8), purpose=TX, profile_id=2, level=3))
    shown = limit(bench)
    layers = {layer.layer: layer for layer in shown.layers}
    assert list(layers) == ["hardware", "cable", "charge_point_max", "tx_profile"]
    assert (shown.layer, shown.current_a, shown.phases) == ("tx_profile", 12.0, 3)
    assert shown.power_w == shown.offered_power_w == 8_280.0
    assert shown.until_s == VirtualBench.EPOCH_S + 60
    assert [layer.in_force for layer in shown.layers] == [False, False, False, True]
    own = layers["tx_profile"]
    assert (own.charging_profile_id, own.stack_level, own.period_index) == (2, 3, 0)
    assert (own.limit, own.unit, own.until_s) == (12.0, "A", shown.until_s)
    assert layers["cable"].charging_profile_id is None
    assert layers["cable"].current_a == 20.0
    assert all(layer.explanation.endswith(".") for layer in shown.layers)


def test_of_equal_layers_that_of_the_csms_is_in_force(bench: VirtualBench) -> None:
    install(bench, 1, profile((0, 32)))
    assert limit(bench).layer == "tx_default_profile"
    assert limit(bench).offered_power_w == 0.0


def test_a_refused_tag_is_a_layer_of_its_own(bench: VirtualBench) -> None:
    bench.configure(StopTransactionOnInvalidId="false")
    bench.central_system.on(
        "StartTransaction", {"transactionId": 1, "idTagInfo": {"status": "Blocked"}}
    )
    bench.plug_in()
    bench.tag("TAG")
    assert bench.status() == "SuspendedEVSE"
    shown = limit(bench)
    assert (shown.layer, shown.power_w, shown.offered_power_w) == ("transaction", 0.0, 0.0)


def test_without_mains_nothing_is_offered(bench: VirtualBench) -> None:
    install(bench, 1, profile((0, 10)))
    bench.start()
    assert limit(bench).offered_power_w == 6_900.0
    bench.power_off()
    assert limit(bench).offered_power_w == 0.0


def test_too_little_for_a_pilot_is_a_layer_too(bench: VirtualBench) -> None:
    install(bench, 1, profile((0, 5)))
    bench.start()
    shown = limit(bench)
    assert (shown.layer, shown.power_w, shown.offered_power_w) == ("minimum_current", 0.0, 0.0)


def test_profiles_are_shown_with_what_they_hold(bench: VirtualBench) -> None:
    install(bench, 0, profile((0, 20), purpose=MAX, profile_id=1))
    install(bench, 1, profile((0, 10), (60, 12, 1), profile_id=2, level=2, start_s=30))
    daily = profile((0, 9.5), profile_id=3, duration_s=60, recurrency="Daily")
    install(bench, 1, daily)
    shown = bench.charger.controller.charging_profiles(bench.now)
    assert [one.charging_profile_id for one in shown] == [1, 2, 3]
    assert [one.in_force for one in shown] == [True, False, True]
    assert (shown[2].kind, shown[2].recurrency_kind, shown[2].duration_s) == (
        "Recurring",
        "Daily",
        60,
    )
    assert (shown[1].purpose, shown[1].connector_id, shown[1].stack_level) == (DEFAULT, ONE, 2)
    assert shown[1].start_schedule_s == VirtualBench.EPOCH_S + 30
    assert [period.number_phases for period in shown[1].periods] == [None, 1]
    bench.advance(30)
    shown = bench.charger.controller.charging_profiles(bench.now)
    assert [one.in_force for one in shown] == [True, True, False]


def test_the_schedule_to_come_is_there_for_rest_too(bench: VirtualBench) -> None:
    install(bench, 1, profile((0, 10), (60, 12)))
    controller = bench.charger.controller
    schedule = controller.composite_schedule(ONE, 100, None, bench.now)
    assert (schedule.unit, schedule.duration_s) == ("A", 100)
    assert schedule.start_s == VirtualBench.EPOCH_S
    assert [(one.start_period_s, one.limit) for one in schedule.periods] == [(0, 10.0), (60, 12.0)]
    assert controller.composite_schedule(ONE, 100, "W", bench.now).periods[0].limit == 6_900.0


@pytest.mark.parametrize(
    ("connector_id", "duration_s", "unit", "error"),
    [
        (9, 60, None, UnknownConnector),
        (1, -1, None, InvalidSetting),
        (1, 60, "kW", InvalidSetting),
    ],
)
def test_a_schedule_that_cannot_be_asked_for(
    bench: VirtualBench,
    connector_id: int,
    duration_s: int,
    unit: str | None,
    error: type[Exception],
) -> None:
    with pytest.raises(error):
        bench.charger.controller.composite_schedule(
            ConnectorId(connector_id), duration_s, unit, bench.now
        )


@pytest.mark.parametrize("connector_id", [0, 2])
def test_only_connectors_have_a_limit(bench: VirtualBench, connector_id: int) -> None:
    with pytest.raises(UnknownConnector):
        limit(bench, ConnectorId(connector_id))


def test_whoever_watches_is_told_of_changes_and_of_nothing_else(bench: VirtualBench) -> None:
    assert changes(bench) == 0
    assert clear(bench) == "Unknown"
    bench.start()
    bench.set_clock(100)
    bench.set_clock(0)
    assert changes(bench) == 0
    install(bench, 1, profile((0, 10), (60, 12), start_s=None))
    assert changes(bench) == 1
    bench.advance(59)
    assert changes(bench) == 1
    bench.advance(1)
    assert changes(bench) == 2
    bench.advance(10_000)
    assert changes(bench) == 2
    clear(bench)
    assert changes(bench) == 3


def test_whoever_watches_is_told_why_a_profile_was_rejected(bench: VirtualBench) -> None:
    assert set_profile(bench, 1, profile((0, 10), purpose=TX)) == "Rejected"
    assert "no transaction" in bench.notified(ViolationSeen)[-1].text


def test_the_profile_of_a_remote_start_is_stored_before_its_transaction(
    bench: VirtualBench,
) -> None:
    bench.plug_in()
    remote_start(bench, profile((0, 10), purpose=TX))
    keys = [effect.key for effect in bench.effects if isinstance(effect, PutCell)]
    assert keys.index("charging-profile/1") < keys.index("transaction/1")


def test_a_day_of_schedules_needs_no_more_wake_ups_than_it_has_limits() -> None:
    bench = make_bench(MeterValueSampleInterval="0", HeartbeatInterval="86400")
    bench.start()
    bench.ev_draws(False)
    periods = [(3600 * hour, 6 + hour) for hour in range(24)]
    install(bench, 1, profile(*periods, recurrency="Daily"))
    before = changes(bench)
    bench.advance(86_399)
    assert changes(bench) == before + 23


def test_a_boundary_between_ticks_of_the_clock_is_met_once() -> None:
    """Wall-clock times are coarse: 2026 is so far from 1970 that a float has steps of 0.2 µs."""
    bench = make_bench()
    bench.advance(1 / 3)
    bench.start()
    install(bench, 1, profile((0, 10), (7, 12), (14, 16), start_s=None))
    for expected_a in (10.0, 12.0, 16.0):
        assert limit(bench).current_a == expected_a
        assert limit(bench).offered_power_w == expected_a * 690.0
        bench.advance(7)
    assert changes(bench) == 3


@given(
    st.lists(
        st.tuples(st.integers(0, 6), st.integers(1, 3), st.integers(0, 40)),
        max_size=25,
    )
)
def test_whatever_happens_the_offers_are_the_limits(orders: list[tuple[int, int, int]]) -> None:
    """After every step each connector offers what the engine says, and 0 where nothing runs."""
    bench = make_bench(*[ConnectorDefinition()] * 3)
    for number, (kind, connector_id, amount) in enumerate(orders):
        happen(bench, kind, connector_id, amount, number)
        for each in bench.charger.plant.connector_ids:
            controller = bench.charger.controller
            shown = controller.limit(each, bench.now)
            transaction = controller.connector(each).transaction
            expected_w = shown.power_w if transaction is not None else 0.0
            assert shown.offered_power_w == pytest.approx(expected_w)
            offered_w = bench.charger.plant.read_meter(each, bench.now_s).power_offered_w
            assert offered_w == pytest.approx(expected_w)
    assert bench.violations == []


def happen(bench: VirtualBench, kind: int, connector_id: int, amount: int, number: int) -> None:
    view = bench.charger.controller.connector(ConnectorId(connector_id))
    if kind == 0 and view.transaction is None:
        if bench.charger.plant.cable(ConnectorId(connector_id)) == "none":
            bench.plug_in(connector_id)
        bench.tag(f"TAG{connector_id}", connector_id)
    elif kind == 1 and view.transaction is not None:
        bench.stop_button(connector_id)
        bench.drive_away(connector_id)
    elif kind == 2:
        install(bench, connector_id, profile((0, amount), (60, amount / 2), profile_id=number))
    elif kind == 3:
        shared = profile((0, amount), (90, 2 * amount), purpose=MAX, profile_id=number)
        install(bench, 0, shared)
    elif kind == 4:
        set_profile(bench, connector_id, own_profile(amount, number))
    elif kind == 5:
        clear(bench, connectorId=connector_id)
    elif view.transaction is not None:
        bench.ev_draws(amount % 2 == 0, connector_id)
    bench.advance(amount)


def own_profile(amount: int, number: int) -> dict[str, Any]:
    return profile((0, amount), (45, 32), purpose=TX, profile_id=number, start_s=None)
