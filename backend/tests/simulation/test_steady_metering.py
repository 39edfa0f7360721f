"""Samples on the short way are what they are on the long one, whatever comes between."""

from __future__ import annotations

import json
from typing import Any, Literal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocppsim.chargepoint.controller import ChargePointIdentity
from ocppsim.chargepoint.durable_state import DurableState, StoredMessage
from ocppsim.chargepoint.effects import Append, AwaitCommit, Effect, PutCell, Retire, SendText
from ocppsim.chargepoint.errors import ChargePointError
from ocppsim.chargepoint.identifiers import ConnectorId, LocalTransactionId, TransactionId
from ocppsim.chargepoint.moment import Moment
from ocppsim.chargepoint.sample_form import SampleForm, register_cell
from ocppsim.chargepoint.steady_metering import Sample, SteadyMetering
from ocppsim.chargepoint.v16.charge_point import ChargePoint
from ocppsim.chargepoint.v16.stored_samples import CELL, in_full
from ocppsim.simulation.charger import Charger
from ocppsim.simulation.definition import (
    ChargerDefinition,
    ConnectorDefinition,
    HardwareDefinition,
    MeterDefinition,
)
from ocppsim.simulation.resolved_vehicle import DEFAULT_VEHICLE, ResolvedVehicle
from ocppsim.simulation.virtual import Journal

CONNECTOR = ConnectorId(1)
EPOCH_S = 1_767_225_600.0
ANSWERS: dict[str, dict[str, Any]] = {
    "BootNotification": {
        "status": "Accepted",
        "currentTime": "2026-01-01T00:00:00Z",
        "interval": 300,
    },
    "Heartbeat": {"currentTime": "2026-01-01T00:00:00Z"},
    "Authorize": {"idTagInfo": {"status": "Accepted"}},
    "StartTransaction": {"transactionId": 7, "idTagInfo": {"status": "Accepted"}},
}


Hardware = tuple[tuple[ConnectorDefinition, ...], HardwareDefinition]

SOCKET: Hardware = ((ConnectorDefinition(),), HardwareDefinition())
FAST = ConnectorDefinition("DC", 100_000.0, 3, "tethered")
HARDWARE: list[Hardware] = [
    SOCKET,
    (SOCKET[0] * 2, HardwareDefinition()),
    (SOCKET[0], HardwareDefinition(meter=MeterDefinition(1.0, 10.0))),
    ((FAST,), HardwareDefinition()),
    ((FAST,) * 2, HardwareDefinition(shared_power_w=120_000.0)),
]
"""Sockets with a meter that is exact or not, and such that follow a car's charging curve."""


Way = Literal["long", "short", "aside"]


class Owner:
    """Runs a charger as the shell does, with or without the short way; keeps what it orders.

    On the way "aside" samples of the short way are kept elsewhere than in the journal, where
    they survive at once: what is appended to the journal is committed at once, too, then.
    """

    def __init__(self, way: Way, hardware: Hardware = SOCKET, *, commits: bool = True) -> None:
        """Without ``commits`` each append is committed by itself."""
        self._definition = ChargerDefinition(
            charger_id=1,
            location_id=1,
            charger_name="",
            connection_url="ws://127.0.0.1:9/",
            identity=ChargePointIdentity("CP", "Vendor", "Model"),
            connectors=hardware[0],
            hardware=hardware[1],
        )
        self._way = way
        self._commits = commits
        self._committed = 0
        self._kept: tuple[int, SampleForm, float, float] | None = None
        self._retired = 0
        self.now_s = 0.0
        self.online = False
        self.ordered: list[Effect] = []
        self.calls: list[tuple[str, str]] = []
        self.appended = 0
        self.short_samples = 0
        self.aside_samples = 0
        self._boots = 0
        self._journal = Journal(DurableState())
        self._steady: SteadyMetering | None = None
        self._charger = self._boot()
        self._drain()

    def _boot(self) -> Charger:
        """From what is in the journal."""
        self._boots += 1
        return Charger(
            self._definition,
            self._journal.copy(),
            ChargePoint,
            _vehicle,
            now=self.now,
            clock_epoch_s=EPOCH_S,
            message_id_prefix=f"id-{self._boots}-",
            seed=1,
        )

    def kill(self) -> None:
        """The process is killed, and started again."""
        self._steady = None
        self.online = False
        self.calls.clear()
        self._recover()
        self._journal.stored.configuration = self._charger.durable.configuration
        self._journal.stored.availability = self._charger.durable.availability
        self._charger = self._boot()
        self._drain()

    def restart(self) -> None:
        """The process ends in an orderly way, and is started again."""
        self.charger.store_meters(self.now)
        self._drain()
        self._kept, self._retired = None, 0
        self.kill()

    def _recover(self) -> None:
        """As the next start does."""
        kept, self._kept = self._kept, None
        if kept is not None and kept[0] >= self._journal.stored.next_sequence:
            sequence, form, register_wh, wall_s = kept
            self._store(PutCell(form.cell_key, register_cell(register_wh, wall_s)))
            if sequence > self._retired:
                self._store(Append(sequence, form.message(register_wh, wall_s)))
        self._store(Retire(self._retired))
        self._retired = 0

    @property
    def now(self) -> Moment:
        return Moment(self.now_s, self.now_s)

    @property
    def charger(self) -> Charger:
        steady, self._steady = self._steady, None
        if steady is not None:
            self._charger.end_steady(steady, self.now)
            if steady.kept_aside:  # which has been ordered as if the journal had been told
                effects = self._charger.effects
                told = [
                    effect for effect in effects if isinstance(effect, PutCell | Retire | Append)
                ]
                effects[:] = [effect for effect in effects if effect not in told]
                for effect in told:
                    self._store(effect)
            self._drain()
        return self._charger

    def wait(self, span_s: float) -> None:
        end_s = self.now_s + span_s
        while (due_s := self._next_s()) <= end_s:
            self.now_s = max(self.now_s, due_s)
            steady = self._steady
            ordered = None if steady is None else steady.sample(self.now_s)
            if steady is not None and ordered is not None:
                self.short_samples += 1
                register, message = steady.stored(ordered)
                put, append = PutCell(steady.cell_key, register), Append(steady.sequence, message)
                if steady.kept_aside:
                    self._keep(steady, ordered)
                    self.ordered += (put, self._in_full(append))
                    self._send(steady.persisted(steady.sequence, self.now_s))
                else:
                    self._perform((put, append))
            else:
                self.charger.handle_deadline(self.now)
            self._drain()
        self.now_s = end_s

    def _keep(self, steady: SteadyMetering, sample: Sample) -> None:
        assert steady.form is not None
        self._kept = (steady.sequence, steady.form, *sample[:2])
        self.aside_samples += 1

    def _send(self, text: bytes | None) -> None:
        if text is not None:
            self._perform((SendText(text),))

    def commit(self) -> None:
        self._committed = self.appended
        steady = self._steady
        if steady is None:
            self._charger.persisted(self.appended, self.now)
        else:
            self._send(steady.persisted(self.appended, self.now_s))
            if self._way == "aside" and steady.form is not None and not steady.kept_aside:
                steady.kept_aside = True
                self._kept, self._retired = None, 0
        self._drain()

    def answer(self, kind: str) -> None:
        if not self.calls or not self.online:
            return
        message_id, action = self.calls.pop(0)
        frame: list[Any] = [3, message_id, ANSWERS.get(action, {})]
        if kind == "error":
            frame = [4, message_id, "InternalError", "", {}]
        spaces = None if kind == "spaced" else (",", ":")
        self.hear(json.dumps(frame, separators=spaces).encode())

    def hear(self, text: bytes) -> None:
        steady = self._steady
        retired = None if steady is None else steady.answered(text, self.now_s)
        if steady is not None and retired is not None:
            if steady.has_deliveries:
                self._charger.write_down(steady, self.now)
                self._drain()
            if steady.kept_aside:
                self._retired = retired
                self.ordered.append(Retire(retired))
            else:
                self._perform((Retire(retired),))
        elif self.charger.receive(text, self.now):
            self._drain()
            self._begin()
        self._drain()

    def call(self, action: str, payload: dict[str, Any]) -> None:
        if self.online:
            self.hear(json.dumps([2, f"csms-{len(self.ordered)}", action, payload]).encode())

    def set_link(self, up: bool) -> None:
        if up == self.online:
            return
        self.online = up
        self.calls.clear()
        (self.charger.link_up if up else self.charger.link_down)(self.now)
        self._drain()

    def do(self, deed: str) -> None:
        charger = self.charger
        try:
            match deed:
                case "pause":
                    charger.set_ev_draws(CONNECTOR, False, self.now)
                case "resume":
                    charger.set_ev_draws(CONNECTOR, True, self.now)
                case "stop":
                    charger.stop_transaction(CONNECTOR, None, self.now)
                case "plug in":
                    charger.plug_in(CONNECTOR, DEFAULT_VEHICLE, self.now)
                case "unplug":
                    charger.unplug(CONNECTOR, "ev", self.now)
                case "tag":
                    charger.present_id_tag("TAG", CONNECTOR, self.now)
                case "off":
                    charger.power_cycle(self.now)
                    self.online = False
                    self.calls.clear()
                case _:
                    charger.store_ledger(self.now)
        except ChargePointError as error:
            self.ordered.append(error)  # pyright: ignore[reportArgumentType]
        self._drain()

    def look(self) -> tuple[Any, ...]:
        charger = self.charger
        durable = charger.durable
        return (
            charger.connector_state(CONNECTOR, self.now),
            charger.plant.read_meter(CONNECTOR, self.now_s).power_w,
            charger.ledger(LocalTransactionId(1), self.now),
            charger.controller.untold_deliveries(),
            charger.controller.queued_messages,
            durable.next_sequence,
            list(durable.messages),
            dict(durable.cells),
            charger.next_deadline_s,
            charger.next_real_deadline_s,
        )

    def begin_to_charge(self, interval_s: int) -> None:
        self.set_link(True)
        settings = {"MeterValueSampleInterval": str(interval_s)}
        self.charger.set_configuration(settings, self.now)
        self._settle()
        self.do("plug in")
        self.do("tag")
        self._settle()

    def _settle(self) -> None:
        for _ in range(12):
            self.commit()
            self.answer("plain")

    def _next_s(self) -> float:
        if self._steady is not None:
            return self._steady.next_s
        return min(self._charger.next_deadline_s, self._charger.next_real_deadline_s)

    def _begin(self) -> None:
        if self._way != "long":
            self._steady = self._charger.begin_steady(self.now)
            self._drain()

    def _drain(self) -> None:
        effects = self._charger.effects.copy()
        self._charger.effects.clear()
        self._perform(effects)
        for effect in effects:
            if isinstance(effect, AwaitCommit):
                self._charger.committed(effect.ticket, self.now)
                self._drain()
        if not self._commits and self.appended > self._committed:
            self.commit()

    def _store(self, effect: PutCell | Append | Retire) -> None:
        self._journal.order(effect, self.now_s)
        self._journal.write_due(self.now_s)
        if isinstance(effect, Retire):  # A number that is dealt with is used
            stored = self._journal.stored
            stored.next_sequence = max(stored.next_sequence, effect.sequence + 1)

    def _perform(self, effects: Any) -> None:
        for effect in effects:
            if isinstance(effect, PutCell | Append | Retire):
                self._store(effect)
            if isinstance(effect, PutCell) and effect.key == CELL:
                continue
            if isinstance(effect, Append):
                self.appended = effect.sequence
                self.ordered.append(self._in_full(effect))
            else:
                self.ordered.append(effect)
            if isinstance(effect, SendText):
                kind, message_id, *rest = json.loads(effect.text)
                if kind == 2:
                    self.calls.append((message_id, rest[0]))

    def _in_full(self, append: Append) -> Append:
        """What is stored, as the long way stores it."""
        stored = StoredMessage(append.sequence, append.body)
        cells = self._journal.stored.cells
        full = in_full(stored, cells.get(CELL), lambda _: TransactionId(7))
        return Append(*msgspec.structs.astuple(full))


def _vehicle(_id_tag: str | None) -> ResolvedVehicle:
    return DEFAULT_VEHICLE


CALLS: list[tuple[str, dict[str, Any]]] = [
    ("GetConfiguration", {}),
    ("ChangeConfiguration", {"key": "MeterValueSampleInterval", "value": "20"}),
    ("ChangeConfiguration", {"key": "MeterValueSampleInterval", "value": "0"}),
    ("ChangeConfiguration", {"key": "StopTxnSampledData", "value": "SoC"}),
    (
        "ChangeConfiguration",
        {
            "key": "MeterValuesSampledData",
            "value": "SoC,Energy.Active.Import.Register,Power.Active.Import,Voltage,Temperature",
        },
    ),
    (
        "ChangeConfiguration",
        {"key": "MeterValuesSampledData", "value": "Energy.Active.Import.Interval"},
    ),
    ("ChangeConfiguration", {"key": "ClockAlignedDataInterval", "value": "60"}),
    ("ChangeConfiguration", {"key": "HeartbeatInterval", "value": "30"}),
    ("TriggerMessage", {"requestedMessage": "MeterValues", "connectorId": 1}),
    ("RemoteStopTransaction", {"transactionId": 7}),
    ("Reset", {"type": "Soft"}),
    ("ChangeAvailability", {"connectorId": 1, "type": "Inoperative"}),
    (
        "SetChargingProfile",
        {
            "connectorId": 1,
            "csChargingProfiles": {
                "chargingProfileId": 1,
                "stackLevel": 0,
                "chargingProfilePurpose": "TxDefaultProfile",
                "chargingProfileKind": "Relative",
                "chargingSchedule": {
                    "chargingRateUnit": "A",
                    "chargingSchedulePeriod": [
                        {"startPeriod": 0, "limit": 16.0},
                        {"startPeriod": 90, "limit": 10.0},
                    ],
                },
            },
        },
    ),
]

steps = st.one_of(
    st.tuples(st.just("wait"), st.sampled_from([0.5, 5.0, 10.0, 10.0, 10.0, 61.0])),
    st.tuples(st.just("commit"), st.none()),
    st.tuples(st.just("answer"), st.sampled_from(["plain", "plain", "spaced", "error"])),
    st.tuples(st.just("round"), st.integers(1, 40)),
    st.tuples(st.just("call"), st.sampled_from(CALLS)),
    st.tuples(st.just("link"), st.booleans()),
    st.tuples(
        st.just("do"),
        st.sampled_from(
            ["pause", "resume", "stop", "plug in", "unplug", "tag", "off", "store ledger"]
        ),
    ),
    st.tuples(st.just("look"), st.none()),
    st.tuples(st.just("kill"), st.none()),
    st.tuples(st.just("restart"), st.none()),
)


def perform(owner: Owner, step: tuple[str, Any]) -> Any:
    what, how = step
    match what:
        case "wait":
            owner.wait(how)
        case "commit":
            owner.commit()
        case "answer":
            owner.answer(how)
        case "round":
            for _ in range(how):
                owner.wait(10.0)
                owner.commit()
                while owner.calls and owner.online:
                    owner.answer("plain")
        case "call":
            owner.call(*how)
        case "kill":
            owner.kill()
        case "restart":
            owner.restart()
        case "link":
            owner.set_link(how)
        case "do":
            owner.do(how)
        case _:
            return owner.look()
    return None


@settings(max_examples=200)
@given(st.lists(steps, max_size=25), st.sampled_from(HARDWARE))
def test_whatever_happens_the_short_way_orders_what_the_long_one_does(
    happenings: list[tuple[str, Any]], hardware: Hardware
) -> None:
    compare(Owner("short", hardware), Owner("long", hardware), happenings)


@settings(max_examples=200)
@given(st.lists(steps, max_size=25), st.sampled_from(HARDWARE))
def test_samples_that_are_kept_aside_are_as_good_as_those_in_the_journal(
    happenings: list[tuple[str, Any]], hardware: Hardware
) -> None:
    aside = Owner("aside", hardware, commits=False)
    compare(aside, Owner("long", hardware, commits=False), happenings)


def compare(short: Owner, long: Owner, happenings: list[tuple[str, Any]]) -> None:
    for owner in (short, long):
        owner.begin_to_charge(10)
    for step in [("round", 3), *happenings, ("look", None)]:
        assert perform(short, step) == perform(long, step)
        assert [repr(one) for one in short.ordered] == [repr(one) for one in long.ordered]
        for owner in (short, long):
            owner.ordered.clear()


@pytest.mark.parametrize("hardware", HARDWARE)
def test_nearly_all_samples_of_a_long_transaction_go_the_short_way(hardware: Hardware) -> None:
    owner = Owner("short", hardware)
    owner.begin_to_charge(10)
    perform(owner, ("round", 200))
    sent = sum(isinstance(effect, Append) for effect in owner.ordered)
    assert sent > 100
    assert owner.short_samples >= 0.9 * sent


def test_at_constant_power_nearly_all_of_them_are_kept_aside() -> None:
    owner = Owner("aside", commits=False)
    owner.begin_to_charge(10)
    perform(owner, ("round", 200))
    assert owner.aside_samples >= 0.9 * owner.short_samples > 100
