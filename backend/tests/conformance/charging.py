"""Charging profiles as a CSMS writes them, and what can be seen of their effect."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ocppsim.protocol.v16.date_time import format_date_time
from ocppsim.simulation.central_system import Payload
from ocppsim.simulation.virtual_bench import VirtualBench

MAX = "ChargePointMaxProfile"
DEFAULT = "TxDefaultProfile"
TX = "TxProfile"

Period = tuple[float, ...]
"""Start in seconds, limit, and the number of phases if it is told."""


def at(second: float) -> str:
    """The date-time of a second of the bench."""
    return format_date_time(VirtualBench.EPOCH_S + second)


def profile(
    *periods: Period,
    purpose: str = DEFAULT,
    profile_id: int = 1,
    level: int = 0,
    unit: str = "A",
    start_s: float | None = 0.0,
    duration_s: int | None = None,
    recurrency: str | None = None,
    **more: Any,
) -> Payload:
    """csChargingProfiles; Relative with ``start_s`` None, Recurring with a ``recurrency``."""
    schedule: Payload = {"chargingRateUnit": unit, "chargingSchedulePeriod": list_of(periods)}
    kind = "Relative" if start_s is None else "Recurring" if recurrency else "Absolute"
    if start_s is not None:
        schedule["startSchedule"] = at(start_s)
    if duration_s is not None:
        schedule["duration"] = duration_s
    if recurrency is not None:
        more["recurrencyKind"] = recurrency
    schedule |= more.pop("schedule", {})
    return {
        "chargingProfileId": profile_id,
        "stackLevel": level,
        "chargingProfilePurpose": purpose,
        "chargingProfileKind": kind,
        "chargingSchedule": schedule,
        **more,
    }


def list_of(periods: Sequence[Period]) -> list[Payload]:
    written: list[Payload] = []
    for start_s, limit, *phases in periods:
        period: Payload = {"startPeriod": start_s, "limit": limit}
        if phases:
            period["numberPhases"] = phases[0]
        written.append(period)
    return written


def set_profile(bench: VirtualBench, connector_id: int, charging_profile: Payload) -> str | None:
    """The status of the answer, or the code of the CALLERROR."""
    answer = bench.ask(
        "SetChargingProfile",
        {"connectorId": connector_id, "csChargingProfiles": charging_profile},
    )
    return answer.status or answer.error_code


def install(bench: VirtualBench, connector_id: int, charging_profile: Payload) -> None:
    """Sets a profile that has to be Accepted."""
    assert set_profile(bench, connector_id, charging_profile) == "Accepted"


def clear(bench: VirtualBench, **fields: Any) -> str | None:
    return bench.ask("ClearChargingProfile", fields).status


def composite(
    bench: VirtualBench, duration_s: int = 400, connector_id: int = 1, unit: str | None = "A"
) -> list[tuple[int, float]]:
    """The periods of the composite schedule, as start and limit."""
    request: Payload = {"connectorId": connector_id, "duration": duration_s}
    if unit is not None:
        request["chargingRateUnit"] = unit
    answer = bench.ask("GetCompositeSchedule", request)
    assert answer.payload is not None
    assert answer.status == "Accepted"
    periods = answer.payload["chargingSchedule"]["chargingSchedulePeriod"]
    return [(period["startPeriod"], period["limit"]) for period in periods]


def measured(bench: VirtualBench, connector_id: int = 1) -> dict[str, float]:
    """What the meter of a connector says now, by measurand and, where there is one, phase."""
    bench.configure(
        MeterValuesSampledData="Current.Offered,Power.Offered,Power.Active.Import,Current.Import,"
        "Energy.Active.Import.Register"
    )
    sent = bench.ask(
        "TriggerMessage", {"requestedMessage": "MeterValues", "connectorId": connector_id}
    )
    assert sent.status == "Accepted"
    values = bench.sent("MeterValues")[-1]["meterValue"][0]["sampledValue"]
    return {
        " ".join(filter(None, (value["measurand"], value.get("phase")))): float(value["value"])
        for value in values
    }


def offered_a(bench: VirtualBench, connector_id: int = 1) -> float:
    """Current.Offered: the limit in force, a phase."""
    return measured(bench, connector_id)["Current.Offered"]


def remote_start(bench: VirtualBench, charging_profile: Payload, connector_id: int = 1) -> Any:
    return bench.ask(
        "RemoteStartTransaction",
        {"idTag": "REMOTE", "connectorId": connector_id, "chargingProfile": charging_profile},
    ).status


def stop(bench: VirtualBench, connector_id: int = 1) -> None:
    """Ends the session of a connector, cable and all."""
    bench.stop_button(connector_id)
    bench.drive_away(connector_id)
