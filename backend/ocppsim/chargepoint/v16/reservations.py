"""Reservations: a connector, or any one of them, kept for a tag (1.6 ed.2 §5.13, §5.1)."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import msgspec

from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.notifications import RecordsChanged
from ocppsim.chargepoint.views import ReservationView
from ocppsim.protocol.v16.date_time import parse_date_time
from ocppsim.protocol.v16.enums import CancelReservationStatus, ReservationStatus
from ocppsim.protocol.v16.reservation import (
    CancelReservationRequest,
    CancelReservationResponse,
    ReserveNowRequest,
    ReserveNowResponse,
)

from .authorization import Authorizer, same_tag
from .availability import Availability
from .clock import LATEST_S
from .connector import Connector, Grant
from .core import Core
from .metering import WHOLE_CHARGE_POINT
from .reservation import Reservation, in_use, is_out_of_order
from .whole_charge_point import WholeChargePoint

_PREFIX = "reservation/"
_TIMER = "reservations"


_NONE: Mapping[ConnectorId, Reservation] = {}


class Reservations:
    """At most one reservation a connector, and one of the charge point as a whole (AMB-32).

    They survive restarts of any kind. :meth:`settle` is asked after every step: it ends what
    a fault or Unavailable has ended, and keeps ``connector.reserved`` true. Of a reservation
    of the whole, the *kept* connector is the last free one: it is for the holder (AMB-17),
    and stays so when a stranger's cable is put into it (AMB-31).
    """

    __slots__ = (
        "_authorizer",
        "_availability",
        "_by_connector",
        "_connectors",
        "_core",
        "_ended",
        "_kept",
        "_whole",
    )

    def __init__(
        self,
        core: Core,
        authorizer: Authorizer,
        whole: WholeChargePoint,
        availability: Availability,
        connectors: dict[ConnectorId, Connector],
    ) -> None:
        self._core = core
        self._authorizer = authorizer
        self._whole = whole
        self._availability = availability
        self._connectors = connectors
        self._by_connector = _NONE
        self._ended = False
        """A reservation has ended, and the connectors do not know yet."""
        self._kept: Connector | None = None
        for key, body in core.durable.cells.items():
            if key.startswith(_PREFIX):
                self._put(msgspec.json.decode(body, type=Reservation))

    def begin(self) -> None:
        """After a boot: take up what still stands, before the connectors have a status."""
        for reservation in list(self._by_connector.values()):
            connector = self._connectors.get(reservation.connector_id)
            if reservation.connector_id != WHOLE_CHARGE_POINT and (
                connector is None or connector.transaction is not None or connector.finishing
            ):
                self._end(reservation)
        self.end_unsupported()
        self.expire()
        self._end_impossible()
        self._ended = False
        self._kept = self._keepable()
        connectors = self._connectors.values()
        if WHOLE_CHARGE_POINT in self._by_connector and not any(map(self._is_free, connectors)):
            # Whose cable is in one was not known before the boot either
            self._kept = self._kept or next(filter(self._still_keeps, connectors), None)
        for connector in self._connectors.values():
            connector.reserved = self._is_shown(connector)

    def settle(self) -> bool:
        """Bring reservations and connectors in line with what the step has changed.

        Returns whether there may be something to do at the end of the next step, too.
        """
        if not self._by_connector and not self._ended:
            return False
        self._end_impossible()
        self._ended = False
        self._kept = self._keepable()
        for connector in self._connectors.values():
            shown = self._is_shown(connector)
            if connector.reserved != shown:
                connector.reserved = shown
                self._core.occasions.reservation_changed(connector)
        return True

    def views(self) -> list[ReservationView]:
        """By connector, that of the whole charge point first."""
        return [
            ReservationView(
                reservation_id=reservation.reservation_id,
                connector_id=connector_id,
                id_tag=reservation.id_tag,
                parent_id_tag=reservation.parent_id_tag,
                expires_at_s=reservation.expires_s,
            )
            for connector_id, reservation in sorted(self._by_connector.items())
        ]

    def admits(self, connector: Connector, id_tag: str, parent_id_tag: str | None = None) -> bool:
        """Whether no reservation keeps the connector from a tag (RSV-10).

        Without ``parent_id_tag`` the parent counts that the charge point knows of the tag.
        """
        reservation = self._keeping(connector)
        return reservation is None or self._is_for(reservation, id_tag, parent_id_tag)

    def may_admit(self, connector: Connector, id_tag: str) -> bool:
        """Whether the connector is not kept from a tag, or only the CSMS can tell (RSV-12)."""
        reservation = self._keeping(connector)
        return (
            reservation is None
            or self._is_for(reservation, id_tag)
            or self._is_undecided(reservation, id_tag)
        )

    def may_be_of_group(self, id_tag: str) -> bool:
        """Whether some reservation is for a tag of this parent, which only the CSMS can tell."""
        return any(
            self._is_undecided(reservation, id_tag) for reservation in self._by_connector.values()
        )

    def connector_of(self, id_tag: str, parent_id_tag: str | None = None) -> Connector | None:
        """The connector that is reserved for a tag; that tag's own before its group's."""
        if not self._by_connector:
            return None
        held = [
            reservation
            for reservation in self._by_connector.values()
            if reservation.connector_id in self._connectors
            and self._is_for(reservation, id_tag, parent_id_tag)
        ]
        held.sort(key=lambda reservation: not same_tag(reservation.id_tag, id_tag))
        return self._connectors[held[0].connector_id] if held else None

    def claim(self, connector: Connector, grant: Grant) -> int | None:
        """The id of the reservation that a transaction of this grant ends (RSV-13, RSV-14)."""
        own = self._by_connector.get(connector.connector_id)
        if own is not None:
            # Nobody else was granted it; what told the group may be forgotten since
            return own.reservation_id
        whole = self._by_connector.get(WHOLE_CHARGE_POINT)
        if whole is not None and self._is_for(whole, grant.id_tag, grant.parent_id_tag):
            return whole.reservation_id
        return None

    def end_claimed(self, reservation_id: int) -> None:
        """A transaction with this reservation has begun, and its start is stored."""
        reservation = self._find(reservation_id)
        if reservation is not None:
            self._end(reservation)

    # --- the CSMS ---------------------------------------------------------------------------

    def reserve(self, request: ReserveNowRequest) -> ReserveNowResponse:
        """ReserveNow."""
        wanted = Reservation(
            request.reservation_id,
            ConnectorId(request.connector_id),
            request.id_tag,
            request.parent_id_tag or None,  # 1.6 ed.2 §5.13: only one that has a value counts
            min(parse_date_time(request.expiry_date), LATEST_S),
        )
        status = self._judge(wanted)
        if status is ReservationStatus.Accepted:
            replaced = self._find(wanted.reservation_id)
            if replaced is not None and replaced.connector_id != wanted.connector_id:
                # RSV-22: the connector of before is free again
                self._end(replaced)
            self._put(wanted)
            self._core.put_cell(f"{_PREFIX}{wanted.connector_id}", wanted)
            self._core.notify(RecordsChanged("reservations"))
            self._arm()
            self.settle()
        return ReserveNowResponse(status=status)

    def cancel(self, request: CancelReservationRequest) -> CancelReservationResponse:
        """CancelReservation."""
        reservation = self._find(request.reservation_id)
        if reservation is None:
            return CancelReservationResponse(status=CancelReservationStatus.Rejected)
        self._end(reservation)
        self.settle()
        return CancelReservationResponse(status=CancelReservationStatus.Accepted)

    def _judge(self, wanted: Reservation) -> ReservationStatus:
        """The answer to ReserveNow; what is refused leaves everything as it was."""
        if not self._is_supported(wanted) or self._is_over(wanted):
            return ReservationStatus.Rejected
        replaced = self._find(wanted.reservation_id)
        others = {
            connector_id: reservation
            for connector_id, reservation in self._by_connector.items()
            if reservation is not replaced
        }
        if wanted.connector_id == WHOLE_CHARGE_POINT:
            return self._judge_whole(wanted, replaced, others)
        connector = self._connectors.get(wanted.connector_id)
        if connector is None:
            return ReservationStatus.Rejected
        if self._whole.fault is not None or connector.fault is not None:
            return ReservationStatus.Faulted
        if not self._is_usable(connector):
            return ReservationStatus.Unavailable
        if wanted.connector_id in others:
            return ReservationStatus.Occupied
        if replaced is not None and replaced.connector_id == wanted.connector_id:
            free = connector.grant is None or self._is_granted(wanted, connector)
        else:
            free = not in_use(connector) and self._leaves_one(connector, others)
        return ReservationStatus.Accepted if free else ReservationStatus.Occupied

    def _judge_whole(
        self,
        wanted: Reservation,
        replaced: Reservation | None,
        others: Mapping[ConnectorId, Reservation],
    ) -> ReservationStatus:
        if self._whole.fault is not None:
            return ReservationStatus.Faulted
        if not self._whole.operative:
            return ReservationStatus.Unavailable
        if WHOLE_CHARGE_POINT in others:
            return ReservationStatus.Occupied
        connectors = self._connectors.values()
        if any(self._is_free(connector, others) for connector in connectors):
            return ReservationStatus.Accepted
        if replaced is not None and replaced.connector_id == WHOLE_CHARGE_POINT:
            kept = self._keepable()
            if kept is not None and (kept.grant is None or self._is_granted(wanted, kept)):
                return ReservationStatus.Accepted
        if any(connector.fault is None and self._is_usable(connector) for connector in connectors):
            return ReservationStatus.Occupied
        if all(connector.fault is not None for connector in connectors):
            return ReservationStatus.Faulted
        return ReservationStatus.Unavailable

    def _leaves_one(self, connector: Connector, others: Mapping[ConnectorId, Reservation]) -> bool:
        """Whether with this connector reserved one is left for the holder of the whole."""
        if WHOLE_CHARGE_POINT not in others:
            return True
        taken = {*others, connector.connector_id}
        kept = self._keepable()
        return any(self._is_free(other, taken) for other in self._connectors.values()) or (
            kept is not None and kept is not connector
        )

    # --- whose is it ------------------------------------------------------------------------

    def _is_for(
        self, reservation: Reservation, id_tag: str, parent_id_tag: str | None = None
    ) -> bool:
        if same_tag(reservation.id_tag, id_tag):
            return True
        if reservation.parent_id_tag is None:
            return False
        parent = parent_id_tag or self._authorizer.known_parent(id_tag)
        return same_tag(reservation.parent_id_tag, parent)

    def _is_undecided(self, reservation: Reservation, id_tag: str) -> bool:
        return (
            reservation.parent_id_tag is not None
            and not same_tag(reservation.id_tag, id_tag)
            and self._authorizer.known_parent(id_tag) is None
        )

    def _is_granted(self, reservation: Reservation, connector: Connector) -> bool:
        """Whether the one who waits for the cable at a connector is the holder."""
        grant = connector.grant
        return grant is not None and self._is_for(reservation, grant.id_tag, grant.parent_id_tag)

    def _keeping(self, connector: Connector) -> Reservation | None:
        """The reservation that keeps a connector from others, as of now."""
        if not self._by_connector:
            return None
        own = self._by_connector.get(connector.connector_id)
        if own is not None:
            return own
        return self._by_connector.get(WHOLE_CHARGE_POINT) if self._keepable() is connector else None

    def _keepable(self) -> Connector | None:
        """Where the holder of the whole is or can go only (RSV-11); None where there are more."""
        whole = self._by_connector.get(WHOLE_CHARGE_POINT)
        if whole is None:
            return None
        free: list[Connector] = []
        for connector in self._connectors.values():
            if connector.connector_id not in self._by_connector:
                if self._is_granted(whole, connector):
                    return connector
                if self._is_free(connector):
                    free.append(connector)
        if free:
            return free[0] if len(free) == 1 else None
        kept = self._kept
        return kept if kept is not None and self._still_keeps(kept) else None

    def _still_keeps(self, connector: Connector) -> bool:
        """Whether a connector is the holder's below a stranger's cable, or below a fault."""
        return (
            connector.transaction is None
            and connector.grant is None
            and (not connector.finishing or connector.timed_out)
            and self._is_usable(connector)
            and connector.connector_id not in self._by_connector
        )

    def _is_free(self, connector: Connector, taken: Collection[ConnectorId] | None = None) -> bool:
        return (
            connector.fault is None
            and self._is_usable(connector)
            and not in_use(connector)
            and connector.connector_id not in (self._by_connector if taken is None else taken)
        )

    def _is_usable(self, connector: Connector) -> bool:
        return connector.operative and not self._availability.is_scheduled(connector)

    def _is_shown(self, connector: Connector) -> bool:
        if connector.connector_id in self._by_connector:
            return True
        return (
            connector is self._kept
            and connector.grant is None
            and self._core.behaviour("reserved_connector_zero") == "last_free"
        )

    # --- the end ----------------------------------------------------------------------------

    def _find(self, reservation_id: int) -> Reservation | None:
        for reservation in self._by_connector.values():
            if reservation.reservation_id == reservation_id:
                return reservation
        return None

    def _end(self, reservation: Reservation) -> None:
        self._by_connector = {
            connector_id: other
            for connector_id, other in self._by_connector.items()
            if connector_id != reservation.connector_id
        } or _NONE
        self._ended = True
        self._core.put_cell(f"{_PREFIX}{reservation.connector_id}", None)
        self._core.notify(RecordsChanged("reservations"))
        self._arm()

    def _put(self, reservation: Reservation) -> None:
        self._by_connector = {**self._by_connector, reservation.connector_id: reservation}

    def _end_impossible(self) -> None:
        """RSV-17: that of the whole when no connector can ever become free for it again."""
        for reservation in list(self._by_connector.values()):
            connector = self._connectors.get(reservation.connector_id)
            if self._whole.fault is not None or not self._whole.operative:
                self._end(reservation)
            elif connector is not None:
                if is_out_of_order(connector):
                    self._end(reservation)
            elif all(map(is_out_of_order, self._connectors.values())):
                self._end(reservation)

    def end_unsupported(self) -> None:
        """A key has changed: end what is not supported any more."""
        for reservation in list(self._by_connector.values()):
            if not self._is_supported(reservation):
                self._end(reservation)

    def _is_supported(self, reservation: Reservation) -> bool:
        configuration = self._core.configuration
        return configuration.has_profile("Reservation") and (
            reservation.connector_id != WHOLE_CHARGE_POINT
            or configuration.flag("ReserveConnectorZeroSupported")
        )

    def _is_over(self, reservation: Reservation) -> bool:
        return reservation.expires_s - self._core.clock.epoch_s <= self._core.now_s

    def expire(self) -> None:
        """End what is over by the clock, also by one that was moved (RSV-15)."""
        for reservation in list(self._by_connector.values()):
            if self._is_over(reservation):
                self._end(reservation)
        self._arm()

    def _arm(self) -> None:
        if self._by_connector:
            next_s = min(reservation.expires_s for reservation in self._by_connector.values())
            self._core.timers.set(_TIMER, next_s - self._core.clock.epoch_s, self.expire)
        else:
            self._core.timers.cancel(_TIMER)
