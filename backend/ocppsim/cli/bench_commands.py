"""The commands with which a person acts on one charger from a terminal."""

from __future__ import annotations

import asyncio
import json
import shlex
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from ocppsim.runtime.live_charger import LiveCharger
from ocppsim.simulation.vehicle_models import UnknownVehicleModel

from .bench_views import configuration_table, outcome_text, status_table

STATUS_WAIT_S = 60.0
_STATUS_POLL_S = 0.05
_STATUSES = (
    "Available",
    "Preparing",
    "Charging",
    "SuspendedEV",
    "SuspendedEVSE",
    "Finishing",
    "Reserved",
    "Unavailable",
    "Faulted",
)


class BadCommand(Exception):
    """The line is no command; the message is the remedy."""


class CommandRefused(Exception):
    """The command is one, but the charger or the CSMS did not go along."""


Action = Callable[[LiveCharger], Awaitable[object]]
"""Carries out a command on a charger; what it returns (unless None) is to be shown."""


@dataclass(frozen=True, slots=True)
class _Command:
    usage: str
    purpose: str
    parse: Callable[[list[str]], Action]


def parse_line(line: str) -> Action | None:
    """What one line asks for; None where it is empty. Raises :class:`BadCommand`."""
    word, _, rest = line.strip().partition(" ")
    if not word or word.startswith("#"):
        return None
    if word == "raw":
        return _raw(rest.strip())
    if word == "call":
        return _call(rest.strip())
    command = _COMMANDS.get(word)
    if command is None:
        raise BadCommand(f"unknown command {word!r}; try help")
    try:
        arguments = shlex.split(rest)
    except ValueError as error:
        raise BadCommand(f"{word}: {error}") from error
    try:
        return command.parse(arguments)
    except (ValueError, IndexError) as error:
        raise BadCommand(f"usage: {command.usage}") from error


def split_script(script: str) -> list[str]:
    """The commands of a script: parted by ``;`` outside of quotation marks."""
    parts: list[str] = [""]
    quote = ""
    for character in script:
        if character == ";" and not quote:
            parts.append("")
            continue
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        parts[-1] += character
    return [part.strip() for part in parts if part.strip()]


def help_text() -> str:
    """What can be typed."""
    rows = [(command.usage, command.purpose) for command in _COMMANDS.values()]
    rows += _UNPARSED
    width = max(len(usage) for usage, _ in rows)
    return "\n".join(f"{usage.ljust(width)}  {purpose}" for usage, purpose in rows)


def words() -> list[str]:
    """The words that begin a command, for completion."""
    return [*_COMMANDS, *(usage.split()[0] for usage, _ in _UNPARSED)]


# --- parsing ---


def _at_most(arguments: Sequence[str], count: int) -> None:
    if len(arguments) > count:
        raise ValueError(f"more than {count} arguments")


def _connector(arguments: Sequence[str], place: int = 0, default: int = 1) -> int:
    return int(arguments[place]) if len(arguments) > place else default


def _do(step: Callable[[LiveCharger], object]) -> Action:
    async def run(charger: LiveCharger) -> None:
        step(charger)

    return run


def _show(view: Callable[[LiveCharger], object]) -> Action:
    async def run(charger: LiveCharger) -> object:
        return view(charger)

    return run


def _plug(arguments: list[str]) -> Action:
    _at_most(arguments, 3)
    connector = _connector(arguments)
    model_id = arguments[2] if len(arguments) > 2 else None
    soc_percent = float(arguments[1].rstrip("%")) if len(arguments) > 1 else None
    if soc_percent is not None and not 0.0 <= soc_percent <= 100.0:
        raise ValueError("not a state of charge")

    def plug_in(charger: LiveCharger) -> None:
        try:
            charger.plug_in(connector, model_id=model_id, soc_percent=soc_percent)
        except UnknownVehicleModel as error:
            raise CommandRefused(str(error)) from None

    return _do(plug_in)


def _unplug(arguments: list[str]) -> Action:
    _at_most(arguments, 2)
    connector = _connector(arguments)
    side = arguments[1] if len(arguments) > 1 else "both"
    if side not in ("ev", "charger", "both"):
        raise ValueError("no such side")
    return _do(lambda charger: _take_out(charger, connector, side))


def _take_out(charger: LiveCharger, connector: int, side: str) -> None:
    if side != "both":
        charger.unplug(connector, "ev" if side == "ev" else "charger")
        return
    if charger.connector(connector).cable != "socket":
        charger.unplug(connector, "ev")
    if charger.connector(connector).cable == "socket":
        charger.unplug(connector, "charger")


def _tag(arguments: list[str]) -> Action:
    _at_most(arguments, 2)
    id_tag = arguments[0]
    connector = int(arguments[1]) if len(arguments) > 1 else None
    return _do(lambda charger: charger.present_id_tag(id_tag, connector))


def _start(arguments: list[str]) -> Action:
    _at_most(arguments, 2)
    id_tag = arguments[0]
    connector = _connector(arguments, 1)

    async def run(charger: LiveCharger) -> str:
        outcome = await charger.start_transaction(connector, id_tag)
        if outcome.kind == "refused":
            raise CommandRefused(f"the start was refused: {outcome.reason}")
        if outcome.kind == "queued":
            return "started; the CSMS has not confirmed it yet"
        return f"transaction {outcome.transaction_id} started"

    return run


def _stop(arguments: list[str]) -> Action:
    _at_most(arguments, 2)
    connector = _connector(arguments)
    reason = arguments[1] if len(arguments) > 1 else None

    async def run(charger: LiveCharger) -> str:
        outcome = await charger.stop_transaction(connector, reason)
        if outcome.kind == "queued":
            return "stopped; the CSMS has not confirmed it yet"
        return f"transaction {outcome.transaction_id} stopped"

    return run


def _button(arguments: list[str]) -> Action:
    _at_most(arguments, 1)
    connector = _connector(arguments)
    return _do(lambda charger: charger.press_stop_button(connector))


def _emergency(arguments: list[str]) -> Action:
    _at_most(arguments, 0)
    return _do(lambda charger: charger.press_emergency_stop())


def _ev(arguments: list[str]) -> Action:
    _at_most(arguments, 2)
    draws = {"draw": True, "pause": False}.get(arguments[0])
    if draws is None:
        raise ValueError("neither draw nor pause")
    connector = _connector(arguments, 1)
    return _do(lambda charger: charger.set_ev_draws(connector, draws))


def _lock(arguments: list[str]) -> Action:
    _at_most(arguments, 2)
    jammed = {"jam": True, "free": False}.get(arguments[0])
    if jammed is None:
        raise ValueError("neither jam nor free")
    connector = _connector(arguments, 1)
    return _do(lambda charger: charger.jam_lock(connector, jammed))


def _fault(arguments: list[str]) -> Action:
    _at_most(arguments, 3)
    error_code = arguments[0]
    connector = _connector(arguments, 1)
    info = arguments[2] if len(arguments) > 2 else None
    return _do(lambda charger: charger.raise_fault(connector, error_code, info))


def _clear(arguments: list[str]) -> Action:
    _at_most(arguments, 1)
    connector = _connector(arguments)
    return _do(lambda charger: charger.clear_fault(connector))


def _status(arguments: list[str]) -> Action:
    _at_most(arguments, 0)
    return _show(status_table)


def _config(arguments: list[str]) -> Action:
    match arguments:
        case [] | ["get"]:
            return _show(lambda charger: configuration_table(charger, None))
        case ["get", key]:
            return _show(lambda charger: configuration_table(charger, key))
        case ["set", key, value]:
            return _do(lambda charger: charger.set_configuration({key: value}))
        case _:
            raise ValueError("neither get nor set")


def _power(arguments: list[str]) -> Action:
    _at_most(arguments, 1)
    state = arguments[0]
    if state not in ("off", "on", "cycle", "restart"):
        raise ValueError("no such state")
    return _do(lambda charger: charger.set_power(state))


def _network(arguments: list[str]) -> Action:
    _at_most(arguments, 2)
    state = arguments[0]
    if state not in ("up", "cut", "blackhole"):
        raise ValueError("no such state")
    latency_ms = float(arguments[1]) if len(arguments) > 1 else 0.0
    return _do(lambda charger: charger.set_network(state, latency_ms))


def _without_arguments(step: Callable[[LiveCharger], object]) -> Callable[[list[str]], Action]:
    def parse(arguments: list[str]) -> Action:
        _at_most(arguments, 0)
        return _do(step)

    return parse


def _wait(arguments: list[str]) -> Action:
    _at_most(arguments, 2)
    what = arguments[0]
    connector = _connector(arguments, 1)
    if what not in _STATUSES:
        _at_most(arguments, 1)
        duration_s = float(what)
        if not 0.0 <= duration_s < float("inf"):
            raise ValueError("no such time")
        return lambda _charger: asyncio.sleep(duration_s)

    async def run(charger: LiveCharger) -> None:
        try:
            async with asyncio.timeout(STATUS_WAIT_S):
                while charger.connector(connector).status != what:  # noqa: ASYNC110
                    await asyncio.sleep(_STATUS_POLL_S)
        except TimeoutError as error:
            status = charger.connector(connector).status
            raise CommandRefused(
                f"connector {connector} is {status}, not {what}, after {STATUS_WAIT_S:g} s"
            ) from error

    return run


def _call(rest: str) -> Action:
    action, _, text = rest.partition(" ")
    if not action:
        raise BadCommand("usage: call ACTION {JSON}")
    try:
        payload: object = json.loads(text) if text.strip() else {}
    except ValueError as error:
        raise BadCommand(f"the payload is not JSON: {error}") from error
    if not isinstance(payload, dict):
        raise BadCommand("the payload must be a JSON object")
    fields = cast("dict[str, Any]", payload)

    async def run(charger: LiveCharger) -> object:
        return outcome_text(await charger.send_call(action, fields))

    return run


def _raw(text: str) -> Action:
    if not text:
        raise BadCommand("usage: raw TEXT")
    return _do(lambda charger: charger.send_raw(text))


_COMMANDS = {
    "plug": _Command(
        "plug [CONNECTOR [SOC [MODEL]]]", "a car (of a model) comes and plugs in", _plug
    ),
    "unplug": _Command(
        "unplug [CONNECTOR [ev|charger]]", "the car leaves (or one end is taken out)", _unplug
    ),
    "tag": _Command("tag TAG [CONNECTOR]", "show a tag to the reader", _tag),
    "start": _Command("start TAG [CONNECTOR]", "plug in, show the tag, wait for the CSMS", _start),
    "stop": _Command("stop [CONNECTOR [REASON]]", "end the transaction", _stop),
    "button": _Command("button [CONNECTOR]", "press the stop button", _button),
    "emergency": _Command("emergency", "press the emergency stop", _emergency),
    "ev": _Command("ev draw|pause [CONNECTOR]", "the car asks for energy, or stops asking", _ev),
    "fault": _Command("fault CODE [CONNECTOR [INFO]]", "something breaks", _fault),
    "clear": _Command("clear [CONNECTOR]", "it is repaired", _clear),
    "lock": _Command("lock jam|free [CONNECTOR]", "the lock of the cable jams", _lock),
    "status": _Command("status", "show connectors, meters and the link", _status),
    "config": _Command("config get [KEY] | set KEY VALUE", "configuration keys", _config),
    "power": _Command("power off|on|cycle|restart", "the mains; or only the software", _power),
    "reset": _Command(
        "reset", "switch it off and on again", _without_arguments(lambda c: c.set_power("cycle"))
    ),
    "network": _Command("network up|cut|blackhole [LATENCY_MS]", "the network", _network),
    "offline": _Command(
        "offline", "take the network away", _without_arguments(lambda c: c.go_offline())
    ),
    "online": _Command("online", "give it back", _without_arguments(lambda c: c.go_online())),
    "disconnect": _Command(
        "disconnect", "close the connection cleanly", _without_arguments(lambda c: c.disconnect())
    ),
    "connect": _Command("connect", "connect (again)", _without_arguments(lambda c: c.connect())),
    "wait": _Command("wait SECONDS | STATUS [CONNECTOR]", "for scripts", _wait),
}
_UNPARSED = [
    ("call ACTION {JSON}", "send any CALL and show the answer"),
    ("raw TEXT", "send the text as it is"),
    ("help", "this"),
    ("quit", "end"),
]
