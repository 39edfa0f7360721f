"""OCPP messages as they went over the wire."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

import msgspec
from pydantic import Field, StringConstraints, field_validator

from .base import Answer, Body, UtcTime

Direction = Literal["sent", "received"]
MessageKind = Literal["CALL", "CALLRESULT", "CALLERROR"]


class Message(Answer):
    """One frame; ``sent`` is from the charge point to the CSMS."""

    id: int = Field(description="Rises from frame to frame of a charger.")
    timestamp: UtcTime
    direction: Direction
    kind: MessageKind | None = Field(description="Null for a text that is no OCPP-J frame.")
    action: str | None = Field(description="Also of the CALL that an answer belongs to.")
    message_id: str | None
    payload: Any = Field(description="As sent; of a CALLERROR its code, description and details.")
    latency_ms: float | None = Field(description="Of an answer: time since its CALL.")
    valid: bool = Field(description="False where the frame breaks OCPP.")
    violation: str | None = Field(description="What is wrong with a frame that is not valid.")


class SendCallBody(Body):
    """Any CALL, of the standard or not."""

    action: Annotated[str, StringConstraints(min_length=1, max_length=255)]
    payload: dict[str, Any] = Field(default_factory=dict[str, Any])

    @field_validator("payload")
    @classmethod
    def _can_be_sent(cls, payload: dict[str, Any]) -> dict[str, Any]:
        try:
            json.dumps(payload, allow_nan=False, ensure_ascii=False).encode()
            msgspec.json.encode(payload)
        except (ValueError, OverflowError, RecursionError, msgspec.MsgspecError) as error:
            raise ValueError("it holds what JSON text cannot (NaN, half a character...)") from error
        return payload


class SendRawBody(Body):
    """A text frame that is sent as it is."""

    text: Annotated[str, StringConstraints(max_length=1_000_000)]


class CallAnswer(Answer):
    """How the CSMS answered a CALL."""

    outcome: Literal["result", "error", "timeout", "lost"] = Field(
        description="lost: the connection went down before the answer came."
    )
    payload: Any = Field(description="Of the CALLRESULT; null otherwise.")
    error_code: str | None
    error_description: str | None
