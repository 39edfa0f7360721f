"""What came out of a run, and the JSON of it."""

from __future__ import annotations

from collections import Counter
from typing import Any

import msgspec

from ocppsim.protocol.v16.date_time import format_date_time

from .latency import LatencySketch
from .run_record import RunRecord
from .time_slice import LOST, TimeSlice
from .verdict import Check

PERCENTS = (50.0, 95.0, 99.0)

_SHOWN_LOST = 20


class RunResult(msgspec.Struct, frozen=True):
    """A run that is over; ``broken_off`` says that it was ended before its time.

    Times are Unix seconds of this machine's clock.
    """

    name: str
    seed: int
    csms_urls: tuple[str, ...]
    chargers: int
    connectors: int
    planned_s: float
    began_at_s: float
    record: RunRecord
    open_transactions: int
    checks: list[Check]
    broken_off: bool

    @property
    def passed(self) -> bool:
        """Whether all thresholds hold."""
        return all(check.holds for check in self.checks)

    @property
    def took_s(self) -> float:
        """From the first charger's coming to the last one's going."""
        return self.record.total.to_s


def failures_by_action(total: TimeSlice) -> dict[str, dict[str, int]]:
    """By action, how many CALLs failed in which way."""
    found: dict[str, dict[str, int]] = {}
    for (action, kind), count in sorted(total.failures.items()):
        found.setdefault(action, {})[kind] = count
    return found


def failures_by_kind(total: TimeSlice) -> Counter[str]:
    """Whatever went wrong, the most frequent first: with CALLs, attempts to connect, links."""
    found: Counter[str] = Counter()
    for (_, kind), count in total.failures.items():
        found["CALL lost with its link" if kind == LOST else f"CALL: {kind}"] += count
    for reason, count in total.connect_failures.items():
        found[f"connecting: {reason}"] += count
    for reason, count in total.lost_links.items():
        found[f"link lost: {reason}"] += count
    return Counter(dict(found.most_common()))


def lost_in_words(record: RunRecord) -> str:
    """The transactions that were lost with a machine, by id; some of them where they are many."""
    shown = [
        f"{one.charge_point_id} "
        + (
            "that the CSMS had not numbered"
            if one.transaction_id is None
            else f"{one.transaction_id}"
        )
        for one in record.lost[:_SHOWN_LOST]
    ]
    more = len(record.lost) - len(shown)
    return f"{len(record.lost)}: {', '.join(shown)}" + (f" and {more} more" if more else "")


def latency_ms(sketch: LatencySketch) -> dict[str, float | None]:
    """Percentiles, mean and maximum in milliseconds."""
    found = {f"p{percent:g}_ms": sketch.percentile_s(percent) for percent in PERCENTS}
    found |= {"mean_ms": sketch.mean_s, "max_ms": sketch.max_s if sketch.count else None}
    return {
        name: None if value_s is None else round(value_s * 1000.0, 3)
        for name, value_s in found.items()
    }


def summary(result: RunResult) -> dict[str, Any]:
    """What ``summary.json`` says."""
    record, total = result.record, result.record.total
    took_s = max(result.took_s, 1e-9)
    return {
        "plan": result.name,
        "seed": result.seed,
        "csms_urls": list(result.csms_urls),
        "began_at": format_date_time(result.began_at_s),
        "planned_s": result.planned_s,
        "took_s": round(result.took_s, 3),
        "broken_off": result.broken_off,
        "passed": result.passed,
        "thresholds": [check._asdict() for check in result.checks],
        "chargers": result.chargers,
        "connectors": result.connectors,
        "connected_share": None
        if record.connected_share is None
        else round(record.connected_share, 6),
        "largest_connected": round(record.largest_connected),
        "sessions": total.sessions,
        "outcomes": dict(sorted(total.outcomes.items())),
        "energy_wh": round(total.energy_wh, 1),
        "open_transactions": result.open_transactions,
        "lost_transactions": [one._asdict() for one in record.lost],
        "restarts": record.restarts,
        "disturbances": total.disturbances,
        "messages": {
            "sent": total.sent,
            "received": total.received,
            "sent_per_s": round(total.sent / took_s, 2),
            "received_per_s": round(total.received / took_s, 2),
        },
        "calls": {"answered": total.answered, "failed": total.failed},
        "latency": {
            action: {"answered": sketch.count, **latency_ms(sketch)}
            for action, sketch in sorted(total.latencies.items())
        },
        "latency_of_all": latency_ms(total.latency),
        "failed_calls": failures_by_action(total),
        "connect_failures": dict(total.connect_failures.most_common()),
        "lost_links": dict(total.lost_links.most_common()),
        "largest_loop_lag_ms": round(total.loop_lag_s * 1000.0, 1),
    }


__all__ = [
    "PERCENTS",
    "RunResult",
    "failures_by_action",
    "failures_by_kind",
    "latency_ms",
    "lost_in_words",
    "summary",
]
