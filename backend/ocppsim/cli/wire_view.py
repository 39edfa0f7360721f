"""OCPP messages as lines for a terminal: arrows, colours, short JSON."""

from __future__ import annotations

import json
from typing import Any, Literal, cast

from rich.text import Text

_KIND_STYLES = {2: "bold", 3: "green", 4: "red"}
_LONGEST = 2_000

Arrow = Literal["→", "←"]


def wire_line(who: str, arrow: Arrow, text: str, time_of_day: str) -> Text:
    """One frame as a line; ``arrow`` points the way from the charger to the CSMS or back."""
    line = Text(no_wrap=False, overflow="fold")
    line.append(f"{time_of_day} ", style="dim")
    if who:
        line.append(f"{who} ", style="cyan")
    line.append(f"{arrow} ", style="bold blue" if arrow == "→" else "bold magenta")
    frame = _frame(text)
    if frame is None:
        line.append(_shortened(text), style="yellow")
        return line
    kind, body = frame[0], frame[2:]
    style = _KIND_STYLES[kind]
    if kind == 2:
        line.append(str(body[0]), style=style)
        line.append(f" {_json(body[1:])}")
    elif kind == 3:
        line.append("ok", style=style)
        line.append(f" {_json(body)}")
    else:
        line.append(f"error {body[0]}", style=style)
        line.append(f" {_json(body[1:])}")
    return line


def _frame(text: str) -> list[Any] | None:
    try:
        frame: object = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(frame, list):
        return None
    parts = cast("list[Any]", frame)
    if len(parts) < 3 or type(parts[0]) is not int or parts[0] not in _KIND_STYLES:
        return None
    return parts


def _json(values: list[Any]) -> str:
    """Short JSON; an empty last object of an error says nothing."""
    texts = [json.dumps(value, ensure_ascii=False) for value in values if value not in ({}, "")]
    return _shortened(" ".join(texts) if texts else "{}")


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(text)} characters)"
