"""Text frames of all links in two goes for each turn of the event loop: in, and out.

Between a frame's arrival and the next one's the kernel and the library take their turn, and the
interpreter starts cold each time. Chargers are therefore told one after the other what has come,
and what they send goes out one after the other: that takes a fifth less time for each, and a CSMS
on the same machine is woken once for many.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Protocol

import picows

_TEXT = picows.WSMsgType.TEXT
_HEADER_BYTES = 14
"""What picows needs in front of a text for the header of its frame (RFC 6455 §5.2)."""

_logger = logging.getLogger("ocppsim.transport")


class TextTaker(Protocol):
    """Who is given the texts that arrive on a link."""

    def take_text(self, text: bytes) -> None:
        """A whole text message, valid UTF-8; must not raise."""
        ...


class Endpoint(Protocol):
    """A link as the batches see it; None where nothing goes that way any more."""

    @property
    def taker(self) -> TextTaker | None: ...

    @property
    def transport(self) -> picows.WSTransport | None: ...


class FrameBatches:
    """What has arrived and what is to be sent, in this order, until the loop comes to it."""

    __slots__ = ("_arrived", "_buffer", "_leaving")

    def __init__(self) -> None:
        self._arrived: list[tuple[Endpoint, bytes]] = []
        self._leaving: list[tuple[Endpoint, bytes]] = []
        self._buffer = bytearray(_HEADER_BYTES)

    def arrive(self, link: Endpoint, text: bytes) -> None:
        """Deliver a text in this turn of the loop."""
        if not self._arrived:
            asyncio.get_running_loop().call_soon(self.deliver)
        self._arrived.append((link, text))

    def leave(self, link: Endpoint, text: bytes) -> None:
        """Send a text in this turn of the loop or the next."""
        if not self._leaving:
            asyncio.get_running_loop().call_soon(self.send)
        self._leaving.append((link, text))

    def settle(self) -> None:
        """Deliver and send everything now: something is to happen behind it."""
        self.deliver()
        self.send()

    def deliver(self) -> None:
        """Deliver what has arrived, and send what came of it."""
        arrived, self._arrived = self._arrived, []
        for link, text in arrived:
            taker = link.taker
            if taker is not None:
                try:
                    taker.take_text(text)
                except Exception:
                    _logger.exception("a text could not be taken")
        self.send()

    def send(self) -> None:
        """Send what is to be sent."""
        leaving, self._leaving = self._leaving, []
        buffer = self._buffer
        for link, text in leaving:
            transport = link.transport
            if transport is not None:
                # One buffer for all: that of the transport is in no cache any more
                buffer[_HEADER_BYTES:] = text
                try:
                    transport.send_reuse_external_bytearray(_TEXT, buffer, _HEADER_BYTES)
                except Exception:
                    _logger.exception("a text could not be sent")


__all__ = ["FrameBatches"]
