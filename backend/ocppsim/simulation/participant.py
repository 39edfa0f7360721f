"""A charger as the people of a fleet see it, in virtual time or in a live run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.moment import Moment
from ocppsim.chargepoint.notifications import Notification
from ocppsim.physics.meter import Reading

from .charger import Charger

Act = Callable[[Charger, Moment], None]


class Participant(Protocol):
    """Times (``now_s``) are seconds after the start of the run.

    A deed raises what the charger raises where it cannot be done (``ChargePointError``).
    """

    @property
    def name(self) -> str:
        """The charge point id."""
        ...

    @property
    def connector_ids(self) -> tuple[ConnectorId, ...]: ...

    @property
    def charger(self) -> Charger: ...

    @property
    def linked(self) -> bool:
        """Whether the CSMS can reach it."""
        ...

    @property
    def in_service(self) -> bool:
        """Whether it is there for drivers: neither dark, nor not set up yet."""
        ...

    def do_at(self, now_s: float, deed: Act) -> None:
        """Do something to the device, and all that follows from it at once."""
        ...

    def reading(self, connector_id: ConnectorId, now_s: float) -> Reading:
        """What its meter shows now."""
        ...

    def call(self, action: str, payload: dict[str, Any], now_s: float) -> None:
        """Have the CSMS send it a CALL, where that is ours to do."""
        ...

    def take_notifications(self) -> list[Notification]:
        """What it told since the last time, where it is not told as it happens."""
        ...

    def go_offline(self, now_s: float) -> None:
        """Its network is gone."""
        ...

    def go_online(self, now_s: float) -> None: ...

    def impair(self, now_s: float, latency_ms: float, jitter_ms: float, loss: float) -> None:
        """Its network delays and loses messages from now on; 0, 0 and 0: it is well."""
        ...

    def power_off(self, now_s: float) -> None:
        """Its mains are gone."""
        ...

    def power_on(self, now_s: float) -> None: ...

    def restart(self, now_s: float) -> None:
        """Its software starts anew."""
        ...


__all__ = ["Act", "Participant"]
