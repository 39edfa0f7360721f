"""The CALLs of the Smart Charging profile, and the profile that comes with a remote start."""

from __future__ import annotations

from ocppsim.chargepoint.errors import ChargePointError
from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.moment import Moment
from ocppsim.chargepoint.notifications import ViolationSeen
from ocppsim.chargepoint.v16.connector import Connector
from ocppsim.chargepoint.v16.core import Core
from ocppsim.chargepoint.v16.metering import WHOLE_CHARGE_POINT
from ocppsim.protocol.errors import PropertyConstraintViolation
from ocppsim.protocol.v16.datatypes import (
    ChargingProfile,
    ChargingSchedule,
    ChargingSchedulePeriod,
)
from ocppsim.protocol.v16.enums import (
    ChargingProfilePurposeType,
    ChargingProfileStatus,
    ChargingRateUnitType,
    ClearChargingProfileStatus,
    GetCompositeScheduleStatus,
)
from ocppsim.protocol.v16.smart_charging import (
    ClearChargingProfileRequest,
    ClearChargingProfileResponse,
    GetCompositeScheduleRequest,
    GetCompositeScheduleResponse,
    SetChargingProfileRequest,
    SetChargingProfileResponse,
)

from .live_facts import PROFILE
from .smart_charging import SmartCharging
from .validation import (
    ProfileRules,
    find_flaw,
    find_mismatch,
    find_misplacement,
    find_remote_start_flaw,
)


class ProfileCommands:
    """Judges what the CSMS sends; whoever looks at the messages is told why it was Rejected."""

    __slots__ = ("_connectors", "_core", "_smart_charging")

    def __init__(
        self,
        core: Core,
        smart_charging: SmartCharging,
        connectors: dict[ConnectorId, Connector],
    ) -> None:
        self._core = core
        self._smart_charging = smart_charging
        self._connectors = connectors

    @property
    def enabled(self) -> bool:
        """Whether the feature profile is switched on."""
        return self._core.configuration.has_profile(PROFILE)

    def refuses_remote_start(self, profile: ChargingProfile, connector: Connector) -> bool:
        """Whether a profile cannot be used for the transaction to be started (RS-15, RS-16)."""
        return self._is_refused(
            "RemoteStartTransaction",
            find_remote_start_flaw(profile)
            or find_flaw(profile, self._rules())
            or self._find_crowding(connector.connector_id, profile),
        )

    def set(self, request: SetChargingProfileRequest) -> SetChargingProfileResponse:
        connector_id = ConnectorId(request.connector_id)
        if connector_id != WHOLE_CHARGE_POINT and connector_id not in self._connectors:
            # errata 3.39
            raise PropertyConstraintViolation(f"there is no connector {connector_id}")
        profile = request.cs_charging_profiles
        if self._is_refused(
            "SetChargingProfile",
            find_misplacement(profile, connector_id)
            or find_flaw(profile, self._rules())
            or self._find_mismatch(profile, connector_id)
            or self._find_crowding(connector_id, profile),
        ):
            return SetChargingProfileResponse(status=ChargingProfileStatus.Rejected)
        self._smart_charging.install(connector_id, profile)
        return SetChargingProfileResponse(status=ChargingProfileStatus.Accepted)

    def clear(self, request: ClearChargingProfileRequest) -> ClearChargingProfileResponse:
        cleared = self._smart_charging.clear(request)
        status = ClearChargingProfileStatus
        return ClearChargingProfileResponse(status=status.Accepted if cleared else status.Unknown)

    def get_schedule(self, request: GetCompositeScheduleRequest) -> GetCompositeScheduleResponse:
        connector_id = ConnectorId(request.connector_id)
        now = Moment(self._core.now_s, self._core.real_s)
        rejected = GetCompositeScheduleResponse(status=GetCompositeScheduleStatus.Rejected)
        if self._core.behaviour("composite_without_profile") == "reject" and not (
            self._smart_charging.concerns(connector_id)
        ):
            return rejected
        try:
            schedule = self._smart_charging.composite_schedule(
                connector_id, request.duration, request.charging_rate_unit, now
            )
        except ChargePointError:
            # SC-56
            return rejected
        return GetCompositeScheduleResponse(
            status=GetCompositeScheduleStatus.Accepted,
            connector_id=connector_id,
            schedule_start=self._core.stamp(),
            # errata 3.57: without startSchedule
            charging_schedule=ChargingSchedule(
                charging_rate_unit=ChargingRateUnitType(schedule.unit),
                charging_schedule_period=[
                    ChargingSchedulePeriod(one.start_period_s, one.limit, one.number_phases)
                    for one in schedule.periods
                ],
                duration=request.duration,
            ),
        )

    def _is_refused(self, action: str, flaw: str | None) -> bool:
        if flaw is not None:
            self._core.notify(ViolationSeen(f"{action} is Rejected: {flaw}"))
        return flaw is not None

    def _rules(self) -> ProfileRules:
        configuration = self._core.configuration
        return ProfileRules(
            max_stack_level=configuration.number("ChargeProfileMaxStackLevel"),
            max_periods=configuration.number("ChargingScheduleMaxPeriods"),
            units=self._smart_charging.units,
            absolute_needs_start=self._core.behaviour("absolute_without_start") == "reject",
        )

    def _find_mismatch(self, profile: ChargingProfile, connector_id: ConnectorId) -> str | None:
        if profile.charging_profile_purpose is not ChargingProfilePurposeType.TxProfile:
            return None
        return find_mismatch(
            profile,
            self._smart_charging.transaction(self._connectors[connector_id]),
            needs_id=self._core.behaviour("tx_profile_without_transaction_id") == "reject",
        )

    def _find_crowding(self, connector_id: ConnectorId, profile: ChargingProfile) -> str | None:
        """Why there is no room for one more; those of remote starts that wait have theirs."""
        room = self._core.configuration.number("MaxChargingProfilesInstalled")
        promised = sum(
            connector.grant is not None and connector.grant.charging_profile is not None
            for connector in self._connectors.values()
        )
        if self._smart_charging.has_room(connector_id, profile, room - promised):
            return None
        return f"there are MaxChargingProfilesInstalled, {room}, already"


__all__ = ["ProfileCommands"]
