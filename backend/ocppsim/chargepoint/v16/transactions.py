"""The life of a transaction: start, stop, power loss (1.6 ed.2 §4.8, §4.10)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import msgspec

from ocppsim.chargepoint.identifiers import ConnectorId, LocalTransactionId, TransactionId
from ocppsim.chargepoint.notifications import (
    SessionAbandoned,
    TransactionChanged,
    TransactionView,
)
from ocppsim.protocol.kept_json import encode_to_keep
from ocppsim.protocol.v16.core import (
    StartTransactionRequest,
    StartTransactionResponse,
    StopTransactionRequest,
    StopTransactionResponse,
)
from ocppsim.protocol.v16.enums import AuthorizationStatus, ChargePointErrorCode, Reason

from .authorization import Authorizer
from .connector import Connector, Grant, fault_report
from .core import Core
from .kept_samples import KeptSamples
from .metering import Metering, StoredRegister
from .outbox import Outbox
from .refused_tags import RefusedTags
from .reservations import Reservations
from .sampling import Registers
from .stored_reading import StoredReading
from .transaction import RunningTransaction, StoredTransaction


class _Stopped(msgspec.Struct, frozen=True):
    """A stopped transaction whose StopTransaction is not settled yet."""

    view: TransactionView
    presented_id_tag: str | None


_NONE: Mapping[LocalTransactionId, _Stopped] = {}
"""What almost all charge points have at almost all times."""


class Transactions:
    """Starts and stops transactions and keeps each one's stored state true."""

    __slots__ = (
        "_authorizer",
        "_connectors",
        "_core",
        "_metering",
        "_outbox",
        "_reservations",
        "_stopped",
    )

    def __init__(
        self,
        core: Core,
        outbox: Outbox,
        metering: Metering,
        authorizer: Authorizer,
        reservations: Reservations,
        connectors: dict[ConnectorId, Connector],
    ) -> None:
        self._core = core
        self._outbox = outbox
        self._metering = metering
        self._authorizer = authorizer
        self._reservations = reservations
        self._connectors = connectors
        self._stopped: Mapping[LocalTransactionId, _Stopped] = {
            LocalTransactionId(int(key.removeprefix("stopped/"))): msgspec.json.decode(
                body, type=_Stopped
            )
            for key, body in core.durable.cells.items()
            if key.startswith("stopped/")
        } or _NONE

    @property
    def _refused_tags(self) -> RefusedTags:
        return RefusedTags(
            self._core, self._metering, self._store, partial(self.stop, unlock=False)
        )

    def find(self, transaction_id: int) -> Connector | None:
        """The connector whose running transaction the CSMS knows under that id."""
        for connector in self._connectors.values():
            transaction = connector.transaction
            if transaction is None:
                continue
            local_id = transaction.local_id
            if self._outbox.is_confirmed(local_id) and (
                self._outbox.transaction_id(local_id) == transaction_id
            ):
                return connector
        return None

    def view(self, connector: Connector) -> TransactionView | None:
        """The running transaction of a connector."""
        transaction = connector.transaction
        if transaction is None:
            return None
        transaction_id = self._outbox.transaction_id(transaction.local_id)
        return transaction.view("starting" if transaction_id is None else "running", transaction_id)

    def start(self, connector: Connector, grant: Grant) -> None:
        """Lock the cable and begin; without the lock there is a fault and no transaction."""
        connector.grant = None
        connector.set_hold(None)
        if not self._core.hardware.lock(connector.connector_id, self._core.now_s):
            # SN-20
            connector.fault = fault_report(ChargePointErrorCode.ConnectorLockFailure)
            connector.refresh()
            self._core.notify(
                SessionAbandoned(
                    connector.connector_id, grant.id_tag, "the cable could not be locked"
                )
            )
            return
        reading = self._metering.read(connector.connector_id)
        stored = StoredTransaction(
            # The number of its StartTransaction in the outbox: unique and rising for ever
            local_transaction_id=LocalTransactionId(self._core.durable.next_sequence),
            connector_id=connector.connector_id,
            id_tag=grant.id_tag,
            parent_id_tag=grant.parent_id_tag,
            meter_start_wh=int(reading.energy_wh),
            started_at_s=self._core.clock.wall_s(self._core.now_s),
            begin=msgspec.Raw(encode_to_keep(StoredReading.of(reading))),
            reservation_id=self._reservations.claim(connector, grant),
        )
        samples = KeptSamples(self._core, connector.connector_id)
        # Of a transaction that was never stored to the end
        samples.clear()
        transaction = RunningTransaction(stored, self._core.now_s, Registers.of(reading), samples)
        connector.transaction = transaction
        connector.preparing = False
        connector.finishing = False
        connector.timed_out = False
        connector.info = None
        # What belongs to it before it: a crash in between leaves no transaction without
        self._core.occasions.transaction_started(connector, grant)
        self._store(connector)
        self._outbox.add(
            transaction.local_id,
            StartTransactionRequest(
                connector_id=connector.connector_id,
                id_tag=grant.id_tag,
                meter_start=stored.meter_start_wh,
                timestamp=self._core.stamp(),
                reservation_id=stored.reservation_id,
            ),
        )
        self._end_reservation(stored)
        self._metering.start_sampling(connector)
        connector.refresh()
        self._announce(connector)

    def stop(
        self,
        connector: Connector,
        reason: Reason,
        *,
        id_tag: str | None = None,
        unlock: bool = True,
    ) -> None:
        """End the transaction of a connector and queue its StopTransaction.

        ``id_tag`` is the one that was presented to stop, if any.
        """
        transaction = connector.transaction
        assert transaction is not None
        reading = self._metering.read(connector.connector_id)
        data = self._metering.stop_data(transaction, reading)
        self._metering.stop_sampling(connector)
        self._refused_tags.ended(connector)
        connector.transaction = None
        connector.finishing = connector.cable_present
        wall_s = self._core.clock.wall_s(self._core.now_s)
        register = StoredRegister(reading.energy_wh, wall_s)
        request = StopTransactionRequest(
            meter_stop=int(reading.energy_wh),
            timestamp=self._core.stamp(),
            transaction_id=0,
            id_tag=id_tag or self._stop_id_tag(transaction.stored),
            reason=reason,
            transaction_data=data,
        )
        if unlock:
            self._core.hardware.unlock(connector.connector_id, self._core.now_s)
        self._queue_stop(transaction.stored, request, register, transaction.samples)
        self._core.occasions.transaction_ended(connector)
        connector.refresh()

    def restore(self, cause: str | None) -> None:
        """After a boot: end (or go on with) what was running when the power went (AMB-6)."""
        resume = cause is None and self._core.behaviour("power_loss") == "resume"
        queued_stops = self._outbox.queued_stops()
        for connector in self._connectors.values():
            body = self._core.durable.cells.get(f"transaction/{connector.connector_id}")
            if body is None:
                continue
            stored = msgspec.json.decode(body, type=StoredTransaction)
            local_id = stored.local_transaction_id
            if not self._outbox.knows(local_id) or local_id in queued_stops:
                # The end of the program came before its start was stored (so it was never sent
                # either), or right after its stop was
                self._core.put_cell(f"transaction/{connector.connector_id}", None)
                continue
            self._end_reservation(stored)
            if resume and connector.vehicle_connected:
                self._resume(connector, stored)
            else:
                self._stop_after_boot(connector, stored, Reason(cause or Reason.PowerLoss))
        self._settle_caught()

    def _settle_caught(self) -> None:
        """What a crash caught between the answer to a StopTransaction and its last trace here."""
        queued_stops = self._outbox.queued_stops()
        for local_id, stopped in list(self._stopped.items()):
            if local_id in queued_stops:
                continue
            if self._running(local_id) is None:
                self._outbox.forget(local_id)
                self._announce_end(stopped, answered=True)
            self._drop_stopped(local_id)

    def _resume(self, connector: Connector, stored: StoredTransaction) -> None:
        reading = self._metering.read(connector.connector_id)
        elapsed_s = self._core.clock.wall_s(self._core.now_s) - stored.started_at_s
        started_s = self._core.now_s - max(0.0, elapsed_s)
        samples = KeptSamples(self._core, connector.connector_id)
        connector.transaction = RunningTransaction(
            stored, started_s, Registers.of(reading), samples
        )
        self._core.hardware.lock(connector.connector_id, self._core.now_s)
        self._metering.start_sampling(connector)
        self._refused_tags.resumed(connector)

    def _stop_after_boot(
        self, connector: Connector, stored: StoredTransaction, reason: Reason
    ) -> None:
        samples = KeptSamples(self._core, connector.connector_id)
        last = self._metering.stored_register(connector.connector_id)
        register = StoredRegister(
            max(last.energy_wh if last else 0.0, float(stored.meter_start_wh)),
            # Of all connectors the latest: the messages of the others are not younger then (OFF-02)
            max(self._metering.last_read_s(), stored.started_at_s),
        )
        request = StopTransactionRequest(
            meter_stop=int(register.energy_wh),
            timestamp=self._core.clock.stamp(register.at_s - self._core.clock.epoch_s),
            transaction_id=0,
            id_tag=self._stop_id_tag(stored),
            reason=reason,
            transaction_data=self._metering.stop_data_after_power_loss(stored, samples, register),
        )
        self._core.hardware.unlock(connector.connector_id, self._core.now_s)
        connector.finishing = connector.cable_present
        self._queue_stop(stored, request, register, samples)

    def _end_reservation(self, stored: StoredTransaction) -> None:
        """RSV-13, once the start is stored: a crash in between loses nothing that was not told."""
        if stored.reservation_id is not None:
            self._reservations.end_claimed(stored.reservation_id)
            # The CSMS may give the number to another one while the transaction runs
            stored.reservation_id = None
            self._core.put_cell(f"transaction/{stored.connector_id}", stored)

    def _stop_id_tag(self, stored: StoredTransaction) -> str | None:
        """Where nobody presented a tag to stop: none, or the one that started (AMB-34)."""
        return stored.id_tag if self._core.behaviour("stop_id_tag") == "starter" else None

    def _queue_stop(
        self,
        stored: StoredTransaction,
        request: StopTransactionRequest,
        register: StoredRegister,
        samples: KeptSamples,
    ) -> None:
        local_id = stored.local_transaction_id
        view = TransactionView(
            local_transaction_id=local_id,
            transaction_id=self._outbox.transaction_id(local_id),
            connector_id=stored.connector_id,
            id_tag=stored.id_tag,
            state="stopping",
            meter_start_wh=stored.meter_start_wh,
            started_at_s=stored.started_at_s,
            meter_stop_wh=request.meter_stop,
            stopped_at_s=register.at_s,
            stop_reason=request.reason.value if request.reason else None,
            id_tag_status=stored.id_tag_status,
        )
        # In this order: where a crash comes between, the stop is made anew, and told once
        self._keep_stopped(_Stopped(view, request.id_tag))
        self._outbox.add(local_id, request)
        self._core.put_cell(f"transaction/{stored.connector_id}", None)
        samples.clear()

    def start_confirmed(
        self, local_id: LocalTransactionId, response: StartTransactionResponse
    ) -> None:
        """The CSMS has answered a StartTransaction."""
        info = response.id_tag_info
        connector = self._running(local_id)
        if connector is None:
            stopped = self._stopped.get(local_id)
            if stopped is not None:
                self._authorizer.learn(stopped.view.id_tag, info)
                view = msgspec.structs.replace(
                    stopped.view,
                    transaction_id=TransactionId(response.transaction_id),
                    id_tag_status=info.status.value,
                )
                self._keep_stopped(_Stopped(view, stopped.presented_id_tag))
            return
        transaction = connector.transaction
        assert transaction is not None
        stored = transaction.stored
        self._authorizer.learn(stored.id_tag, info)
        stored.id_tag_status = info.status.value
        if info.parent_id_tag:
            stored.parent_id_tag = info.parent_id_tag
        self._store(connector)
        self._core.occasions.transaction_confirmed(connector)
        self._announce(connector)
        if info.status is not AuthorizationStatus.Accepted:
            self._refused_tags.refused(connector)

    def start_failed(self, local_id: LocalTransactionId) -> None:
        """Errata 3.18: the transaction goes on; its messages carry -1."""
        connector = self._running(local_id)
        if connector is not None:
            self._announce(connector)

    def stop_settled(
        self, local_id: LocalTransactionId, response: StopTransactionResponse | None
    ) -> None:
        """The CSMS has answered a StopTransaction, or will never."""
        stopped = self._stopped.get(local_id)
        if stopped is None:
            return
        if (
            response is not None
            and response.id_tag_info is not None
            and stopped.presented_id_tag is not None
        ):
            self._authorizer.learn(stopped.presented_id_tag, response.id_tag_info)
        # In this order: a crash between the two tells of the end twice rather than never
        self._announce_end(stopped, answered=response is not None)
        self._drop_stopped(local_id)

    def _drop_stopped(self, local_id: LocalTransactionId) -> None:
        self._stopped = {
            key: stopped for key, stopped in self._stopped.items() if key != local_id
        } or _NONE
        self._core.put_cell(f"stopped/{local_id}", None)

    def _announce_end(self, stopped: _Stopped, *, answered: bool) -> None:
        # Any id is legal, -1 too (errata 3.54): the answer to the start decides
        confirmed = answered and stopped.view.id_tag_status is not None
        view = msgspec.structs.replace(stopped.view, state="stopped" if confirmed else "failed")
        self._core.notify(TransactionChanged(view))

    def _running(self, local_id: LocalTransactionId) -> Connector | None:
        for connector in self._connectors.values():
            if connector.transaction is not None and connector.transaction.local_id == local_id:
                return connector
        return None

    def _store(self, connector: Connector) -> None:
        transaction = connector.transaction
        assert transaction is not None
        key = f"transaction/{connector.connector_id}"
        self._core.put_cell(key, transaction.stored)
        transaction.stored.is_kept_as(self._core.durable.cells[key])

    def _keep_stopped(self, stopped: _Stopped) -> None:
        local_id = stopped.view.local_transaction_id
        self._stopped = {**self._stopped, local_id: stopped}
        self._core.put_cell(f"stopped/{local_id}", stopped)
        self._core.notify(TransactionChanged(stopped.view))

    def _announce(self, connector: Connector) -> None:
        view = self.view(connector)
        assert view is not None
        self._core.notify(TransactionChanged(view))
