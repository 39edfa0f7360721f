"""The hosts that files may be exchanged with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlsplit

from .location import Location

EVERYWHERE = "*"


class _Entry(NamedTuple):
    host: str
    port: int | None


class HostAllowlist:
    """Hosts, with or without a port; no entry means nobody, ``*`` everybody.

    Names are compared as they are written, in any case: an address does not stand for the names
    that lead to it, nor the other way round.
    """

    def __init__(self, entries: Iterable[str] = ()) -> None:
        """``host``, ``host:port``, ``[IPv6]:port`` or ``*``; raises ``ValueError`` for others."""
        self._entries = frozenset(_entry(text) for text in entries)

    @property
    def is_empty(self) -> bool:
        return not self._entries

    @property
    def allows_everything(self) -> bool:
        return _Entry(EVERYWHERE, None) in self._entries

    def allows(self, location: Location) -> bool:
        """Whether its host, at its port, is one of ours."""
        host = location.host.lower()
        wanted = {_Entry(EVERYWHERE, None), _Entry(host, None), _Entry(host, location.port)}
        return not self._entries.isdisjoint(wanted)


def _entry(text: str) -> _Entry:
    text = text.strip()
    if text == EVERYWHERE:
        return _Entry(EVERYWHERE, None)
    refusal = ValueError(f"{text!r} is not a host, a host:port or *")
    if text.count(":") > 1 and not text.startswith("["):
        text = f"[{text}]"
    try:
        parts = urlsplit(f"//{text}")
        host, port = parts.hostname, parts.port
    except ValueError:
        raise refusal from None
    if not host or "*" in host or parts.netloc != text or "@" in text or text.endswith(":"):
        raise refusal
    return _Entry(host.lower(), port)


__all__ = ["EVERYWHERE", "HostAllowlist"]
