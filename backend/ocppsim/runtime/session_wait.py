"""Waits for what becomes of an asked-for start or stop of a transaction."""

from __future__ import annotations

import asyncio
from typing import Literal

from ocppsim.chargepoint.notifications import (
    AuthorizationEnded,
    Notification,
    SessionAbandoned,
    TransactionChanged,
    TransactionView,
)

from .snapshots import StartOutcome, StopOutcome

_ACCEPTED = "Accepted"


class StartWait:
    """The outcome of one start, gathered from the notifications of the charger."""

    def __init__(self, connector_id: int, id_tag: str) -> None:
        self._connector_id = connector_id
        self._id_tag = id_tag.casefold()
        self._transaction: TransactionView | None = None
        self.outcome: asyncio.Future[StartOutcome] = asyncio.get_running_loop().create_future()

    def notice(self, notification: Notification, online: bool) -> None:
        """Look at what happened; ``online`` is whether the CSMS can be asked."""
        if self.outcome.done():
            return
        match notification:
            case TransactionChanged(transaction=transaction):
                if transaction.connector_id == self._connector_id:
                    self._transaction_changed(transaction, online)
            case AuthorizationEnded(connector_id=connector_id, id_tag=id_tag, status=status):
                here = connector_id is None or connector_id == self._connector_id
                if here and status != _ACCEPTED and id_tag.casefold() == self._id_tag:
                    self._refuse(notification.reason or f"the id tag was judged {status}")
            case SessionAbandoned(connector_id=connector_id, reason=reason):
                if connector_id == self._connector_id and self._transaction is None:
                    self._refuse(reason)
            case _:
                pass

    def link_lost(self) -> None:
        """The CSMS cannot be asked any more: a started transaction is queued."""
        if self._transaction is not None:
            self.give_up()

    def give_up(self) -> None:
        """No more waiting."""
        if not self.outcome.done():
            transaction = self._transaction
            local_id = None if transaction is None else transaction.local_transaction_id
            self.outcome.set_result(StartOutcome("queued", local_transaction_id=local_id))

    def _transaction_changed(self, transaction: TransactionView, online: bool) -> None:
        if transaction.state == "failed":
            self._refuse("the CSMS never confirmed the start", transaction)
        elif transaction.id_tag_status not in (None, _ACCEPTED):
            self._refuse(f"the CSMS judged the id tag {transaction.id_tag_status}", transaction)
        elif transaction.transaction_id is not None and transaction.id_tag_status is not None:
            self.outcome.set_result(
                StartOutcome(
                    "confirmed", transaction.transaction_id, transaction.local_transaction_id
                )
            )
        else:
            self._transaction = transaction
            # An id that no answer came with: the CSMS failed to process the start (errata 3.18)
            if not online or transaction.transaction_id is not None:
                self.give_up()

    def _refuse(self, reason: str, transaction: TransactionView | None = None) -> None:
        self.outcome.set_result(
            StartOutcome(
                "refused",
                None if transaction is None else transaction.transaction_id,
                None if transaction is None else transaction.local_transaction_id,
                reason,
            )
        )


class StopWait:
    """Whether the CSMS has confirmed the stop of one transaction."""

    def __init__(self, transaction: TransactionView) -> None:
        self._transaction = transaction
        self.outcome: asyncio.Future[StopOutcome] = asyncio.get_running_loop().create_future()

    def notice(self, notification: Notification, online: bool) -> None:
        """Look at what happened; ``online`` is whether the CSMS can be asked."""
        if self.outcome.done() or not isinstance(notification, TransactionChanged):
            return
        transaction = notification.transaction
        if transaction.local_transaction_id != self._transaction.local_transaction_id:
            return
        self._transaction = transaction
        if transaction.state in ("stopped", "failed"):
            self._end("confirmed")
        elif not online:
            self._end("queued")

    def link_lost(self) -> None:
        """The CSMS cannot be asked any more."""
        self.give_up()

    def give_up(self) -> None:
        """No more waiting."""
        if not self.outcome.done():
            self._end("queued")

    def _end(self, kind: Literal["confirmed", "queued"]) -> None:
        transaction = self._transaction
        self.outcome.set_result(
            StopOutcome(
                kind,
                transaction.transaction_id,
                transaction.local_transaction_id,
            )
        )


__all__ = ["StartWait", "StopWait"]
