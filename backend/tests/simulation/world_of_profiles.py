"""What the CSMS may ask for with the optional feature profiles, at random."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from ocppsim.chargepoint.errors import IllegalAction
from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.protocol.v16.date_time import format_date_time
from ocppsim.simulation.virtual_bench import VirtualBench
from tests.simulation.world_choices import connectors, tags

offsets_s = st.sampled_from([None, -90_000.0, -100.0, 0.0, 50.0, 600.0, 100_000.0])
"""Moments before and after now; None leaves a date-time out."""

periods = st.lists(
    st.fixed_dictionaries(
        {"limit": st.sampled_from([0.0, 3.5, 6.0, 10.0, 16.0, 5_000.0, 11_000.0])},
        optional={"numberPhases": st.sampled_from([1, 3])},
    ),
    min_size=1,
    max_size=4,
)
charging_profiles = st.fixed_dictionaries(
    {
        "id": st.integers(1, 4),
        "level": st.integers(0, 3),
        "purpose": st.sampled_from(["ChargePointMaxProfile", "TxDefaultProfile", "TxProfile"]),
        "kind": st.sampled_from(["Absolute", "Recurring", "Relative"]),
        "recurrency": st.sampled_from([None, "Daily", "Weekly"]),
        "unit": st.sampled_from(["A", "W"]),
        "periods": periods,
        "step_s": st.sampled_from([10, 60, 3_000]),
        "duration": st.sampled_from([None, 0, 100, 5_000]),
        "start": offsets_s,
        "valid_from": offsets_s,
        "valid_to": offsets_s,
        "of_transaction": st.booleans(),
    }
)
file_outcomes = st.fixed_dictionaries(
    {},
    optional={
        "download": st.sampled_from(["ok", "fail"]),
        "install": st.sampled_from(["ok", "fail"]),
        "upload": st.sampled_from(["ok", "fail"]),
        "duration_s": st.sampled_from([0.0, 5.0, 300.0]),
    },
)
feature_profiles = st.lists(
    st.sampled_from(
        [
            "FirmwareManagement",
            "LocalAuthListManagement",
            "Reservation",
            "SmartCharging",
            "RemoteTrigger",
        ]
    ),
    unique=True,
)
ALL_PROFILES = (
    "Core,FirmwareManagement,LocalAuthListManagement,Reservation,SmartCharging,RemoteTrigger"
)


class WorldOfProfiles(RuleBasedStateMachine):
    """The rules that a random world gets with the feature profiles beside Core."""

    run: VirtualBench

    def linked(self) -> bool:
        return self.run.linked

    def moment(self, offset_s: float) -> str:
        """A date-time on the CSMS's clock."""
        run = self.run
        return format_date_time(run.EPOCH_S + run.now_s + offset_s)

    @precondition(linked)
    @rule(connector=connectors, profile=charging_profiles)
    def set_charging_profile(self, connector: int, profile: dict[str, Any]) -> None:
        self.run.ask(
            "SetChargingProfile",
            {"connectorId": connector, "csChargingProfiles": self.charging_profile(profile)},
        )

    @precondition(linked)
    @rule(connector=connectors, tag=tags, profile=charging_profiles)
    def remote_start_with_a_profile(
        self, connector: int, tag: str, profile: dict[str, Any]
    ) -> None:
        payload = self.charging_profile(profile | {"purpose": "TxProfile", "of_transaction": False})
        self.run.ask(
            "RemoteStartTransaction",
            {"connectorId": connector, "idTag": tag, "chargingProfile": payload},
        )

    @precondition(linked)
    @rule(
        selection=st.fixed_dictionaries(
            {},
            optional={
                "id": st.integers(1, 4),
                "connectorId": connectors,
                "stackLevel": st.integers(0, 3),
            },
        )
    )
    def clear_charging_profile(self, selection: dict[str, Any]) -> None:
        self.run.ask("ClearChargingProfile", selection)

    @precondition(linked)
    @rule(
        connector=connectors,
        duration=st.sampled_from([-1, 0, 60, 90_000]),
        unit=st.sampled_from([None, "A", "W"]),
    )
    def get_composite_schedule(self, connector: int, duration: int, unit: str | None) -> None:
        payload: dict[str, Any] = {"connectorId": connector, "duration": duration}
        if unit is not None:
            payload["chargingRateUnit"] = unit
        self.run.ask("GetCompositeSchedule", payload)

    @precondition(linked)
    @rule(
        reservation=st.integers(1, 3),
        connector=connectors,
        tag=tags,
        parent=st.sampled_from([None, "GROUP"]),
        expiry_s=st.sampled_from([-10.0, 40.0, 3_000.0]),
    )
    def reserve(
        self, reservation: int, connector: int, tag: str, parent: str | None, expiry_s: float
    ) -> None:
        payload: dict[str, Any] = {
            "reservationId": reservation,
            "connectorId": connector,
            "idTag": tag,
            "expiryDate": self.moment(expiry_s),
        }
        if parent is not None:
            payload["parentIdTag"] = parent
        self.run.ask("ReserveNow", payload)

    @precondition(linked)
    @rule(reservation=st.integers(1, 3))
    def cancel_reservation(self, reservation: int) -> None:
        self.run.ask("CancelReservation", {"reservationId": reservation})

    @precondition(linked)
    @rule(
        version=st.integers(-1, 5),
        kind=st.sampled_from(["Full", "Differential"]),
        entries=st.lists(
            st.tuples(tags, st.sampled_from([None, "Accepted", "Blocked", "Expired"])), max_size=3
        ),
    )
    def send_local_list(
        self, version: int, kind: str, entries: list[tuple[str, str | None]]
    ) -> None:
        self.run.ask(
            "SendLocalList",
            {
                "listVersion": version,
                "updateType": kind,
                "localAuthorizationList": [
                    {"idTag": tag} | ({} if status is None else {"idTagInfo": {"status": status}})
                    for tag, status in entries
                ],
            },
        )

    @precondition(linked)
    @rule(
        message=st.sampled_from(
            [
                "BootNotification",
                "DiagnosticsStatusNotification",
                "FirmwareStatusNotification",
                "Heartbeat",
                "MeterValues",
                "StatusNotification",
            ]
        ),
        connector=connectors | st.none(),
    )
    def trigger(self, message: str, connector: int | None) -> None:
        where = {} if connector is None else {"connectorId": connector}
        self.run.ask("TriggerMessage", {"requestedMessage": message, **where})

    @precondition(linked)
    @rule(
        wait_s=st.sampled_from([-5.0, 0.0, 500.0]),
        retries=st.sampled_from([{}, {"retries": 0}, {"retries": 2, "retryInterval": 30}]),
        scheme=st.sampled_from(["ftp", "https", "gopher"]),
    )
    def update_firmware(self, wait_s: float, retries: dict[str, int], scheme: str) -> None:
        self.run.ask(
            "UpdateFirmware",
            {
                "location": f"{scheme}://files.example/firmware-2.0.1.bin",
                "retrieveDate": self.moment(wait_s),
                **retries,
            },
        )

    @precondition(linked)
    @rule(retries=st.sampled_from([{}, {"retries": 0}, {"retries": 1, "retryInterval": 10}]))
    def get_diagnostics(self, retries: dict[str, int]) -> None:
        self.run.ask("GetDiagnostics", {"location": "ftp://files.example/logs/", **retries})

    @rule(outcomes=file_outcomes)
    def set_file_outcomes(self, outcomes: dict[str, Any]) -> None:
        self.run.files(**outcomes)

    @rule(profiles=feature_profiles)
    def switch_profiles(self, profiles: list[str]) -> None:
        try:
            self.run.set_configuration(SupportedFeatureProfiles=",".join(["Core", *profiles]))
        except IllegalAction:
            return

    @rule()
    def switch_all_profiles_on(self) -> None:
        self.switch_profiles(ALL_PROFILES.split(",")[1:])

    @invariant()
    def keeps_to_its_limits(self) -> None:
        run = self.run
        # A limit whose time comes within a millisecond counts as in force already
        run.advance(0.002)
        for connector_id in run.charger.plant.connector_ids:
            power_w = run.charger.plant.read_meter(connector_id, run.now_s).power_w
            if power_w > 0:
                limit = run.charger.controller.limit(connector_id, run.now)
                assert power_w <= limit.power_w * 1.000_001

    @invariant()
    def what_is_reserved_has_a_reservation(self) -> None:
        controller = self.run.charger.controller
        statuses = {
            controller.connector(connector_id).status
            for connector_id in self.run.charger.plant.connector_ids
        }
        assert "Reserved" not in statuses or controller.reservations()

    def charging_profile(self, choice: dict[str, Any]) -> dict[str, Any]:
        """The payload that a random choice stands for."""
        schedule: dict[str, Any] = {
            "chargingRateUnit": choice["unit"],
            "chargingSchedulePeriod": [
                {"startPeriod": number * choice["step_s"], **period}
                for number, period in enumerate(choice["periods"])
            ],
        }
        profile: dict[str, Any] = {
            "chargingProfileId": choice["id"],
            "stackLevel": choice["level"],
            "chargingProfilePurpose": choice["purpose"],
            "chargingProfileKind": choice["kind"],
            "chargingSchedule": schedule,
        }
        if choice["duration"] is not None:
            schedule["duration"] = choice["duration"]
        if choice["start"] is not None:
            schedule["startSchedule"] = self.moment(choice["start"])
        if choice["recurrency"] is not None and choice["kind"] == "Recurring":
            profile["recurrencyKind"] = choice["recurrency"]
        for name in ("valid_from", "valid_to"):
            if choice[name] is not None:
                profile["validFrom" if name == "valid_from" else "validTo"] = self.moment(
                    choice[name]
                )
        if choice["of_transaction"] and choice["purpose"] == "TxProfile":
            profile["transactionId"] = self.run.central_system.next_transaction_id - 1
        return profile

    def everything_is_over(self) -> None:
        """No profile, no reservation, no list, and nothing is being transferred."""
        run = self.run
        run.files(download="ok", install="ok", upload="ok", duration_s=1.0)
        run.set_configuration(SupportedFeatureProfiles=ALL_PROFILES)
        run.ask("ClearChargingProfile")
        for reservation in range(1, 4):
            run.ask("CancelReservation", {"reservationId": reservation})
        for connector_id in (ConnectorId(0), *run.charger.plant.connector_ids):
            assert run.charger.controller.connector(connector_id).status != "Reserved"
        run.ask(
            "SendLocalList",
            {"listVersion": 1, "updateType": "Full", "localAuthorizationList": []},
        )
        # Firmware that was to be fetched later, and the retries of what failed
        run.advance(5_000.0)
        run.wait_for(lambda: run.charger.wants_link and run.linked)
        assert run.charger.controller.charging_profiles(run.now) == []
        assert run.charger.controller.reservations() == []
