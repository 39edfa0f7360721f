"""Who may use the API: the checks that every request passes before any route sees it.

On loopback the API is open, but only to pages and programs of this machine: the ``Host``
header must name it (a page of another site can point a name of its own at 127.0.0.1: DNS
rebinding), and so must the ``Origin`` of a request that changes something. Bound wider, every
request to the API wants the token, as a bearer or through the cookie of a login.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from .problems import CHALLENGE, problem_document

SESSION_COOKIE = "ocppsim_session"
SESSION_LIFETIME_S = 30 * 24 * 3600
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
OPEN_PATHS = frozenset({"/api/health", "/api/login", "/api/logout", "/api/session"})
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class AccessPolicy:
    """``token`` None: the API is open, and reachable from this machine only.

    ``allowed_hosts`` are names beside the loopback ones that the ``Host`` header may have.
    ``cors_origins`` are the origins of other sites' pages that may use the API.
    """

    token: str | None = None
    allowed_hosts: frozenset[str] = frozenset()
    cors_origins: tuple[str, ...] = ()

    def is_known_host(self, host: str | None) -> bool:
        """Whether a ``Host`` header names this service."""
        if self.token is not None and not self.allowed_hosts:
            return bool(host)
        name = _host_name(host)
        return name is not None and (name in LOOPBACK_NAMES or name in self.allowed_hosts)

    def is_own_origin(self, origin: str, host: str | None) -> bool:
        """Whether a page of ``origin`` may change something here."""
        if origin in self.cors_origins or "*" in self.cors_origins:
            return True
        try:
            parts = urlsplit(origin)
        except ValueError:
            return False
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            return False
        if host is not None and parts.netloc.lower() == host.lower():
            return True
        # Another port of this machine is no other site (a development server, for one).
        return self.token is None and parts.hostname in LOOPBACK_NAMES | self.allowed_hosts

    def is_authenticated(self, headers: Headers) -> bool:
        """Whether a request with these headers may use the API."""
        if self.token is None:
            return True
        scheme, _, credentials = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and self.is_token(credentials.strip()):
            return True
        return self._is_session(_session_cookie(headers))

    def is_token(self, text: str) -> bool:
        """Whether ``text`` is the token (compared in constant time)."""
        return self.token is not None and hmac.compare_digest(text.encode(), self.token.encode())

    def new_session(self) -> str:
        """The value of a login cookie; it holds a signed expiry, not the token."""
        expires = str(int(time.time()) + SESSION_LIFETIME_S)
        return f"{expires}.{self._signature(expires)}"

    def _is_session(self, value: str | None) -> bool:
        if value is None:
            return False
        expires, _, signature = value.partition(".")
        if not expires.isdecimal() or not expires.isascii() or len(expires) > 12:
            return False
        fits = hmac.compare_digest(signature.encode(), self._signature(expires).encode())
        return fits and int(expires) > time.time()

    def _signature(self, expires: str) -> str:
        key = (self.token or "").encode()
        return hmac.new(key, f"session {expires}".encode(), hashlib.sha256).hexdigest()


class HostGuard:
    """Turns away requests that were meant for another host (421)."""

    def __init__(self, app: ASGIApp, policy: AccessPolicy) -> None:
        self._app = app
        self._policy = policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._policy.is_known_host(Headers(scope=scope).get("host")):
            await self._app(scope, receive, send)
            return
        refusal = problem_document(
            421, "the Host header does not name this service; see the setting ALLOWED_HOSTS"
        )
        await refusal(scope, receive, send)


class AccessGuard:
    """Turns away strangers (401) and what pages of other sites try to change (403)."""

    def __init__(self, app: ASGIApp, policy: AccessPolicy) -> None:
        self._app = app
        self._policy = policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            path: str = scope["path"]
            origin = headers.get("origin")
            if (
                origin is not None
                and scope["method"] not in _SAFE_METHODS
                and not self._policy.is_own_origin(origin, headers.get("host"))
            ):
                refusal = problem_document(
                    403, "a page of another site may not change anything here", instance=path
                )
                await refusal(scope, receive, send)
                return
            if (
                is_api_path(path)
                and path not in OPEN_PATHS
                and not self._policy.is_authenticated(headers)
            ):
                refusal = problem_document(
                    401,
                    "the API token is wanted, as a bearer token or through a login",
                    instance=path,
                    headers={"WWW-Authenticate": CHALLENGE},
                )
                await refusal(scope, receive, send)
                return
        await self._app(scope, receive, send)


def is_api_path(path: str) -> bool:
    """Whether a path belongs to the API, not to the UI."""
    return path == "/api" or path.startswith("/api/")


def _host_name(host: str | None) -> str | None:
    """The name in a ``Host`` header, without port and brackets; None for no good header."""
    if not host:
        return None
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def _session_cookie(headers: Headers) -> str | None:
    try:
        cookie = SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        return None
    morsel = cookie.get(SESSION_COOKIE)
    return None if morsel is None else morsel.value
