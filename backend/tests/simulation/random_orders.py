"""What a CSMS with all feature profiles orders on a random day: legal most of the time."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

from ocppsim.protocol.v16.date_time import format_date_time
from ocppsim.simulation.virtual_bench import VirtualBench

Order = tuple[str, dict[str, Any]]


class RandomOrders:
    """Makes up one order after the other for a charger with connectors 1..``connectors``."""

    def __init__(self, random: Random, bench: VirtualBench, tags: Sequence[str]) -> None:
        self._random = random
        self._bench = bench
        self._tags = tags
        self._connectors = len(bench.charger.plant.connector_ids)
        self._list_version = 0

    def any_order(self) -> Order:
        """One of all kinds."""
        return self._random.choice(
            [
                *[self.set_charging_profile] * 6,
                self.remote_start_with_a_profile,
                self.clear_charging_profile,
                *[self.get_composite_schedule] * 2,
                *[self.reserve] * 3,
                self.cancel_reservation,
                *[self.send_local_list] * 2,
                *[self.trigger] * 2,
                self.update_firmware,
                self.get_diagnostics,
            ]
        )()

    def set_charging_profile(self) -> Order:
        purpose = self._any("ChargePointMaxProfile", "TxDefaultProfile", "TxProfile", "TxProfile")
        connector_id = {"ChargePointMaxProfile": 0, "TxProfile": self._connector()}.get(
            purpose, self._random.randint(0, self._connectors)
        )
        charging = [
            connector
            for connector in self._bench.charger.plant.connector_ids
            if self._bench.charger.controller.connector(connector).transaction is not None
        ]
        if purpose == "TxProfile" and charging:
            connector_id = self._random.choice(charging)
        profile = self._charging_profile(purpose)
        if purpose == "TxProfile" and self._chance(0.5):
            view = self._bench.charger.controller.connector(connector_id).transaction  # type: ignore[arg-type]
            if view is not None and view.transaction_id is not None:
                profile["transactionId"] = view.transaction_id
        return "SetChargingProfile", {
            "connectorId": connector_id,
            "csChargingProfiles": profile,
        }

    def remote_start_with_a_profile(self) -> Order:
        return "RemoteStartTransaction", {
            "connectorId": self._connector(),
            "idTag": self._any(*self._tags),
            "chargingProfile": self._charging_profile("TxProfile"),
        }

    def clear_charging_profile(self) -> Order:
        return "ClearChargingProfile", self._any(
            {},
            {"id": self._random.randint(1, 12)},
            {"connectorId": self._random.randint(0, self._connectors)},
            {"chargingProfilePurpose": "TxDefaultProfile", "stackLevel": 1},
        )

    def get_composite_schedule(self) -> Order:
        payload: dict[str, Any] = {
            "connectorId": self._random.randint(0, self._connectors),
            "duration": self._any(0, 60, 7_200, 200_000),
        }
        unit = self._any(None, "A", "W")
        return "GetCompositeSchedule", payload | (
            {} if unit is None else {"chargingRateUnit": unit}
        )

    def reserve(self) -> Order:
        payload = {
            "connectorId": self._random.randint(0, self._connectors),
            "expiryDate": self._moment(self._any(20.0, 500.0, 20_000.0)),
            "idTag": self._any(*self._tags),
            "reservationId": self._random.randint(1, 6),
        }
        return "ReserveNow", payload | self._any({}, {"parentIdTag": "FAMILY"})

    def cancel_reservation(self) -> Order:
        return "CancelReservation", {"reservationId": self._random.randint(1, 6)}

    def send_local_list(self) -> Order:
        self._list_version += 1
        kind = self._any("Full", "Differential")
        tags = self._random.sample(list(self._tags), self._random.randint(0, 3))
        entries: list[dict[str, Any]] = [
            {
                "idTag": tag,
                "idTagInfo": {"status": self._any("Accepted", "Accepted", "Blocked", "Expired")}
                | self._any({}, {"expiryDate": self._moment(self._any(-10.0, 3_000.0))}),
            }
            for tag in tags
        ]
        if kind == "Differential" and entries:
            entries[0].pop("idTagInfo")
        return "SendLocalList", {
            "listVersion": self._list_version,
            "updateType": kind,
            "localAuthorizationList": entries,
        }

    def trigger(self) -> Order:
        requested = self._any(
            "BootNotification",
            "DiagnosticsStatusNotification",
            "FirmwareStatusNotification",
            "Heartbeat",
            "MeterValues",
            "StatusNotification",
        )
        where = self._any({}, {"connectorId": self._random.randint(0, self._connectors)})
        return "TriggerMessage", {"requestedMessage": requested, **where}

    def update_firmware(self) -> Order:
        return "UpdateFirmware", {
            "location": "https://files.example/firmware-2.0.1.bin",
            "retrieveDate": self._moment(self._any(-5.0, 100.0, 3_000.0)),
            **self._any({}, {"retries": 0}, {"retries": 2, "retryInterval": 20}),
        }

    def get_diagnostics(self) -> Order:
        retries: dict[str, Any] = self._any({}, {"retries": 0}, {"retries": 1, "retryInterval": 9})
        return "GetDiagnostics", {"location": "ftp://files.example/logs/", **retries}

    def _charging_profile(self, purpose: str) -> dict[str, Any]:
        kind = self._any("Absolute", "Recurring", "Relative")
        unit = self._any("A", "W")
        low, high = (0.0, 32.0) if unit == "A" else (0.0, 44_000.0)
        limits = [
            self._any(0.0, round(self._random.uniform(low, high), 1), high)
            for _ in range(self._random.randint(1, 4))
        ]
        step_s = self._any(30, 400, 9_000)
        schedule: dict[str, Any] = {
            "chargingRateUnit": unit,
            "chargingSchedulePeriod": [
                {"startPeriod": number * step_s, "limit": limit}
                | self._any({}, {"numberPhases": self._any(1, 3)})
                for number, limit in enumerate(limits)
            ],
        }
        if kind != "Relative":
            schedule["startSchedule"] = self._moment(self._any(-100_000.0, -300.0, 0.0, 200.0))
        if self._chance(0.5):
            schedule["duration"] = self._any(60, 1_000, 50_000)
        profile: dict[str, Any] = {
            "chargingProfileId": self._random.randint(1, 12),
            "stackLevel": self._random.randint(0, 3),
            "chargingProfilePurpose": purpose,
            "chargingProfileKind": kind,
            "chargingSchedule": schedule,
        }
        if kind == "Recurring":
            profile["recurrencyKind"] = self._any("Daily", "Weekly")
        if self._chance(0.2):
            profile["validFrom"] = self._moment(self._any(-50.0, 100.0))
        if self._chance(0.2):
            profile["validTo"] = self._moment(self._any(60.0, 5_000.0))
        return profile

    def _moment(self, offset_s: float) -> str:
        """A date-time on the CSMS's clock."""
        return format_date_time(self._bench.EPOCH_S + self._bench.now_s + offset_s)

    def _connector(self) -> int:
        return self._random.randint(1, self._connectors)

    def _any(self, *options: Any) -> Any:
        return self._random.choice(options)

    def _chance(self, share: float) -> bool:
        return self._random.random() < share
