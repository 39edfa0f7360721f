"""Why a connector has the share of its site that it has, in one sentence for a person."""

from __future__ import annotations

from ocppsim.physics import NOMINAL_VOLTAGE_V

from .site_demand import ConnectorDemand
from .site_plan import SitePart, SitePlan

_RULES = {
    "equal": "equal parts",
    "first_come": "first come, first served",
    "stack": "highest stack level first",
}


def share_sentence(plan: SitePlan, part: SitePart) -> str:
    """``The site leaves 43.2 A a phase to its chargers; shared with 2 other connectors ...``."""
    said = f"The site leaves {_left(plan, part.demand)} to its chargers"
    if not any(plan.capacity_a):
        return f"{said}, so everybody waits."
    rule = _RULES[plan.definition.sharing]
    if part.kind == "headroom":
        return f"{said}; {_prospect(plan, part, rule)}."
    if not part.share_a:
        why = (
            "until others have given way" if part.kind == "held" else "as it is too little for all"
        )
        return f"{said}; this connector waits {why} ({rule})."
    share = _a_phase(part.share_a)
    others = plan.served - 1
    if others > 0:
        among = "1 other connector" if others == 1 else f"{others} other connectors"
        said += f"; shared with {among} ({rule}), {share} of it are for this one"
    else:
        said += f"; {share} of it are for this connector"
    return said + (", more when others have given way." if part.kind == "held" else ".")


def _prospect(plan: SitePlan, part: SitePart, rule: str) -> str:
    """What a connector that takes no part would get."""
    free, coming_a = _a_phase(part.share_a), plan.for_one_more(part)
    if not coming_a:
        return f"this is too little for one more, so whoever begins here waits ({rule})"
    if coming_a <= part.share_a:
        return f"{free} of it are free for whoever begins here"
    gets = f"{_a_phase(coming_a)} ({rule}) as soon as the others have given way"
    if not part.share_a:
        return f"not enough of it is free, but whoever begins here gets {gets}"
    return f"whoever begins here has {free} at once, and {gets}"


def _left(plan: SitePlan, demand: ConnectorDemand) -> str:
    if not any(plan.capacity_a):
        return "nothing"
    if plan.definition.grid_limit_a_per_phase is not None:
        return _a_phase(min(plan.capacity_a[line] for line in demand.phases))
    return f"{_number(plan.capacity_a[0] * NOMINAL_VOLTAGE_V / 1000.0)} kW"


def _a_phase(current_a: float) -> str:
    return f"{_number(current_a)} A a phase"


def _number(value: float) -> str:
    return f"{int(value * 10 + 1e-6) / 10:.1f}".removesuffix(".0")


__all__ = ["share_sentence"]
