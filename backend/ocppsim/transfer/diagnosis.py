"""One sentence on why a transfer failed."""

from __future__ import annotations

import errno
import os
import re
import socket
import ssl

from .location import Location

_ERRNO = re.compile(r"\[Errno (-?\d+)\]")
_MAX_QUOTED = 120


def diagnose(error: BaseException, location: Location, idle_s: float) -> str:
    """Why the network failed us; the sentence holds no secret."""
    peer = location.peer
    for cause in _chain(error):
        match cause:
            case socket.gaierror():
                return f"The host {location.host} is not known."
            case ssl.SSLCertVerificationError():
                return f"The certificate of {peer} is not trusted ({cause.verify_message})."
            case ssl.SSLError():
                reason = (cause.reason or "unknown reason").replace("_", " ").lower()
                return f"TLS with {peer} failed ({reason})."
            case TimeoutError() if cause.errno is None:
                return f"Nothing moved between us and {peer} for {idle_s:g} s."
            case ConnectionRefusedError():
                return f"{peer} refuses the connection."
            case UnicodeError():
                return f"{location.host} is not a host name."
            case EOFError() | ConnectionError():
                return broken(location)
            case OSError():
                return _socket_error(cause, location)
            case _:
                continue
    return broken(location)


def broken(location: Location) -> str:
    """The connection ended before its time."""
    return f"The connection to {location.peer} broke."


def quoted(text: str) -> str:
    """What a server said, short and printable."""
    line = "".join(each if each.isprintable() else " " for each in text).strip()
    return line if len(line) <= _MAX_QUOTED else f"{line[:_MAX_QUOTED]}…"


def _chain(error: BaseException) -> list[BaseException]:
    """The errors from the first cause to the last consequence."""
    chain: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and link not in chain:
        chain.append(link)
        link = link.__cause__ or link.__context__
    return chain[::-1]


def _socket_error(error: OSError, location: Location) -> str:
    number = error.errno
    if number is None:
        # With several addresses asyncio joins the errors of all of them into one text.
        found = _ERRNO.search(str(error))
        number = int(found.group(1)) if found else None
    if number == errno.ECONNREFUSED:
        return f"{location.peer} refuses the connection."
    reason = f" ({os.strerror(number)})" if number is not None else ""
    return f"{location.peer} cannot be reached{reason}."


__all__ = ["broken", "diagnose", "quoted"]
