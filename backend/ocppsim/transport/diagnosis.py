"""Why a connection could not be made, in one line that names the layer at fault."""

from __future__ import annotations

import errno
import os
import re
import socket
import ssl
from http import HTTPStatus

import picows

from .url import InvalidUrl, TargetUrl

_ERRNO = re.compile(r"\[Errno (\d+)\]")
_HINTS = {
    HTTPStatus.UNAUTHORIZED: " (the CSMS wants another user or password)",
    HTTPStatus.FORBIDDEN: " (the CSMS does not let this charge point in)",
    HTTPStatus.NOT_FOUND: " (the CSMS does not know this charge point or path)",
}


class ConnectFailed(Exception):
    """A connection could not be made; the text is a diagnosis of one line."""


class SubprotocolRefused(ConnectFailed):
    """The CSMS opened the WebSocket without agreeing to our sub-protocol."""


def diagnose(error: BaseException, target: TargetUrl) -> str:
    """One line on why connecting to ``target`` failed with ``error``; it holds no secret."""
    peer = f"{target.host}:{target.port}"
    match error:
        case ConnectFailed() | InvalidUrl():
            return str(error)
        case socket.gaierror():
            return f"DNS: cannot resolve {target.host} ({error.strerror or error})"
        case ssl.SSLCertVerificationError():
            return f"TLS: the certificate of {peer} is not trusted ({error.verify_message})"
        case ssl.SSLError():
            return f"TLS: the handshake with {peer} failed ({_ssl_reason(error)})"
        case picows.WSInvalidStatusError():
            return _http_status(error)
        case picows.WSHandshakeError():
            return f"HTTP: {error}"
        case picows.WSError():
            return f"WebSocket: {error}"
        case TimeoutError() if error.errno is None:
            if "handshake timeout" in str(error):
                return f"timeout: {peer} does not answer the WebSocket handshake"
            return f"timeout: {peer} does not answer"
        case OSError():
            return _socket_error(error, target)
        case UnicodeError():
            return f"DNS: {target.host} is not a host name"
        case _:
            return f"{type(error).__name__}: {error}"


def _ssl_reason(error: ssl.SSLError) -> str:
    reason = error.reason or (str(error.args[-1]) if error.args else "unknown reason")
    return reason.replace("_", " ").lower()


def _http_status(error: picows.WSInvalidStatusError) -> str:
    response = error.response
    if response is None:
        return f"HTTP: {error}"
    status = response.status
    if 300 <= status < 400:
        location = response.headers.get("Location", "nowhere")
        return f"HTTP {status.value} {status.phrase}: redirects are not followed ({location})"
    return f"HTTP {status.value} {status.phrase}{_HINTS.get(status, '')}"


def _socket_error(error: OSError, target: TargetUrl) -> str:
    peer = f"{target.host}:{target.port}"
    number = error.errno
    if number is None:
        # With several addresses asyncio joins the errors of all of them into one text.
        found = _ERRNO.search(str(error))
        number = int(found.group(1)) if found else None
    if number == errno.ECONNREFUSED:
        return f"TCP: {peer} refuses the connection"
    if isinstance(error, ConnectionResetError | ConnectionAbortedError | BrokenPipeError):
        layer = "TLS" if target.secure else "TCP"
        return f"{layer}: {peer} closed the connection before the handshake ended"
    reason = os.strerror(number) if number is not None else str(error)
    return f"TCP: cannot reach {peer} ({reason})"


__all__ = ["ConnectFailed", "SubprotocolRefused", "diagnose"]
