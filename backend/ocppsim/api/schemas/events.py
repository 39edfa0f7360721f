"""What the event stream carries; named in the OpenAPI document for typed clients."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .base import Answer
from .charger import Charger, ChargerDetail
from .connector import Connector, Meter
from .message import Message

Topic = Literal[
    "snapshot",
    "charger",
    "charger-removed",
    "connector",
    "meter",
    "transaction",
    "message",
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


class ResyncEvent(Answer):
    """``event: resync``: the reader was too slow; a fresh snapshot follows."""

    reason: str
