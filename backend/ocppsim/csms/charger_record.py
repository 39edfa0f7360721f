"""What a central system remembers of one charger, connected or not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class ConnectorRecord:
    """The last StatusNotification of a connector; ``since_s`` is on the monotonic clock."""

    status: str
    error_code: str
    timestamp: str | None
    since_s: float
    last_meter_value: dict[str, Any] | None = None


@dataclass(slots=True)
class ChargerRecord:
    """One charger: who it said it is, and what it reported last."""

    charge_point_id: str
    connected: bool = False
    remote_address: str | None = None
    connected_at: str | None = None
    last_seen_at: str | None = None
    boots: int = 0
    boot: dict[str, Any] = field(default_factory=dict[str, Any])
    connectors: dict[int, ConnectorRecord] = field(default_factory=dict[int, ConnectorRecord])
    violations: int = 0

    def as_json(self) -> dict[str, Any]:
        """The record in JSON types."""
        return {
            "charge_point_id": self.charge_point_id,
            "connected": self.connected,
            "remote_address": self.remote_address,
            "connected_at": self.connected_at,
            "last_seen_at": self.last_seen_at,
            "boots": self.boots,
            "charge_point_vendor": self.boot.get("charge_point_vendor"),
            "charge_point_model": self.boot.get("charge_point_model"),
            "firmware_version": self.boot.get("firmware_version"),
            "violations": self.violations,
            "connectors": [
                {
                    "connector_id": connector_id,
                    "status": connector.status,
                    "error_code": connector.error_code,
                    "timestamp": connector.timestamp,
                    "last_meter_value": connector.last_meter_value,
                }
                for connector_id, connector in sorted(self.connectors.items())
            ],
        }
