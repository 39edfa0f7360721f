"""Sampled and clock-aligned meter values (1.6 ed.2 §3.16, errata 3.14-3.16)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from types import MethodType
from typing import NamedTuple

import msgspec

from ocppsim.chargepoint.hardware import MeterReading, SteadyMeter
from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.protocol.v16.core import MeterValuesRequest
from ocppsim.protocol.v16.datatypes import MeterValue, SampledValue
from ocppsim.protocol.v16.date_time import format_date_time
from ocppsim.protocol.v16.enums import ReadingContext

from .configuration.measurands import MeterCapabilities, capabilities_of
from .connector import Connector
from .core import Core
from .kept_samples import KeptSamples
from .outbox import Outbox
from .registration import Registration
from .sample_text import as_text
from .sampling import DEFAULT_SELECTION, Registers, SamplePlan, merged_plan, plan_for
from .steady_sampling import SteadySampling, next_sample_s
from .stored_reading import StoredReading
from .transaction import RunningTransaction, StoredTransaction

_ALIGNED = "aligned"
_DAY_S = 86_400
_PUNCTUAL_S = 1.0
"""A clock-aligned reading taken at most this late counts as one of the aligned instant."""
WHOLE_CHARGE_POINT = ConnectorId(0)
_REGISTER_ALONE = SamplePlan((DEFAULT_SELECTION,))
PLANNED_KEYS = (
    "MeterValuesSampledData",
    "MeterValuesAlignedData",
    "StopTxnSampledData",
    "StopTxnAlignedData",
)


class StoredRegister(msgspec.Struct, frozen=True, array_like=True):
    """The last register that went on the wire, and when (Unix seconds)."""

    energy_wh: float
    at_s: float


class SteadySamples(NamedTuple):
    """What one sample after the other is made of; the next is due at ``sample_s``."""

    meter: SteadyMeter
    plan: SamplePlan
    cell_key: str
    interval_s: int
    sample_s: float


_NOTHING_READ: Mapping[ConnectorId, Registers] = {}


class Metering:
    """Reads the meters when it is time and hands the values on.

    Sampled values count from the start of each transaction, clock-aligned ones from midnight
    UTC. Values go out as MeterValues, and are kept for StopTransaction, as the keys say.
    """

    __slots__ = (
        "_aligned_at_s",
        "_aligned_from",
        "_aligned_from_s",
        "_capabilities",
        "_connectors",
        "_core",
        "_outbox",
        "_plans",
        "_registration",
        "_sample_interval_s",
        "_stop_carries_values",
    )

    def __init__(
        self,
        core: Core,
        outbox: Outbox,
        registration: Registration,
        connectors: dict[ConnectorId, Connector],
    ) -> None:
        self._core = core
        self._outbox = outbox
        self._registration = registration
        self._connectors = connectors
        self._capabilities = capabilities_of(core.hardware)
        self._plans: Mapping[str, SamplePlan]
        self._aligned_from = _NOTHING_READ
        self._aligned_from_s = 0.0
        self._aligned_at_s = 0.0
        self.load_plans()
        self._sample_interval_s = core.configuration.number("MeterValueSampleInterval")

    def read(self, connector_id: ConnectorId) -> MeterReading:
        """The meter now; the register is stored, so that it never falls on the wire."""
        core = self._core
        now_s = core.now_s
        reading = core.hardware.read_meter(connector_id, now_s)
        if connector_id != WHOLE_CHARGE_POINT:
            # A StoredRegister, as it is encoded
            body = _encode((reading.energy_wh, core.clock.epoch_s + now_s))
            core.put_body(_meter_cell(connector_id), body)
            if self._stop_carries_values:
                core.put_cell(f"reading/{connector_id}", StoredReading.of(reading))
        return reading

    def stored_register(self, connector_id: ConnectorId) -> StoredRegister | None:
        """The last register that was stored before a power loss."""
        body = self._core.durable.cells.get(_meter_cell(connector_id))
        return None if body is None else msgspec.json.decode(body, type=StoredRegister)

    def last_read_s(self) -> float:
        """When a meter was last read before a power loss (Unix seconds); 0.0 for never."""
        registers = [self.stored_register(connector_id) for connector_id in self._connectors]
        return max((register.at_s for register in registers if register), default=0.0)

    def stop_data(
        self, transaction: RunningTransaction, reading: MeterReading
    ) -> list[MeterValue] | None:
        """TransactionData of a StopTransaction: Begin, what was kept, End (errata 3.14)."""
        if not self._stop_carries_values:
            # 1.6 ed.2 §3.16.5
            return None
        values = self._stop_plan().sample(reading, ReadingContext.Transaction_End)
        end = MeterValue(self._core.stamp(), values) if values else None
        data = [self._begin(transaction.stored), *transaction.samples.values(), end]
        return [value for value in data if value is not None] or None

    def stop_data_after_power_loss(
        self, stored: StoredTransaction, samples: KeptSamples, register: StoredRegister
    ) -> list[MeterValue] | None:
        """TransactionData where the end is only known as what was read last."""
        if not self._stop_carries_values:
            return None
        end = None
        body = self._core.durable.cells.get(f"reading/{stored.connector_id}")
        last = None if body is None else msgspec.json.decode(body, type=StoredReading)
        plan = self._stop_plan()
        if last is None or last.energy_wh != register.energy_wh:
            # The list is younger than the last reading: of that the register is known
            plan, last = _REGISTER_ALONE, stored.begin_reading()
        if last is not None:
            reading = msgspec.structs.replace(last, energy_wh=register.energy_wh)
            values = plan.sample(reading, ReadingContext.Transaction_End)
            stamp = self._core.clock.stamp(register.at_s - self._core.clock.epoch_s)
            end = MeterValue(stamp, values) if values else None
        data = [self._begin(stored), *samples.values(), end]
        return [value for value in data if value is not None] or None

    def start_sampling(self, connector: Connector) -> None:
        """Take samples of a transaction from its start on (MV-03)."""
        transaction = connector.transaction
        interval_s = self._sample_interval_s
        core = self._core
        name = _sample_timer(connector.connector_id)
        if transaction is None or interval_s == 0:
            core.timers.cancel(name)
            return
        started_s, now_s = transaction.started_s, core.now_s
        at_s = next_sample_s(started_s, interval_s, now_s)
        take_sample = connector.take_sample
        if take_sample is None:
            # As functools.partial, in half the memory
            take_sample = connector.take_sample = MethodType(self._sample, connector)
        core.timers.set(name, at_s, take_sample, True)

    def steady_samples(self, connector: Connector, until_s: float) -> SteadySamples | None:
        """What the samples of a transaction are made of by themselves, if that is all there is.

        None also where ``until_s`` comes before the next of them.
        """
        plan = self._plans["MeterValuesSampledData"]
        interval_s = self._sample_interval_s
        if self._stop_carries_values or plan.has_interval or not plan or not interval_s:
            return None
        connector_id = connector.connector_id
        meter = self._core.hardware.steady_meter(connector_id)
        if meter is None:
            return None
        sample_s = self._core.timers.due_s(_sample_timer(connector_id))
        if min(meter.until_s, until_s) <= sample_s:
            return None
        return SteadySamples(meter, plan, _meter_cell(connector_id), interval_s, sample_s)

    def others_due_s(self, connector: Connector) -> float:
        """When something else is due than the next sample of a transaction."""
        return self._core.timers.others_due_s(_sample_timer(connector.connector_id))

    def end_steady(self, connector: Connector, steady: SteadySampling) -> None:
        """Samples have been taken meanwhile."""
        last, transaction = steady.last_sample(), connector.transaction
        if last is None or transaction is None:
            return
        reading, body = last
        transaction.interval_from = Registers.of(reading)
        if steady.kept_aside:
            self._core.put_body(steady.cell_key, body)
        else:
            self._core.durable.cells[steady.cell_key] = body
        take_sample = connector.take_sample
        assert take_sample is not None
        name = _sample_timer(connector.connector_id)
        self._core.timers.set(name, steady.sample_s, take_sample, True)

    def stop_sampling(self, connector: Connector) -> None:
        """The transaction of a connector is over."""
        self._core.timers.cancel(_sample_timer(connector.connector_id))

    def arm_aligned(self) -> None:
        """Begin an interval now; it ends at the next clock-aligned instant."""
        core = self._core
        self._aligned_from_s = core.now_s
        if core.configuration.number("ClockAlignedDataInterval"):
            self._aligned_from = {
                connector_id: Registers.of(core.hardware.read_meter(connector_id, core.now_s))
                for connector_id in (WHOLE_CHARGE_POINT, *self._connectors)
            }
        else:
            self._aligned_from = _NOTHING_READ
        self._arm_next_aligned()

    def trigger(self, connector_id: ConnectorId) -> None:
        """Send the present values of a connector because the CSMS asks for them (TRG-07)."""
        reading = self.read(connector_id)
        connector = self._connectors.get(connector_id)
        transaction = connector.transaction if connector else None
        now = Registers.of(reading)
        since = transaction.interval_from if transaction else now
        values = self._values("MeterValuesSampledData", reading, ReadingContext.Trigger, since, now)
        if not values:
            return
        meter_values = [MeterValue(self._core.stamp(), values)]
        if self._registration.accepted:
            self._send(connector_id, transaction, meter_values)
        else:
            # While Pending the queue stands still, but what was asked for may go
            self._outbox.send_aside(
                transaction.local_id if transaction else None,
                MeterValuesRequest(connector_id=connector_id, meter_value=meter_values),
            )

    def clock_moved(self) -> None:
        """The wall clock was set: nothing was read in its future, and its full hours are others."""
        wall_s = self._core.clock.wall_s(self._core.now_s)
        for connector_id in self._connectors:
            register = self.stored_register(connector_id)
            if register is not None and register.at_s > wall_s:
                # By the clock that counts now it was not read in the future
                self._core.put_cell(
                    _meter_cell(connector_id), StoredRegister(register.energy_wh, wall_s)
                )
        self._arm_next_aligned()

    def _arm_next_aligned(self) -> None:
        """Wait for the next clock-aligned instant (1.6 ed.2 §3.16.2)."""
        interval_s = self._core.configuration.number("ClockAlignedDataInterval")
        if interval_s == 0:
            self._core.timers.cancel(_ALIGNED)
            return
        wall_s = self._core.clock.wall_s(self._core.now_s)
        midnight_s = wall_s // _DAY_S * _DAY_S
        since_midnight_s = wall_s - midnight_s
        next_s = min((int(since_midnight_s / interval_s) + 1) * interval_s, _DAY_S)
        self._aligned_at_s = midnight_s + next_s - self._core.clock.epoch_s
        self._core.timers.set(_ALIGNED, self._aligned_at_s, self._take_aligned)

    def load_plans(self) -> None:
        """Take over the lists of what is measured."""
        # AMB-9: MeterValues have something to say even where the list is empty
        sends = self._core.behaviour("empty_sampled_data") == "register"
        text = self._core.configuration.text
        texts = tuple([text(key) for key in PLANNED_KEYS])
        self._plans = _plans_for(texts, self._capabilities, sends)
        self._stop_carries_values = any(
            self._plans.get(name) for name in ("StopTxnSampledData", "StopTxnAlignedData")
        )

    def _stop_plan(self) -> SamplePlan:
        return merged_plan(self._plans["StopTxnSampledData"], self._plans["StopTxnAlignedData"])

    def _begin(self, stored: StoredTransaction) -> MeterValue | None:
        """Transaction.Begin as the lists want it now."""
        begin = stored.begin_reading()
        if begin is None:
            return None
        values = self._stop_plan().sample(begin, ReadingContext.Transaction_Begin)
        return MeterValue(format_date_time(stored.started_at_s), values) if values else None

    def arm_all_samples(self) -> None:
        """Take over the interval, of running transactions too."""
        self._sample_interval_s = self._core.configuration.number("MeterValueSampleInterval")
        for connector in self._connectors.values():
            if connector.transaction is not None:
                self.start_sampling(connector)

    def _sample(self, connector: Connector) -> None:
        transaction = connector.transaction
        if transaction is None:
            return
        reading = self.read(connector.connector_id)
        context = ReadingContext.Sample_Periodic
        since = transaction.interval_from
        now = transaction.interval_from = Registers.of(reading)
        core = self._core
        stamp = format_date_time(core.clock.epoch_s + core.now_s)
        plan = self._plans["MeterValuesSampledData"]
        texts = plan.sample_texts(reading, context)
        if plan.has_interval:
            texts += map(as_text, plan.sample_interval(since, now, context))
        if texts:
            self._outbox.add_sample(transaction.local_id, connector.connector_id, stamp, texts)
        if not self._stop_carries_values:
            self.start_sampling(connector)
            return
        kept = self._values("StopTxnSampledData", reading, context, since, now)
        if kept:
            transaction.samples.keep(MeterValue(stamp, kept), self._room())
        self.start_sampling(connector)

    def _take_aligned(self) -> None:
        now_s = self._core.now_s
        at_s = self._aligned_at_s if now_s - self._aligned_at_s < _PUNCTUAL_S else now_s
        from_s, self._aligned_from_s = self._aligned_from_s, at_s
        self._arm_next_aligned()
        for connector_id in (WHOLE_CHARGE_POINT, *self._connectors):
            connector = self._connectors.get(connector_id)
            transaction = connector.transaction if connector else None
            idle_too = self._registration.accepted and (
                self._core.behaviour("aligned_connectors") == "all"
            )
            if transaction is not None or idle_too:
                self._take_aligned_at(connector_id, transaction, from_s, at_s)

    def _take_aligned_at(
        self,
        connector_id: ConnectorId,
        transaction: RunningTransaction | None,
        from_s: float,
        at_s: float,
    ) -> None:
        reading = self.read(connector_id)
        now = Registers.of(reading)
        since = self._aligned_from.get(connector_id, now)
        self._aligned_from = {**self._aligned_from, connector_id: now}
        if transaction is not None and transaction.started_s > from_s:
            # errata 3.16: with a transactionId only what belongs to that transaction
            from_s, since = transaction.started_s, transaction.begun_at
            at_s = max(at_s, from_s)
        span_s = (from_s, at_s)
        meter_values = self._aligned_values("MeterValuesAlignedData", reading, since, span_s)
        if meter_values:
            self._send(connector_id, transaction, meter_values)
        if transaction is not None:
            for value in self._aligned_values("StopTxnAlignedData", reading, since, span_s):
                transaction.samples.keep(value, self._room())

    def _aligned_values(
        self, key: str, reading: MeterReading, since: Registers, span_s: tuple[float, float]
    ) -> list[MeterValue]:
        """Registers stamped with the aligned instant, intervals with their start (AMB-8)."""
        from_s, at_s = span_s
        if self._core.behaviour("aligned_timestamp") == "interval_start":
            at_s = from_s
        plan = self._plans[key]
        context = ReadingContext.Sample_Clock
        result: list[MeterValue] = []
        values = plan.sample(reading, context)
        if values:
            result.append(MeterValue(self._core.clock.stamp(at_s), values))
        if plan.has_interval:
            start = self._core.clock.stamp(from_s)
            intervals = plan.sample_interval(since, Registers.of(reading), context)
            result.append(MeterValue(start, intervals))
        return result

    def _values(
        self,
        key: str,
        reading: MeterReading,
        context: ReadingContext,
        since: Registers,
        now: Registers,
    ) -> list[SampledValue]:
        plan = self._plans[key]
        values = plan.sample(reading, context)
        if plan.has_interval:
            values += plan.sample_interval(since, now, context)
        return values

    def _send(
        self,
        connector_id: ConnectorId,
        transaction: RunningTransaction | None,
        meter_values: list[MeterValue],
    ) -> None:
        self._outbox.add(
            transaction.local_id if transaction else None,
            MeterValuesRequest(connector_id=connector_id, meter_value=meter_values),
        )

    def _room(self) -> int:
        """Samples that fit into a StopTransaction beside Begin and End (errata 3.89)."""
        return self._core.configuration.number("StopTransactionMaxMeterValues") - 2


_encode = msgspec.json.Encoder().encode


@lru_cache(maxsize=1024)
def _plans_for(
    texts: tuple[str, ...], capabilities: MeterCapabilities, sends: bool
) -> Mapping[str, SamplePlan]:
    """The plans of all lists: one object for the many chargers that have the same lists."""
    return {
        key: plan_for(
            text,
            capabilities,
            DEFAULT_SELECTION if sends and key.startswith("MeterValues") else None,
        )
        for key, text in zip(PLANNED_KEYS, texts, strict=True)
    }


@cache
def _meter_cell(connector_id: ConnectorId) -> str:
    return f"meter/{connector_id}"


@cache
def _sample_timer(connector_id: ConnectorId) -> str:
    return f"sample-{connector_id}"
