"""Where resources are, for Location headers."""

from __future__ import annotations

from urllib.parse import quote


def charger_path(charge_point_id: str) -> str:
    """The path of a charger."""
    return f"/api/chargers/{quote(charge_point_id, safe='')}"
