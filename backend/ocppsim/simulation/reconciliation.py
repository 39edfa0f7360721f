"""Compares what happened with what a CSMS has recorded of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec

from ocppsim.protocol.v16.date_time import format_date_time

_UNDER_WAY = frozenset({"starting", "running"})
_TIMES = frozenset({"started_at", "stopped_at"})


class CsmsRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A transaction as the CSMS has it; what it does not say (None) is not compared.

    Times are Unix seconds. Without ``charge_point_id`` the transaction id alone tells.
    """

    transaction_id: int
    charge_point_id: str | None = None
    id_tag: str | None = None
    energy_wh: float | None = None
    meter_start_wh: float | None = None
    meter_stop_wh: float | None = None
    started_at_s: float | None = None
    stopped_at_s: float | None = None


class TrueRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A transaction as it was; meter values and times as the CSMS was told."""

    charge_point_id: str
    local_transaction_id: int
    transaction_id: int | None
    id_tag: str
    state: str
    energy_wh: float | None
    meter_start_wh: int
    meter_stop_wh: int | None
    started_at_s: float
    stopped_at_s: float | None


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """Where the two do not agree.

    ``kind`` is ``missing`` (the CSMS has no record of it), ``extra`` (no such transaction is
    among ours), ``duplicate`` (recorded more than once; ``theirs`` says how often),
    ``not_stopped`` (stopped, but not to the CSMS), or the name of the field that differs.
    Times are ISO 8601 in UTC; ``difference`` is theirs less ours, of times in seconds.
    """

    kind: str
    charge_point_id: str | None
    transaction_id: int | None
    local_transaction_id: int | None = None
    ours: str | float | None = None
    theirs: str | float | None = None
    difference: float | None = None


class Reconciliation(msgspec.Struct, frozen=True):
    """``agreeing`` of the ``compared`` transactions differ in nothing."""

    compared: int
    agreeing: int
    differences: tuple[Difference, ...]


def reconcile(
    ours: Iterable[TrueRecord],
    theirs: Iterable[CsmsRecord],
    *,
    energy_tolerance_wh: float = 1.0,
    time_tolerance_s: float = 2.0,
) -> Reconciliation:
    """The differences, in the order of our transactions; the extra ones come last.

    A transaction that the CSMS never confirmed has no id and counts as missing; one that is
    under way may be missing, and its energy is not compared. Energy is held against the truth,
    meter values and times against what the CSMS was told. Differences up to the tolerances are
    none. Of several records of a transaction the one that differs least counts; where a CSMS
    gave an id to several transactions, each of them gets the one that fits it best.
    """
    ours = list(ours)
    namesakes = Counter((mine.charge_point_id, mine.transaction_id) for mine in ours)
    recorded: dict[int, list[CsmsRecord]] = {}
    for record in theirs:
        recorded.setdefault(record.transaction_id, []).append(record)
    differences: list[Difference] = []
    compared = agreeing = 0
    for mine in ours:
        found = _records_of(recorded, mine)
        if not found:
            if mine.state not in _UNDER_WAY:
                differences.append(_of(mine, "missing"))
            continue
        compared += 1
        wrong_of = [
            (list(_compare(mine, record, energy_tolerance_wh, time_tolerance_s)), record)
            for record in found
        ]
        wrong, best = min(wrong_of, key=lambda one: (len(one[0]), _apart_s(mine, one[1])))
        key = mine.charge_point_id, mine.transaction_id
        namesakes[key] -= 1
        if namesakes[key]:
            found = [best]
        for record in found:
            recorded[record.transaction_id].remove(record)
        if len(found) > 1:
            wrong.append(_of(mine, "duplicate", theirs=float(len(found))))
        agreeing += not wrong
        differences += wrong
    differences += [
        Difference(
            kind="extra",
            charge_point_id=record.charge_point_id,
            transaction_id=record.transaction_id,
            theirs=record.energy_wh,
        )
        for left in recorded.values()
        for record in left
    ]
    return Reconciliation(compared, agreeing, tuple(differences))


def _records_of(recorded: dict[int, list[CsmsRecord]], mine: TrueRecord) -> list[CsmsRecord]:
    """The records that may be of a transaction."""
    if mine.transaction_id is None:
        return []
    candidates = recorded.get(mine.transaction_id, [])
    return [one for one in candidates if one.charge_point_id in {None, mine.charge_point_id}]


def _apart_s(mine: TrueRecord, record: CsmsRecord) -> float:
    return 0.0 if record.started_at_s is None else abs(record.started_at_s - mine.started_at_s)


def _compare(
    mine: TrueRecord, record: CsmsRecord, energy_tolerance_wh: float, time_tolerance_s: float
) -> Iterator[Difference]:
    if record.id_tag is not None and record.id_tag.lower() != mine.id_tag.lower():
        yield _of(mine, "id_tag", ours=mine.id_tag, theirs=record.id_tag)
    if mine.stopped_at_s is not None and _has_no_end(record):
        yield _of(mine, "not_stopped", ours=format_date_time(mine.stopped_at_s))
    energy_wh = None if mine.state in _UNDER_WAY else mine.energy_wh
    for kind, our_value, their_value, tolerance in (
        ("energy_wh", energy_wh, record.energy_wh, energy_tolerance_wh),
        ("meter_start_wh", mine.meter_start_wh, record.meter_start_wh, energy_tolerance_wh),
        ("meter_stop_wh", mine.meter_stop_wh, record.meter_stop_wh, energy_tolerance_wh),
        ("started_at", mine.started_at_s, record.started_at_s, time_tolerance_s),
        ("stopped_at", mine.stopped_at_s, record.stopped_at_s, time_tolerance_s),
    ):
        if our_value is None or their_value is None:
            continue
        difference = their_value - our_value
        if abs(difference) > tolerance:
            show = format_date_time if kind in _TIMES else float
            yield _of(
                mine, kind, ours=show(our_value), theirs=show(their_value), difference=difference
            )


def _has_no_end(record: CsmsRecord) -> bool:
    return record.stopped_at_s is None and record.meter_stop_wh is None and record.energy_wh is None


def _of(
    mine: TrueRecord,
    kind: str,
    *,
    ours: str | float | None = None,
    theirs: str | float | None = None,
    difference: float | None = None,
) -> Difference:
    return Difference(
        kind=kind,
        charge_point_id=mine.charge_point_id,
        transaction_id=mine.transaction_id,
        local_transaction_id=mine.local_transaction_id,
        ours=ours,
        theirs=theirs,
        difference=difference,
    )


__all__ = ["CsmsRecord", "Difference", "Reconciliation", "TrueRecord", "reconcile"]
