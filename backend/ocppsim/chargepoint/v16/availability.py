"""ChangeAvailability: at once, scheduled, persistent (1.6 ed.2 §5.2)."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

import msgspec

from ocppsim.chargepoint.effects import SaveAvailability
from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.protocol.v16.enums import AvailabilityStatus, ChargePointStatus

from .connector import Connector
from .core import Core
from .metering import WHOLE_CHARGE_POINT
from .whole_charge_point import WholeChargePoint

_SCHEDULED = "scheduled-inoperative"
_OCCUPIED = (ChargePointStatus.Preparing, ChargePointStatus.Finishing)


_NONE: frozenset[ConnectorId] = frozenset()
_WHOLE = frozenset({WHOLE_CHARGE_POINT})


class Availability:
    """Which connectors may be used. A connector is usable if it and the charge point are.

    A change to Inoperative waits for the transaction of its connector (and for its cable where
    the charger is set so), that of connector 0 for all; what waits is stored as well (CA-07).
    Beside what the CSMS asks for, the charge point may be out of service for purposes of its
    own (1.6 ed.2 §4.9).
    """

    __slots__ = (
        "_connectors",
        "_core",
        "_out_of_service",
        "_scheduled",
        "_whole",
    )

    def __init__(
        self, core: Core, whole: WholeChargePoint, connectors: dict[ConnectorId, Connector]
    ) -> None:
        self._core = core
        self._whole = whole
        self._connectors = connectors
        body = core.durable.cells.get(_SCHEDULED)
        self._scheduled = (
            _NONE if body is None else msgspec.json.decode(body, type=frozenset[ConnectorId])
        )
        self._out_of_service = False
        whole.operative = self._is_wanted(WHOLE_CHARGE_POINT)
        for connector in connectors.values():
            connector.operative = whole.operative and self._is_wanted(connector.connector_id)

    def is_scheduled(self, connector: Connector) -> bool:
        """Whether the connector becomes Unavailable when its present use ends."""
        return connector.connector_id in self._scheduled

    def change(self, connector_id: int, operative: bool) -> AvailabilityStatus:
        """What ChangeAvailability asks for, and the answer to it."""
        if connector_id == WHOLE_CHARGE_POINT:
            return self._change_all(operative)
        connector = self._connectors.get(ConnectorId(connector_id))
        if connector is None:
            return AvailabilityStatus.Rejected
        if not operative and self._is_occupied(connector):
            self._schedule({connector.connector_id})
            return AvailabilityStatus.Scheduled
        self._unschedule({connector.connector_id})
        self._set(connector.connector_id, operative)
        self._settle(connector)
        return AvailabilityStatus.Accepted

    def take_out_of_service(self) -> None:
        """Every connector is Unavailable from now on, or from the end of its transaction.

        That is not stored: after a boot the charge point is in service.
        """
        self._out_of_service = True
        for connector in self._connectors.values():
            if connector.transaction is None:
                self._settle(connector)

    def return_to_service(self) -> None:
        """Connectors are as the CSMS wants them again; nothing happens if they were."""
        if self._out_of_service:
            self._out_of_service = False
            for connector in self._connectors.values():
                self._settle(connector)

    def connector_freed(self, connector: Connector) -> None:
        """A transaction has ended, or the cable is out: the time for what was scheduled.

        While the cable still has to be taken out the connector stays Finishing; F8 follows.
        Out of service it does not wait for the cable.
        """
        if self._out_of_service and connector.transaction is None:
            if connector.operative:
                # C6, then F8
                connector.refresh()
                self._settle(connector)
            if all(other.transaction is None for other in self._connectors.values()):
                self._core.occasions.connectors_idle()
        if self._is_occupied(connector) or connector.finishing:
            return
        # What was scheduled is stored as done before it is stored as due no more (CA-07)
        if connector.connector_id in self._scheduled:
            self._set(connector.connector_id, False)
            self._unschedule({connector.connector_id})
        if self._scheduled == _WHOLE and not self._is_busy():
            self._set(WHOLE_CHARGE_POINT, False)
            self._unschedule({WHOLE_CHARGE_POINT})
            self._whole.operative = False
            self._whole.refresh()
            for other in self._connectors.values():
                self._settle(other)
        self._settle(connector)

    def _is_busy(self) -> bool:
        """Whether one that was made Operative meanwhile is in use (AMB-14)."""
        return any(
            self._is_occupied(connector) or connector.finishing
            for connector in self._connectors.values()
        )

    def _is_occupied(self, connector: Connector) -> bool:
        """Whether a change to Inoperative has to wait (CA-02, AMB-3)."""
        if connector.transaction is not None:
            return True
        waits = self._core.behaviour("inoperative_while_occupied") == "at_unplug"
        return waits and connector.status in _OCCUPIED and connector.cable_present

    def _change_all(self, operative: bool) -> AvailabilityStatus:
        if operative:
            self._unschedule(self._scheduled)
        busy = {
            connector.connector_id
            for connector in self._connectors.values()
            if self._is_occupied(connector)
        }
        waits = bool(busy) and not operative
        if waits:
            # AMB-14: idle connectors at once, the others and connector 0 after their transaction
            self._schedule(busy | {WHOLE_CHARGE_POINT})
        else:
            self._unschedule({WHOLE_CHARGE_POINT})
            self._set(WHOLE_CHARGE_POINT, operative)
            self._whole.operative = operative
            self._whole.refresh()
        for connector in self._connectors.values():
            if not (waits and connector.connector_id in busy):
                self._unschedule({connector.connector_id})
                self._set(connector.connector_id, operative)
                self._settle(connector)
        return AvailabilityStatus.Scheduled if waits else AvailabilityStatus.Accepted

    def _settle(self, connector: Connector) -> None:
        """Bring a connector in line with its flag and that of the charge point."""
        serves = not self._out_of_service or connector.transaction is not None
        wanted = self._whole.operative and self._is_wanted(connector.connector_id)
        operative = wanted and serves
        if operative != connector.operative:
            connector.operative = operative
            occasions = self._core.occasions
            if operative:
                occasions.became_operative(connector)
            else:
                occasions.became_inoperative(connector)
        connector.refresh()

    def _is_wanted(self, connector_id: ConnectorId) -> bool:
        return self._core.durable.availability.get(connector_id, True)

    def _set(self, connector_id: ConnectorId, operative: bool) -> None:
        if self._is_wanted(connector_id) != operative:
            durable = self._core.durable
            durable.availability = {**durable.availability, connector_id: operative}
            self._core.effects.append(SaveAvailability(connector_id, operative))

    def _schedule(self, connector_ids: AbstractSet[ConnectorId]) -> None:
        self._scheduled |= connector_ids
        self._store_scheduled()

    def _unschedule(self, connector_ids: AbstractSet[ConnectorId]) -> None:
        if self._scheduled & connector_ids:
            self._scheduled -= connector_ids
            self._store_scheduled()

    def _store_scheduled(self) -> None:
        self._core.put_cell(_SCHEDULED, sorted(self._scheduled) or None)
