"""Who is at the connectors of a live fleet, kept in the journal of its chargers."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ocppsim.chargepoint.durable_state import DurableState
from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.runtime.ports import JournalPort
from ocppsim.simulation.visit import StoredVisit

_PREFIX = "fleet-visit/"

_decoder = msgspec.json.Decoder(StoredVisit)


class VisitCells:
    """A :data:`~ocppsim.simulation.fleet_driver.Remember` that writes to the journal.

    ``charger_ids`` are the chargers' in the order of their places.
    """

    def __init__(self, journal: JournalPort, charger_ids: list[int]) -> None:
        self._journal = journal
        self._charger_ids = charger_ids

    def __call__(self, place: int, connector_id: ConnectorId, visit: StoredVisit | None) -> None:
        body = None if visit is None else msgspec.json.encode(visit)
        self._journal.put_cell(self._charger_ids[place], f"{_PREFIX}{connector_id}", body)


def take_visits(durable: DurableState) -> Iterator[tuple[ConnectorId, StoredVisit]]:
    """The latest visit to each connector, taken out of what is the charger's own."""
    for key in [key for key in durable.cells if key.startswith(_PREFIX)]:
        visit = _decoder.decode(durable.cells.pop(key))
        yield ConnectorId(int(key.removeprefix(_PREFIX))), visit


__all__ = ["VisitCells", "take_visits"]
