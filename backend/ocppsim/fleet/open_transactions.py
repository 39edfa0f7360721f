"""Which transactions of a fleet are open, by their ids, and what has changed about that."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class OpenTransaction(NamedTuple):
    """One whose end the CSMS has not confirmed.

    ``transaction_id`` is the number that the CSMS gave it, None before it has.
    """

    charge_point_id: str
    connector_id: int
    local_transaction_id: int
    transaction_id: int | None

    @property
    def key(self) -> tuple[str, int]:
        """What it is known by from its beginning on."""
        return self.charge_point_id, self.local_transaction_id


class TransactionChanges(NamedTuple):
    """What came since the last time: new ones, and such as have got their id; and the ended."""

    began: tuple[OpenTransaction, ...] = ()
    ended: tuple[tuple[str, int], ...] = ()


class OpenTransactions:
    """Those that are open, as they are told."""

    def __init__(self, began: Iterable[OpenTransaction] = ()) -> None:
        self._open = {one.key: one for one in began}
        self._began: dict[tuple[str, int], OpenTransaction] = {}
        self._ended: dict[tuple[str, int], None] = {}

    def __len__(self) -> int:
        return len(self._open)

    def put(self, transaction: OpenTransaction) -> None:
        """It is open, whether that was known or not."""
        key = transaction.key
        if self._open.get(key) != transaction:
            self._open[key] = self._began[key] = transaction

    def end(self, key: tuple[str, int]) -> None:
        """It is open no more."""
        if self._open.pop(key, None) is not None:
            self._began.pop(key, None)
            self._ended[key] = None

    def take_changes(self) -> TransactionChanges:
        """What has changed since the last time."""
        changes = TransactionChanges(tuple(self._began.values()), tuple(self._ended))
        self._began.clear()
        self._ended.clear()
        return changes

    def apply(self, changes: TransactionChanges) -> None:
        """Become what somebody else's are who has taken these changes."""
        for key in changes.ended:
            self._open.pop(key, None)
        self._open.update((one.key, one) for one in changes.began)

    def all(self) -> tuple[OpenTransaction, ...]:
        """By charge point, in the order of their beginning."""
        return tuple(sorted(self._open.values(), key=lambda one: one.key))


__all__ = ["OpenTransaction", "OpenTransactions", "TransactionChanges"]
