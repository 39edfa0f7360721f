"""The command line of the demo central system."""

from __future__ import annotations

import json
from typing import Any, cast

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from ocppsim.csms import CallOutcome, CentralSystemError, DemoCentralSystem

HELP = """\
send ID ACTION {JSON}    send a charger a command, checked against OCPP 1.6
send! ID ACTION {JSON}   the same, unchecked
chargers                 who is or was here
transactions             what has been charged
violations               the frames that broke OCPP 1.6
disconnect ID            close the connection of a charger
help                     this
quit                     end"""

WORDS = ("send", "send!", "chargers", "transactions", "violations", "disconnect", "help", "quit")


class BadCommand(Exception):
    """The line is no command; the message says why."""


async def run_line(csms: DemoCentralSystem, line: str) -> RenderableType | None:
    """Carry out one line and give what to show.

    Raises :class:`BadCommand` or ``CentralSystemError``.
    """
    word, _, rest = line.strip().partition(" ")
    match word:
        case "":
            return None
        case "send" | "send!":
            return await _send(csms, rest.strip(), validate=word == "send")
        case "chargers":
            return _chargers(csms)
        case "transactions":
            return _transactions(csms)
        case "violations":
            return _violations(csms)
        case "disconnect":
            await csms.disconnect(rest.strip())
            return None
        case "help" | "?":
            return HELP
        case _:
            raise BadCommand(f"unknown command {word!r}; try help")


async def _send(csms: DemoCentralSystem, rest: str, *, validate: bool) -> RenderableType:
    charge_point_id, action, payload = _parse_send(csms, rest)
    outcome = await csms.send(charge_point_id, action, payload, validate=validate)
    return _outcome(outcome)


def _parse_send(csms: DemoCentralSystem, rest: str) -> tuple[str, str, dict[str, Any]]:
    # An id may hold blanks, so a known one at the beginning goes first.
    known = [key for key in csms.chargers if rest == key or rest.startswith(f"{key} ")]
    charge_point_id = max(known, key=len, default=rest.partition(" ")[0])
    action, _, text = rest[len(charge_point_id) :].strip().partition(" ")
    if not charge_point_id or not action:
        raise BadCommand("usage: send ID ACTION {JSON}")
    try:
        payload: object = json.loads(text) if text.strip() else {}
    except ValueError as error:
        raise BadCommand(f"the payload is not JSON: {error}") from error
    if not isinstance(payload, dict):
        raise BadCommand("the payload must be a JSON object")
    return charge_point_id, action, cast("dict[str, Any]", payload)


def _outcome(outcome: CallOutcome) -> RenderableType:
    if outcome.kind == "CALLERROR":
        return Text(
            f"{outcome.action}: {outcome.error_code} {outcome.error_description or ''}".rstrip(),
            style="red",
        )
    text = Text(f"{outcome.action}: ", style="bold")
    text.append(json.dumps(outcome.payload, ensure_ascii=False), style="green")
    if outcome.violation is not None:
        text.append(f"  breaks OCPP 1.6: {outcome.violation}", style="red")
    return text


def _chargers(csms: DemoCentralSystem) -> RenderableType:
    table = Table("charger", "connected", "model", "connectors")
    for record in csms.chargers.values():
        view = record.as_json()
        model = " ".join(
            str(view[name])
            for name in ("charge_point_vendor", "charge_point_model")
            if view[name] is not None
        )
        connectors = ", ".join(f"{n}: {c.status}" for n, c in sorted(record.connectors.items()))
        table.add_row(
            record.charge_point_id, "yes" if record.connected else "no", model, connectors
        )
    return table


def _transactions(csms: DemoCentralSystem) -> RenderableType:
    table = Table("id", "charger", "connector", "tag", "state", "energy", "meter values")
    for record in csms.transactions:
        view = record.as_json()
        energy = "" if view["energy_wh"] is None else f"{view['energy_wh']} Wh"
        table.add_row(
            str(record.transaction_id),
            record.charge_point_id,
            str(record.connector_id or ""),
            record.id_tag or "",
            record.state,
            energy,
            str(view["meter_value_count"]),
        )
    return table


def _violations(csms: DemoCentralSystem) -> RenderableType:
    if not csms.violations:
        return "none"
    lines = [f"{v.charge_point_id}: {v.reason}: {v.text}" for v in csms.violations]
    return Text("\n".join(lines))


__all__ = ["HELP", "WORDS", "BadCommand", "CentralSystemError", "run_line"]
