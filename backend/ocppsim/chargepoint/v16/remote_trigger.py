"""TriggerMessage: the CSMS asks for a message that the charge point would send by itself.

1.6 ed.2 §5.17, errata 3.35 and 3.40. What is sent tells of the present: nothing that happened
before is told again.
"""

from __future__ import annotations

from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.protocol.v16.enums import MessageTrigger, TriggerMessageStatus
from ocppsim.protocol.v16.remote_trigger import TriggerMessageRequest, TriggerMessageResponse

from .connector import Connector
from .core import Core
from .diagnostics import Diagnostics
from .firmware import Firmware
from .heartbeat import Heartbeat
from .metering import WHOLE_CHARGE_POINT, Metering
from .registration import Registration
from .status_reporter import StatusReporter


class RemoteTrigger:
    """Answers first and sends then; the only way to make a Pending charge point talk."""

    __slots__ = (
        "_connectors",
        "_core",
        "_diagnostics",
        "_firmware",
        "_heartbeat",
        "_metering",
        "_registration",
        "_reporter",
    )

    def __init__(
        self,
        core: Core,
        registration: Registration,
        heartbeat: Heartbeat,
        reporter: StatusReporter,
        metering: Metering,
        firmware: Firmware,
        diagnostics: Diagnostics,
        connectors: dict[ConnectorId, Connector],
    ) -> None:
        self._core = core
        self._registration = registration
        self._heartbeat = heartbeat
        self._reporter = reporter
        self._metering = metering
        self._connectors = connectors
        self._firmware = firmware
        self._diagnostics = diagnostics

    def request(self, request: TriggerMessageRequest) -> TriggerMessageResponse:
        """TriggerMessage."""
        requested = request.requested_message
        if not self._is_implemented(requested):
            return TriggerMessageResponse(status=TriggerMessageStatus.NotImplemented)
        connector_ids = self._meant(requested, request.connector_id)
        if not connector_ids or not self._may_send(requested):
            return TriggerMessageResponse(status=TriggerMessageStatus.Rejected)
        self._send(requested, connector_ids)
        return TriggerMessageResponse(status=TriggerMessageStatus.Accepted)

    def _is_implemented(self, requested: str) -> bool:
        if requested not in _KNOWN:
            return False
        if requested in _OF_FIRMWARE_MANAGEMENT:
            return self._core.configuration.has_profile("FirmwareManagement")
        return True

    def _may_send(self, requested: str) -> bool:
        if self._registration.status is None:
            # 1.6 ed.2 §4.2: nothing goes before the first answer to BootNotification
            return False
        # errata 3.35: once accepted a boot cannot be asked for
        return requested != MessageTrigger.BootNotification or not self._registration.accepted

    def _meant(self, requested: str, connector_id: int | None) -> list[ConnectorId]:
        """The connectors that are meant; none where there is no such connector."""
        every = [WHOLE_CHARGE_POINT, *self._connectors]
        if connector_id is None or requested not in _OF_A_CONNECTOR:
            # 1.6 ed.2 §5.17: the message leads, and a connector that is irrelevant is ignored
            return every
        return [connector for connector in every if connector == connector_id]

    def _send(self, requested: str, connector_ids: list[ConnectorId]) -> None:
        match MessageTrigger(requested):
            case MessageTrigger.BootNotification:
                self._registration.trigger()
            case MessageTrigger.Heartbeat:
                self._heartbeat.trigger()
            case MessageTrigger.StatusNotification:
                for connector_id in connector_ids:
                    self._reporter.trigger(connector_id)
            case MessageTrigger.MeterValues:
                for connector_id in connector_ids:
                    self._metering.trigger(connector_id)
            case MessageTrigger.FirmwareStatusNotification:
                self._firmware.trigger()
            case MessageTrigger.DiagnosticsStatusNotification:
                self._diagnostics.trigger()


_KNOWN = frozenset(message.value for message in MessageTrigger)
_OF_A_CONNECTOR = frozenset({MessageTrigger.StatusNotification, MessageTrigger.MeterValues})
_OF_FIRMWARE_MANAGEMENT = frozenset(
    {MessageTrigger.FirmwareStatusNotification, MessageTrigger.DiagnosticsStatusNotification}
)
