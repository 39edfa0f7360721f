"""Measure what the hot path costs: CPU time a call, the median of several rounds.

Run it on a quiet machine: ``.venv/bin/python tools/measure.py``. Nothing here judges; the
figures and what they mean stand in docs/performance.md.
"""

# The ocpp package is typed in parts only.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownMemberType=false, reportMissingTypeStubs=false

from __future__ import annotations

import asyncio
import math
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
from ocpp.charge_point import (
    camel_to_snake_case,
    remove_nones,
    serialize_as_dict,
    snake_to_camel_case,
)
from ocpp.messages import Call, CallResult, validate_payload
from ocpp.v16 import call, call_result

from ocppsim.chargepoint.controller import ChargePointIdentity
from ocppsim.chargepoint.durable_state import DurableState
from ocppsim.chargepoint.effects import Append, SendText
from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.moment import Moment
from ocppsim.chargepoint.v16.charge_point import ChargePoint
from ocppsim.persistence import Database, Journal, chargers, locations
from ocppsim.physics import PowerType, VehicleSpec
from ocppsim.protocol.v16.codec import decode_response, encode
from ocppsim.protocol.v16.core import MeterValuesRequest
from ocppsim.protocol.v16.datatypes import MeterValue, SampledValue
from ocppsim.protocol.v16.enums import Measurand, ReadingContext, UnitOfMeasure
from ocppsim.simulation.charger import Charger
from ocppsim.simulation.definition import ChargerDefinition, ConnectorDefinition
from ocppsim.simulation.plant import Plant
from ocppsim.simulation.resolved_vehicle import DEFAULT_VEHICLE, ResolvedVehicle

ROUNDS = 7
CALLS = 5_000
JOURNAL_ROUNDS = 3
JOURNAL_TURNS = 20
JOURNAL_BURST = 25
CONNECTOR = ConnectorId(1)
EPOCH_S = 1_767_225_600.0

ANSWERS = {
    "BootNotification": (
        b'{"status":"Accepted","currentTime":"2026-01-01T00:00:00Z","interval":86400}'
    ),
    "Authorize": b'{"idTagInfo":{"status":"Accepted"}}',
    "StartTransaction": b'{"transactionId":1,"idTagInfo":{"status":"Accepted"}}',
}


def resolve_vehicle(_id_tag: str | None) -> ResolvedVehicle:
    return DEFAULT_VEHICLE


class ChargingCharger:
    """A charger in a transaction, with a CSMS that answers at once and a journal in no time."""

    def __init__(self) -> None:
        self.now_s = 0.0
        definition = ChargerDefinition(
            charger_id=1,
            location_id=1,
            charger_name="measured",
            connection_url="ws://127.0.0.1:9/",
            identity=ChargePointIdentity("CP1", "Vendor", "Model"),
            connectors=(ConnectorDefinition(),),
        )
        self.charger = Charger(
            definition,
            DurableState(),
            ChargePoint,
            resolve_vehicle,
            now=Moment(0.0, 0.0),
            clock_epoch_s=EPOCH_S,
            message_id_prefix="measured-",
            seed=1,
        )
        now = Moment(0.0, 0.0)
        self.charger.link_up(now)
        self.carry_out(now)
        self.charger.set_configuration({"MeterValueSampleInterval": "1"}, now)
        self.charger.plug_in(CONNECTOR, DEFAULT_VEHICLE, now)
        self.charger.present_id_tag("TAG", CONNECTOR, now)
        self.carry_out(now)

    def round_trip(self) -> None:
        """One MeterValues falls due, is journalled, sent, answered and retired."""
        self.now_s += 1.0
        now = Moment(self.now_s, self.now_s)
        self.charger.handle_deadline(now)
        self.carry_out(now)

    def carry_out(self, now: Moment) -> None:
        effects = self.charger.effects
        while effects:
            batch = effects.copy()
            effects.clear()
            for effect in batch:
                if type(effect) is SendText:
                    _, message_id, action, _ = msgspec.json.decode(effect.text)
                    answer = msgspec.Raw(ANSWERS.get(action, b"{}"))
                    self.charger.receive(msgspec.json.encode((3, message_id, answer)), now)
                elif type(effect) is Append:
                    self.charger.persisted(effect.sequence, now)


def cpu_us(call: Callable[[], object], calls: int = CALLS) -> list[float]:
    """Microseconds of this process's CPU time a call, one figure a round."""
    figures: list[float] = []
    for _ in range(ROUNDS):
        began_s = time.process_time()
        for _ in range(calls):
            call()
        figures.append((time.process_time() - began_s) / calls * 1e6)
    return figures


def report(what: str, figures: list[float]) -> None:
    low, middle, high = min(figures), statistics.median(figures), max(figures)
    print(f"{what:<58} {middle:7.2f} µs  ({low:.2f} to {high:.2f})")


def measure_codec() -> None:
    sample = SampledValue(
        value="1234",
        context=ReadingContext.Sample_Periodic,
        measurand=Measurand.Energy_Active_Import_Register,
        unit=UnitOfMeasure.Wh,
    )
    request = MeterValuesRequest(
        connector_id=1,
        meter_value=[MeterValue("2026-01-01T00:00:00.000Z", [sample])],
        transaction_id=1,
    )
    report("MeterValues.req to JSON", cpu_us(lambda: encode(request)))
    report("MeterValues.conf from JSON", cpu_us(lambda: decode_response("MeterValues", b"{}")))


def measure_ocpp_package() -> None:
    """What the `ocpp` package does for the same message and its answer: convert and validate."""
    sample = {
        "value": "1234",
        "context": "Sample.Periodic",
        "measurand": "Energy.Active.Import.Register",
        "unit": "Wh",
    }
    meter_value = {"timestamp": "2026-01-01T00:00:00.000Z", "sampled_value": [sample]}
    request = call.MeterValues(connector_id=1, transaction_id=1, meter_value=[meter_value])

    async def round_trip() -> None:
        payload = snake_to_camel_case(remove_nones(serialize_as_dict(request)))
        outgoing = Call("1", "MeterValues", payload)
        await validate_payload(outgoing, "1.6")
        outgoing.to_json()
        answer = CallResult("1", {}, action="MeterValues")
        await validate_payload(answer, "1.6")
        camel_to_snake_case(answer.payload)
        call_result.MeterValues()

    async def many() -> None:
        for _ in range(CALLS // 10):
            await round_trip()

    with asyncio.Runner() as runner:
        runner.run(many())
        figures = [figure / (CALLS // 10) for figure in cpu_us(lambda: runner.run(many()), calls=1)]
    report("The same message and answer in the ocpp package", figures)


def measure_charger() -> None:
    charging = ChargingCharger()
    report("MeterValues round trip of a charger, no socket, no disk", cpu_us(charging.round_trip))

    def read() -> None:
        charging.now_s += 0.1
        charging.charger.plant.read_meter(CONNECTOR, charging.now_s)

    report("  of it: the meter at a new instant", cpu_us(read))


def measure_plant() -> None:
    """One connector without its controller: a new offer, and looks at what flows."""
    plain = VehicleSpec(name="plain", ac_max_power_kw=22.0, battery_capacity_kwh=1e6)
    slow = msgspec.structs.replace(plain, ac_ramp_a_per_s=1e-6, dc_ramp_kw_per_s=1e-6)
    curve = msgspec.structs.replace(plain, chemistry="NMC", dc_max_current_a=400.0)
    report("Plant: a new offer, AC, at once", cpu_us(offers_to(plain, "AC")))
    report("Plant: a new offer, AC, by a ramp", cpu_us(offers_to(slow, "AC")))
    report("Plant: a new offer, DC, along a curve", cpu_us(offers_to(curve, "DC")))
    report("Plant: a reading at a new instant, AC, in a ramp", cpu_us(readings_of(slow, "AC")))
    report("Plant: a reading at a new instant, DC, in a curve", cpu_us(readings_of(curve, "DC")))


def plant_with(spec: VehicleSpec, power_type: PowerType) -> Plant:
    plant = Plant([ConnectorDefinition(power_type=power_type)], seed=1)
    plant.plug_in(CONNECTOR, ResolvedVehicle(None, spec.name, spec, 60.0), 0.0)
    plant.offer_energy(CONNECTOR, 22_080.0, 0.0)
    return plant


def offers_to(spec: VehicleSpec, power_type: PowerType) -> Callable[[], object]:
    plant = plant_with(spec, power_type)
    now_s = 0.0

    def offer() -> None:
        nonlocal now_s
        now_s += 1.0
        plant.offer_energy(CONNECTOR, 11_040.0 if now_s % 2.0 else 16_560.0, now_s)

    return offer


def readings_of(spec: VehicleSpec, power_type: PowerType) -> Callable[[], object]:
    plant = plant_with(spec, power_type)
    now_s = 0.0

    def read() -> None:
        nonlocal now_s
        now_s += 0.1
        plant.read_meter(CONNECTOR, now_s)

    return read


class SilentJournal:
    """Takes everything and does nothing, to tell what the measuring itself costs."""

    def retire(self, charger_id: int, up_to_sequence: int) -> None: ...

    def put_sample(
        self, charger_id: int, sequence: int, message: bytes, key: str, register: bytes
    ) -> None: ...


def measure_journal() -> None:
    """The journal's share of a MeterValues: its retirement, the meter's cell, the message."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'measured.db'}")
        database.upgrade()
        numbers = store_chargers(database)
        for messages_per_s in (5_000.0, 20_000.0, math.inf):
            figures = [journal_us(database, numbers, messages_per_s) for _ in range(JOURNAL_ROUNDS)]
            pace = "as fast as it goes"
            if messages_per_s < math.inf:
                pace = f"{messages_per_s:,.0f} a second"
            report(f"Journal: a MeterValues, {pace}, SQLite", figures)
        database.close()


def store_chargers(database: Database) -> list[int]:
    with database.transaction() as session:
        location = locations.create(session, name="measured", address="")
        plain = ChargingCharger().charger.definition
        stored = [
            msgspec.structs.replace(
                plain,
                location_id=location.id,
                identity=msgspec.structs.replace(plain.identity, charge_point_id=f"CP{number}"),
            )
            for number in range(CALLS)
        ]
        return [each.charger_id for each in chargers.create_many(session, stored)]


def journal_us(database: Database, numbers: Sequence[int], messages_per_s: float) -> float:
    """CPU time a message, of all threads, without that of the measuring.

    From the start of the journal until it is closed and has everything in its tables.
    """
    began_s = time.process_time()
    hand_in(SilentJournal(), numbers, 1, messages_per_s)
    measuring_s = time.process_time() - began_s

    began_s = time.process_time()
    journal = Journal(database)
    journal.start(lambda _committed: None)
    first = journal.load(numbers[:1])[numbers[0]].next_sequence
    hand_in(journal, numbers, first, messages_per_s)
    journal.close(60.0)
    spent_s = time.process_time() - began_s
    return (spent_s - measuring_s) / (JOURNAL_TURNS * len(numbers)) * 1e6


def hand_in(
    journal: Journal | SilentJournal, numbers: Sequence[int], first: int, messages_per_s: float
) -> None:
    """Let the chargers have a message each in turn, in bursts of what falls due together."""
    message = b'["MeterValues",1,true,[1,123456],1767225602.0]'
    next_s = time.monotonic()
    for sequence in range(first, first + JOURNAL_TURNS):
        register = b"[%d.168717333333,1767225602.0]" % sequence
        for start in range(0, len(numbers), JOURNAL_BURST):
            for charger_id in numbers[start : start + JOURNAL_BURST]:
                journal.retire(charger_id, sequence - 1)
                journal.put_sample(charger_id, sequence, message, "meter/1", register)
            next_s += JOURNAL_BURST / messages_per_s
            time.sleep(max(next_s - time.monotonic(), 0.0))


if __name__ == "__main__":
    measure_codec()
    measure_ocpp_package()
    measure_charger()
    measure_plant()
    measure_journal()
