"""Rows of many chargers in one query, however many chargers there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeVarTuple, cast

from sqlalchemy import Row, Select
from sqlalchemy.orm import InstrumentedAttribute, Session

Columns = TypeVarTuple("Columns")

_LISTED_IDS = 500


def only_of(
    session: Session,
    rows: Select[*Columns],
    charger_id: InstrumentedAttribute[int],
    charger_ids: Sequence[int],
) -> Iterator[Row[*Columns]]:
    """Run ``rows``, whose first column is the charger's number, for these chargers only.

    A few are named in the query; of many, all rows are read and the others left out here.
    """
    if len(charger_ids) <= _LISTED_IDS:
        yield from session.execute(rows.where(charger_id.in_(charger_ids)))
        return
    wanted = set(charger_ids)
    for row in session.execute(rows):
        if cast("tuple[Any, ...]", row)[0] in wanted:
            yield row
