"""Stored ledgers in memory: for virtual time, and wherever there is no database."""

from __future__ import annotations

import msgspec

from ocppsim.chargepoint.effects import SaveLedger
from ocppsim.chargepoint.identifiers import LocalTransactionId

from .ledger_records import LedgerHead, SessionLedger, read_page, whole_ledger


class LedgerShelf:
    """What ``SaveLedger`` ordered to be stored, of one charger."""

    def __init__(self) -> None:
        self._heads: dict[LocalTransactionId, bytes] = {}
        self._pages: dict[LocalTransactionId, dict[int, bytes]] = {}

    def put(self, effect: SaveLedger) -> None:
        """Carry out the effect; a page of the same number is replaced."""
        self._heads[effect.local_transaction_id] = effect.head
        if effect.page is not None and effect.body is not None:
            pages = self._pages.setdefault(effect.local_transaction_id, {})
            pages[effect.page] = effect.body

    def __len__(self) -> int:
        return len(self._heads)

    def ledger(self, local_id: LocalTransactionId) -> SessionLedger:
        """The whole ledger of a transaction, as stored; ``KeyError`` where there is none."""
        pages = sorted(self._pages.get(local_id, {}).items())
        return whole_ledger(
            msgspec.json.decode(self._heads[local_id], type=LedgerHead),
            [read_page(local_id, body) for _, body in pages],
        )

    def ledgers(self) -> list[SessionLedger]:
        """Those of all transactions, in the order in which they began."""
        return [self.ledger(local_id) for local_id in sorted(self._heads)]


__all__ = ["LedgerShelf"]
