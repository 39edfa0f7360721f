"""``ocppsim connect`` against a central system over a real socket."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ocppsim.cli.program import run
from ocppsim.csms import DemoCentralSystem


def test_a_script_charges_a_car(
    csms: DemoCentralSystem, capsys: pytest.CaptureFixture[str]
) -> None:
    script = "plug 1 50; tag TAG1; wait Charging; status; stop 1 Other; unplug; wait Available"
    assert run(["connect", csms.url, "--id", "CP 1", "--exec", script]) == 0
    (record,) = csms.transactions
    assert (record.charge_point_id, record.id_tag) == ("CP 1", "TAG1")
    assert (record.state, record.stop_reason) == ("stopped", "Other")
    assert csms.chargers["CP 1"].connectors[1].status == "Available"
    assert not csms.violations
    out = capsys.readouterr().out
    assert "→ BootNotification" in out
    assert "transaction 1 stopped" in out


def test_the_hardware_is_as_asked_for(
    csms: DemoCentralSystem, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--connectors", "2", "--power-type", "dc", "--vendor", "ACME", "--quiet"]
    options += ["--config", "HeartbeatInterval=77"]
    script = 'config get HeartbeatInterval; call DataTransfer {"vendorId": "x"}; start TAG 2'
    assert run(["connect", csms.url, "--id", "CP", *options, "--exec", script]) == 0
    record = csms.chargers["CP"]
    assert sorted(record.connectors) == [0, 1, 2]
    assert record.boot["charge_point_vendor"] == "ACME"
    out = capsys.readouterr().out
    assert "HeartbeatInterval = 300" in out  # the CSMS says it at boot
    assert "UnknownVendorId" in out
    assert "BootNotification" not in out


def test_a_charger_is_of_the_model_that_is_named_and_options_go_before_it(
    csms: DemoCentralSystem, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--template", "dc-2x150kw-shared", "--model", "Mine", "--quiet"]
    script = "config get MeterValueSampleInterval; start TAG 2"
    assert run(["connect", csms.url, "--id", "CP", *options, "--exec", script]) == 0
    record = csms.chargers["CP"]
    assert sorted(record.connectors) == [0, 1, 2]
    assert record.boot["charge_point_vendor"] == "Exemplar Power"
    assert record.boot["charge_point_model"] == "Mine"
    assert "MeterValueSampleInterval = 15" in capsys.readouterr().out


def test_a_script_stops_at_what_the_charger_refuses(
    csms: DemoCentralSystem, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["connect", csms.url, "--id", "CP", "--exec", "unplug; start TAG"]) == 1
    assert "no vehicle" in capsys.readouterr().err
    assert len(csms.transactions) == 0


def test_a_car_of_a_model_comes_by(
    csms: DemoCentralSystem, capsys: pytest.CaptureFixture[str]
) -> None:
    script = "plug 1 50 renault-zoe-ze50; tag TAG1; wait Charging; plug 1 50 renault-zoe"
    assert run(["connect", csms.url, "--id", "CP", "--quiet", "--exec", script]) == 1
    assert "did you mean renault-zoe-ze50" in capsys.readouterr().err
    assert len(csms.transactions) == 1


def test_piped_lines_go_on_after_a_mistake(
    csms: DemoCentralSystem,
    capsys: pytest.CaptureFixture[str],
    type_in: Callable[[str], None],
) -> None:
    type_in("start TAG\njump\nunplug 5\nhelp\nstop\nquit\nstart TAG")
    assert run(["connect", csms.url, "--id", "CP"]) == 2
    captured = capsys.readouterr()
    assert captured.err.splitlines() == [
        "ocppsim: unknown command 'jump'; try help",
        "ocppsim: there is no connector 5",
    ]
    assert "emergency stop" in captured.out
    (record,) = csms.transactions
    assert record.state == "stopped"


def test_a_csms_that_is_not_there_is_diagnosed(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["connect", "ws://127.0.0.1:1", "--id", "CP", "--timeout", "0.5"]
    assert run([*arguments, "--exec", "status"]) == 1
    assert "refuses the connection" in capsys.readouterr().err


def test_without_a_wait_the_script_runs_offline(capsys: pytest.CaptureFixture[str]) -> None:
    script = "plug; fault GroundFailure; status; clear; power off; power on"
    arguments = ["connect", "ws://127.0.0.1:1", "--id", "CP", "--timeout", "0"]
    assert run([*arguments, "--exec", script]) == 0
    assert "Faulted (GroundFailure)" in capsys.readouterr().out
