"""Transfers by whatever protocol a location names."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable
from functools import cached_property
from typing import TypeVar

from .allowlist import HostAllowlist
from .bounds import Receipt, TransferBounds
from .errors import TransferFailed
from .ftp import FtpTransfer
from .http import HttpTransfer
from .location import Location, parse_location

T = TypeVar("T")


class FileTransfer:
    """Downloads and uploads with the hosts of ``allowlist``, within ``bounds``.

    Whoever awaits a transfer can cancel it. Certificates are verified against those that the
    machine trusts (or ``tls``).
    """

    def __init__(
        self,
        allowlist: HostAllowlist,
        bounds: TransferBounds | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._allowlist = allowlist
        self._bounds = bounds if bounds is not None else TransferBounds()
        self._given_tls = tls

    def allows(self, location: str) -> bool:
        """Whether a transfer there may be tried; no for what is no usable URL."""
        try:
            return self._allowlist.allows(parse_location(location))
        except TransferFailed:
            return False

    async def download(self, location: str) -> Receipt:
        """Fetch a file, count it, hash it and forget it.

        Raises :class:`~.errors.TransferFailed`.
        """
        place = self._checked(location)
        return await self._in_time(self._protocol(place).download(place))

    async def upload(self, location: str, file_name: str, content: bytes) -> Receipt:
        """Deliver a file, under its name where ``location`` is a directory.

        Raises :class:`~.errors.TransferFailed`.
        """
        place = self._checked(location)
        self._bounds.check_size(len(content))
        return await self._in_time(self._protocol(place).upload(place, file_name, content))

    def _checked(self, location: str) -> Location:
        place = parse_location(location)
        if not self._allowlist.allows(place):
            raise TransferFailed(f"{place.peer} is not an allowed host.")
        return place

    def _protocol(self, location: Location) -> HttpTransfer | FtpTransfer:
        if location.scheme in ("http", "https"):
            return HttpTransfer(self._allowlist, self._bounds, self._tls)
        return FtpTransfer(self._bounds, self._tls)

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return self._given_tls or ssl.create_default_context()

    async def _in_time(self, transfer: Awaitable[T]) -> T:
        limit_s = self._bounds.limit_s
        try:
            async with asyncio.timeout(limit_s):
                return await transfer
        except TimeoutError:
            raise TransferFailed(f"It took longer than {limit_s:g} s.") from None


__all__ = ["FileTransfer"]
