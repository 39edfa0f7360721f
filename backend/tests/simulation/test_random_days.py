"""Whatever people, networks, power and a moody CSMS do: the rules of the wire hold.

Each day is a random sequence of deeds. At its end everything works again, and then every
transaction that was ever begun must have reached the CSMS with exactly one stop.
``RANDOM_DAYS=500`` in the environment looks at so many days.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any

import msgspec
import pytest

from ocppsim.chargepoint.controller import ChargePointIdentity
from ocppsim.chargepoint.errors import ChargePointError
from ocppsim.chargepoint.v16.charge_point import ChargePoint
from ocppsim.physics import VehicleSpec
from ocppsim.simulation.central_system import (
    CentralSystem,
    Delayed,
    ErrorReply,
    RawReply,
    Silence,
)
from ocppsim.simulation.definition import ChargerDefinition, ConnectorDefinition
from ocppsim.simulation.resolved_vehicle import DEFAULT_VEHICLE, ResolvedVehicle
from ocppsim.simulation.virtual_bench import VirtualBench
from tests.simulation.random_orders import RandomOrders

DAYS = int(os.environ.get("RANDOM_DAYS", "20"))
TAGS = ["A", "B", "FAMILY-1", "FAMILY-2", "BLOCKED", "EXPIRED"]
ACTIONS = ["Authorize", "StartTransaction", "StopTransaction", "MeterValues", "StatusNotification"]
FAULTS = ["GroundFailure", "OverVoltage", "PowerMeterFailure", "OtherError"]


PICKY = VehicleSpec(
    name="Picky", ac_max_power_kw=22.0, ac_min_current_a=10.0, target_soc_percent=90.0
)
SLOW = msgspec.structs.replace(PICKY, name="Slow", reaction_delay_s=3.0, ac_ramp_a_per_s=0.5)
CARS = [
    DEFAULT_VEHICLE,
    *[ResolvedVehicle(None, spec.name, spec, soc_percent=20.0) for spec in (PICKY, SLOW)],
]


class RandomDay:
    """A charger of three connectors, and one random deed after the other."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        central_system = CentralSystem(clock_epoch_s=VirtualBench.EPOCH_S)
        family = {"status": "Accepted", "parentIdTag": "FAMILY"}
        central_system.id_tags = {
            "FAMILY-1": family,
            "FAMILY-2": family,
            "BLOCKED": {"status": "Blocked"},
            "EXPIRED": {"status": "Expired"},
        }
        resume = self.random.random() < 0.5
        self.bench = VirtualBench(
            ChargerDefinition(
                charger_id=1,
                location_id=1,
                charger_name="Charger",
                connection_url="ws://csms.example",
                identity=ChargePointIdentity("CP", "Vendor", "Model"),
                connectors=(
                    ConnectorDefinition(),
                    ConnectorDefinition(cable="tethered", phases=1, max_power_w=7360),
                    ConnectorDefinition(),
                ),
                behaviour={"power_loss": "resume" if resume else "stop"},
            ),
            central_system,
            ChargePoint,
            seed=seed,
            vehicle=CARS[seed % len(CARS)],
        )
        self.bench.set_configuration(
            AllowOfflineTxForUnknownId=self.any("true", "false"),
            StopTransactionOnInvalidId=self.any("true", "false"),
            StopTransactionOnEVSideDisconnect=self.any("true", "false"),
            UnlockConnectorOnEVSideDisconnect="true",
            LocalPreAuthorize=self.any("true", "false"),
            MeterValueSampleInterval=self.any("0", "17", "60"),
            ClockAlignedDataInterval=self.any("0", "900"),
            StopTxnSampledData=self.any("", "Energy.Active.Import.Register,SoC"),
            TransactionMessageRetryInterval="5",
            # Nothing may be given up: then every transaction has its one stop in the end.
            TransactionMessageAttempts="100000",
        )
        bench = self.bench
        self.orders = RandomOrders(self.random, bench, TAGS)
        self.answers: Counter[tuple[str, str | None]] = Counter()
        self.deeds: list[Callable[[], Any]] = [
            *[lambda: bench.plug_in(self.connector, soc_percent=self.random.uniform(5, 100))] * 4,
            *[lambda: bench.tag(self.any(*TAGS), self.any(self.connector, None))] * 6,
            *[lambda: bench.drive_away(self.connector)] * 3,
            lambda: bench.unplug(self.connector, self.any("ev", "charger")),
            lambda: bench.ev_draws(self.any(True, False), self.connector),
            lambda: bench.stop_button(self.connector),
            lambda: bench.raise_fault(self.any(*FAULTS), self.any(0, self.connector)),
            *[lambda: bench.clear_fault(self.any(0, self.connector))] * 3,
            *[lambda: bench.advance(self.random.uniform(0, 40))] * 6,
            *[lambda: bench.advance(self.random.uniform(0, 4000))] * 2,
            bench.cut_link,
            *[bench.restore_link] * 3,
            lambda: bench.crash(self.random.uniform(0, 100)),
            lambda: bench.power_cycle(self.random.uniform(0, 100)),
            bench.emergency_stop,
            *[self.moody] * 3,
            *[self.order] * 4,
            *[self.order_of_a_profile] * 8,
            lambda: bench.files(
                download=self.any("ok", "ok", "fail"),
                install=self.any("ok", "ok", "fail"),
                upload=self.any("ok", "fail"),
                duration_s=self.any(1.0, 200.0),
            ),
            self.slow_disk,
        ]

    def any(self, *options: Any) -> Any:
        return self.random.choice(options)

    @property
    def connector(self) -> int:
        return self.random.randint(1, 3)

    def live(self, deeds: int) -> None:
        for _ in range(deeds):
            try:
                self.random.choice(self.deeds)()
            except ChargePointError:
                continue  # the world could not do that just now
            self.check()

    def check(self) -> None:
        """What can be seen at the charger at any moment."""
        # A limit whose time comes within a millisecond counts as in force already
        self.bench.advance(0.002)
        charger, now_s = self.bench.charger, self.bench.now_s
        reserved = False
        for connector_id in charger.plant.connector_ids:
            power_w = charger.plant.read_meter(connector_id, now_s).power_w
            view = charger.controller.connector(connector_id)
            reserved = reserved or view.status == "Reserved"
            if power_w > 0:
                assert (charger.powered, view.status) == (True, "Charging")
                if self.bench.vehicle.spec is not SLOW:
                    limit = charger.controller.limit(connector_id, self.bench.now)
                    assert power_w <= limit.power_w * 1.000_001
        assert not reserved or charger.controller.reservations()

    def order_of_a_profile(self) -> None:
        """The CSMS uses one of the feature profiles beside Core."""
        if not self.bench.central_system.connected:
            return
        action, payload = self.orders.any_order()
        answer = self.bench.ask(action, payload)
        self.answers[action, answer.status or answer.error_code] += 1

    def moody(self) -> None:
        """The CSMS answers the next CALL of some kind badly, or late."""
        reply = self.any(
            Silence(),
            ErrorReply(),
            RawReply('[3,"{id}",{"unexpected":true}]'),
            RawReply('[3,"{id}"'),
            lambda call: Delayed(self.random.uniform(0, 50), self.usual(call)),
        )
        self.bench.central_system.once(self.any(*ACTIONS), reply)

    def usual(self, call: dict[str, Any]) -> dict[str, Any]:
        if "meterStart" in call:
            transaction_id = self.bench.central_system.next_transaction_id
            self.bench.central_system.next_transaction_id += 1
            return {"transactionId": transaction_id, "idTagInfo": {"status": "Accepted"}}
        is_authorize = call.keys() == {"idTag"}
        return {"idTagInfo": {"status": "Accepted"}} if is_authorize else {}

    def order(self) -> None:
        """The CSMS asks for something."""
        if not self.bench.central_system.connected:
            return
        last = self.bench.central_system.next_transaction_id - 1
        action, payload = self.any(
            ("RemoteStartTransaction", {"idTag": self.any(*TAGS), "connectorId": self.connector}),
            ("RemoteStartTransaction", {"idTag": self.any(*TAGS)}),
            ("RemoteStopTransaction", {"transactionId": last}),
            ("UnlockConnector", {"connectorId": self.connector}),
            ("ClearCache", {}),
            ("Reset", {"type": self.any("Hard", "Soft")}),
            (
                "ChangeAvailability",
                {"connectorId": self.any(0, 1, 2, 3), "type": self.any("Operative", "Inoperative")},
            ),
            ("ChangeConfiguration", {"key": "MinimumStatusDuration", "value": self.any("0", "3")}),
        )
        self.bench.ask(action, payload)

    def slow_disk(self) -> None:
        self.bench.journal.delay_s = self.any(0.0, 0.0, 0.5, 5.0)

    def come_to_rest(self) -> None:
        """Everything works again, and everybody goes home."""
        bench = self.bench
        for action in ACTIONS:
            bench.central_system.as_usual(action)
        bench.journal.delay_s = 0.0
        bench.files(download="ok", install="ok", upload="ok", duration_s=1.0)
        bench.advance(3600)
        bench.restore_link()
        bench.advance(3600)
        for connector_id in (1, 2, 3):
            for end in (bench.stop_button, bench.clear_fault):
                try:
                    end(connector_id)
                except ChargePointError:
                    continue  # there was none
        bench.advance(7200)


@pytest.mark.parametrize("seed", range(DAYS))
def test_the_rules_hold_on_a_random_day(seed: int):
    day = RandomDay(seed)
    day.live(1_000)
    day.come_to_rest()
    assert day.bench.violations == []
    assert day.bench.rules.transactions.unstopped() == []
    assert day.bench.charger.controller.queued_messages == 0
