"""Sites on their way between the database, the running chargers and the client."""

from __future__ import annotations

from typing import Any

from ocppsim.physics import NOMINAL_VOLTAGE_V
from ocppsim.physics.site import SUPPLY_PHASES
from ocppsim.runtime.clock import iso_utc
from ocppsim.runtime.live_site import LiveSite

from .schemas.site import ConnectorAtSite, SiteBody, SiteState

_DIGITS = 3


def stored_site(body: SiteBody | None) -> dict[str, Any] | None:
    """As the database keeps it."""
    return None if body is None else body.model_dump()


def site_state(site: LiveSite) -> SiteState:
    """The site as it is now, in rounded numbers."""
    state = site.state()
    definition = site.definition
    full_v = NOMINAL_VOLTAGE_V * SUPPLY_PHASES
    if definition.grid_limit_a_per_phase is not None:
        limit_w = definition.grid_limit_a_per_phase * full_v
    else:
        limit_w = (definition.grid_limit_kw or 0.0) * 1000.0
    return SiteState(
        at=iso_utc(site.wall_s),
        grid_limit_a=[_rounded(limit_w / full_v)] * SUPPLY_PHASES,
        grid_limit_w=_rounded(limit_w),
        base_load_w=_rounded(state.base_load_w),
        pv_w=_rounded(state.pv_w),
        left_a=[_rounded(one) for one in state.left_a],
        left_w=_rounded(state.left_w),
        drawn_a=[_rounded(one) for one in state.drawn_a],
        drawn_w=_rounded(state.drawn_w),
        grid_a=[_rounded(one) for one in state.grid_a],
        grid_w=_rounded(sum(state.grid_a) * NOMINAL_VOLTAGE_V),
        connectors=[
            ConnectorAtSite(
                charge_point_id=one.key,
                connector_id=one.connector_id,
                state=one.state,
                phases=list(one.phases),
                share_a=None if one.share_a is None else _rounded(one.share_a),
                drawn_a=_rounded(one.drawn_a),
                power_w=_rounded(one.drawn_a * NOMINAL_VOLTAGE_V * len(one.phases)),
            )
            for one in state.connectors
        ],
    )


def _rounded(value: float) -> float:
    return round(value, _DIGITS)


__all__ = ["site_state", "stored_site"]
