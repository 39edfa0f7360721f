"""``python -m bench``: the product against the thin loop; prints the table and writes it down."""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
from pathlib import Path

from .figures import Figures
from .scenarios import Found, Scenario, run_all
from .table import markdown_table, written_into

_PAGE = Path(__file__).resolve().parents[2] / "docs" / "performance.md"


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("scenarios", nargs="*", help="all of them where none is named")
    parser.add_argument("--repeats", type=int, default=3, help="interleaved runs of each program")
    parser.add_argument("--window-s", type=float, default=8.0, help="how long each is measured")
    parser.add_argument("--scale", type=float, default=1.0, help="of the numbers of chargers")
    parser.add_argument("--write", action="store_true", help=f"write the table to {_PAGE.name}")
    options = parser.parse_args()
    unknown = set(options.scenarios) - {each.value for each in Scenario}
    if unknown:
        parser.error(f"there is no scenario {', '.join(sorted(unknown))}")
    chosen = [Scenario(name) for name in options.scenarios] or list(Scenario)
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
    table = markdown_table(found, machine=f"CPython {platform.python_version()}")
    print(f"\n{table}")
    if options.write and len(chosen) < len(Scenario):
        print(f"\n{_PAGE.name} keeps its table: this is a part of it", file=sys.stderr)
    elif options.write:
        _PAGE.write_text(written_into(_PAGE.read_text(encoding="utf-8"), table), encoding="utf-8")


def _tell(scenario: Scenario, figures: Figures) -> None:
    words = [
        f"{name} {value:,.1f}"
        for name in figures.__struct_fields__
        if isinstance(value := getattr(figures, name), float)
    ]
    print(f"{scenario.value}, {figures.program}: {', '.join(words)}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
