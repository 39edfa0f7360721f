"""Writes docs/conformance.md: which obligation is shown by which test, and which by none.

``coverage_page.py`` writes the page; with ``--check`` it only says whether the page is stale.
Either way it fails when an obligation has neither a test nor a reason, or has both.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
TESTS = HERE.parent
ROOT = TESTS.parent.parent
PAGE = ROOT / "docs" / "conformance.md"

GROUPS = {
    "FRM": "Connection, framing, data types",
    "ERR": "RPC errors",
    "BOOT": "Boot and registration",
    "HB": "Heartbeat and clock",
    "SN": "StatusNotification",
    "SN-T": "Status transitions",
    "AUT": "Authorization",
    "TX": "Transactions",
    "OFF": "Delivery and the offline queue",
    "MV": "Meter values",
    "CFG": "Configuration",
    "CFG-K": "Configuration keys",
    "RS": "Remote start and stop",
    "RST": "Reset",
    "UNL": "Unlock connector",
    "CA": "Change availability",
    "CC": "Clear cache",
    "DT": "Data transfer",
    "LAL": "Local authorization list",
    "RSV": "Reservations",
    "SC": "Smart charging",
    "TRG": "Remote trigger",
    "FW": "Firmware management",
    "DIAG": "Diagnostics",
    "SEC": "Security extension",
}

Obligation = dict[str, str]


class MarkerCollector:
    """A pytest plugin that notes which test names which obligations."""

    def __init__(self) -> None:
        self.tests: defaultdict[str, set[str]] = defaultdict(set)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in session.items:
            path = item.path.relative_to(TESTS).as_posix()
            name = getattr(item, "originalname", item.name)
            for marker in item.iter_markers("obligation"):
                for obligation_id in marker.args:
                    self.tests[obligation_id].add(f"{path}::{name}")


def group_of(obligation_id: str) -> str:
    return re.sub(r"-?\d+$", "", re.sub(r"-[A-I]\d$", "", obligation_id))


def collect() -> dict[str, set[str]]:
    """The tests of each obligation; raises ``RuntimeError`` where they cannot be collected."""
    marked = [
        str(path)
        for path in sorted(TESTS.rglob("test_*.py"))
        if "mark.obligation(" in path.read_text(encoding="utf-8")
    ]
    collector = MarkerCollector()
    output = StringIO()
    options = ["--collect-only", "-q", "-p", "no:cacheprovider", "--rootdir", str(ROOT)]
    with redirect_stdout(output):
        code = pytest.main([*options, "-c", str(ROOT / "pyproject.toml"), *marked], [collector])
    if code != pytest.ExitCode.OK:
        raise RuntimeError(f"the tests cannot be collected:\n{output.getvalue()}")
    return dict(collector.tests)


def complaints(
    obligations: Iterable[Obligation], tests: dict[str, set[str]], reasons: dict[str, str]
) -> list[str]:
    """What is wrong with the data: no test and no reason, both, or unknown ids."""
    known = {entry["id"] for entry in obligations}
    found = [f"a test names the unknown obligation {name}" for name in tests.keys() - known]
    found += [
        f"there is a reason for the unknown obligation {name}"
        for name in reasons
        if name not in known and name not in GROUPS
    ]
    for name in sorted(known):
        if name in tests and name in reasons:
            found.append(f"{name} has a test and a reason why it has none")
        elif name not in tests and not (reasons.get(name) or reasons.get(group_of(name))):
            found.append(f"{name} has no test and no reason why it has none")
    return found


def render(
    obligations: list[Obligation], tests: dict[str, set[str]], reasons: dict[str, str]
) -> str:
    by_group: defaultdict[str, list[Obligation]] = defaultdict(list)
    for entry in obligations:
        by_group[group_of(entry["id"])].append(entry)
    covered = sum(entry["id"] in tests for entry in obligations)
    lines = [
        "# Conformance",
        "",
        "Made by `make docs-tables` from the markers of the tests and the two tables in",
        "`backend/tests/conformance/` (`obligations.json`, `uncovered.json`); change it there.",
        "",
        "An obligation is something that the texts of OCPP 1.6 ask of a charge point: `1.6` is",
        "edition 2, `J` the JSON specification, `err` and `Jerr` their errata sheets, `SWP` the",
        "security whitepaper edition 2, `TC` the Open Charge Alliance's test cases. Every test",
        "of `conformance/` also checks on the wire that all frames fit their schemas, ids are",
        "unique, one own CALL is open at a time, every CALL is answered once, nothing is said",
        "before registration, transaction messages are in order and complete, registers do not",
        "fall, and no status transition is reported that the standard does not know.",
        "",
        f"**{covered} of {len(obligations)} obligations are shown by tests.**",
        "",
        "| Group | | Obligations | Tested | MUST | MUST tested |",
        "| --- | --- | ---: | ---: | ---: | ---: |",
    ]
    for group, title in GROUPS.items():
        entries = by_group[group]
        musts = [entry for entry in entries if entry["level"].startswith("MUST")]
        counts = (len(entries), _count(entries, tests), len(musts), _count(musts, tests))
        lines.append(f"| {group} | {title} | {' | '.join(map(str, counts))} |")
    lines += ["", "## What no test shows", ""]
    for group, title in GROUPS.items():
        lines += _untested(group, title, by_group[group], tests, reasons)
    lines += ["", "## What the tests show", ""]
    for group, title in GROUPS.items():
        lines += _tested(group, title, by_group[group], tests)
    return "\n".join(lines).rstrip() + "\n"


def _count(entries: list[Obligation], tests: dict[str, set[str]]) -> int:
    return sum(entry["id"] in tests for entry in entries)


def _untested(
    group: str,
    title: str,
    entries: list[Obligation],
    tests: dict[str, set[str]],
    reasons: dict[str, str],
) -> list[str]:
    missing = [entry for entry in entries if entry["id"] not in tests]
    alike = [entry for entry in missing if entry["id"] not in reasons]
    lines: list[str] = []
    if alike:
        which = "all" if len(alike) == len(entries) else str(len(alike))
        lines.append(f"- **{group}** {title}, {which} of {len(entries)}: {reasons[group]}.")
    lines += [
        f"- **{entry['id']}** {entry['level']} ({entry['clause']}) {_cell(entry['text'])}"
        f" *{reasons[entry['id']]}.*"
        for entry in missing
        if entry["id"] in reasons
    ]
    return lines


def _tested(
    group: str, title: str, entries: list[Obligation], tests: dict[str, set[str]]
) -> list[str]:
    shown = [entry for entry in entries if entry["id"] in tests]
    if not shown:
        return []
    lines = [
        f"### {group}: {title}",
        "",
        "| Obligation | Level | Clause | What | Tests |",
        "| --- | --- | --- | --- | --- |",
    ]
    for entry in shown:
        names = "<br>".join(f"`{name}`" for name in sorted(tests[entry["id"]]))
        cells = (entry["id"], entry["level"], entry["clause"], entry["text"])
        lines.append(f"| {' | '.join(map(_cell, cells))} | {names} |")
    return [*lines, ""]


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


def _load(name: str) -> Any:
    return json.loads((HERE / name).read_text(encoding="utf-8"))


def main() -> int:
    """Write or check the page; the exit code is 1 where something is wrong or stale."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, say what is stale")
    arguments = parser.parse_args()
    obligations: list[Obligation] = _load("obligations.json")
    reasons: dict[str, str] = _load("uncovered.json")
    tests = collect()
    wrong = complaints(obligations, tests, reasons)
    if wrong:
        sys.stderr.write("\n".join(wrong) + "\n")
        return 1
    page = render(obligations, tests, reasons)
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == page:
        return 0
    if arguments.check:
        sys.stderr.write("Stale: docs/conformance.md. Remedy: make docs-tables\n")
        return 1
    PAGE.write_text(page, encoding="utf-8")
    sys.stdout.write("wrote docs/conformance.md\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
