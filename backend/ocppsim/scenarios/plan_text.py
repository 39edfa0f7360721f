"""From the text of a plan to a plan, or to the one line that says what is wrong with it."""

from __future__ import annotations

from pydantic import ValidationError

from ocppsim.templates.yaml_document import NotYaml, read_yaml

from .plan import Plan


class PlanFault(Exception):
    """A plan cannot be used: where in it, and why, in one line."""

    def __init__(self, place: str, reason: str) -> None:
        self.place = place
        self.reason = " ".join(reason.split())
        super().__init__(f"{place}: {self.reason}" if place else self.reason)


def parse_plan(text: str) -> Plan:
    """The plan of a YAML text; raises :class:`PlanFault` for the first thing that is wrong."""
    try:
        document = read_yaml(text)
    except NotYaml as error:
        raise PlanFault(error.place, error.reason) from error
    if not isinstance(document, dict):
        raise PlanFault("", "a plan is a mapping that begins with version: 1")
    try:
        return Plan.model_validate(document)
    except ValidationError as error:
        errors = error.errors(include_url=False, include_context=False, include_input=False)
        outer = _place(errors[0]["loc"])
        # Of the kinds that a value may be, the one whose errors lie deepest was meant
        inside = [one for one in errors if _place(one["loc"]).startswith(outer)]
        first = max(inside, key=lambda one: len(one["loc"]))
        place = _place(first["loc"])
        if first["type"] == "extra_forbidden":
            raise PlanFault(place, "there is no such field") from error
        if first["type"] == "missing":
            raise PlanFault(place, "it is missing") from error
        raise PlanFault(place, first["msg"].removeprefix("Value error, ")) from error


def _place(location: tuple[int | str, ...]) -> str:
    """``chargers[0].count``, without the names that pydantic gives to the kinds of a union."""
    place = ""
    for part in location:
        if isinstance(part, int):
            place += f"[{part}]"
        elif part.replace("_", "").isalnum() and part not in {"int", "str", "bool", "float"}:
            place += f".{part}" if place else part
    return place


__all__ = ["PlanFault", "parse_plan"]
