"""``python -m bench``: the product against the thin loop; prints the table and writes it down."""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
from pathlib import Path

from .capacity import Pair, fitted, markdown, run_pairs
from .figures import Figures
from .scenarios import Found, Scenario, run_all
from .table import markdown_table, written_into

CAPACITY = "capacity"
"""Several sizes, for the capacity model."""

_PAGE = Path(__file__).resolve().parents[2] / "docs" / "performance.md"


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument(
        "scenarios",
        nargs="*",
        help=f"of {', '.join([*Scenario, CAPACITY])}; all of them where none is named",
    )
    parser.add_argument("--repeats", type=int, default=3, help="interleaved runs of each program")
    parser.add_argument("--window-s", type=float, default=8.0, help="how long each is measured")
    parser.add_argument("--scale", type=float, default=1.0, help="of the numbers of chargers")
    parser.add_argument("--write", action="store_true", help=f"write the table to {_PAGE.name}")
    options = parser.parse_args()
    known = [*Scenario, CAPACITY]
    unknown = set(options.scenarios) - set(known)
    if unknown:
        parser.error(f"there is no scenario {', '.join(sorted(unknown))}")
    names = options.scenarios or known
    chosen = [each for each in Scenario if each in names]
    pairs: list[Pair] = []
    found = Found()
    with tempfile.TemporaryDirectory(prefix="ocppsim-bench-") as folder:
        for scenario, figures in run_all(
            chosen,
            Path(folder),
            repeats=options.repeats,
            window_s=options.window_s,
            scale=options.scale,
        ):
            _tell(scenario, figures)
            found.add(scenario, figures)
        if CAPACITY in names:
            sizes = run_pairs(Path(folder), window_s=options.window_s, scale=options.scale)
            for pair in sizes:
                _tell(CAPACITY, pair.busy)
                _tell(CAPACITY, pair.quiet)
                pairs.append(pair)
    tables: dict[str, str] = {}
    if chosen:
        tables["bench"] = markdown_table(found, machine=f"CPython {platform.python_version()}")
    if pairs:
        tables[CAPACITY] = markdown(pairs, fitted(pairs))
    for name, table in tables.items():
        print(f"\n{table}")
        if options.write and (name == CAPACITY or len(chosen) == len(Scenario)):
            page = _PAGE.read_text(encoding="utf-8")
            _PAGE.write_text(written_into(page, name, table), encoding="utf-8")
        elif options.write:
            print(f"\n{_PAGE.name} keeps its table: this is a part of it", file=sys.stderr)


def _tell(scenario: str, figures: Figures) -> None:
    words = [
        f"{name} {value:,.1f}"
        for name in figures.__struct_fields__
        if isinstance(value := getattr(figures, name), float)
    ]
    print(f"{scenario}, {figures.program}: {', '.join(words)}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
