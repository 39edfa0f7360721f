"""How much a transfer may take, and what comes of one that went well."""

from __future__ import annotations

import msgspec

from .errors import TransferFailed

DEFAULT_MAX_BYTES = 256 << 20
DEFAULT_LIMIT_S = 900.0


class TransferBounds(msgspec.Struct, frozen=True):
    """In size and in (real) time.

    ``connect_s`` is for getting a connection, ``idle_s`` for waiting while nothing moves,
    ``limit_s`` for the whole transfer.
    """

    max_bytes: int = DEFAULT_MAX_BYTES
    connect_s: float = 10.0
    idle_s: float = 30.0
    limit_s: float = DEFAULT_LIMIT_S

    def check_size(self, size_bytes: int) -> None:
        """Raises :class:`~.errors.TransferFailed` for more than ``max_bytes``."""
        if size_bytes > self.max_bytes:
            raise TransferFailed(f"The file is larger than the {self.max_bytes} bytes allowed.")


class Receipt(msgspec.Struct, frozen=True):
    """What was transferred; the digest is SHA-256 in hexadecimal."""

    size_bytes: int
    sha256: str


__all__ = ["DEFAULT_LIMIT_S", "DEFAULT_MAX_BYTES", "Receipt", "TransferBounds"]
