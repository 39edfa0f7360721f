"""Where a file is fetched from or delivered to: the URLs of UpdateFirmware and GetDiagnostics."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

from .errors import TransferFailed

DEFAULT_PORTS = {"http": 80, "https": 443, "ftp": 21, "ftps": 990}
"""The protocols that can be used, and where their servers listen."""

HIDDEN = "***"

_CONTROL = re.compile(r"[\x00-\x20\x7f]")

_USER_AND_PASSWORD = re.compile(
    r"\A(\s*+(?:[a-z][a-z0-9+.-]*:(?=[/\\]))?+[/\\]*+[^:@/\\]*):.*@", re.IGNORECASE | re.DOTALL
)
"""The beginning of what was meant as a URL, up to the last ``@``."""


class Location(NamedTuple):
    """A URL in its parts (RFC 3986); ``path`` and ``query`` stay percent-encoded.

    ``user`` and ``password`` are decoded. Only ``shown`` is fit to be shown to anybody.
    """

    scheme: str
    host: str
    port: int
    user: str | None
    password: str | None
    path: str
    query: str

    @property
    def peer(self) -> str:
        """The server, as ``host:port``."""
        return f"{_bracketed(self.host)}:{self.port}"

    @property
    def url(self) -> str:
        """The URL without user and password."""
        query = f"?{self.query}" if self.query else ""
        return f"{self._base}{self.path or '/'}{query}"

    @property
    def shown(self) -> str:
        """The URL without anything that may be a secret; a query often is a signature."""
        return f"{self._base}{self.path or '/'}"

    @property
    def is_directory(self) -> bool:
        """Whether it names no file, but the place for one."""
        return not self.path or self.path.endswith("/")

    def with_file(self, file_name: str) -> Location:
        """The place of a file in this directory; a location that names a file stays as it is."""
        if not self.is_directory:
            return self
        return self._replace(path=f"{self.path or '/'}{quote(file_name, safe='')}")

    @property
    def _base(self) -> str:
        port = "" if self.port == DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{_bracketed(self.host)}{port}"


def parse_location(text: str) -> Location:
    """Take a URL apart; raises :class:`~.errors.TransferFailed` where it cannot be used.

    ``ftp://user:password@host:port/path``: user, password and port may be left out
    (1.6 ed.2 §8.1).
    """
    text = text.strip()
    if _CONTROL.search(text):
        raise TransferFailed("The location holds a blank or a control character.")
    try:
        parts = urlsplit(text)
        port = parts.port
        host = parts.hostname
    except ValueError:
        raise TransferFailed("The location is not a URL.") from None
    if parts.scheme not in DEFAULT_PORTS:
        raise TransferFailed("The location must begin with http://, https://, ftp:// or ftps://.")
    if not host:
        raise TransferFailed("The location names no host.")
    return Location(
        scheme=parts.scheme,
        host=host,
        port=DEFAULT_PORTS[parts.scheme] if port is None else port,
        user=None if not parts.username else unquote(parts.username),
        password=None if parts.password is None else unquote(parts.password),
        path=parts.path,
        query=parts.query,
    )


def shown_location(text: str) -> str:
    """A URL without anything that may be a secret, for the log."""
    try:
        return parse_location(text).shown
    except TransferFailed:
        return "an unusable location"


def without_password(text: str) -> str:
    """A URL as it may be shown: its password, where it has one, is hidden.

    So it is in a text that is no URL but begins like one: a password with a ``/`` in it, ...
    """
    if "@" not in text:
        return text
    scheme, separator, rest = text.partition("://")
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    user_info, at, host = authority.rpartition("@")
    user, colon, _ = user_info.partition(":")
    if separator and at and colon:
        return f"{scheme}://{user}:{HIDDEN}@{host}{rest[len(authority) :]}"
    try:
        parse_location(text)
    except TransferFailed:
        return _USER_AND_PASSWORD.sub(rf"\1:{HIDDEN}@", text, count=1)
    return text


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


__all__ = [
    "DEFAULT_PORTS",
    "HIDDEN",
    "Location",
    "parse_location",
    "shown_location",
    "without_password",
]
