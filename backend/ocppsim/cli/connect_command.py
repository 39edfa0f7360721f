"""``ocppsim connect``: one charger, no database, at a prompt or by script."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from ocppsim.api.charger_rules import new_definition
from ocppsim.api.problems import Unprocessable
from ocppsim.api.schemas.charger_input import ChargerCreate
from ocppsim.api.template_rules import with_template
from ocppsim.main import charger_templates
from ocppsim.templates import TemplateFault

from .bench_commands import Action, BadCommand, parse_line, split_script
from .bench_session import BenchSession, SessionOptions
from .failures import CommandFailed
from .logs import configure_logging
from .server import run_on_fastest_loop
from .settings_options import TemplatesDirOption, load_settings

_ID_RULE = "--id: it must be 1 to 48 printable ASCII characters without '/'"
_OPTION_OF = {
    "connection_url": "URL",
    "template_id": "--template",
    "evse_count": "--connectors",
    "max_power_w": "--max-power-w",
    "basic_auth_password": "--password",
    "charge_point_vendor": "--vendor",
    "charge_point_model": "--model",
    "firmware_version": "--firmware",
    "configuration": "--config",
}


def connect(
    url: Annotated[str, typer.Argument(metavar="URL", help="The CSMS: ws://… or wss://…")],
    charge_point_id: Annotated[
        str, typer.Option("--id", help="Charge point id; it becomes the end of the URL.")
    ],
    password: Annotated[
        str | None,
        typer.Option(
            envvar="OCPPSIM_PASSWORD",
            help="Basic authentication password: text, or 40 hex digits for 20 bytes.",
        ),
    ] = None,
    template: Annotated[
        str | None,
        typer.Option(metavar="ID", help="The charger model that other options go on top of."),
    ] = None,
    templates_dir: TemplatesDirOption = None,
    connectors: Annotated[
        int | None, typer.Option(min=1, help="How many connectors; default 1.")
    ] = None,
    power_type: Annotated[str | None, typer.Option(metavar="AC|DC", help="Default: AC.")] = None,
    max_power_w: Annotated[
        float | None, typer.Option(help="Of each connector; default 22080 (AC), 150000 (DC).")
    ] = None,
    phases: Annotated[int | None, typer.Option(metavar="1|3", help="AC phases; default 3.")] = None,
    cable: Annotated[
        str | None, typer.Option(metavar="socket|tethered", help="Default: socket; DC: tethered.")
    ] = None,
    vendor: Annotated[str | None, typer.Option(help="chargePointVendor.")] = None,
    model: Annotated[str | None, typer.Option(help="chargePointModel.")] = None,
    firmware: Annotated[str | None, typer.Option(help="firmwareVersion.")] = None,
    security_profile: Annotated[int, typer.Option(min=0, max=3)] = 0,
    ca: Annotated[Path | None, typer.Option(help="PEM file with the only CAs to trust.")] = None,
    cert: Annotated[Path | None, typer.Option(help="PEM file with the client certificate.")] = None,
    key: Annotated[Path | None, typer.Option(help="PEM file with its private key.")] = None,
    insecure: Annotated[
        bool, typer.Option("--insecure", help="Do not verify the CSMS's certificate.")
    ] = False,
    auto_plug_in: Annotated[
        bool, typer.Option("--auto-plug-in", help="A remote start brings the car by itself.")
    ] = False,
    config: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY=VALUE", help="Set a configuration key; may be repeated."),
    ] = None,
    execute: Annotated[
        str | None,
        typer.Option("--exec", help='Run commands and end: "plug 1; tag TAG1; wait 5; stop".'),
    ] = None,
    timeout: Annotated[
        float,
        typer.Option(
            min=0, help="Seconds that commands not typed wait for the CSMS to accept the charger."
        ),
    ] = 30.0,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Do not show the wire.")] = False,
    log_level: Annotated[str, typer.Option(hidden=True)] = "error",
) -> None:
    """Connect one charger to a CSMS and act on it; type help at the prompt.

    With stdin not a terminal, each of its lines is a command, and the end of the input ends
    the session (an empty input leaves the charger connected until it is stopped). --exec
    stops at the first command that fails, with exit code 1.
    """
    script = None if execute is None else _parsed_script(execute)
    tls: dict[str, Any] = {"verify": not insecure}
    for name, path in (("ca_pem", ca), ("client_cert_pem", cert), ("client_key_pem", key)):
        if path is not None:
            tls[name] = _read(path)
    given = {
        "charge_point_id": charge_point_id,
        "charger_name": charge_point_id.strip() or "-",
        "connection_url": url,
        "template_id": template,
        "evse_count": connectors,
        "power_type": None if power_type is None else power_type.upper(),
        "max_power_w": max_power_w,
        "phases": phases,
        "cable": cable,
        "charge_point_vendor": vendor,
        "charge_point_model": model,
        "firmware_version": firmware,
        "security_profile": security_profile,
        "basic_auth_password": password,
        "tls": tls,
        "auto_plug_in": auto_plug_in,
        "configuration": _configuration(config or []),
    }
    body = _checked({name: value for name, value in given.items() if value is not None})
    try:
        if template is not None:
            settings = load_settings(templates_dir=templates_dir)
            body = with_template(body, charger_templates(settings.templates_dir))
        definition = new_definition(0, body)
    except (Unprocessable, TemplateFault) as problem:
        raise CommandFailed(str(problem)) from problem
    configure_logging(log_level)
    options = SessionOptions(
        definition=definition,
        configuration=dict(body.configuration),
        script=script,
        accept_timeout_s=timeout,
        show_wire=not quiet,
    )
    exit_code = run_on_fastest_loop(BenchSession(options).run())
    if exit_code:
        raise typer.Exit(exit_code)


def _parsed_script(text: str) -> list[tuple[str, Action]]:
    script: list[tuple[str, Action]] = []
    for line in split_script(text):
        if line in ("quit", "exit"):
            break
        try:
            action = parse_line(line)
        except BadCommand as error:
            raise CommandFailed(f"--exec: {error}") from error
        if action is not None:
            script.append((line, action))
    return script


def _configuration(pairs: list[str]) -> dict[str, str]:
    values: dict[str, str] = {}
    for pair in pairs:
        key, separator, value = pair.partition("=")
        if not separator or not key:
            raise CommandFailed(f"--config {pair!r}: it must be KEY=VALUE")
        values[key.strip()] = value
    return values


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise CommandFailed(f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CommandFailed(f"{path} is not a PEM file") from error


def _checked(given: dict[str, Any]) -> ChargerCreate:
    try:
        return ChargerCreate.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        if name == "charge_point_id":
            raise CommandFailed(_ID_RULE) from error
        option = _OPTION_OF.get(name, f"--{name.replace('_', '-')}")
        raise CommandFailed(f"{option}: {first['msg']}") from error
