"""Starts transactions by remote command, one connector after the other, for a demo."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Protocol

from .charge_point_link import CallOutcome
from .charger_record import ChargerRecord
from .configuration import AutoStart
from .errors import CentralSystemError
from .ledger import TransactionLedger

_log = logging.getLogger(__name__)


class StartsTransactions(Protocol):
    """What the starter needs of its central system."""

    @property
    def chargers(self) -> dict[str, ChargerRecord]: ...

    @property
    def transactions(self) -> TransactionLedger: ...

    async def send(
        self, charge_point_id: str, action: str, payload: dict[str, object]
    ) -> CallOutcome: ...


class AutoStarter:
    """Carries out an :class:`~.configuration.AutoStart`."""

    def __init__(self, central_system: StartsTransactions, plan: AutoStart) -> None:
        self._central_system = central_system
        self._plan = plan
        self._rest_until_s: dict[tuple[str, int], float] = {}

    async def run(self) -> None:
        """Start what is due, for ever; a charger that refuses or fails is left to rest."""
        while True:
            due = self.next_due(time.monotonic())
            if due is None:
                await asyncio.sleep(min(1.0, self._plan.pace_s))
                continue
            charge_point_id, connector_id, id_tag = due
            await self._start(charge_point_id, connector_id, id_tag)
            await asyncio.sleep(self._plan.pace_s)

    def next_due(self, now_s: float) -> tuple[str, int, str] | None:
        """The connector that has been Available long enough, and the tag to start it with."""
        for record in self._central_system.chargers.values():
            if not record.connected or record.boots == 0:
                continue
            for connector_id, connector in sorted(record.connectors.items()):
                key = (record.charge_point_id, connector_id)
                if connector_id == 0:
                    continue
                if connector.status != "Available":
                    if connector.status in ("Charging", "SuspendedEV", "SuspendedEVSE"):
                        self._rest_until_s[key] = now_s + self._plan.rest_s
                    continue
                if (
                    now_s - connector.since_s < self._plan.delay_s
                    or now_s < self._rest_until_s.get(key, now_s)
                    or self._central_system.transactions.running_on(*key) is not None
                ):
                    continue
                id_tag = self._plan.id_tag_for(record.charge_point_id, connector_id)
                if id_tag is not None:
                    return record.charge_point_id, connector_id, id_tag
        return None

    async def _start(self, charge_point_id: str, connector_id: int, id_tag: str) -> None:
        self._rest_until_s[(charge_point_id, connector_id)] = time.monotonic() + self._plan.rest_s
        try:
            outcome = await self._central_system.send(
                charge_point_id,
                "RemoteStartTransaction",
                {"connectorId": connector_id, "idTag": id_tag},
            )
        except CentralSystemError as error:
            _log.info("auto start of %s connector %d: %s", charge_point_id, connector_id, error)
            return
        _log.debug("auto start of %s connector %d: %s", charge_point_id, connector_id, outcome)
