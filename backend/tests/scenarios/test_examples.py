"""The plans of the examples can be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from .plans import fleet_of

PLANS = sorted((Path(__file__).parents[3] / "examples" / "plans").glob("*.yaml"))


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_an_example_is_a_plan_with_somebody_who_charges(path: Path) -> None:
    fleet = fleet_of("", head=path.read_text(encoding="utf-8"))
    assert fleet.visits
