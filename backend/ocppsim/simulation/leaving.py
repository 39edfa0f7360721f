"""How a driver leaves: ends the transaction as a driver can, and takes the cable out."""

from __future__ import annotations

from contextlib import suppress

from ocppsim.chargepoint.errors import ChargePointError
from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.moment import Moment

from .bench import Bench

UNPLUGS_AFTER_S = 5.0
"""From ending the transaction to the cable being out."""

TRIES_AGAIN_AFTER_S = 10.0
"""When a charger does not let the cable go, or is restarting."""


def end_transaction(
    charger: Bench, connector_id: ConnectorId, id_tag: str | None, now: Moment
) -> None:
    """The driver shows the tag again, or (None) presses the stop button.

    Raises ``ChargePointError`` where the charger cannot follow just now.
    """
    if id_tag is None:
        charger.press_stop_button(connector_id, now)
    else:
        charger.present_id_tag(id_tag, connector_id, now)


def demand_cable(
    charger: Bench, connector_id: ConnectorId, id_tag: str | None, now: Moment
) -> None:
    """The cable is locked although the driver has ended the transaction, or there was none.

    The operator ends one that still runs; after it, a cable that is kept comes free with its
    tag (errata 3.5). Raises ``ChargePointError`` as :func:`end_transaction`.
    """
    if charger.controller.connector(connector_id).transaction is not None:
        charger.stop_transaction(connector_id, None, now)
    elif id_tag is not None and not charger.plant.is_lock_jammed(connector_id):
        charger.present_id_tag(id_tag, connector_id, now)


def leave_by_steps(charger: Bench, connector_id: ConnectorId, now: Moment) -> None:
    """The next step of a planned departure: end the transaction, or take the cable out."""
    departures = charger.departures
    id_tag = departures.id_tag(connector_id)
    transaction = charger.controller.connector(connector_id).transaction
    if transaction is not None and not departures.has_asked(connector_id):
        departures.postpone(connector_id, now.simulated_s + UNPLUGS_AFTER_S)
        with suppress(ChargePointError):
            end_transaction(charger, connector_id, transaction.id_tag, now)
        return
    if charger.plant.is_locked(connector_id):
        with suppress(ChargePointError):
            demand_cable(charger, connector_id, id_tag, now)
    if charger.plant.is_locked(connector_id):
        departures.postpone(connector_id, now.simulated_s + TRIES_AGAIN_AFTER_S)
        return
    charger.unplug(connector_id, "ev", now)
    if charger.plant.is_cable_present(connector_id) and not charger.plant.is_locked(connector_id):
        charger.unplug(connector_id, "charger", now)


__all__ = [
    "TRIES_AGAIN_AFTER_S",
    "UNPLUGS_AFTER_S",
    "demand_cable",
    "end_transaction",
    "leave_by_steps",
]
