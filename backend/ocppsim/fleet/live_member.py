"""A live charger as drivers and disturbances see it."""

from __future__ import annotations

from typing import Any

from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.notifications import Notification
from ocppsim.physics.meter import Reading
from ocppsim.runtime.live_charger import LiveCharger
from ocppsim.simulation.charger import Charger
from ocppsim.simulation.participant import Act


class LiveMember:
    """A :class:`~ocppsim.simulation.participant.Participant`; time passes by itself.

    What it shows is told as it happens, to the supervisor's watcher. A CALL is its CSMS's to
    send: a remote start waits until that does so.
    """

    __slots__ = (
        "_impairment",
        "_is_cut",
        "_was_accepted",
        "connector_ids",
        "live",
        "name",
        "there",
    )

    def __init__(self, live: LiveCharger) -> None:
        self.live = live
        self.name = live.charge_point_id
        self.connector_ids = tuple(map(ConnectorId, live.connector_ids))
        self.there = False
        """Whether the ramps have brought it, and not yet taken it away."""
        self._was_accepted = False
        self._is_cut = False
        self._impairment = (0.0, 0.0, 0.0)

    @property
    def charger(self) -> Charger:
        return self.live.charger

    @property
    def linked(self) -> bool:
        return self.live.is_connected

    @property
    def in_service(self) -> bool:
        """Drivers come to it once the CSMS has accepted it, and then also while it is offline."""
        if not self._was_accepted:
            self._was_accepted = self.live.charger.registration == "Accepted"
        return self.there and self._was_accepted and self.live.charger.wants_link

    def do_at(self, now_s: float, deed: Act) -> None:  # noqa: ARG002 - its clock is the real one
        self.live.do(deed)

    def reading(self, connector_id: ConnectorId, now_s: float) -> Reading:  # noqa: ARG002
        return self.live.do(
            lambda charger, now: charger.plant.read_meter(connector_id, now.simulated_s)
        )

    def call(self, action: str, payload: dict[str, Any], now_s: float) -> None:
        """Leave it to the CSMS."""

    def take_notifications(self) -> list[Notification]:
        return []

    def go_offline(self, now_s: float) -> None:  # noqa: ARG002
        self._is_cut = True
        self._set_network()

    def go_online(self, now_s: float) -> None:  # noqa: ARG002
        self._is_cut = False
        self._set_network()

    def impair(self, now_s: float, latency_ms: float, jitter_ms: float, loss: float) -> None:  # noqa: ARG002
        self._impairment = (latency_ms, jitter_ms, loss)
        self._set_network()

    def power_off(self, now_s: float) -> None:  # noqa: ARG002
        self.live.set_power("off")

    def power_on(self, now_s: float) -> None:  # noqa: ARG002
        self.live.set_power("on")

    def restart(self, now_s: float) -> None:  # noqa: ARG002
        self.live.set_power("restart")

    def _set_network(self) -> None:
        self.live.set_network("cut" if self._is_cut else "up", *self._impairment)


__all__ = ["LiveMember"]
