"""A transaction while it runs, and what of it survives a power loss."""

from __future__ import annotations

import msgspec

from ocppsim.chargepoint.identifiers import ConnectorId, LocalTransactionId, TransactionId
from ocppsim.chargepoint.notifications import TransactionView

from .kept_samples import KeptSamples
from .sampling import Registers
from .stored_reading import StoredReading

_NO_READING = msgspec.Raw(b"null")
_BEGIN = msgspec.json.Decoder(StoredReading | None)


class StoredTransaction(msgspec.Struct, omit_defaults=True, gc=False):
    """The part of a running transaction that is stored when it changes (TX-44).

    ``started_at_s`` is Unix seconds of the charge point's clock. ``begin`` is the meter at the
    start: which of it StopTransaction will carry is known at the end only.
    """

    local_transaction_id: LocalTransactionId
    connector_id: ConnectorId
    id_tag: str
    parent_id_tag: str | None
    meter_start_wh: int
    started_at_s: float
    id_tag_status: str | None = None
    energy_permitted: bool = True
    invalid_from_wh: float | None = None
    """The register when the CSMS refused the tag; MaxEnergyOnInvalidId counts from it."""
    begin: msgspec.Raw = _NO_READING
    """A ``StoredReading`` as it is written: in memory it takes a quarter of the object then."""
    reservation_id: int | None = None
    """Of the reservation that it ends, until that is done."""

    def begin_reading(self) -> StoredReading | None:
        """``begin`` as an object."""
        return _BEGIN.decode(self.begin)

    def is_kept_as(self, body: bytes) -> None:
        """``body`` is what was stored, and stays in memory: ``begin`` need not be there twice."""
        self.begin = _PART.decode(body).begin


class _Part(msgspec.Struct, gc=False):
    begin: msgspec.Raw = _NO_READING


_PART = msgspec.json.Decoder(_Part)


class RunningTransaction:
    """A transaction between its start and its stop."""

    __slots__ = (
        "begun_at",
        "interval_from",
        "samples",
        "started_s",
        "stored",
    )

    def __init__(
        self,
        stored: StoredTransaction,
        started_s: float,
        registers: Registers,
        samples: KeptSamples,
    ) -> None:
        self.stored = stored
        self.started_s = started_s
        self.begun_at = registers
        """The registers at the start, or where it was taken up again after a power loss."""
        self.interval_from = registers
        self.samples = samples

    @property
    def local_id(self) -> LocalTransactionId:
        """Our number of the transaction."""
        return self.stored.local_transaction_id

    def view(self, state: str, transaction_id: TransactionId | None) -> TransactionView:
        """The transaction as the outside sees it."""
        return TransactionView(
            local_transaction_id=self.stored.local_transaction_id,
            transaction_id=transaction_id,
            connector_id=self.stored.connector_id,
            id_tag=self.stored.id_tag,
            state=state,
            meter_start_wh=self.stored.meter_start_wh,
            started_at_s=self.stored.started_at_s,
            id_tag_status=self.stored.id_tag_status,
        )
