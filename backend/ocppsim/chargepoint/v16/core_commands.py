"""The CALLs of the Core profile that no other part answers (1.6 ed.2 §5)."""

from __future__ import annotations

from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.protocol.v16.core import (
    ChangeAvailabilityRequest,
    ChangeAvailabilityResponse,
    ChangeConfigurationRequest,
    ChangeConfigurationResponse,
    ClearCacheRequest,
    ClearCacheResponse,
    DataTransferRequest,
    DataTransferResponse,
    GetConfigurationRequest,
    GetConfigurationResponse,
    UnlockConnectorRequest,
    UnlockConnectorResponse,
)
from ocppsim.protocol.v16.datatypes import KeyValue
from ocppsim.protocol.v16.enums import (
    AvailabilityType,
    ClearCacheStatus,
    ConfigurationStatus,
    DataTransferStatus,
    Reason,
    UnlockStatus,
)

from .authorization import Authorizer
from .availability import Availability
from .configuration.store import ConfigurationStore
from .connector import Connector
from .core import Core
from .transactions import Transactions

VENDOR_ID = "org.ocppsim"
"""The vendor whose DataTransfer this charge point knows; its one message returns the data."""
ECHO_MESSAGE_ID = "Echo"


class CoreCommands:
    """Each answer is ready when the handler returns."""

    __slots__ = (
        "_authorizer",
        "_availability",
        "_configuration",
        "_connectors",
        "_core",
        "_transactions",
    )

    def __init__(
        self,
        core: Core,
        authorizer: Authorizer,
        availability: Availability,
        transactions: Transactions,
        connectors: dict[ConnectorId, Connector],
    ) -> None:
        self._core = core
        self._authorizer = authorizer
        self._availability = availability
        self._configuration: ConfigurationStore = core.configuration
        self._transactions = transactions
        self._connectors = connectors

    def change_availability(self, request: ChangeAvailabilityRequest) -> ChangeAvailabilityResponse:
        """ChangeAvailability."""
        operative = request.type is AvailabilityType.Operative
        return ChangeAvailabilityResponse(
            status=self._availability.change(request.connector_id, operative)
        )

    def change_configuration(
        self, request: ChangeConfigurationRequest
    ) -> ChangeConfigurationResponse:
        """ChangeConfiguration."""
        outcome = self._configuration.change(request.key, request.value)
        return ChangeConfigurationResponse(status=ConfigurationStatus(outcome.value))

    def get_configuration(self, request: GetConfigurationRequest) -> GetConfigurationResponse:
        """GetConfiguration."""
        if not request.key:
            entries, unknown = self._configuration.entries(), []
        else:
            found = [(name, self._configuration.entry(name)) for name in request.key]
            entries = [entry for _, entry in found if entry is not None]
            unknown = [name for name, entry in found if entry is None]
        known = [
            KeyValue(key=entry.key, readonly=entry.readonly, value=entry.value) for entry in entries
        ]
        return GetConfigurationResponse(configuration_key=known, unknown_key=unknown or None)

    def clear_cache(self, _request: ClearCacheRequest) -> ClearCacheResponse:
        """ClearCache."""
        if not self._core.has_cache:
            # errata 3.23
            return ClearCacheResponse(status=ClearCacheStatus.Rejected)
        self._authorizer.cache.clear()
        return ClearCacheResponse(status=ClearCacheStatus.Accepted)

    def data_transfer(self, request: DataTransferRequest) -> DataTransferResponse:
        """DataTransfer."""
        if request.vendor_id.lower() != VENDOR_ID:
            return DataTransferResponse(status=DataTransferStatus.UnknownVendorId)
        if (request.message_id or "").lower() != ECHO_MESSAGE_ID.lower():
            return DataTransferResponse(status=DataTransferStatus.UnknownMessageId)
        return DataTransferResponse(status=DataTransferStatus.Accepted, data=request.data)

    def unlock_connector(self, request: UnlockConnectorRequest) -> UnlockConnectorResponse:
        """UnlockConnector."""
        connector = self._connectors.get(ConnectorId(request.connector_id))
        if connector is None or self._core.hardware.is_tethered(connector.connector_id):
            # 1.6 ed.2 §7.46: unknown, or nothing there that could be unlocked
            return UnlockConnectorResponse(status=UnlockStatus.NotSupported)
        if connector.transaction is not None:
            # AMB-13: stopped inside first; its StopTransaction follows the answer
            self._transactions.stop(connector, Reason.UnlockCommand, unlock=False)
        connector.set_hold(None)
        unlocked = self._core.hardware.unlock(connector.connector_id, self._core.now_s)
        return UnlockConnectorResponse(
            status=UnlockStatus.Unlocked if unlocked else UnlockStatus.UnlockFailed
        )
