"""Sessions from a CSV file: what its rows come to, and how mistakes in it are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocppsim.scenarios.plan_fault import PlanFault

from .plans import fleet_of

BODY = """\
chargers: [{count: 3, connectors: 2}]
vehicles:
  - {name: zoe, model: renault-zoe-ze50, soc_percent: 20}
  - {name: van, count: 1, battery_capacity_kwh: 70}
traces: [{file: trace.csv, chargers: ["CP00[12]"], vehicles: zoe, tag_after_s: 3}]
"""


def write(directory: Path, text: str) -> None:
    (directory / "trace.csv").write_text(text, encoding="utf-8")


def test_each_row_is_a_visit(tmp_path: Path) -> None:
    write(
        tmp_path,
        "at,stay_h,departs_at,charger,connector,vehicle,id_tag,soc_percent,energy_kwh\n"
        "08:00,1.5,,CP003,2,van,TAG1,35,12.5\n"
        "\n"
        "2026-03-02T09:00:00Z,,10:30\n"
        "3600,0.25,\n",
    )
    early, full, bare = fleet_of(BODY, directory=tmp_path).visits
    assert (early.at_s, early.departs_at_s, early.id_tag) == (3_600.0, 4_500.0, "ZOE-1")
    assert (full.at_s, full.departs_at_s) == (28_800.0, 34_200.0)
    assert (full.chargers, full.connector_id, full.id_tag) == ((2,), 2, "TAG1")
    assert (full.vehicle.soc_percent, full.energy_wh, full.tag_after_s) == (35.0, 12_500.0, 3.0)
    assert (bare.at_s, bare.departs_at_s) == (32_400.0, 37_800.0)
    assert (bare.chargers, bare.connector_id) == ((0, 1), None)
    assert bare.vehicle.soc_percent == 20.0


def test_a_row_takes_place_even_if_all_vehicles_of_its_group_are_away(tmp_path: Path) -> None:
    write(tmp_path, "at,stay_h,vehicle\n08:00,5,van\n09:00,5,van\n")
    fleet = fleet_of(BODY, directory=tmp_path)
    assert (len(fleet.visits), fleet.without_vehicle) == (2, 0)


def test_rows_after_the_end_are_counted(tmp_path: Path) -> None:
    write(tmp_path, "at,stay_h\n2026-03-04T00:00:00Z,1\n")
    assert fleet_of(BODY, directory=tmp_path).after_the_end == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "trace.csv is empty"),
        ("at,stay\n", "line 1: 'stay': there is no such field; did you mean stay_h?"),
        ("at,at,stay_h\n", "line 1: the column at stands twice"),
        ("stay_h\n1\n", "line 1: the first line names the columns, among them at"),
        ("at,stay_h\n08:00,1\n8 o'clock,1\n", "line 3: at: a time is like 08:15"),
        ("at,stay_h\n08:00,long\n", "line 2: stay_h: Input should be a valid number"),
        ("at,stay_h\n08:00,nan\n", "line 2: stay_h: Input should be"),
        ("at,stay_h\n08:00\n", "line 2: give either departs_at or stay_h"),
        ("at,stay_h\n08:00,1,2\n", "line 2: there are more cells than columns"),
        ("at,stay_h\n,1\n", "line 2: at: it is missing"),
        ("at,stay_h\n2026-03-01,1\n", "line 2: it must begin after the start"),
        ("at,stay_h,charger\n08:00,1,CP009\n", "line 2: charger: there is no charger 'CP009'"),
        ("at,stay_h,charger,connector\n08:00,1,CP001,3\n", "line 2: connector: the charger has 2"),
        ("at,stay_h,vehicle\n08:00,1,bus\n", "line 2: vehicle: there are no vehicles 'bus'"),
        ('at,stay_h\n08:00,"1\n', "line 2: unexpected end of data"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    write(tmp_path, text)
    with pytest.raises(PlanFault) as caught:
        fleet_of(BODY, directory=tmp_path)
    assert caught.value.keys == ("traces", 0, "file")
    assert told in str(caught.value)


def test_a_file_that_is_not_there_or_no_text_is_told(tmp_path: Path) -> None:
    with pytest.raises(PlanFault, match=r"trace\.csv: No such file"):
        fleet_of(BODY, directory=tmp_path)
    (tmp_path / "trace.csv").write_bytes(b"at,stay_h\n\xff\xfe,1\n")
    with pytest.raises(PlanFault, match="not UTF-8"):
        fleet_of(BODY, directory=tmp_path)


def test_what_else_is_in_the_plan_changes_nothing_in_the_rows(tmp_path: Path) -> None:
    write(tmp_path, "at,stay_h\n08:00,1\n09:00,2\n")
    alone = fleet_of(BODY, directory=tmp_path).visits
    more = "arrivals: [{per_day: 20, stay_h: 1, vehicles: van}]\n"
    among = fleet_of(BODY + more, directory=tmp_path).visits
    assert {visit.seed for visit in alone} <= {visit.seed for visit in among}
