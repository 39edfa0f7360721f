"""What the event stream carries; named in the OpenAPI document for typed clients."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .base import Answer
from .charger import Charger, ChargerDetail
from .connector import Connector, Meter
from .message import Message
from .records import Records

Topic = Literal[
    "snapshot",
    "charger",
    "charger-removed",
    "connector",
    "meter",
    "transaction",
    "message",
    "records",
    "authorization",
    "totals",
    "resync",
]
"""The kinds of events; snapshot and resync come in any case."""


class Totals(Answer):
    """The whole simulator in four numbers."""

    chargers: int
    connected: int
    charging: int = Field(description="Connectors with status Charging.")
    power_w: float


class SnapshotEvent(Answer):
    """``event: snapshot`` without ``charge_point_id``: where a reader starts from."""

    seq: int
    totals: Totals
    chargers: list[Charger]
    chargers_to_come: int = Field(
        description="So many more follow, each as a `charger`: a large fleet comes in parts."
    )


class ChargerSnapshotEvent(Answer):
    """``event: snapshot`` with ``charge_point_id``."""

    seq: int
    charger: ChargerDetail


class ChargerRemovedEvent(Answer):
    """``event: charger-removed``: there is no such charger any more."""

    charge_point_id: str


class ConnectorEvent(Answer):
    """``event: connector``: something about a connector changed."""

    charge_point_id: str
    connector: Connector


class MeterEvent(Answer):
    """``event: meter``: new readings of a connector."""

    charge_point_id: str
    connector_id: int
    meter: Meter


class MessageEvent(Answer):
    """``event: message``: a frame went over the wire (only with ``charge_point_id``)."""

    charge_point_id: str
    message: Message


class RecordsEvent(Answer):
    """``event: records``: what the charge point keeps of that kind is not as it was.

    Only with ``charge_point_id``. Read it anew: ``files`` is part of the charger, the others
    have the path of their name.
    """

    charge_point_id: str
    records: Records


class AuthorizationEvent(Answer):
    """``event: authorization``: a tag that was presented was judged (only with
    ``charge_point_id``).
    """

    charge_point_id: str
    connector_id: int | None = Field(description="Null for the reader that all share.")
    id_tag: str
    status: str = Field(description="An AuthorizationStatus; Accepted means it may charge.")
    reason: str | None = Field(description="Why a tag was refused, in one sentence.")


class ResyncEvent(Answer):
    """``event: resync``: the reader was too slow; a fresh snapshot follows."""

    reason: str
