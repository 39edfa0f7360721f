"""The messages of the Reservation profile."""

from __future__ import annotations

from .datatypes import IdToken, OcppDateTime, Request, Response
from .enums import CancelReservationStatus, ReservationStatus


class CancelReservationRequest(Request, frozen=True, gc=False):
    """CancelReservation.req (1.6 ed.2 §6.5)."""

    reservation_id: int


class CancelReservationResponse(Response, frozen=True, gc=False):
    """CancelReservation.conf (1.6 ed.2 §6.6)."""

    status: CancelReservationStatus


class ReserveNowRequest(Request, frozen=True, gc=False):
    """ReserveNow.req (1.6 ed.2 §6.37)."""

    connector_id: int
    expiry_date: OcppDateTime
    id_tag: IdToken
    reservation_id: int
    parent_id_tag: IdToken | None = None


class ReserveNowResponse(Response, frozen=True, gc=False):
    """ReserveNow.conf (1.6 ed.2 §6.38)."""

    status: ReservationStatus


__all__ = [
    "CancelReservationRequest",
    "CancelReservationResponse",
    "ReserveNowRequest",
    "ReserveNowResponse",
]
