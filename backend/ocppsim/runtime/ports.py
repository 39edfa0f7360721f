"""What the shell needs of the world; ``persistence`` and ``transfer`` have the real ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from ocppsim.chargepoint.notifications import TransactionView
from ocppsim.chargepoint.sample_form import SampleForm
from ocppsim.simulation.definition import DesiredConnection
from ocppsim.transfer.bounds import Receipt

CommitListener = Callable[[list[tuple[int, int]]], None]
"""Called on any thread with (charger id, highest appended sequence) after each commit."""


class SamplesPort(Protocol):
    """Keeps the last sample of each charger that does nothing but sample, beside the journal.

    What it is told survives the process at once. No call blocks.
    """

    def begin(self, charger_id: int, form: SampleForm, slot: int = 0) -> int:
        """A slot for a charger, of which the journal has all, or ``slot``, which it had before.

        0 where there is none.
        """
        ...

    def keep(self, slot: int, sequence: int, register_wh: float, wall_s: float) -> None:
        """A sample is taken, with the message of that number."""
        ...

    def retire(self, slot: int, sequence: int) -> None:
        """The messages up to that number are dealt with."""
        ...


class JournalPort(Protocol):
    """The journal of what a charge point must not lose.

    No call blocks; the order of the calls for one charger is kept.
    """

    @property
    def samples(self) -> SamplesPort | None:
        """What keeps samples in its place, where that promises as much; from the start on."""
        ...

    def start(self, on_committed: CommitListener) -> None: ...

    def append(self, charger_id: int, sequence: int, body: bytes) -> None: ...

    def retire(self, charger_id: int, up_to_sequence: int) -> None: ...

    def put_cell(self, charger_id: int, key: str, body: bytes | None) -> None: ...

    def put_sample(
        self, charger_id: int, sequence: int, message: bytes, key: str, register: bytes
    ) -> None:
        """A cell and a message in one."""
        ...

    def flush(self, timeout_s: float = 30.0) -> bool:
        """Block until all that was handed in is committed; False if that took too long."""
        ...

    def when_committed(self, callback: Callable[[], None]) -> None:
        """Call back on any thread when all that was handed in so far is committed."""
        ...


class ConfigSyncPort(Protocol):
    """Stores in the background what may be lost for a moment; no call blocks or raises."""

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
    ) -> None:
        """Store a transaction as it is now; None leaves what was stored before."""
        ...

    def save_ledger(
        self,
        charger_id: int,
        local_transaction_id: int,
        head: bytes,
        page: int | None = None,
        body: bytes | None = None,
    ) -> None:
        """Store the head of a transaction's ledger, and a page of it where there is one."""
        ...


class TransferPort(Protocol):
    """Exchanges files with servers; who awaits a transfer may cancel it.

    Transfers raise :class:`~ocppsim.transfer.errors.TransferFailed`.
    """

    def allows(self, location: str) -> bool:
        """Whether a transfer with that URL may be tried."""
        ...

    async def download(self, location: str) -> Receipt:
        """Fetch a file; it is not kept."""
        ...

    async def upload(self, location: str, file_name: str, content: bytes) -> Receipt:
        """Deliver a file; ``location`` names a directory, or the file itself."""
        ...


__all__ = ["CommitListener", "ConfigSyncPort", "JournalPort", "SamplesPort", "TransferPort"]
