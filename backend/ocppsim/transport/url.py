"""From the CSMS endpoint and a charge point's identity to the URL that it connects to."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit, urlunsplit


class InvalidUrl(ValueError):
    """The endpoint cannot be connected to; the text says why."""


class TargetUrl(NamedTuple):
    """Where to connect to; a user and password of the URL are taken out of it."""

    url: str
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
    endpoint_path = parts.path.rstrip("/")
    base, _, last = endpoint_path.rpartition("/")
    if unquote(last) != charge_point_id:
        base = endpoint_path
    path = f"{base}/{quote(charge_point_id, safe='')}"
    host = parts.hostname
    netloc = f"[{host}]" if ":" in host else host
    if port is not None:
        netloc = f"{netloc}:{port}"
    return TargetUrl(
        url=urlunsplit((parts.scheme, netloc, path, parts.query, "")),
        host=host,
        port=port or (443 if secure else 80),
        secure=secure,
        user=None if parts.username is None else unquote(parts.username),
        password=None if parts.password is None else unquote(parts.password),
    )


__all__ = ["InvalidUrl", "TargetUrl", "target_url"]
