"""What the journal holds: its tables, and the log that they do not have yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from ocppsim.chargepoint.durable_state import StoredMessage

from .id_selection import only_of
from .journal_entry import JournalEntry
from .journal_log import read_log
from .schema import ChargerRow, JournalCellRow, JournalMessageRow, JournalWatermarkRow


class JournalContent(NamedTuple):
    """What the journal holds of one charger.

    ``messages`` by rising sequence; ``next_sequence`` is above every number ever used.
    """

    messages: list[StoredMessage]
    cells: dict[str, bytes]
    next_sequence: int


def read_journal(session: Session, charger_ids: Sequence[int]) -> dict[int, JournalContent]:
    """The journals of the given chargers, in five queries at most."""
    messages: defaultdict[int, dict[int, bytes]] = defaultdict(dict)
    cells: defaultdict[int, dict[str, bytes]] = defaultdict(dict)
    highest: defaultdict[int, int] = defaultdict(int)
    for charger_id, sequence, body in only_of(
        session,
        select(JournalMessageRow.charger_id, JournalMessageRow.sequence, JournalMessageRow.body),
        JournalMessageRow.charger_id,
        charger_ids,
    ):
        messages[charger_id][sequence] = body
        highest[charger_id] = max(highest[charger_id], sequence)
    for charger_id, key, body in only_of(
        session,
        select(JournalCellRow.charger_id, JournalCellRow.key, JournalCellRow.body),
        JournalCellRow.charger_id,
        charger_ids,
    ):
        cells[charger_id][key] = body
    for charger_id, retired_up_to in only_of(
        session,
        select(JournalWatermarkRow.charger_id, JournalWatermarkRow.retired_up_to),
        JournalWatermarkRow.charger_id,
        charger_ids,
    ):
        highest[charger_id] = max(highest[charger_id], retired_up_to)
    log = read_log(session)
    if log:
        log.keep_only(set(session.scalars(select(ChargerRow.id))).intersection(charger_ids))
        _take_in(log, messages, cells, highest)
    return {
        charger_id: JournalContent(
            [StoredMessage(*message) for message in sorted(messages[charger_id].items())],
            cells[charger_id],
            highest[charger_id] + 1,
        )
        for charger_id in charger_ids
    }


def _take_in(
    log: JournalEntry,
    messages: defaultdict[int, dict[int, bytes]],
    cells: defaultdict[int, dict[str, bytes]],
    highest: defaultdict[int, int],
) -> None:
    """Bring what the tables had up to date."""
    for charger_id in log.forgotten:
        messages[charger_id].clear()
        cells[charger_id].clear()
    for charger_id, sequence in log.used.items():
        highest[charger_id] = max(highest[charger_id], sequence)
    for charger_id, retired_up_to in log.retired.items():
        highest[charger_id] = max(highest[charger_id], retired_up_to)
        for sequence in [each for each in messages[charger_id] if each <= retired_up_to]:
            del messages[charger_id][sequence]
    for charger_id, sequence, body in log.messages:
        messages[charger_id][sequence] = body
        highest[charger_id] = max(highest[charger_id], sequence)
    for key, of_key in log.cells.items():
        for charger_id, content in of_key.items():
            if content is None:
                cells[charger_id].pop(key, None)
            else:
                cells[charger_id][key] = content
