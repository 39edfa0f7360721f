"""One connection of one charger, on the routing and the schemas of the ``ocpp`` package."""
# The ocpp package carries no types, so what comes out of it is unknown to the checker.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false
# pyright: reportMissingParameterType=false, reportUntypedFunctionDecorator=false
# pyright: reportMissingTypeStubs=false

from __future__ import annotations

import asyncio
import copy
import json
import logging
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from ocpp.exceptions import OCPPError
from ocpp.messages import Call, CallError, CallResult, unpack, validate_payload
from ocpp.routing import on
from ocpp.v16 import ChargePoint, call_result
from ocpp.v16.datatypes import IdTagInfo
from ocpp.v16.enums import (
    Action,
    AuthorizationStatus,
    DataTransferStatus,
    GenericStatus,
    RegistrationStatus,
)
from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from .charger_record import ChargerRecord, ConnectorRecord
from .errors import AnswerOverdue, ConnectionLost, InvalidCommand
from .id_tags import IdTag, IdTagRegistry
from .ledger import TransactionLedger
from .wire import Direction

_OCPP_VERSION = "1.6"
_ACTIONS = frozenset(str(action.value) for action in Action)
_library_logger = logging.getLogger(f"{__name__}.library")
_library_logger.setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class CallOutcome:
    """The answer of a charger to a command.

    ``kind`` is CALLRESULT (then ``payload``) or CALLERROR (then ``error_code``,
    ``error_description`` and ``error_details``). ``violation`` says how the payload of a
    CALLRESULT breaks the schema; it is given as it came all the same.
    """

    action: str
    kind: str
    payload: Any = None
    error_code: str | None = None
    error_description: str | None = None
    error_details: Any = None
    violation: str | None = None


@dataclass(slots=True)
class LinkContext:
    """What a connection shares with its central system."""

    record: ChargerRecord
    id_tags: IdTagRegistry
    ledger: TransactionLedger
    heartbeat_interval_s: int
    call_timeout_s: float
    on_frame: Callable[[str, Direction, str], None]
    on_violation: Callable[[str, str, str], None]


def _utc_now() -> datetime:
    return datetime.fromtimestamp(time.time(), UTC)


def utc_now_text() -> str:
    """Now as OCPP writes it."""
    return _utc_now().isoformat(timespec="milliseconds").replace("+00:00", "Z")


class ChargePointLink(ChargePoint):
    """One connection: answers the charger's calls and sends it commands, one at a time.

    The package's own ``call`` waits its full timeout when the connection goes down and hides
    a CALLERROR, hence :meth:`command`.
    """

    def __init__(
        self, charge_point_id: str, connection: ServerConnection, context: LinkContext
    ) -> None:
        super().__init__(charge_point_id, connection, logger=_library_logger)
        self._charge_point_id = charge_point_id
        self._socket = connection
        self._context = context
        self._one_command_at_a_time = asyncio.Lock()
        self._awaited: tuple[str, asyncio.Future[CallResult | CallError]] | None = None
        self._ended = False

    # The connection

    async def run(self) -> None:
        """Serve the charger until the connection ends, for whatever reason."""
        try:
            async for text in self._socket:
                if isinstance(text, bytes):
                    self._violation(
                        "a binary frame; OCPP-J is text (J 1.6 §4.1.1)", repr(text[:80])
                    )
                    continue
                self._context.record.last_seen_at = utc_now_text()
                self._context.on_frame(self._charge_point_id, "received", text)
                await self.route_message(text)
        except ConnectionClosed:
            pass
        finally:
            self._ended = True
            if self._awaited is not None and not self._awaited[1].done():
                self._awaited[1].set_exception(self._connection_lost())

    async def close(self, reason: str) -> None:
        """Close the connection; its :meth:`run` then ends."""
        await self._socket.close(1000, reason)

    async def route_message(self, raw_msg: str) -> None:
        """Answer a CALL, or hand an answer to the command that waits for it."""
        try:
            message = unpack(raw_msg)
        except OCPPError as error:
            self._violation(_one_line(error), raw_msg)
            return
        if isinstance(message, Call):
            await self._answer(message, raw_msg)
        elif self._awaited is not None and message.unique_id == self._awaited[0]:
            if not self._awaited[1].done():
                self._awaited[1].set_result(message)
        else:
            self._violation("an answer to no command of ours", raw_msg)

    async def _answer(self, message: Call, raw_msg: str) -> None:
        if not isinstance(message.unique_id, str) or not isinstance(message.action, str):
            self._violation("message id and action must be text", raw_msg)
            return
        try:
            await self._handle_call(message)
        except OCPPError as error:
            self._violation(_one_line(error), raw_msg)
            await self._send(message.create_call_error(error).to_json())

    async def _send(self, message: str) -> None:
        self._context.on_frame(self._charge_point_id, "sent", message)
        await self._socket.send(message)

    def _violation(self, reason: str, text: str) -> None:
        self._context.on_violation(self._charge_point_id, reason, text)

    def _connection_lost(self) -> ConnectionLost:
        return ConnectionLost(f"the connection to {self._charge_point_id!r} went down")

    # Commands

    async def command(
        self, action: str, payload: dict[str, Any], *, validate: bool = True
    ) -> CallOutcome:
        """Send a CALL and wait for its answer; one at a time (OCPP-J 1.6 §4.1.1).

        With ``validate`` False the payload goes out whatever the schema says. Raises
        :class:`InvalidCommand`, :class:`AnswerOverdue`, :class:`ConnectionLost`.
        """
        if validate:
            await check_command(action, payload)
        message_id = str(uuid.uuid4())
        text = json.dumps([2, message_id, action, payload], separators=(",", ":"))
        async with self._one_command_at_a_time:
            if self._ended:
                raise self._connection_lost()
            answered: asyncio.Future[CallResult | CallError] = (
                asyncio.get_running_loop().create_future()
            )
            self._awaited = (message_id, answered)
            try:
                async with asyncio.timeout(self._context.call_timeout_s):
                    await self._send(text)
                    answer = await answered
            except TimeoutError as error:
                raise AnswerOverdue(
                    f"{self._charge_point_id!r} did not answer {action} within "
                    f"{self._context.call_timeout_s:g} s"
                ) from error
            except ConnectionClosed as error:
                raise self._connection_lost() from error
            finally:
                self._awaited = None
        if isinstance(answer, CallError):
            return CallOutcome(
                action,
                "CALLERROR",
                error_code=str(answer.error_code),
                error_description=str(answer.error_description),
                error_details=answer.error_details,
            )
        violation = await self._check_answer(action, answer)
        return CallOutcome(action, "CALLRESULT", payload=answer.payload, violation=violation)

    async def _check_answer(self, action: str, answer: CallResult) -> str | None:
        # Validation rewrites numbers in place, so it gets a copy.
        checked = CallResult(answer.unique_id, copy.deepcopy(answer.payload), action)
        try:
            await validate_payload(checked, _OCPP_VERSION)
        except OCPPError as error:
            if action not in _ACTIONS:
                return None
            reason = _one_line(error)
            self._violation(f"answer to {action}: {reason}", answer.to_json())
            return reason
        return None

    # What the charger calls

    @on(Action.boot_notification)
    def on_boot_notification(self, **boot: Any) -> call_result.BootNotification:
        record = self._context.record
        record.boots += 1
        record.boot = boot
        return call_result.BootNotification(
            current_time=utc_now_text(),
            interval=self._context.heartbeat_interval_s,
            status=RegistrationStatus.accepted,
        )

    @on(Action.heartbeat)
    def on_heartbeat(self, **_: Any) -> call_result.Heartbeat:
        return call_result.Heartbeat(current_time=utc_now_text())

    @on(Action.status_notification)
    def on_status_notification(
        self,
        connector_id: int,
        error_code: str,
        status: str,
        timestamp: str | None = None,
        **_: Any,
    ) -> call_result.StatusNotification:
        connectors = self._context.record.connectors
        known = connectors.get(connector_id)
        if known is None or known.status != status:
            meter = None if known is None else known.last_meter_value
            connectors[connector_id] = ConnectorRecord(
                status, error_code, timestamp, time.monotonic(), meter
            )
        else:
            known.error_code, known.timestamp = error_code, timestamp
        return call_result.StatusNotification()

    @on(Action.authorize)
    def on_authorize(self, id_tag: str, **_: Any) -> call_result.Authorize:
        return call_result.Authorize(id_tag_info=self._judge(id_tag))

    @on(Action.start_transaction)
    def on_start_transaction(
        self, connector_id: int, id_tag: str, meter_start: int, timestamp: str, **_: Any
    ) -> call_result.StartTransaction:
        record = self._context.ledger.start(
            self._charge_point_id, connector_id, id_tag, timestamp, meter_start
        )
        return call_result.StartTransaction(
            transaction_id=record.transaction_id, id_tag_info=self._judge(id_tag)
        )

    @on(Action.stop_transaction)
    def on_stop_transaction(
        self,
        transaction_id: int,
        meter_stop: int,
        timestamp: str,
        reason: str = "Local",
        id_tag: str | None = None,
        transaction_data: list[dict[str, Any]] | None = None,
        **_: Any,
    ) -> call_result.StopTransaction:
        # The CSMS cannot prevent a transaction from stopping (1.6 ed.2 §4.10).
        self._context.ledger.stop(
            self._charge_point_id,
            transaction_id,
            timestamp,
            meter_stop,
            reason,
            transaction_data or [],
        )
        return call_result.StopTransaction(
            id_tag_info=None if id_tag is None else self._judge(id_tag)
        )

    @on(Action.meter_values)
    def on_meter_values(
        self,
        connector_id: int,
        meter_value: list[dict[str, Any]],
        transaction_id: int | None = None,
        **_: Any,
    ) -> call_result.MeterValues:
        self._context.ledger.meter_values(
            self._charge_point_id, connector_id, transaction_id, meter_value
        )
        connector = self._context.record.connectors.get(connector_id)
        if connector is not None and meter_value:
            connector.last_meter_value = meter_value[-1]
        return call_result.MeterValues()

    @on(Action.data_transfer)
    def on_data_transfer(self, **_: Any) -> call_result.DataTransfer:
        return call_result.DataTransfer(status=DataTransferStatus.unknown_vendor_id)

    @on(Action.diagnostics_status_notification)
    def on_diagnostics_status(self, **_: Any) -> call_result.DiagnosticsStatusNotification:
        return call_result.DiagnosticsStatusNotification()

    @on(Action.firmware_status_notification)
    def on_firmware_status(self, **_: Any) -> call_result.FirmwareStatusNotification:
        return call_result.FirmwareStatusNotification()

    @on(Action.log_status_notification)
    def on_log_status(self, **_: Any) -> call_result.LogStatusNotification:
        return call_result.LogStatusNotification()

    @on(Action.security_event_notification)
    def on_security_event(self, **_: Any) -> call_result.SecurityEventNotification:
        return call_result.SecurityEventNotification()

    @on(Action.signed_firmware_status_notification)
    def on_signed_firmware_status(self, **_: Any) -> call_result.SignedFirmwareStatusNotification:
        return call_result.SignedFirmwareStatusNotification()

    @on(Action.sign_certificate)
    def on_sign_certificate(self, **_: Any) -> call_result.SignCertificate:
        # It has no certificate authority.
        return call_result.SignCertificate(status=GenericStatus.rejected)

    def _judge(self, id_tag: str) -> IdTagInfo:
        known: IdTag = self._context.id_tags.find(id_tag)
        expiry: str | None = None
        if known.expiry is not None:
            expiry = known.expiry.astimezone(UTC).isoformat().replace("+00:00", "Z")
        return IdTagInfo(
            status=AuthorizationStatus(known.status_at(_utc_now())),
            parent_id_tag=known.parent_id_tag,
            expiry_date=expiry,
        )


async def check_command(action: str, payload: dict[str, Any]) -> None:
    """Raise :class:`InvalidCommand` unless the schema of OCPP 1.6 allows it."""
    if action not in _ACTIONS:
        raise InvalidCommand(f"{action!r} is no action of OCPP 1.6")
    try:
        await validate_payload(Call("", action, copy.deepcopy(payload)), _OCPP_VERSION)
    except OCPPError as error:
        raise InvalidCommand(f"{action}: {_one_line(error)}") from error


def _one_line(error: OCPPError) -> str:
    details = cast("dict[str, object]", error.details)
    cause = str(details.get("cause", error.description))
    lines = [line.strip() for line in cause.splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__
