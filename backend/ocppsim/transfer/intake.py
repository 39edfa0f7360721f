"""Takes the bytes of a download, and keeps none of them."""

from __future__ import annotations

import hashlib

from .bounds import Receipt, TransferBounds


class Intake:
    """Counts and hashes what comes; raises ``TransferFailed`` as soon as it is too much."""

    def __init__(self, bounds: TransferBounds) -> None:
        self._bounds = bounds
        self._digest = hashlib.sha256()
        self._size_bytes = 0

    def expect(self, size_bytes: int) -> None:
        """The server says how much will come."""
        self._bounds.check_size(size_bytes)

    def take(self, chunk: bytes) -> None:
        self._size_bytes += len(chunk)
        self._bounds.check_size(self._size_bytes)
        self._digest.update(chunk)

    @property
    def receipt(self) -> Receipt:
        return Receipt(self._size_bytes, self._digest.hexdigest())


def receipt_of(content: bytes) -> Receipt:
    """The receipt for a content that was delivered whole."""
    return Receipt(len(content), hashlib.sha256(content).hexdigest())


__all__ = ["Intake", "receipt_of"]
