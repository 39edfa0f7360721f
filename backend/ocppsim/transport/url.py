"""From the CSMS endpoint and a charge point's identity to the URL that it connects to."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit


class InvalidUrl(ValueError):
    """The endpoint cannot be connected to; the text says why."""


class TargetUrl(NamedTuple):
    """Where to connect to; a user and password of the URL are taken out of it."""

    url: str
    authority: str
    """Host and port as they stand in ``url``, for the header ``Host``."""
    resource: str
    """What follows them in ``url``: path and query."""
    host: str
    port: int
    secure: bool
    user: str | None
    password: str | None


class _Endpoint(NamedTuple):
    """A CSMS endpoint taken apart; ``path`` ends without a slash."""

    origin: str
    authority: str
    path: str
    query: str
    host: str
    port: int
    secure: bool
    user: str | None
    password: str | None


def target_url(endpoint: str, charge_point_id: str) -> TargetUrl:
    """The URL of one charge point at a CSMS endpoint.

    The percent-encoded identity becomes one more path segment (OCPP-J 1.6 §3.1.1), unless the
    path ends in it already, encoded or not. A query stays behind the path. Raises
    :class:`InvalidUrl`.
    """
    parts = _endpoint(endpoint)
    base, _, last = parts.path.rpartition("/")
    if unquote(last) != charge_point_id:
        base = parts.path
    resource = f"{base}/{quote(charge_point_id, safe='')}{parts.query}"
    return TargetUrl(
        url=f"{parts.origin}{resource}",
        authority=parts.authority,
        resource=resource,
        host=parts.host,
        port=parts.port,
        secure=parts.secure,
        user=parts.user,
        password=parts.password,
    )


@lru_cache(maxsize=256)
def _endpoint(endpoint: str) -> _Endpoint:
    """Most chargers share theirs with many others."""
    try:
        parts = urlsplit(endpoint.strip())
        port = parts.port
    except ValueError as error:
        raise InvalidUrl(f"URL: {error}") from None
    if parts.scheme not in ("ws", "wss"):
        raise InvalidUrl("URL: it must begin with ws:// or wss://")
    if not parts.hostname:
        raise InvalidUrl("URL: it has no host")
    secure = parts.scheme == "wss"
    host = parts.hostname
    netloc = f"[{host}]" if ":" in host else host
    if port is not None:
        netloc = f"{netloc}:{port}"
    return _Endpoint(
        origin=f"{parts.scheme}://{netloc}",
        authority=netloc,
        path=parts.path.rstrip("/"),
        query=f"?{parts.query}" if parts.query else "",
        host=host,
        port=port or (443 if secure else 80),
        secure=secure,
        user=None if parts.username is None else unquote(parts.username),
        password=None if parts.password is None else unquote(parts.password),
    )


__all__ = ["InvalidUrl", "TargetUrl", "target_url"]
