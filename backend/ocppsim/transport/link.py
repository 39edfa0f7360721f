"""One WebSocket to a CSMS: whole text messages in and out, until it ends."""

from __future__ import annotations

import asyncio
import logging
from typing import Protocol

import picows

from .frame_batches import FrameBatches, TextTaker
from .impairment import Network
from .timers import TimerHandle

SUBPROTOCOL = "ocpp1.6"
MAX_MESSAGE_BYTES = 1 << 20
"""A longer message closes the link with 1009 (message too big)."""

CLOSE_WAIT_S = 2.0
"""How long the peer may take to end its side after the close handshake began."""

NORMAL_CLOSURE = 1000
GOING_AWAY = 1001
_PROTOCOL_ERROR = 1002
_INVALID_TEXT = 1007
_TOO_BIG = 1009

_TEXT = picows.WSMsgType.TEXT

_logger = logging.getLogger("ocppsim.transport")


class LinkReceiver(Protocol):
    """Who is told what happens on a link; the calls must not raise."""

    def link_opened(self, link: Link) -> None:
        """The WebSocket is open and the sub-protocol agreed."""
        ...

    def link_closed(self, link: Link, reason: str) -> None:
        """The link is gone, and not because we ended it; ``reason`` is one line."""
        ...


class _Fragments:
    """A message that comes in pieces."""

    __slots__ = ("kind", "pieces", "size")

    def __init__(self, kind: picows.WSMsgType) -> None:
        self.kind = kind
        self.pieces: list[bytes] = []
        self.size = 0


class Link(picows.WSListener):
    """A WebSocket over a :class:`~.impairment.Network`.

    ``taker`` gets every whole text message. Nothing more is
    reported after :meth:`close`, :meth:`abort` or ``link_closed``. ``batches`` are shared by all
    links of an event loop.
    """

    __slots__ = (
        "_batches",
        "_close_timer",
        "_closing",
        "_fragments",
        "_gone",
        "_receiver",
        "heard",
        "network",
        "taker",
        "transport",
    )

    def __init__(
        self,
        receiver: LinkReceiver,
        network: Network,
        taker: TextTaker,
        batches: FrameBatches,
    ) -> None:
        self._receiver: LinkReceiver | None = receiver
        self.network = network
        self._batches = batches
        self.taker: TextTaker | None = taker
        self.transport: picows.WSTransport | None = None
        self._closing = False
        self._gone = False
        self._fragments: _Fragments | None = None
        self._close_timer: TimerHandle | None = None
        self.heard = False
        """Set by every frame that arrives; whoever watches for silence clears it."""

    @property
    def is_wanted(self) -> bool:
        """Whether somebody still waits for this link."""
        return self._receiver is not None

    @property
    def is_gone(self) -> bool:
        """Whether the connection beneath has ended, too."""
        return self._gone

    def send_text(self, text: bytes) -> None:
        """Send a text message; one that is sent on a link which is gone is lost."""
        transport = self.transport
        if transport is None or self._closing:
            return
        if self.network.is_undisturbed:
            self._batches.leave(self, text)
        else:
            self._batches.send()
            self.network.carry_out(lambda: transport.send(_TEXT, text))

    def send_ping(self) -> None:
        """Send a Ping; the answer sets :attr:`heard`."""
        if self.transport is not None and not self._closing and not self.network.is_silent:
            self.transport.send_ping()

    def close(self, code: int = NORMAL_CLOSURE, reason: str = "") -> None:
        """End the link with the closing handshake, behind what has been sent."""
        self._batches.send()
        self._detach()
        transport = self.transport
        if transport is None or self._closing:
            return
        self._closing = True
        self.network.carry_close(
            lambda: self._begin_close(code, reason), lambda: transport.disconnect(False)
        )

    def abort(self) -> None:
        """End the link without a word, as a power loss does; what has been sent is on its way."""
        self._batches.send()
        self._detach()
        self._closing = True
        transport = self.transport
        if transport is not None:
            self.network.when_not_blackholed(lambda: transport.disconnect(False))

    def on_ws_connected(self, transport: picows.WSTransport) -> None:
        self.transport = transport
        if self._receiver is not None:
            self._receiver.link_opened(self)

    def on_ws_frame(self, transport: picows.WSTransport, frame: picows.WSFrame) -> None:
        # Nearly every frame is a whole text on a network that lets it through at once
        if (
            frame.msg_type is not _TEXT
            or not frame.fin
            or self._fragments is not None
            or not self.network.is_undisturbed
            or frame.rsv1
            or frame.rsv2
            or frame.rsv3
        ):
            self._take(transport, frame)
            return
        self.heard = True
        text = frame.get_payload_as_bytes()
        if text.isascii() or self._is_utf8(text):
            self._batches.arrive(self, text)

    def on_ws_disconnected(self, transport: picows.WSTransport) -> None:
        self._batches.deliver()
        if self._close_timer is not None:
            self._close_timer.cancel()
            self._close_timer = None
        self.transport = None
        self._gone = True
        asyncio.get_running_loop().call_soon(_retrieve_outcome, transport)
        self._ended("the connection was lost")

    def _take(self, transport: picows.WSTransport, frame: picows.WSFrame) -> None:
        """A frame of any kind."""
        self._batches.settle()
        if self.network.is_silent:
            return
        self.heard = True
        kind = frame.msg_type
        if frame.rsv1 or frame.rsv2 or frame.rsv3:
            self._violated(_PROTOCOL_ERROR, "a reserved bit is set without an extension")
        elif kind == _TEXT and frame.fin and self._fragments is None:
            self._text(frame.get_payload_as_bytes())
        elif kind == picows.WSMsgType.PING:
            if not self._closing:
                transport.send_pong(frame.get_payload_as_bytes())
        elif kind == picows.WSMsgType.CLOSE:
            self._peer_closes(transport, frame)
        elif kind != picows.WSMsgType.PONG:
            self._fragment(kind, frame)

    def _fragment(self, kind: picows.WSMsgType, frame: picows.WSFrame) -> None:
        fragments = self._fragments
        if (kind == picows.WSMsgType.CONTINUATION) != (fragments is not None):
            self._violated(_PROTOCOL_ERROR, "fragments are out of order")
            return
        if fragments is None:
            fragments = self._fragments = _Fragments(kind)
        fragments.size += frame.payload_size
        if fragments.size > MAX_MESSAGE_BYTES:
            self._violated(_TOO_BIG, f"a message is longer than {MAX_MESSAGE_BYTES} bytes")
            return
        is_text = fragments.kind == _TEXT
        if is_text:
            fragments.pieces.append(frame.get_payload_as_bytes())
        if frame.fin:
            self._fragments = None
            if is_text:  # OCPP-J has no use for binary messages: they are ignored.
                self._text(b"".join(fragments.pieces))

    def _text(self, text: bytes) -> None:
        if (text.isascii() or self._is_utf8(text)) and self._receiver is not None:
            self.network.carry_in(lambda: self._deliver(text))

    def _is_utf8(self, text: bytes) -> bool:
        try:
            text.decode()
        except UnicodeDecodeError:
            self._violated(_INVALID_TEXT, "a text message is not UTF-8")
            return False
        return True

    def _deliver(self, text: bytes) -> None:
        if self.taker is not None:
            self.taker.take_text(text)

    def _violated(self, code: int, reason: str) -> None:
        """The peer broke RFC 6455: fail the connection (§7.1.7)."""
        self._batches.settle()
        if not self._closing:
            self._closing = True
            self._begin_close(code, reason)
        self._ended(f"WebSocket: {reason}")

    def _begin_close(self, code: int, reason: str) -> None:
        transport = self.transport
        if transport is None:
            return
        payload = code.to_bytes(2, "big") + reason.encode()[:123]
        transport.send(picows.WSMsgType.CLOSE, payload)
        self._limit_close(transport)

    def _peer_closes(self, transport: picows.WSTransport, frame: picows.WSFrame) -> None:
        payload = frame.get_payload_as_bytes()
        code = int.from_bytes(payload[:2], "big") if len(payload) >= 2 else None
        if self._closing:
            transport.disconnect()
            return
        self._closing = True
        transport.send(picows.WSMsgType.CLOSE, payload[:2])
        self._limit_close(transport)
        said = payload[2:].decode(errors="replace")
        self._ended(f"the CSMS closed the connection (code {code}{f', {said}' if said else ''})")

    def _limit_close(self, transport: picows.WSTransport) -> None:
        self._close_timer = self.network.timers.call_later(
            CLOSE_WAIT_S, lambda: transport.disconnect(False)
        )

    def _ended(self, reason: str) -> None:
        receiver = self._receiver
        if receiver is not None:
            self._detach()
            receiver.link_closed(self, reason)

    def _detach(self) -> None:
        self._receiver = None
        self.taker = None
        self._fragments = None


def _retrieve_outcome(transport: picows.WSTransport) -> None:
    """Take note of the error that picows keeps for whoever awaits the end of a link.

    The link is over, so the coroutine has nothing to wait for and ends in one step; asyncio
    would complain of an error that nobody took.
    """
    outcome = transport.wait_disconnected()
    try:
        outcome.send(None)
    except StopIteration:
        pass
    except Exception:
        _logger.debug("a link ended with an error", exc_info=True)
    finally:
        outcome.close()


__all__ = [
    "GOING_AWAY",
    "MAX_MESSAGE_BYTES",
    "NORMAL_CLOSURE",
    "SUBPROTOCOL",
    "Link",
    "LinkReceiver",
]
