"""One charger of a site in virtual time, and what it tells: meters, messages, notifications."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from ocppsim.chargepoint.controller import ControllerFactory
from ocppsim.chargepoint.durable_state import DurableState
from ocppsim.chargepoint.effects import Effect, SaveLedger
from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.inputs import SiteShare
from ocppsim.chargepoint.notifications import ConnectorChanged, Notification
from ocppsim.physics.meter import Reading

from .central_system import FrameRecord, Payload
from .definition import ChargerDefinition
from .fleet_csms import SiteCentralSystem
from .fleet_records import FleetTotals, MessageRow, MeterRow, Recorder
from .participant import Act
from .resolved_vehicle import DEFAULT_VEHICLE
from .site import concerns_site
from .virtual import VirtualRun

_DIRECTIONS = {"charge_point": "sent", "central_system": "received"}


class FleetCharger(msgspec.Struct, frozen=True):
    """One charger of the site, and the configuration keys that are not as by default."""

    definition: ChargerDefinition
    configuration: dict[str, str] = msgspec.field(default_factory=dict[str, str])


class Surroundings(NamedTuple):
    """What all chargers of a run have in common."""

    controller_factory: ControllerFactory
    recorder: Recorder
    totals: FleetTotals
    start_epoch_s: float
    check_wire: bool
    is_managed: bool
    """Whether a site divides its power among the chargers."""


class FleetMember(VirtualRun):
    """A charger whose time is given by others, and that keeps nothing of what has passed."""

    def __init__(
        self,
        charger: FleetCharger,
        central_system: SiteCentralSystem,
        around: Surroundings,
        seed: int,
    ) -> None:
        definition = charger.definition
        self.name = definition.charge_point_id
        self._csms_side = central_system
        self._recorder = around.recorder
        self._totals = around.totals
        self._start_epoch_s = around.start_epoch_s
        self._is_managed = around.is_managed
        self.statuses: dict[ConnectorId, str] = {}
        self.concerns_site = False
        """Whether what was taken last may change what the site's chargers get."""
        super().__init__(
            definition,
            central_system,
            around.controller_factory,
            lambda _id_tag: DEFAULT_VEHICLE,
            durable=DurableState(configuration=dict(charger.configuration)),
            clock_epoch_s=around.start_epoch_s,
            seed=seed,
            check_wire=around.check_wire,
        )
        self.connector_ids = self.charger.plant.connector_ids
        for connector_id in self.connector_ids:
            status = self.charger.connector_view(connector_id).status
            self.statuses.setdefault(connector_id, status)

    @property
    def in_service(self) -> bool:
        """Its display is dark while it is not."""
        return self.charger.wants_link

    def do_at(self, now_s: float, deed: Act) -> None:
        """Does something on the bench at that time."""
        self.now_s = now_s
        self.act(deed)

    def go_offline(self, now_s: float) -> None:
        """The network is gone."""
        self.now_s = now_s
        self.cut_link()

    def go_online(self, now_s: float) -> None:
        """The network is back."""
        self.now_s = now_s
        self.restore_link()

    def impair(self, now_s: float, latency_ms: float, jitter_ms: float, loss: float) -> None:  # noqa: ARG002
        """Answers take twice the latency longer; jitter and loss are nothing in virtual time."""
        self._csms_side.delay_answers(2.0 * latency_ms / 1000.0)

    def power_off(self, now_s: float) -> None:
        """The mains are gone."""
        self.do_at(now_s, lambda charger, now: charger.power_off(now))

    def power_on(self, now_s: float) -> None:
        """The mains are back."""
        self.do_at(now_s, lambda charger, now: charger.power_on(now))

    def restart(self, now_s: float) -> None:
        """The software starts anew."""
        self.do_at(now_s, lambda charger, now: charger.restart(now))

    def settle_at(self, now_s: float) -> None:
        """Does all that is due by then; nothing may have been due before."""
        self.now_s = now_s
        self.settle()

    def call(self, action: str, payload: Payload, now_s: float) -> None:
        """The CSMS sends a CALL, if the charger is connected."""
        self.now_s = now_s
        self.central_system.advance(now_s)
        if self.linked:
            self.central_system.call(action, payload)
            self.settle()
        else:
            self._totals.missed_calls += 1

    def take_site_share(self, connector_id: ConnectorId, share: SiteShare, now_s: float) -> None:
        """The site's load management tells a connector what it may take."""
        self.do_at(now_s, lambda charger, now: charger.take_site_share(connector_id, share, now))

    def take_notifications(self) -> list[Notification]:
        """What the charger told since the last time; what went over its wire is written down."""
        for record in self.central_system.take_records():
            self._totals.messages += 1
            self._recorder.message(_message_row(self.name, record, self._start_epoch_s))
        self.concerns_site = self._is_managed and any(map(concerns_site, self.effects))
        self.effects.clear()
        notifications = self.notifications
        if notifications:
            self.notifications = []
            for notification in notifications:
                if type(notification) is ConnectorChanged:
                    self.statuses[notification.connector_id] = notification.status
        return notifications

    def meter_row(self, connector_id: ConnectorId, now_s: float) -> MeterRow:
        """The truth about a connector."""
        reading = self.reading(connector_id, now_s)
        currents = reading.phase_current_a
        return MeterRow(
            self._start_epoch_s + now_s,
            self.name,
            int(connector_id),
            self.statuses[connector_id] if self.charger.powered else "",
            reading.power_w,
            reading.energy_wh,
            reading.voltage_v,
            reading.current_a,
            currents[0] if currents else None,
            currents[1] if len(currents) > 1 else None,
            currents[2] if len(currents) > 2 else None,
            reading.soc_percent,
            reading.power_offered_w,
            reading.current_offered_a,
        )

    def _store(self, effect: Effect) -> None:
        if type(effect) is not SaveLedger:
            super()._store(effect)

    def reading(self, connector_id: ConnectorId, now_s: float) -> Reading:
        """The truth about a connector."""
        return self.charger.plant.read_meter(connector_id, now_s)


def _message_row(charger: str, record: FrameRecord, start_epoch_s: float) -> MessageRow:
    payload: Any = record.payload
    if record.kind == "CALLERROR":
        payload = {"errorCode": record.error_code, "errorDescription": payload}
    elif not record.kind:
        payload = record.text.decode(errors="replace")
    return MessageRow(
        start_epoch_s + record.at_s,
        charger,
        _DIRECTIONS[record.sender],
        record.kind,
        record.action,
        record.message_id,
        msgspec.json.encode(payload).decode(),
    )


__all__ = ["FleetCharger", "FleetMember", "Surroundings"]
