"""Carries out what a charger orders to be stored."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from ocppsim.chargepoint import effects as orders

from .ports import ConfigSyncPort, JournalPort

_logger = logging.getLogger("ocppsim.runtime.charger")

LONGEST_COMMIT_S = 2.0
"""A database that is slower than this does not hold up the answers to the CSMS any longer."""


class ChargerStorage:
    """The tables of one charger, and the wait for a commit of its journal.

    ``committed`` is called on the loop with the ticket of an ``AwaitCommit``, once everything
    before it is stored.
    """

    __slots__ = (
        "_charge_point_id",
        "_charger_id",
        "_committed",
        "_config_sync",
        "_journal",
    )

    def __init__(
        self,
        charger_id: int,
        charge_point_id: str,
        journal: JournalPort,
        config_sync: ConfigSyncPort,
        *,
        committed: Callable[[str], None],
    ) -> None:
        self._charger_id = charger_id
        self._charge_point_id = charge_point_id
        self._journal = journal
        self._config_sync = config_sync
        self._committed = committed

    def perform(self, effect: orders.Effect) -> None:
        """Hand in what is to be stored; an effect of another kind is an error in the log."""
        match effect:
            case orders.SaveConfiguration():
                self._config_sync.save_configuration(self._charger_id, effect.key, effect.value)
            case orders.SaveAvailability():
                self._config_sync.save_availability(
                    self._charger_id, effect.connector_id, effect.operative
                )
            case orders.SaveLedger():
                local_id = effect.local_transaction_id
                self._config_sync.save_ledger(
                    self._charger_id, local_id, effect.head, effect.page, effect.body
                )
            case orders.AwaitCommit():
                self._await_commit(effect.ticket)
            case _:
                _logger.error("%s: no such effect: %r", self._charge_point_id, effect)

    def _await_commit(self, ticket: str) -> None:
        """Tell once the journal has it, or is out of order for too long."""
        loop = asyncio.get_running_loop()

        def tell() -> None:
            late.cancel()
            self._committed(ticket)

        def give_up() -> None:
            _logger.warning(
                "%s: the database has not stored a change for %g s; the CSMS is answered",
                self._charge_point_id,
                LONGEST_COMMIT_S,
            )
            self._committed(ticket)

        late = loop.call_later(LONGEST_COMMIT_S, give_up)
        self._journal.when_committed(lambda: _call_soon(loop, tell))


def _call_soon(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
    loop.call_soon_threadsafe(call)


__all__ = ["LONGEST_COMMIT_S", "ChargerStorage"]
