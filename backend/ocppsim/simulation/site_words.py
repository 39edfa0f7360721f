"""Why a connector has the share of its site that it has, in one sentence for a person."""

from __future__ import annotations

from typing import Literal

from ocppsim.physics import NOMINAL_VOLTAGE_V
from ocppsim.physics.site import SiteDefinition

from .site_demand import ConnectorDemand

PartKind = Literal["part", "held", "headroom"]
"""Its part; what it had until others have given way; what is free where it takes no part."""

_RULES = {
    "equal": "equal parts",
    "first_come": "first come, first served",
    "stack": "highest stack level first",
}


class ShareWords:
    """The words for the shares of one division, in which ``served`` connectors get a part."""

    __slots__ = ("_capacity_a", "_definition", "_served")

    def __init__(
        self, definition: SiteDefinition, capacity_a: tuple[float, ...], served: int
    ) -> None:
        self._definition = definition
        self._capacity_a = capacity_a
        self._served = served

    def sentence(self, demand: ConnectorDemand, share_a: float, kind: PartKind) -> str:
        """``The site leaves 43.2 A a phase to its chargers; shared with 2 others ...``."""
        said = f"The site leaves {self._left(demand)} to its chargers"
        rule = _RULES[self._definition.sharing]
        share = f"{_number(share_a)} A a phase"
        if kind == "headroom":
            return f"{said}; {share} of it are free for whoever begins here."
        if not share_a:
            why = "until others have given way" if kind == "held" else "as it is too little for all"
            return f"{said}; this connector waits {why} ({rule})."
        others = self._served - 1
        if others > 0:
            among = "1 other connector" if others == 1 else f"{others} other connectors"
            said += f"; shared with {among} ({rule}), {share} of it are for this one"
        else:
            said += f"; {share} of it are for this connector"
        return said + (", more when others have given way." if kind == "held" else ".")

    def _left(self, demand: ConnectorDemand) -> str:
        if self._definition.grid_limit_a_per_phase is not None:
            return f"{_number(min(self._capacity_a[line] for line in demand.phases))} A a phase"
        return f"{_number(self._capacity_a[0] * NOMINAL_VOLTAGE_V / 1000.0)} kW"


def _number(value: float) -> str:
    return f"{int(value * 10 + 1e-6) / 10:.1f}".removesuffix(".0")


__all__ = ["PartKind", "ShareWords"]
