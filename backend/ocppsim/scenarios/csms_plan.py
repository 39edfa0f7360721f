"""How the CSMS of a plan behaves, and what it sends."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

import msgspec
from pydantic import Field, model_validator

from ocppsim.protocol.errors import CallFailure
from ocppsim.protocol.v16.actions import ACTIONS
from ocppsim.protocol.v16.codec import decode_request

from .part import ChargerPatterns, IdTag, Number, Part, Whole
from .plan_fault import Misplaced
from .quantities import Duration, Time

TagStatus = Literal["Blocked", "Expired", "Invalid", "ConcurrentTx"]


class AtChargers(Part):
    """Something that the CSMS sends to chargers at a time."""

    at: Time = Field(description="When.")
    every: Annotated[Duration, Field(ge=1)] | None = Field(
        default=None, description="Again and again after so long."
    )
    chargers: ChargerPatterns = Field(
        default=("*",), description="Charge point ids, `*` for any; default: all."
    )


class ProfilePlan(AtChargers):
    """A charging profile that the CSMS sets."""

    connector: Annotated[Whole, Field(ge=0)] = Field(default=0, description="connectorId.")
    profile: dict[str, Any] = Field(description="csChargingProfiles as in OCPP.")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        check_call("SetChargingProfile", self.payload, "profile")
        return self

    @property
    def payload(self) -> dict[str, Any]:
        """Of SetChargingProfile."""
        return {"connectorId": self.connector, "csChargingProfiles": self.profile}


class CallPlan(AtChargers):
    """Any CALL of the CSMS."""

    action: str = Field(description="The action: `Reset`, `ChangeConfiguration`, …")
    payload: dict[str, Any] = Field(
        default_factory=dict[str, Any], description="Its payload as in OCPP."
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        check_call(self.action, self.payload, "payload")
        return self


class CsmsPlan(Part):
    """How the CSMS behaves."""

    heartbeat_interval_s: Annotated[Whole, Field(ge=1)] = Field(
        default=300, description="What BootNotification is answered with."
    )
    answer_delay_s: Annotated[Number, Field(ge=0, lt=25)] = Field(
        default=0.0, description="How long each answer takes."
    )
    accepted_tags: tuple[IdTag, ...] | None = Field(
        default=None, description="All others are Invalid; default: all but the refused ones."
    )
    refused_tags: dict[IdTag, TagStatus] = Field(
        default_factory=dict[IdTag, TagStatus],
        description="A tag and its status: Blocked, Expired, Invalid or ConcurrentTx.",
    )
    profiles: tuple[ProfilePlan, ...] = Field(default=(), description="Charging profiles.")
    calls: tuple[CallPlan, ...] = Field(default=(), description="Whatever else it sends.")


def check_call(action: str, payload: dict[str, Any], name: str) -> None:
    """Raise :class:`Misplaced` for a CALL that a CSMS cannot send; ``name`` holds its payload."""
    known = ACTIONS.get(action)
    if known is None or not known.sent_by_central_system:
        actions = ", ".join(name for name, one in ACTIONS.items() if one.sent_by_central_system)
        raise Misplaced(f"a CSMS sends no {action}; it sends {actions}", "action")
    try:
        decode_request(action, msgspec.json.encode(payload))
    except CallFailure as failure:
        raise Misplaced(failure.description, name) from None


__all__ = ["AtChargers", "CallPlan", "CsmsPlan", "ProfilePlan"]
