"""``ocppsim simulate``: from a plan to files, the same ones every time, all of them or none."""

from __future__ import annotations

import csv
import errno
import importlib
import json
import os
import signal
import subprocess
import sys
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

from ocppsim.cli import simulate_command
from ocppsim.cli.program import run

PLAN = """\
version: 1
name: Small site
seed: 7
start: 2026-03-02T06:00:00Z
duration: 12h
chargers:
  - {count: 4, id_prefix: AC-, template: ac-22kw-3p-socket, phase_rotation: alternate}
  - {ids: [DC-1], power_type: DC, max_power_w: 50000}
vehicles:
  - {name: zoe, model: renault-zoe-ze50}
  - {name: van, battery_capacity_kwh: 70, dc_max_power_kw: 80, id_tags: [VAN]}
sessions:
  - {at: 07:30, charger: DC-1, vehicle: van, soc_percent: 15, duration: 40min}
  - {at: 08:00, charger: DC-1, vehicle: van, duration: 5min}
arrivals:
  - {per_day: 30, chargers: "AC-*", vehicles: zoe, stay_h: {uniform: [0.5, 3]}}
csms: {refused_tags: {ZOE-3: Blocked}}
site: {grid_limit_kw: 60, base_load: [{time: "00:00", power_kw: 5}, {time: 12:00, power_kw: 20}]}
outputs: {interval_s: 300}
"""
FILES = ("meters", "sessions", "messages", "site")


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.yaml"
    path.write_text(PLAN, encoding="utf-8")
    return path


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_run_writes_what_happened(
    plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["simulate", str(plan)]) == 0
    said = capsys.readouterr().out
    for word in ("Small site", "Chargers", "5 with 5 connectors", "Sessions", "Violations of OCPP"):
        assert word in said
    directory = tmp_path / "plan-out"
    assert sorted(path.name for path in directory.iterdir()) == sorted(
        [*(f"{name}.csv" for name in FILES), "summary.json"]
    )
    summary = json.loads((directory / "summary.json").read_text(encoding="utf-8"))
    assert summary["violations"] == []
    assert summary["outcomes"]["refused"] == 1
    assert summary["messages"] == len(rows_of(directory / "messages.csv"))
    sessions = rows_of(directory / "sessions.csv")
    assert len(sessions) == summary["sessions"]
    van = next(row for row in sessions if row["vehicle"] == "van 1")
    assert (van["charger"], van["plugged_in"]) == ("DC-1", "2026-03-02T07:30:00.000Z")


def test_the_energy_of_the_sessions_is_what_the_registers_rose(plan: Path, tmp_path: Path) -> None:
    assert run(["simulate", str(plan), "--out", str(tmp_path / "out")]) == 0
    taken_wh: dict[str, float] = defaultdict(float)
    for row in rows_of(tmp_path / "out" / "sessions.csv"):
        taken_wh[row["charger"]] += float(row["energy_wh"])
    registers: dict[str, list[float]] = defaultdict(list)
    for row in rows_of(tmp_path / "out" / "meters.csv"):
        registers[row["charger"]].append(float(row["energy_wh"]))
    assert sum(taken_wh.values()) > 10_000.0
    for charger, readings in registers.items():
        assert all(before <= after for before, after in pairwise(readings))
        assert readings[-1] == pytest.approx(taken_wh[charger], abs=0.05)


def test_the_site_keeps_to_its_grid_and_adds_up(plan: Path, tmp_path: Path) -> None:
    assert run(["simulate", str(plan), "--out", str(tmp_path / "out")]) == 0
    power_w: dict[str, float] = defaultdict(float)
    for row in rows_of(tmp_path / "out" / "meters.csv"):
        power_w[row["time"]] += float(row["power_w"])
    for row in rows_of(tmp_path / "out" / "site.csv"):
        assert float(row["charging_power_w"]) == pytest.approx(power_w[row["time"]], abs=0.5)
        assert float(row["grid_power_w"]) == pytest.approx(
            float(row["charging_power_w"]) + float(row["base_load_w"]), abs=0.5
        )
        assert float(row["grid_power_w"]) <= 60_500.0


def test_the_same_plan_and_seed_give_the_same_bytes(plan: Path, tmp_path: Path) -> None:
    for name, seed in (("a", "1"), ("b", "1"), ("c", "2")):
        out = str(tmp_path / name)
        assert run(["simulate", str(plan), "--out", out, "--seed", seed]) == 0
    for name in (*(f"{name}.csv" for name in FILES), "summary.json"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
        assert (tmp_path / "a" / name).read_bytes() != (tmp_path / "c" / name).read_bytes()


def test_the_order_in_which_things_stand_in_a_plan_decides_nothing(
    plan: Path, tmp_path: Path
) -> None:
    groups = ["{count: 4, id_prefix: A-}", "{count: 3, id_prefix: B-, phases: 1}"]
    patterns = [
        "{name: early, per_day: 40, stay_h: {uniform: [0.5, 2]}}",
        "{name: late, per_day: 30, chargers: 'B-*', stay_h: 1}",
    ]
    written: list[dict[str, list[str]]] = []
    for turned in (False, True):
        order = -1 if turned else 1
        plan.write_text(
            "version: 1\nstart: 2026-03-02\nduration: 24h\n"
            f"chargers: [{', '.join(groups[::order])}]\n"
            f"arrivals: [{', '.join(patterns[::order])}]\n",
            encoding="utf-8",
        )
        out = tmp_path / str(turned)
        assert run(["simulate", str(plan), "--out", str(out)]) == 0
        written.append(
            {name: sorted((out / f"{name}.csv").read_text().splitlines()) for name in FILES}
        )
    assert written[0] == written[1]


def test_parquet_holds_the_same(plan: Path, tmp_path: Path) -> None:
    for file_format in ("csv", "parquet"):
        out = str(tmp_path / file_format)
        arguments = ["--out", out, "--format", file_format, "--duration", "3h"]
        assert run(["simulate", str(plan), *arguments]) == 0
    for name in FILES:
        table: Any = pyarrow.parquet.read_table(tmp_path / "parquet" / f"{name}.parquet")
        written = rows_of(tmp_path / "csv" / f"{name}.csv")
        assert table.column_names == list(written[0])
        assert table.num_rows == len(written)
        if name == "meters":
            energy_wh = [float(row["energy_wh"]) for row in written]
            assert table["energy_wh"].to_pylist() == energy_wh
            first = table["time"].to_pylist()[0]
            assert first.isoformat(timespec="milliseconds") == "2026-03-02T06:00:00.000+00:00"


def test_without_pyarrow_it_says_what_to_install(
    plan: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert run(["simulate", str(plan), "--format", "parquet"]) == 2
    assert "pip install 'ocppsim[parquet]'" in capsys.readouterr().err
    assert not (tmp_path / "plan-out").exists()
    monkeypatch.undo()
    importlib.import_module("pyarrow")


def test_files_of_an_earlier_run_stay_unless_they_are_to_be_replaced(
    plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["simulate", str(plan), "--duration", "1h"]
    assert run(arguments) == 0
    before = (tmp_path / "plan-out" / "meters.csv").read_bytes()
    assert run([*arguments, "--seed", "9"]) == 2
    assert "--force" in capsys.readouterr().err
    assert (tmp_path / "plan-out" / "meters.csv").read_bytes() == before
    assert run([*arguments, "--format", "parquet", "--force"]) == 0
    assert not (tmp_path / "plan-out" / "meters.csv").exists()
    assert (tmp_path / "plan-out" / "meters.parquet").exists()


def test_what_is_broken_off_leaves_nothing_and_says_so(
    plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(simulate_command, "_play", interrupted)
    assert run(["simulate", str(plan)]) == 130
    assert capsys.readouterr().err == "ocppsim: broken off; nothing was written\n"
    assert not (tmp_path / "plan-out").exists()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("kept")
    assert run(["simulate", str(plan), "--out", str(tmp_path / "mine")]) == 130
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["notes.txt"]


def test_what_would_come_after_the_end_is_told(
    plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["simulate", str(plan), "--duration", "1h"]) == 0
    assert "2 of the plan's entries left out" in capsys.readouterr().out
    summary = json.loads((tmp_path / "plan-out" / "summary.json").read_text(encoding="utf-8"))
    assert summary["after_the_end"] == 2


def test_a_full_disk_is_one_line_and_leaves_nothing(
    plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(simulate_command, "_play", full)
    assert run(["simulate", str(plan)]) == 2
    assert capsys.readouterr().err.endswith("plan-out: No space left on device\n")
    assert not (tmp_path / "plan-out").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="no file there has a largest size")
@pytest.mark.parametrize("file_format", ["csv", "parquet"])
def test_a_file_that_cannot_grow_is_one_line_and_leaves_nothing(
    file_format: str, plan: Path, tmp_path: Path
) -> None:
    program = (
        "import resource, sys; from ocppsim.cli import run_files; from ocppsim.cli.program import"
        " run; run_files._ROWS_AT_ONCE = 500; resource.setrlimit(resource.RLIMIT_FSIZE, (9000,"
        " resource.RLIM_INFINITY)); sys.exit(run(sys.argv[1:]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "simulate", str(plan), "--format", file_format],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert "File too large" in done.stderr
    assert not (tmp_path / "plan-out").exists()


def test_brackets_in_a_name_are_shown_as_they_are(
    plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan.write_text(PLAN.replace("Small site", "'[/] [red]Depot'"), encoding="utf-8")
    out = str(tmp_path / "[red]out")
    assert run(["simulate", str(plan), "--duration", "1s", "--out", out]) == 0
    said = capsys.readouterr().out
    assert "[/] [red]Depot" in said
    assert "[red]out" in said


@pytest.mark.skipif(sys.platform == "win32", reason="a process there is ended without a signal")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_signal_to_end_breaks_it_off_too(
    name: str, plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = signal.Signals[name]

    def ended(*_: Any) -> None:
        signal.raise_signal(number)

    monkeypatch.setattr(simulate_command, "_play", ended)
    # Whoever runs the tests may have it ignored, as nohup does, and then it stays so
    inherited = signal.signal(number, signal.SIG_DFL)
    try:
        assert run(["simulate", str(plan)]) == 130
        assert signal.getsignal(number) == signal.SIG_DFL
    finally:
        signal.signal(number, inherited)
    assert not (tmp_path / "plan-out").exists()


def test_what_is_not_wanted_is_not_written(plan: Path, tmp_path: Path) -> None:
    wanted = PLAN.replace("{interval_s: 300}", "{meters: false, messages: false, directory: here}")
    plan.write_text(wanted, encoding="utf-8")
    assert run(["simulate", str(plan), "--duration", "30min"]) == 0
    names = sorted(path.name for path in (tmp_path / "here").iterdir())
    assert names == ["sessions.csv", "site.csv", "summary.json"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing.yaml"], "missing.yaml: No such file"),
        (["plan.yaml", "--duration", "soon"], "--duration: a duration is like 24h"),
        (["plan.yaml", "--duration", "0"], "--duration: it is above 0"),
        (["plan.yaml", "--format", "xml"], "--format: "),
        (["plan.yaml", "--seed", "-1"], "--seed"),
        (["plan.yaml", "--out", "plan.yaml/x"], "plan.yaml/x: "),
        (["plan.yaml", "--out", "x" * 300], "File name too long"),
        (["bad.yaml"], "bad.yaml: line 7: chargers[0].cuont: there is no such field"),
        (["unknown.yaml"], "unknown.yaml: line 7: chargers[0].template: there is no charger"),
        (["latin.yaml"], "latin.yaml: it is not UTF-8"),
        (["twice.yaml"], "twice.yaml: line 20, column 1: seed stands twice"),
        (["alias.yaml"], "alias.yaml: line 3, column 7: found undefined alias 'seven'"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_exit_code_2(
    arguments: list[str], message: str, plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan.with_name("bad.yaml").write_text(PLAN.replace("count: 4", "cuont: 4"), encoding="utf-8")
    plan.with_name("twice.yaml").write_text(PLAN + "seed: 1\n", encoding="utf-8")
    plan.with_name("alias.yaml").write_text(PLAN.replace("7", "*seven", 1), encoding="utf-8")
    plan.with_name("unknown.yaml").write_text(PLAN.replace("ac-22kw", "ac-2"), encoding="utf-8")
    plan.with_name("latin.yaml").write_bytes(PLAN.replace("Small", "Schön").encode("latin-1"))
    assert run(["simulate", *arguments]) == 2
    error = capsys.readouterr().err
    assert error.startswith("ocppsim: ")
    assert error.count("\n") == 1
    assert message in error
