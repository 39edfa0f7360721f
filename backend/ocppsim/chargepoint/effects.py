"""What a charge point orders the shell to do, in the order in which it must be done."""

from __future__ import annotations

import msgspec

from .identifiers import ConnectorId, LocalTransactionId
from .notifications import Notification


class Effect(msgspec.Struct, frozen=True, gc=False):
    """Base of all effects."""


class SendText(Effect, frozen=True, gc=False):
    """Send one text frame (UTF-8 JSON) to the CSMS.

    ``violation`` says how a frame that the operator wrote breaks the standard; it goes out all
    the same.
    """

    text: bytes
    violation: str | None = None


class Append(Effect, frozen=True, gc=False):
    """Store a transaction-related message; answered by ``Controller.persisted``."""

    sequence: int
    body: bytes


class Retire(Effect, frozen=True, gc=False):
    """All appended messages up to and including this sequence number are dealt with."""

    sequence: int


class PutCell(Effect, frozen=True, gc=False):
    """Store (or with None: remove) a named piece of state; ordered with Append and Retire."""

    key: str
    body: bytes | None


class SaveConfiguration(Effect, frozen=True, gc=False):
    """Store the value of a configuration key that was set from outside."""

    key: str
    value: str


class SaveAvailability(Effect, frozen=True, gc=False):
    """Store whether a connector (0: the charge point) is Operative."""

    connector_id: ConnectorId
    operative: bool


class AwaitCommit(Effect, frozen=True, gc=False):
    """Answer with ``Committed(ticket)`` when all that was ordered to be stored is stored.

    Configuration and availability count too. A shell whose storage is out of order answers
    after a while all the same.
    """

    ticket: str


class CloseLink(Effect, frozen=True, gc=False):
    """Close the WebSocket cleanly, now; the shell re-opens it (at once with ``reconnect``)."""

    reason: str
    reconnect: bool = True


class OpenLink(Effect, frozen=True, gc=False):
    """The device is up again after a reboot: the shell may connect (if that is desired)."""


class SetPingInterval(Effect, frozen=True, gc=False):
    """Send a WebSocket Ping after so many seconds of silence; 0 switches pings off."""

    interval_s: int


class Reboot(Effect, frozen=True, gc=False):
    """Restart the controller; ``cause`` is the word of StopTransaction reasons."""

    cause: str


class StartDownload(Effect, frozen=True, gc=False):
    """Fetch the file at ``location``; answered by the input ``TransferEnded(ticket)``."""

    ticket: int
    location: str


class StartUpload(Effect, frozen=True, gc=False):
    """Upload diagnostics as ``file_name`` to ``location``; answered by ``TransferEnded(ticket)``.

    They cover what was logged from ``from_s`` to ``to_s`` (Unix seconds of the charge point's
    clock; None: no bound).
    """

    ticket: int
    location: str
    file_name: str
    from_s: float | None = None
    to_s: float | None = None


class CancelTransfer(Effect, frozen=True, gc=False):
    """The outcome of a transfer is of no interest any more."""

    ticket: int


class InstallFirmware(Effect, frozen=True, gc=False):
    """Install what was fetched from ``location``; answered by ``FirmwareInstalled(ticket)``."""

    ticket: int
    location: str


class RecordDelivery(Effect, frozen=True, array_like=True, gc=False):
    """Write down how a message of a transaction was dealt with; for the books of the device.

    ``outcome`` is ``acknowledged``, ``failed`` (given up, ``detail`` says why) or ``dropped``
    (thinned out of a queue that is too long; it never had a ``sequence``). Times are simulated
    seconds. ``message_ids`` are those of the attempts, the first and the last where there were
    many; ``size_bytes`` and ``crc32`` are of the payload's JSON as it was sent last. With
    ``recovered`` it was queued before a restart, and attempts before that are not counted.
    """

    local_transaction_id: LocalTransactionId
    sequence: int | None
    action: str
    outcome: str
    detail: str | None
    queued_s: float | None
    first_sent_s: float | None
    settled_s: float | None
    attempts: int
    message_ids: tuple[str, ...]
    recovered: bool
    size_bytes: int
    crc32: int


class RecordRun(Effect, frozen=True, gc=False):
    """The same for many meter values of a transaction whose first attempt was answered.

    ``run`` is what ``delivery_run.deliveries_of`` reads.
    """

    local_transaction_id: LocalTransactionId
    run: bytes


class SaveLedger(Effect, frozen=True, gc=False):
    """Store the head of a transaction's ledger, and (with ``page``) one page more of it."""

    local_transaction_id: LocalTransactionId
    head: bytes
    page: int | None = None
    body: bytes | None = None


class Notify(Effect, frozen=True, gc=False):
    """Tell whoever watches that something changed."""

    notification: Notification


__all__ = [
    "Append",
    "AwaitCommit",
    "CancelTransfer",
    "CloseLink",
    "Effect",
    "InstallFirmware",
    "Notify",
    "OpenLink",
    "PutCell",
    "Reboot",
    "RecordDelivery",
    "RecordRun",
    "Retire",
    "SaveAvailability",
    "SaveConfiguration",
    "SaveLedger",
    "SendText",
    "SetPingInterval",
    "StartDownload",
    "StartUpload",
]
