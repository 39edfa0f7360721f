"""Opens links: TCP, TLS, the WebSocket handshake and the agreement on the sub-protocol."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, cast

import msgspec
import picows
import picows.api as picows_api

from ocppsim.simulation.definition import TlsDefinition

from .credentials import basic_authorization
from .diagnosis import ConnectFailed, SubprotocolRefused, diagnose
from .link import MAX_MESSAGE_BYTES, SUBPROTOCOL, Link
from .tls import tls_context
from .url import TargetUrl

_READ_BUFFER_BYTES = 2048
"""The least that picows takes; it grows where a frame is longer."""

_OFFER = ("Sec-WebSocket-Protocol", SUBPROTOCOL)
_OFFER_ALONE = [_OFFER]


class _Silence:
    """A logger for picows, which narrates every connection; our own layers say what matters."""

    def isEnabledFor(self, _level: int) -> bool:  # noqa: N802 - as loggers have it
        return False

    def log(self, *_args: object, **_named: object) -> None:
        pass

    debug = info = warning = error = exception = critical = log


_SILENCE = _Silence()

# The library leaves its pass-through keywords untyped.
_ws_connect = cast(
    "Callable[..., Awaitable[tuple[picows.WSTransport, picows.WSListener | None]]]",
    picows.ws_connect,  # pyright: ignore[reportUnknownMemberType]
)

_Accept = Callable[[picows.WSUpgradeRequest, picows.WSUpgradeResponse], Link]


class _WSProtocol(Protocol):
    """What ``ws_connect`` lets the loop talk to; picows has it without announcing it."""

    @property
    def listener(self) -> picows.WSListener | None:
        """None until the handshake is complete, and where the peer ends it before."""
        ...

    async def wait_until_handshake_complete(self) -> None: ...


_ws_protocol = cast("Callable[..., _WSProtocol]", vars(picows_api)["WSProtocol"])


class Dial(msgspec.Struct, frozen=True):
    """Everything that is needed to reach a CSMS as one charge point.

    ``connect_timeout_s`` bounds the attempt as a whole, ``handshake_timeout_s`` the wait for
    the answer to the WebSocket handshake; both are real time.
    """

    target: TargetUrl
    charge_point_id: str
    password: str | None = None
    literal_password: bool = False
    tls: TlsDefinition = TlsDefinition()
    connect_timeout_s: float = 20.0
    handshake_timeout_s: float = 10.0

    def headers(self) -> Sequence[tuple[str, str]]:
        """The headers that we add to the handshake."""
        password = self.password if self.password is not None else self.target.password
        if password is None:
            return _OFFER_ALONE
        user = self.charge_point_id if self.password is not None else self.target.user or ""
        value = basic_authorization(user, password, literal=self.literal_password)
        return [_OFFER, ("Authorization", value)]


async def open_link(dial: Dial, link: Link) -> None:
    """Connect ``link``; when this returns, its receiver has been told that it is open.

    Raises :class:`~.diagnosis.ConnectFailed` with a diagnosis of one line.
    """
    target = dial.target

    def accept(request: picows.WSUpgradeRequest, response: picows.WSUpgradeResponse) -> Link:
        if not link.is_wanted:
            raise ConnectFailed("given up before the handshake ended")
        _check_agreement(response)
        # The connection keeps them as long as it lasts, and nobody looks at them any more
        del request.headers, request.path, response.headers, response.version
        return link

    try:
        async with asyncio.timeout(dial.connect_timeout_s):
            if target.secure or not target.url.isascii():
                listener = await _connect(dial, accept)
            else:
                listener = await _connect_plain(dial, accept)
    except (picows.WSError, OSError, ConnectFailed, UnicodeError) as error:
        raise ConnectFailed(diagnose(error, target)) from error
    # picows returns without a listener when the peer closes before its answer is complete.
    if listener is None:
        raise ConnectFailed(
            f"HTTP: {target.host}:{target.port} closed the connection before the handshake ended"
        )


async def _connect(dial: Dial, accept: _Accept) -> picows.WSListener | None:
    target = dial.target
    context: ssl.SSLContext | None = None
    if target.secure:  # Reading the CAs of the machine takes its time.
        context = await asyncio.to_thread(tls_context, dial.tls)
    _transport, listener = await _ws_connect(
        accept,
        target.url,
        ssl_context=context,
        websocket_handshake_timeout=dial.handshake_timeout_s,
        logger_name=_SILENCE,
        enable_auto_pong=False,
        max_frame_size=MAX_MESSAGE_BYTES,
        extra_headers=dial.headers(),
        max_redirects=0,
        read_buffer_init_size=_READ_BUFFER_BYTES,
        # It makes TLS faster, and a plain connection slower to open; None: if it is there
        use_aiofastnet=None if target.secure else False,
    )
    return listener


async def _connect_plain(dial: Dial, accept: _Accept) -> picows.WSListener | None:
    """As ``ws_connect``, for two thirds of the time: the URL need not be taken apart again."""
    target = dial.target
    protocol = _ws_protocol(
        target.authority,
        target.resource,
        True,  # is_client_side
        accept,
        _SILENCE,
        True,  # disconnect_on_exception
        dial.handshake_timeout_s,
        False,  # enable_auto_ping, and the times and the strategy of it
        0.0,
        0.0,
        picows.WSAutoPingStrategy.PING_WHEN_IDLE,
        False,  # enable_auto_pong
        MAX_MESSAGE_BYTES,
        dial.headers(),
        _READ_BUFFER_BYTES,
    )
    factory = cast("Callable[[], asyncio.BaseProtocol]", lambda: protocol)
    await asyncio.get_running_loop().create_connection(factory, target.host, target.port)
    await protocol.wait_until_handshake_complete()
    return protocol.listener


def _check_agreement(response: picows.WSUpgradeResponse) -> None:
    """Without the sub-protocol that we offered there is no connection (OCPP-J 1.6 §3.2)."""
    chosen = response.headers.get("Sec-WebSocket-Protocol")
    if chosen is None:
        raise SubprotocolRefused(f"sub-protocol: the CSMS does not agree to {SUBPROTOCOL}")
    if chosen.strip() != SUBPROTOCOL:
        raise SubprotocolRefused(
            f"sub-protocol: the CSMS chose {chosen!r}, {SUBPROTOCOL} was offered"
        )
    if "Sec-WebSocket-Extensions" in response.headers:
        raise ConnectFailed("WebSocket: the CSMS uses an extension that was not offered")


__all__ = ["Dial", "open_link"]
