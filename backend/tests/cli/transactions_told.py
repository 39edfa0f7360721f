"""What the chargers of a fleet know of their transactions, and what their CSMS was told."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ocppsim.csms import DemoCentralSystem, WireMessage


class Told(NamedTuple):
    """A transaction: by its charger, and by what a start and a stop say of it."""

    charger: str
    connector: int
    id_tag: str
    meter_start: int
    meter_stop: int
    transaction_id: int


class TransactionsTold:
    """Listens to a CSMS.

    A StartTransaction that was answered may come again where the answer was lost with the process
    that waited for it; so it may get more than one id, of which the charger uses the last one.
    """

    def __init__(self, csms: DemoCentralSystem) -> None:
        self._asked: dict[tuple[str, str], dict[str, Any]] = {}
        self.starts: dict[tuple[str, int], dict[str, Any]] = {}
        self.stops: dict[tuple[str, int], list[dict[str, Any]]] = {}
        csms.watch_wire(self._hear)

    def _hear(self, message: WireMessage) -> None:
        frame = json.loads(message.text)
        charger = message.charge_point_id
        if frame[0] == 2 and frame[2] == "StartTransaction":
            self._asked[charger, frame[1]] = frame[3]
        elif frame[0] == 2 and frame[2] == "StopTransaction":
            stop = frame[3]
            self.stops.setdefault((charger, stop["transactionId"]), []).append(stop)
        elif frame[0] == 3:
            start = self._asked.pop((charger, frame[1]), None)
            if start is not None:
                self.starts[charger, frame[2]["transactionId"]] = start

    @property
    def begun(self) -> set[tuple[str, str]]:
        """The transactions that were begun, by charger, connector and time."""
        return {
            (charger, f"{start['connectorId']} {start['timestamp']}")
            for (charger, _), start in self.starts.items()
        }

    def ended(self) -> set[Told]:
        """Those with a stop; it comes a second time only with the same contents."""
        return ended(self.starts, self.stops)


def ended(
    starts: Mapping[tuple[str, int], dict[str, Any]],
    stops: Mapping[tuple[str, int], list[dict[str, Any]]],
) -> set[Told]:
    """The transactions with a stop, by what the CSMS heard of each charger and id.

    A stop comes a second time only with the same contents.
    """
    found: set[Told] = set()
    for (charger, transaction_id), told in stops.items():
        start = starts[charger, transaction_id]
        assert len({json.dumps(stop, sort_keys=True) for stop in told}) == 1
        found.add(
            Told(
                charger,
                start["connectorId"],
                start["idTag"],
                start["meterStart"],
                told[0]["meterStop"],
                transaction_id,
            )
        )
    return found


def known(databases: Iterable[Path]) -> tuple[set[Told], int]:
    """What the chargers have in their histories; how many of it have no end that was confirmed."""
    found: set[Told] = set()
    unfinished = 0
    for path in databases:
        with sqlite3.connect(path) as connection:
            rows = connection.execute(
                "SELECT charge_point_id, connector_id, id_tag, meter_start_wh, meter_stop_wh,"
                " transaction_id, state FROM transactions"
                " JOIN chargers ON chargers.id = transactions.charger_id"
            ).fetchall()
        connection.close()
        found |= {Told(*row[:-1]) for row in rows if row[-1] == "stopped"}
        unfinished += sum(row[-1] != "stopped" for row in rows)
    return found, unfinished
