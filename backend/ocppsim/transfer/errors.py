"""Why a file could not be transferred."""

from __future__ import annotations


class TransferFailed(Exception):
    """A download or an upload did not come about; the text is one sentence without a secret."""


__all__ = ["TransferFailed"]
