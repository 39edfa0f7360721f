"""Storage that forgets and no way to file servers: for one charger by itself, and for tests."""

from __future__ import annotations

from collections.abc import Callable

from ocppsim.chargepoint.notifications import TransactionView
from ocppsim.simulation.definition import DesiredConnection
from ocppsim.transfer.bounds import Receipt
from ocppsim.transfer.errors import TransferFailed

from .ports import CommitListener, SamplesPort


class MemoryJournal:
    """Confirms everything at once and keeps nothing."""

    samples: SamplesPort | None = None

    def __init__(self) -> None:
        self._on_committed: CommitListener | None = None

    def start(self, on_committed: CommitListener) -> None:
        self._on_committed = on_committed

    def append(self, charger_id: int, sequence: int, body: bytes) -> None:  # noqa: ARG002
        if self._on_committed is not None:
            self._on_committed([(charger_id, sequence)])

    def retire(self, charger_id: int, up_to_sequence: int) -> None:
        """Nothing is kept, so nothing can go."""

    def put_cell(self, charger_id: int, key: str, body: bytes | None) -> None:
        """Nothing is kept."""

    def put_sample(
        self, charger_id: int, sequence: int, message: bytes, key: str, register: bytes
    ) -> None:
        self.put_cell(charger_id, key, register)
        self.append(charger_id, sequence, message)

    def flush(self, timeout_s: float = 30.0) -> bool:  # noqa: ARG002
        """Nothing is under way."""
        return True

    def when_committed(self, callback: Callable[[], None]) -> None:
        """Nothing is under way."""
        callback()


class NoConfigSync:
    """Stores nothing."""

    def save_configuration(self, charger_id: int, key: str, value: str) -> None: ...

    def save_availability(self, charger_id: int, connector_id: int, operative: bool) -> None: ...

    def save_desired_connection(self, charger_id: int, desired: DesiredConnection) -> None: ...

    def save_transaction(
        self,
        charger_id: int,
        transaction: TransactionView,
        *,
        vehicle_id: int | None = None,
        energy_wh: float | None = None,
    ) -> None: ...

    def save_ledger(
        self,
        charger_id: int,
        local_transaction_id: int,
        head: bytes,
        page: int | None = None,
        body: bytes | None = None,
    ) -> None: ...


class NoTransfers:
    """Allows no transfer, so that all are simulated."""

    def allows(self, location: str) -> bool:  # noqa: ARG002
        return False

    async def download(self, location: str) -> Receipt:  # noqa: ARG002
        raise TransferFailed("Transfers are switched off.")

    async def upload(
        self,
        location: str,  # noqa: ARG002
        file_name: str,  # noqa: ARG002
        content: bytes,  # noqa: ARG002
    ) -> Receipt:
        raise TransferFailed("Transfers are switched off.")


__all__ = ["MemoryJournal", "NoConfigSync", "NoTransfers"]
