"""How the program answers bad input and bad surroundings: one line, and an exit code."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from ocppsim import __version__
from ocppsim.cli.program import run


def error_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one line that a command which cannot be carried out says on stderr."""
    assert run(arguments) == 2
    error = capsys.readouterr().err
    assert error.startswith("ocppsim: ")
    assert error.count("\n") == 1
    return error


def test_it_tells_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"ocppsim {__version__}\n"


@pytest.mark.parametrize("arguments", [[], ["--help"], ["db"], ["csms", "--help"]])
def test_it_helps(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert run(arguments) == 0
    assert "Usage: ocppsim" in capsys.readouterr().out


def test_the_help_of_serve_names_settings_and_defaults(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["serve", "--help"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    for name in ("HOST", "PORT", "DATABASE_URL", "CORS_ORIGINS", "LOG_LEVEL", "API_TOKEN"):
        assert f"env: OCPPSIM_{name}" in text
    assert "default: 8001" in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nonsense"], "nonsense"),
        (["serve", "--port", "http"], "--port"),
        (["serve", "--port", "99999"], "--port"),
        (["serve", "--log-level", "loud"], "--log-level"),
        (["serve", "--nonsense"], "--nonsense"),
        (["serve", "--port", "0", "--host", "no.such.host.invalid"], "no.such.host.invalid"),
        (["serve", "--port", "0", "--database-url", "oracle://x"], "oracle"),
        (["serve", "--port", "0", "--database-url", "sqlite:////proc/no/x.db"], "/proc/no"),
        (["csms", "--tags", "missing.csv"], "missing.csv"),
        (["connect", "ws://127.0.0.1:1"], "--id"),
        (["connect", "http://127.0.0.1:1", "--id", "CP"], "ws://"),
        (["connect", "ws://127.0.0.1:1", "--id", "a/b"], "--id"),
        (["connect", "ws://127.0.0.1:1", "--id", "CP", "--power-type", "X"], "--power-type"),
        (["connect", "ws://127.0.0.1:1", "--id", "CP", "--config", "x"], "KEY=VALUE"),
        (["connect", "ws://127.0.0.1:1", "--id", "CP", "--config", "x=1"], "x"),
        (["connect", "ws://127.0.0.1:1", "--id", "CP", "--exec", "jump"], "jump"),
        (["connect", "wss://127.0.0.1:1", "--id", "CP", "--ca", "missing.pem"], "missing.pem"),
        (["db", "downgrade", "base"], "unable to open"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(
    capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert message in error_of(capsys, *arguments)


def test_a_bad_setting_is_named_by_its_variable(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OCPPSIM_PORT", "http")
    assert "OCPPSIM_PORT" in error_of(capsys, "serve")


def test_a_port_in_use_is_told_with_the_remedy(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        error = error_of(capsys, "serve", "--port", port)
        assert f"port {port} on 127.0.0.1 is in use" in error
        assert "--port" in error
        assert "in use" in error_of(capsys, "demo", "--port", port)
        assert "in use" in error_of(capsys, "csms", "--port", port)


def test_a_file_that_is_no_database_is_told(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "letter.db"
    path.write_text("Dear Sir or Madam, " * 100)
    assert "not a database" in error_of(
        capsys, "serve", "--port", "0", "--database-url", f"sqlite:///{path}"
    )


def test_the_schema_goes_up_and_down(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'deep' / 'x.db'}"
    assert run(["db", "upgrade", "--database-url", url]) == 0
    up = capsys.readouterr().out
    assert run(["db", "current", "--database-url", url]) == 0
    assert capsys.readouterr().out == up
    assert "nonsense" in error_of(capsys, "db", "downgrade", "nonsense", "--database-url", url)
    assert run(["db", "downgrade", "base", "--database-url", url]) == 0
    assert "no revision" in capsys.readouterr().out


def test_a_template_that_cannot_be_used_is_named_with_place_and_reason(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "yard.yaml").write_text("name: Yard\nconnectors: [{max_power_w: none}]\n")
    database = f"sqlite:///{tmp_path}/ocppsim.db"
    serve = ["serve", "--port", "0", "--database-url", database]
    connect = ["connect", "ws://127.0.0.1:1", "--id", "CP", "--template", "yard"]
    for command in (serve, connect):
        error = error_of(capsys, *command, "--templates", str(tmp_path))
        told = "line 2: connectors[0].max_power_w: it must be a number, not a text"
        assert f"{tmp_path}/yard.yaml: {told}" in error
    monkeypatch.setenv("TEMPLATES_DIR", str(tmp_path))
    demo = ["demo", "--port", "0", "--csms-port", "0", "--csms-http-port", "0"]
    assert f"{tmp_path}/yard.yaml: " in error_of(capsys, *demo, "--database-url", database)
    (tmp_path / "yard.yaml").unlink()
    error = error_of(capsys, *connect, "--templates-dir", str(tmp_path))
    assert "no charger template 'yard'" in error
