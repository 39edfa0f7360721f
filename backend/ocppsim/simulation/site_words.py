"""Why a connector has the share of its site that it has, in one sentence for a person."""

from __future__ import annotations

from collections.abc import Mapping

from ocppsim.physics import NOMINAL_VOLTAGE_V
from ocppsim.physics.site import SiteDefinition

from .site_demand import ConnectorDemand

_RULES = {
    "equal": "equal parts",
    "first_come": "the first come first",
    "stack": "the highest stack level first",
}


def share_explanation(
    definition: SiteDefinition,
    demand: ConnectorDemand,
    capacity_a: tuple[float, ...],
    share_a: float,
    targets: Mapping[object, float],
    *,
    is_held: bool,
) -> str:
    """``The site leaves 43.2 A a phase to the chargers; shared with 2 other connectors (...)``."""
    said = f"The site leaves {_left(definition, demand, capacity_a)} to its chargers"
    rule = _RULES[definition.sharing]
    served = sum(part_a > 0.0 for part_a in targets.values())
    if not demand.draws:
        return f"{said}; {_number(share_a)} A are free for whoever begins here."
    if is_held and not share_a:
        return f"{said}; this connector waits until others have given way ({rule})."
    if not share_a:
        return f"{said}; too little for all, so this connector waits ({rule})."
    others = max(0, served - 1)
    if others:
        among = "1 other connector" if others == 1 else f"{others} other connectors"
        said += f"; shared with {among} ({rule}), {_number(share_a)} A of it are for this one"
    else:
        said += f"; {_number(share_a)} A are for this connector"
    return said + (", more when others have given way." if is_held else ".")


def _left(
    definition: SiteDefinition, demand: ConnectorDemand, capacity_a: tuple[float, ...]
) -> str:
    if definition.grid_limit_a_per_phase is not None:
        return f"{_number(min(capacity_a[line] for line in demand.phases))} A a phase"
    return f"{_number(capacity_a[0] * NOMINAL_VOLTAGE_V / 1000.0)} kW"


def _number(value: float) -> str:
    return f"{int(value * 10 + 1e-6) / 10:.1f}".removesuffix(".0")


__all__ = ["share_explanation"]
