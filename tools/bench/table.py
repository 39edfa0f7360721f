"""The table of what was found, for people."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from .scenarios import Found, Scenario


def written_into(page: str, name: str, table: str) -> str:
    """The page with its table of that name replaced; ``ValueError`` where there is none."""
    start, stop = f"<!-- {name}: made by `make bench` -->", f"<!-- {name}: end -->"
    before, begin, rest = page.partition(start)
    _old, end, after = rest.partition(stop)
    if not begin or not end:
        raise ValueError(f"the page lacks {start} or {stop}")
    return f"{before}{start}\n\n{table}\n\n{stop}{after}"


def markdown_table(found: Found, machine: str) -> str:
    """Medians, with the least and the most in brackets."""
    rows = [
        ("What", "Thin loop", "Product", "Ratio", "Wanted"),
        ("---", "---:", "---:", "---:", "---:"),
    ]
    for scenario, words in (
        (Scenario.CLOSED_LOOP, "closed loop"),
        (Scenario.PACED, "one a second each"),
    ):
        if found.chargers(scenario):
            what = f"CPU a MeterValues round trip, {found.chargers(scenario):,} chargers, {words}"
            wanted = "≤ 2.2" if scenario is Scenario.CLOSED_LOOP else ""
            rows.append((what, *_compared(found, scenario, "cpu_us", "µs"), wanted))
            rows.append(_alone(found, scenario, "journal_us", "µs", "of it: the journal", ""))
            rows.append(_both(found, scenario, "round_trips_per_s", "/s", "round trips"))
    if found.chargers(Scenario.CLOSED_LOOP):
        scenario = Scenario.CLOSED_LOOP
        rows.append(("Memory a charger", *_compared(found, scenario, "memory_kib", "KiB"), "≤ 2"))
        rows.append(
            ("Connects with boot", *_compared(found, scenario, "connects_per_s", "/s"), "≥ 0.5")
        )
    if count := found.chargers(Scenario.MANY):
        what = f"Answer to a CSMS CALL, p99, {count:,} chargers at one MeterValues a second"
        rows.append(_alone(found, Scenario.MANY, "answer_p99_ms", "ms", what, "< 50 ms"))
        rows.append(_alone(found, Scenario.MANY, "answer_p50_ms", "ms", "the same, p50", ""))
        rows.append(_alone(found, Scenario.MANY, "cpu_share", "core", "CPU of it", ""))
        rows.append(_alone(found, Scenario.MANY, "round_trips_per_s", "/s", "answers", ""))
    if count := found.chargers(Scenario.IDLE):
        what = f"{count:,} chargers, heartbeat 60 s, meter 30 s: CPU"
        rows.append(_alone(found, Scenario.IDLE, "cpu_share", "core", what, "< 0.05"))
        what = "the same: a page of 100 from `GET /api/chargers`, p95"
        rows.append(_alone(found, Scenario.IDLE, "page_p95_ms", "ms", what, "< 100 ms"))
        what = "the same: from SQLite to ready to connect"
        rows.append(_alone(found, Scenario.IDLE, "ready_s", "s", what, "< 5 s"))
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return f"{machine}, medians (least to most).\n\n" + "\n".join(lines)


def _compared(found: Found, scenario: Scenario, name: str, unit: str) -> tuple[str, str, str]:
    thin = found.values(scenario, "thin", name)
    product = found.values(scenario, "product", name)
    ratios = [ours / theirs for ours, theirs in zip(product, thin, strict=True)]
    return _summed_up(thin, unit), _summed_up(product, unit), _summed_up(ratios, "")


def _both(
    found: Found, scenario: Scenario, name: str, unit: str, what: str
) -> tuple[str, str, str, str, str]:
    thin, product, _ = _compared(found, scenario, name, unit)
    return what, thin, product, "", ""


def _alone(
    found: Found, scenario: Scenario, name: str, unit: str, what: str, wanted: str
) -> tuple[str, str, str, str, str]:
    return what, "", _summed_up(found.values(scenario, "product", name), unit), "", wanted


def _summed_up(values: Sequence[float], unit: str) -> str:
    if not values:
        return ""
    middle, low, high = statistics.median(values), min(values), max(values)
    digits = 0 if middle >= 1_000 else 1 if middle >= 10 else 2
    spread = f" ({low:,.{digits}f} to {high:,.{digits}f})" if len(values) > 1 else ""
    return f"{middle:,.{digits}f}{f' {unit}' if unit else ''}{spread}"
