"""Keeps the database in step with live chargers, without ever making them wait."""

from __future__ import annotations

import asyncio

from ocppsim.chargepoint.notifications import TransactionView
from ocppsim.simulation.definition import DesiredConnection

from .background_writer import FLUSH_TIMEOUT_S, BackgroundWriter
from .write_batch import FIRST_FREE_RANK, Row, Statement

_SAVE_CONFIGURATION = Statement(
    "INSERT INTO configuration_values (charger_id, key, value) VALUES (?, ?, ?) "
    "ON CONFLICT (charger_id, key) DO UPDATE SET value = excluded.value",
    FIRST_FREE_RANK,
)
_SAVE_AVAILABILITY = Statement(
    "INSERT INTO connector_availability (charger_id, connector_id, operative) VALUES (?, ?, ?) "
    "ON CONFLICT (charger_id, connector_id) DO UPDATE SET operative = excluded.operative",
    FIRST_FREE_RANK + 1,
)
_SAVE_DESIRED_CONNECTION = Statement(
    "UPDATE chargers SET desired_connection = ? WHERE id = ?", FIRST_FREE_RANK + 2, charger_at=1
)
_TRANSACTION_COLUMNS = (
    "charger_id",
    "local_transaction_id",
    "transaction_id",
    "connector_id",
    "id_tag",
    "state",
    "meter_start_wh",
    "started_at_s",
    "meter_stop_wh",
    "stopped_at_s",
    "stop_reason",
    "id_tag_status",
)
_SAVE_TRANSACTION = Statement(
    f"INSERT INTO transactions ({', '.join(_TRANSACTION_COLUMNS)}) "
    f"VALUES ({', '.join('?' for _ in _TRANSACTION_COLUMNS)}) "
    "ON CONFLICT (charger_id, local_transaction_id) DO UPDATE SET "
    + ", ".join(f"{column} = excluded.{column}" for column in _TRANSACTION_COLUMNS[2:]),
    FIRST_FREE_RANK + 3,
)
_SAVE_VEHICLE = Statement(
    "UPDATE transactions SET vehicle_id = ? WHERE charger_id = ? AND local_transaction_id = ?",
    FIRST_FREE_RANK + 4,
    charger_at=1,
)
_SAVE_ENERGY = Statement(
    "UPDATE transactions SET energy_wh = ? WHERE charger_id = ? AND local_transaction_id = ?",
    FIRST_FREE_RANK + 5,
    charger_at=1,
)
_SAVE_LEDGER = Statement(
    "INSERT INTO session_ledgers (charger_id, local_transaction_id, head) VALUES (?, ?, ?) "
    "ON CONFLICT (charger_id, local_transaction_id) DO UPDATE SET head = excluded.head",
    FIRST_FREE_RANK + 6,
)
_SAVE_LEDGER_PAGE = Statement(
    "INSERT INTO session_ledger_pages (charger_id, local_transaction_id, page, body) "
    "VALUES (?, ?, ?, ?) "
    "ON CONFLICT (charger_id, local_transaction_id, page) DO UPDATE SET body = excluded.body",
    FIRST_FREE_RANK + 7,
)


class ConfigSync:
    """Writes what changed on live chargers to their rows, in the background.

    The methods can be called from any thread, never block and never raise for what the
    database does; later values of the same thing replace earlier ones that wait. The writer is
    the journal's, so that an SQLite file has one background writer.
    """

    def __init__(self, writer: BackgroundWriter) -> None:
        self._writer = writer

    def save_configuration(self, charger_id: int, key: str, value: str) -> None:
        self._save(_SAVE_CONFIGURATION, (charger_id, key), (charger_id, key, value))

    def save_availability(self, charger_id: int, connector_id: int, operative: bool) -> None:
        self._save(
            _SAVE_AVAILABILITY, (charger_id, connector_id), (charger_id, connector_id, operative)
        )

    def save_desired_connection(self, charger_id: int, desired: DesiredConnection) -> None:
        self._save(_SAVE_DESIRED_CONNECTION, (charger_id,), (desired, charger_id))

    def save_transaction(
        self,
        charger_id: int,
        transaction: TransactionView,
        *,
        vehicle_id: int | None = None,
        energy_wh: float | None = None,
    ) -> None:
        """Store a transaction as it is now.

        ``vehicle_id`` and ``energy_wh`` keep what was stored before when they are None. The
        energy of a stopped transaction follows from its meter values, unless it is given.
        """
        if energy_wh is None and transaction.meter_stop_wh is not None:
            energy_wh = float(transaction.meter_stop_wh - transaction.meter_start_wh)
        key = (charger_id, transaction.local_transaction_id)
        values: Row = (
            *key,
            transaction.transaction_id,
            transaction.connector_id,
            transaction.id_tag,
            transaction.state,
            transaction.meter_start_wh,
            transaction.started_at_s,
            transaction.meter_stop_wh,
            transaction.stopped_at_s,
            transaction.stop_reason,
            transaction.id_tag_status,
        )
        rows: list[tuple[Statement, Row, Row]] = [(_SAVE_TRANSACTION, key, values)]
        if vehicle_id is not None:
            rows.append((_SAVE_VEHICLE, key, (vehicle_id, *key)))
        if energy_wh is not None:
            rows.append((_SAVE_ENERGY, key, (energy_wh, *key)))
        self._writer.put_rows(rows)

    def save_ledger(
        self,
        charger_id: int,
        local_transaction_id: int,
        head: bytes,
        page: int | None = None,
        body: bytes | None = None,
    ) -> None:
        """Store the head of a transaction's ledger, and a page of it where there is one."""
        key: Row = (charger_id, local_transaction_id)
        rows: list[tuple[Statement, Row, Row]] = [(_SAVE_LEDGER, key, (*key, head))]
        if page is not None:
            rows.append((_SAVE_LEDGER_PAGE, (*key, page), (*key, page, body)))
        self._writer.put_rows(rows)

    async def settled(self, timeout_s: float = FLUSH_TIMEOUT_S) -> bool:
        """Return when all that was saved so far can be read; False if that took too long.

        Reading the history right after an event wants this first.
        """
        loop = asyncio.get_running_loop()
        committed: asyncio.Future[None] = loop.create_future()

        def resolve() -> None:
            if not committed.done():  # nobody may be waiting any more
                committed.set_result(None)

        def on_written() -> None:
            loop.call_soon_threadsafe(resolve)

        self._writer.when_committed(on_written)
        done, _ = await asyncio.wait([committed], timeout=timeout_s)
        return bool(done)

    def flush(self, timeout_s: float = FLUSH_TIMEOUT_S) -> bool:
        """Wait until all that was saved so far is committed; False if that took too long."""
        return self._writer.flush(timeout_s)

    def _save(self, statement: Statement, key: Row, values: Row) -> None:
        self._writer.put_rows([(statement, key, values)])
