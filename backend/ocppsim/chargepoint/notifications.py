"""What a charge point tells whoever watches it; version-neutral, in the words of REST."""

from __future__ import annotations

from typing import Any

import msgspec

from .identifiers import ConnectorId, LocalTransactionId, TransactionId


class Notification(msgspec.Struct, frozen=True, gc=False):
    """Base of all notifications."""


class RegistrationChanged(Notification, frozen=True, gc=False):
    """BootNotification was answered: Accepted, Pending or Rejected; None after power-on."""

    registration: str | None


class ConnectorChanged(Notification, frozen=True, gc=False):
    """Status or error code of a connector changed (0: the charge point)."""

    connector_id: ConnectorId
    status: str
    error_code: str


class TransactionView(msgspec.Struct, frozen=True):
    """A transaction as its charge point knows it.

    ``state`` is ``starting`` (StartTransaction not answered yet), ``running``, ``stopping``
    (stopped, StopTransaction not answered yet), ``stopped`` or ``failed`` (the CSMS never
    confirmed the start). Times are Unix seconds of the charge point's clock.
    """

    local_transaction_id: LocalTransactionId
    transaction_id: TransactionId | None
    connector_id: ConnectorId
    id_tag: str
    state: str
    meter_start_wh: int
    started_at_s: float
    meter_stop_wh: int | None = None
    stopped_at_s: float | None = None
    stop_reason: str | None = None
    id_tag_status: str | None = None


class TransactionChanged(Notification, frozen=True, gc=False):
    """A transaction began, was confirmed, stopped or was delivered to the end."""

    transaction: TransactionView


class AuthorizationEnded(Notification, frozen=True, gc=False):
    """A presented tag was judged; ``status`` is an AuthorizationStatus of the standard.

    ``reason`` says in one sentence why a tag that is not Accepted was refused.
    """

    connector_id: ConnectorId | None
    id_tag: str
    status: str
    reason: str | None = None


class SessionAbandoned(Notification, frozen=True, gc=False):
    """A session that was getting ready ended without a transaction (timeout, cancelled...)."""

    connector_id: ConnectorId
    id_tag: str | None
    reason: str


class RemoteStartAccepted(Notification, frozen=True, gc=False):
    """The CSMS asked for a transaction and the charge point will try; the user may plug in."""

    connector_id: ConnectorId
    id_tag: str


class ConfigurationChanged(Notification, frozen=True, gc=False):
    """A configuration key has a new value."""

    key: str
    value: str


class RecordsChanged(Notification, frozen=True, gc=False):
    """Something that the CSMS has given the charge point to keep is not as it was.

    ``records`` is ``charging-profiles``, ``reservations``, ``local-list`` or ``files`` (the
    status of firmware or diagnostics).
    """

    records: str


class SiteDemandChanged(Notification, frozen=True, gc=False):
    """A connector of a site began or ceased to take part in what the site divides."""


class CallAnswered(Notification, frozen=True, gc=False):
    """The answer to ``CallRequested``.

    ``outcome`` is ``result`` (payload of the CALLRESULT), ``error`` (``error_code`` and
    ``error_description`` of the CALLERROR), ``timeout`` or ``lost`` (the link went down).
    """

    ticket: int
    outcome: str
    payload: Any = None
    error_code: str | None = None
    error_description: str | None = None


class ViolationSeen(Notification, frozen=True, gc=False):
    """A frame of the CSMS broke OCPP; ``text`` says how, ``message_id`` which if readable."""

    text: str
    message_id: str | None = None


class ClockAdjusted(Notification, frozen=True, gc=False):
    """The CSMS's currentTime moved the charge point's clock by ``correction_s``."""

    correction_s: float


class ClockKept(Notification, frozen=True, gc=False):
    """The CSMS's currentTime differs by ``difference_s`` and was not taken over.

    That is so while simulated time runs faster than real time, and afterwards until no
    transaction is under way.
    """

    difference_s: float


__all__ = [
    "AuthorizationEnded",
    "CallAnswered",
    "ClockAdjusted",
    "ClockKept",
    "ConfigurationChanged",
    "ConnectorChanged",
    "Notification",
    "RecordsChanged",
    "RegistrationChanged",
    "RemoteStartAccepted",
    "SessionAbandoned",
    "SiteDemandChanged",
    "TransactionChanged",
    "TransactionView",
    "ViolationSeen",
]
