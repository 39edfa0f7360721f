"""Takes what a killed process kept beside the database into the journal (``sample_slots``)."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ocppsim.chargepoint.sample_form import register_cell

from .database import Database
from .id_selection import only_of
from .journal_entry import JournalEntry
from .journal_reading import read_journal
from .sample_slots import KeptSample, LeftSamples, SamplesInUse
from .schema import ChargerRow, JournalLogRow

_logger = logging.getLogger(__name__)


def recover_samples(database: Database, path: Path) -> None:
    """Bring the journal up to date, and remove the file, where there is one.

    A file that cannot be read is set aside, which is logged. Raises
    ``DatabaseUnavailable``; the file stays then.
    """
    if not path.exists():
        return
    try:
        left = LeftSamples(path)
    except SamplesInUse:
        _logger.warning("another process is at work on %s", database.shown_url)
        return
    except OSError as error:
        _logger.warning("the samples in %s cannot be taken in: %s", path, error)
        return
    try:
        kept = left.read()
        if kept:
            with database.transaction() as session:
                _take_in(session, kept)
        left.remove()
    except ValueError as error:
        aside = path.with_name(f"{path.name}.unreadable")
        _logger.warning("%s cannot be read, and is %s now: %s", path, aside.name, error)
        left.set_aside(aside)
    finally:
        left.close()


def _take_in(session: Session, kept: Iterable[KeptSample]) -> None:
    """Write what the journal does not have to its log; once more would change nothing."""
    of_charger = {sample.charger_id: sample for sample in kept}
    known = only_of(session, select(ChargerRow.id), ChargerRow.id, list(of_charger))
    journals = read_journal(session, [row[0] for row in known])
    entry = JournalEntry()
    for charger_id, journal in journals.items():
        sample = of_charger[charger_id]
        if sample.retired:
            entry.retired[charger_id] = sample.retired
        if sample.sequence < journal.next_sequence:
            continue  # the journal was told of it, and perhaps of what came behind it
        form, register_wh, wall_s = sample.form, sample.register_wh, sample.wall_s
        cell = register_cell(register_wh, wall_s)
        entry.cells.setdefault(form.cell_key, {})[charger_id] = cell
        message = form.message(register_wh, wall_s)
        entry.messages.append((charger_id, sample.sequence, message))
    last_id = session.scalar(select(func.max(JournalLogRow.id))) or 0
    first_id = max(last_id + 1, time.time_ns() // 1000)
    for row_id, body in enumerate(entry.encode(), start=first_id):
        session.add(JournalLogRow(id=row_id, body=body))


__all__ = ["recover_samples"]
