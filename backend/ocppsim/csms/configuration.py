"""What a demo central system can be told to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .id_tags import IdTagRegistry


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoStart:
    """Remote starts that the central system makes by itself.

    A connector that has been Available for ``delay_s`` is started with its tag in
    ``id_tags`` (charge point id, connector id), else with ``any_connector_id_tag``; None
    leaves it alone. Two starts are at least ``pace_s`` apart; after a session, or after a
    refusal, a connector rests for ``rest_s``.
    """

    id_tags: Mapping[tuple[str, int], str] = field(default_factory=dict[tuple[str, int], str])
    any_connector_id_tag: str | None = None
    delay_s: float = 3.0
    pace_s: float = 3.0
    rest_s: float = 60.0

    def id_tag_for(self, charge_point_id: str, connector_id: int) -> str | None:
        return self.id_tags.get((charge_point_id, connector_id), self.any_connector_id_tag)


@dataclass(frozen=True, slots=True, kw_only=True)
class CentralSystemConfig:
    """The settings of a :class:`~.central_system.DemoCentralSystem`.

    Port 0 takes a free one. ``http_port`` None means no HTTP. With ``basic_auth_password``
    every charger must authenticate with its id and this password (OCPP-J 1.6 §6.2).
    ``first_transaction_id`` None begins at the present Unix second, so that ids of an
    earlier run, which chargers may still use, do not come back. ``ping_interval_s`` None
    sends no WebSocket pings.
    """

    host: str = "127.0.0.1"
    port: int = 9000
    http_host: str = "127.0.0.1"
    http_port: int | None = None
    id_tags: IdTagRegistry = field(default_factory=IdTagRegistry)
    heartbeat_interval_s: int = 300
    basic_auth_password: str | None = None
    call_timeout_s: float = 30.0
    ping_interval_s: float | None = 30.0
    first_transaction_id: int | None = None
    auto_start: AutoStart | None = None
    charger_capacity: int = 20_000
    transaction_capacity: int = 20_000
    meter_value_capacity: int = 1_000
