"""What can happen to a charge point: the inputs of a :class:`~.controller.Controller`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from .identifiers import ConnectorId


class Input(msgspec.Struct, frozen=True, gc=False):
    """Base of all inputs."""


class LinkUp(Input, frozen=True, gc=False):
    """The WebSocket to the CSMS is open and the sub-protocol agreed."""


class LinkDown(Input, frozen=True, gc=False):
    """The WebSocket is gone, for whatever reason."""


class Committed(Input, frozen=True, gc=False):
    """All that was ordered to be stored before ``AwaitCommit(ticket)`` survives a crash."""

    ticket: str


class CablePluggedIn(Input, frozen=True, gc=False):
    """A vehicle is connected through the cable (both ends are in)."""

    connector_id: ConnectorId


class EvSideUnplugged(Input, frozen=True, gc=False):
    """The vehicle's end was taken out; with a socket the cable itself is still in it."""

    connector_id: ConnectorId


class CableRemoved(Input, frozen=True, gc=False):
    """Nothing is in the connector any more (a tethered cable hangs free)."""

    connector_id: ConnectorId


class EvDemandChanged(Input, frozen=True, gc=False):
    """The vehicle asks for energy, or stopped asking (it is full, or paused)."""

    connector_id: ConnectorId
    draws: bool


class IdTagPresented(Input, frozen=True, gc=False):
    """A tag was shown to the reader; ``connector_id`` is None for a shared reader."""

    id_tag: str
    connector_id: ConnectorId | None = None


class StopButtonPressed(Input, frozen=True, gc=False):
    """The user pressed the stop button of a connector."""

    connector_id: ConnectorId


class EmergencyStopPressed(Input, frozen=True, gc=False):
    """The emergency button of the charger was pressed."""


class FaultRaised(Input, frozen=True, gc=False):
    """A fault that prevents charging; connector 0 is the charge point itself."""

    connector_id: ConnectorId
    error_code: str
    info: str | None = None
    vendor_id: str | None = None
    vendor_error_code: str | None = None


class FaultCleared(Input, frozen=True, gc=False):
    """The fault of a connector (or of connector 0) is over."""

    connector_id: ConnectorId


class StopRequested(Input, frozen=True, gc=False):
    """The operator of the simulator stops a transaction with a reason of choice."""

    connector_id: ConnectorId
    reason: str | None = None


class ConfigurationSet(Input, frozen=True, gc=False):
    """The operator set keys; read-only ones are allowed, a bad one refuses them all."""

    values: dict[str, str]


class CallRequested(Input, frozen=True, gc=False):
    """The operator sends any CALL; the answer comes back as ``CallAnswered(ticket)``."""

    ticket: int
    action: str
    payload: dict[str, Any]


class StatusInjected(Input, frozen=True, gc=False):
    """The operator sends a StatusNotification that nothing inside has a part in.

    The answer comes back as ``CallAnswered(ticket)``; connector 0 is the charge point itself.
    """

    ticket: int
    connector_id: ConnectorId
    status: str
    error_code: str
    info: str | None = None
    vendor_id: str | None = None
    vendor_error_code: str | None = None


class TransferEnded(Input, frozen=True, gc=False):
    """A download or an upload is over; ``reason`` is a sentence where it failed."""

    ticket: int
    succeeded: bool
    reason: str | None = None


class FirmwareInstalled(Input, frozen=True, gc=False):
    """An installation is over; ``reason`` is a sentence where it failed."""

    ticket: int
    succeeded: bool
    reason: str | None = None


class ClockSet(Input, frozen=True, gc=False):
    """The real-time clock is set: the wall clock reads ``epoch_s`` (Unix seconds) now."""

    epoch_s: float


class SiteShare(msgspec.Struct, frozen=True):
    """What the load management of the site leaves to a connector, as a current a phase.

    For DC it is that of the supply, on three phases. ``explain`` says in one sentence why, as
    things are when it is asked: the same share may have other reasons by then.
    """

    current_a: float
    explain: Callable[[], str]


class SiteShareChanged(Input, frozen=True, gc=False):
    """The site leaves another share to a connector; None: it does not limit it any more.

    It is forgotten when the charge point boots.
    """

    connector_id: ConnectorId
    share: SiteShare | None


class TimeScaleChanged(Input, frozen=True, gc=False):
    """Simulated time runs ``time_scale`` times as fast as real time from now on."""

    time_scale: float


__all__ = [
    "CablePluggedIn",
    "CableRemoved",
    "CallRequested",
    "ClockSet",
    "Committed",
    "ConfigurationSet",
    "EmergencyStopPressed",
    "EvDemandChanged",
    "EvSideUnplugged",
    "FaultCleared",
    "FaultRaised",
    "FirmwareInstalled",
    "IdTagPresented",
    "Input",
    "LinkDown",
    "LinkUp",
    "SiteShare",
    "SiteShareChanged",
    "StatusInjected",
    "StopButtonPressed",
    "StopRequested",
    "TimeScaleChanged",
    "TransferEnded",
]
