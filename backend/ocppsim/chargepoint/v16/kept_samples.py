"""The samples of a transaction that StopTransaction will carry (1.6 ed.2 §3.16, errata 3.89)."""

from __future__ import annotations

from functools import cache

import msgspec

from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.protocol.v16.datatypes import MeterValue

from .core import Core

_NONE: dict[int, MeterValue] = {}
"""Of all transactions whose stop carries no samples; nothing is ever put into it."""


@cache
def _prefix(connector_id: ConnectorId) -> str:
    return f"sample/{connector_id}/"


class KeptSamples:
    """Kept one by one as they come, so that a power loss takes none of them away.

    Where they become too many every second one goes, and of those to come only every second,
    fourth... is kept (MV-39).
    """

    __slots__ = ("_core", "_next", "_prefix", "_seen", "_thinning", "_values")

    def __init__(self, core: Core, connector_id: ConnectorId) -> None:
        """Those that a connector has kept already, from before a power loss."""
        self._core = core
        self._prefix = _prefix(connector_id)
        cells = core.durable.cells
        numbers = sorted(
            int(key.removeprefix(self._prefix)) for key in cells if key.startswith(self._prefix)
        )
        self._values: dict[int, MeterValue] = {
            number: msgspec.json.decode(cells[f"{self._prefix}{number}"], type=MeterValue)
            for number in numbers
        } or _NONE
        self._next = max(self._values, default=0) + 1
        self._seen = 0
        self._thinning = 1

    def values(self) -> list[MeterValue]:
        """What is kept, in the order in which it was sampled."""
        return list(self._values.values())

    def keep(self, value: MeterValue, room: int) -> None:
        """Keep a sample; there is never more than ``room`` (at least 1)."""
        self._seen += 1
        if self._seen % self._thinning:
            return
        if not self._values:
            self._values = {}
        self._values[self._next] = value
        self._core.put_cell(f"{self._prefix}{self._next}", value)
        self._next += 1
        if len(self._values) > max(room, 1):
            self._drop(list(self._values)[::2])
            self._thinning *= 2

    def clear(self) -> None:
        """The transaction is over, and its StopTransaction is stored."""
        self._drop(list(self._values))

    def _drop(self, numbers: list[int]) -> None:
        for number in numbers:
            self._core.put_cell(f"{self._prefix}{number}", None)
        self._values = {
            number: value for number, value in self._values.items() if number not in numbers
        } or _NONE
