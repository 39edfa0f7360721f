"""The demo central system: accepts chargers and can be told to send them anything."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hmac
import http
import logging
import os
import socket
import time
from collections import deque
from collections.abc import Sequence
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.http11 import Request, Response
from websockets.typing import Subprotocol

from .auto_starter import AutoStarter
from .charge_point_link import CallOutcome, ChargePointLink, LinkContext, utc_now_text
from .charger_record import ChargerRecord
from .configuration import CentralSystemConfig
from .errors import CannotListen, NotConnected, UnknownChargePoint
from .http_api import HttpServer
from .ledger import TransactionLedger
from .wire import Direction, Violation, ViolationListener, WireListener, WireMessage

SUBPROTOCOL = Subprotocol("ocpp1.6")
_KEPT_VIOLATIONS = 1_000
_log = logging.getLogger(__name__)


class DemoCentralSystem:
    """A central system for ``ws://host:port/<anything>/<charge point id>``.

    Use it as an async context manager; it belongs to the event loop that entered it, which
    may be the loop of a thread of its own. It listens once entered; leaving closes every
    connection. All it knows is in memory and bounded.
    """

    def __init__(self, config: CentralSystemConfig | None = None) -> None:
        self.config = config or CentralSystemConfig()
        first_id = self.config.first_transaction_id
        self.transactions = TransactionLedger(
            int(time.time()) if first_id is None else first_id,
            self.config.transaction_capacity,
            self.config.meter_value_capacity,
        )
        self.chargers: dict[str, ChargerRecord] = {}
        self.violations: deque[Violation] = deque(maxlen=_KEPT_VIOLATIONS)
        self._links: dict[str, ChargePointLink] = {}
        self._wire_listeners: list[WireListener] = []
        self._violation_listeners: list[ViolationListener] = []
        self._exit = AsyncExitStack()
        self._port = 0
        self._http_port: int | None = None

    # What is there

    @property
    def url(self) -> str:
        """Where chargers connect to, without their id."""
        host = self.config.host
        return f"ws://{f'[{host}]' if ':' in host else host}:{self._port}"

    @property
    def port(self) -> int:
        """The port in use, also where the configuration says 0."""
        return self._port

    @property
    def http_port(self) -> int | None:
        """The port of the HTTP interface in use; None where there is none."""
        return self._http_port

    def charger(self, charge_point_id: str) -> ChargerRecord:
        """A charger that is or was here; raises ``UnknownChargePoint``."""
        try:
            return self.chargers[charge_point_id]
        except KeyError:
            raise UnknownChargePoint(charge_point_id) from None

    def is_connected(self, charge_point_id: str) -> bool:
        return charge_point_id in self._links

    def watch_wire(self, listener: WireListener) -> None:
        """Tell ``listener`` of every frame, on the event loop; it must be quick."""
        self._wire_listeners.append(listener)

    def watch_violations(self, listener: ViolationListener) -> None:
        """Tell ``listener`` of every frame that breaks OCPP 1.6."""
        self._violation_listeners.append(listener)

    # What can be done

    async def send(
        self, charge_point_id: str, action: str, payload: dict[str, Any], *, validate: bool = True
    ) -> CallOutcome:
        """Send a charger any CALL and give its answer.

        Raises ``UnknownChargePoint``, ``NotConnected``, ``InvalidCommand`` (unless
        ``validate`` is False), ``AnswerOverdue`` or ``ConnectionLost``.
        """
        link = self._links.get(charge_point_id)
        if link is None:
            self.charger(charge_point_id)
            raise NotConnected(charge_point_id)
        return await link.command(action, payload, validate=validate)

    async def disconnect(self, charge_point_id: str) -> None:
        """Close a charger's connection; raises as :meth:`send`."""
        link = self._links.get(charge_point_id)
        if link is None:
            self.charger(charge_point_id)
            raise NotConnected(charge_point_id)
        await link.close("closed by the operator")

    # Life

    async def __aenter__(self) -> Self:
        """Listen; raises ``CannotListen``."""
        async with AsyncExitStack() as stack:
            sock = listening_socket(self.config.host, self.config.port)
            stack.callback(sock.close)
            self._port = sock.getsockname()[1]
            http_sock: socket.socket | None = None
            if self.config.http_port is not None:
                http_sock = listening_socket(self.config.http_host, self.config.http_port)
                stack.callback(http_sock.close)
                self._http_port = http_sock.getsockname()[1]
            tasks = await stack.enter_async_context(asyncio.TaskGroup())
            if http_sock is not None:
                http_server = HttpServer(self, http_sock)
                tasks.create_task(http_server.serve_until_stopped(), name="csms http")
                stack.callback(http_server.stop)
            server: Server = await stack.enter_async_context(
                serve(
                    self._serve_connection,
                    sock=sock,
                    select_subprotocol=_select_subprotocol,
                    process_request=self._process_request,
                    compression=None,
                    ping_interval=self.config.ping_interval_s,
                    ping_timeout=self.config.ping_interval_s,
                    close_timeout=2,
                    server_header=None,
                )
            )
            _log.debug("listening on %s with %d sockets", self.url, len(server.sockets))
            if self.config.auto_start is not None:
                starter = tasks.create_task(
                    AutoStarter(self, self.config.auto_start).run(), name="csms auto start"
                )
                stack.callback(starter.cancel)
            self._exit = stack.pop_all()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._exit.__aexit__(exc_type, exc, traceback)

    # Connections

    def _process_request(self, connection: ServerConnection, request: Request) -> Response | None:
        charge_point_id = charge_point_id_of(request.path)
        if charge_point_id is None:
            # The URL does not name a charge point (OCPP-J 1.6 §3.2).
            return connection.respond(http.HTTPStatus.NOT_FOUND, "no charge point id in the URL\n")
        password = self.config.basic_auth_password
        if password is not None and not _authenticated(request, charge_point_id, password):
            response = connection.respond(http.HTTPStatus.UNAUTHORIZED, "wrong credentials\n")
            response.headers["WWW-Authenticate"] = 'Basic realm="ocpp"'
            return response
        return None

    async def _serve_connection(self, connection: ServerConnection) -> None:
        request = connection.request
        charge_point_id = None if request is None else charge_point_id_of(request.path)
        if charge_point_id is None:
            return
        if connection.subprotocol != SUBPROTOCOL:
            # No common sub-protocol: complete the handshake without one, then close
            # (OCPP-J 1.6 §3.2).
            await connection.close(1002, f"this central system speaks {SUBPROTOCOL} only")
            return
        record = self._take_up(charge_point_id, connection)
        link = ChargePointLink(charge_point_id, connection, self._context(record))
        replaced = self._links.get(charge_point_id)
        self._links[charge_point_id] = link
        if replaced is not None:
            await replaced.close("replaced by a newer connection")
        try:
            await link.run()
        finally:
            if self._links.get(charge_point_id) is link:
                del self._links[charge_point_id]
                record.connected = False

    def _take_up(self, charge_point_id: str, connection: ServerConnection) -> ChargerRecord:
        record = self.chargers.get(charge_point_id)
        if record is None:
            if len(self.chargers) >= self.config.charger_capacity:
                self._forget_one()
            record = self.chargers[charge_point_id] = ChargerRecord(charge_point_id)
        address = connection.remote_address
        record.connected = True
        record.connected_at = utc_now_text()
        record.remote_address = f"{address[0]}:{address[1]}" if address else None
        return record

    def _forget_one(self) -> None:
        gone = next((key for key, record in self.chargers.items() if not record.connected), None)
        if gone is not None:
            del self.chargers[gone]

    def _context(self, record: ChargerRecord) -> LinkContext:
        return LinkContext(
            record,
            self.config.id_tags,
            self.transactions,
            self.config.heartbeat_interval_s,
            self.config.call_timeout_s,
            self._on_frame,
            self._on_violation,
        )

    def _on_frame(self, charge_point_id: str, direction: Direction, text: str) -> None:
        if self._wire_listeners:
            message = WireMessage(charge_point_id, direction, text)
            for listener in self._wire_listeners:
                listener(message)

    def _on_violation(self, charge_point_id: str, reason: str, text: str) -> None:
        violation = Violation(charge_point_id, reason, text)
        self.violations.append(violation)
        if (record := self.chargers.get(charge_point_id)) is not None:
            record.violations += 1
        for listener in self._violation_listeners:
            listener(violation)


def charge_point_id_of(path: str) -> str | None:
    """The charge point id in the path of a request: its last segment, decoded; else None."""
    segment = urlsplit(path).path.rsplit("/", 1)[-1]
    return unquote(segment) or None


def listening_socket(host: str, port: int) -> socket.socket:
    """A socket that listens; raises ``CannotListen`` with the reason and the remedy."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=1024)
    except (OSError, OverflowError) as error:
        if isinstance(error, OSError) and error.errno is not None and error.errno > 0:
            reason = os.strerror(error.errno)  # its own text repeats the address
        else:
            reason = str(error)
        raise CannotListen(f"cannot listen on {host} port {port}: {reason}") from error


def _select_subprotocol(
    _connection: ServerConnection, offered: Sequence[Subprotocol]
) -> Subprotocol | None:
    return SUBPROTOCOL if SUBPROTOCOL in offered else None


def _authenticated(request: Request, charge_point_id: str, password: str) -> bool:
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    if scheme.casefold() != "basic":
        return False
    try:
        given = base64.b64decode(credentials.strip(), validate=True)
    except binascii.Error:
        return False
    return hmac.compare_digest(given, f"{charge_point_id}:{password}".encode())
