"""One reservation as it is stored, and what of a connector bears on it (1.6 ed.2 §5.13)."""

from __future__ import annotations

import msgspec

from ocppsim.chargepoint.identifiers import ConnectorId

from .connector import Connector


class Reservation(msgspec.Struct, frozen=True, gc=False):
    """What ReserveNow asked for; ``connector_id`` 0 means any connector.

    ``expires_s`` is Unix seconds of the charge point's clock.
    """

    reservation_id: int
    connector_id: ConnectorId
    id_tag: str
    parent_id_tag: str | None
    expires_s: float


def in_use(connector: Connector) -> bool:
    """Whether somebody is there: Preparing, Charging, Suspended and Finishing (RSV-03)."""
    return (
        connector.transaction is not None
        or connector.grant is not None
        or connector.preparing
        or connector.finishing
        or connector.cable_present
    )


def is_out_of_order(connector: Connector) -> bool:
    """Whether a fault or Unavailable ends a reservation of the connector (RSV-17)."""
    return connector.fault is not None or not connector.operative
