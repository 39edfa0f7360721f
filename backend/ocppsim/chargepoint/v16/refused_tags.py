"""A tag that the CSMS refuses when its transaction runs already (errata 3.17, 1.6 ed.2 §9.1.14)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ocppsim.protocol.v16.enums import Reason

from .connector import CableHold, Connector
from .core import Core
from .metering import Metering

_SHORTEST_CHECK_S = 1.0


class RefusedTags:
    """Ends the delivery when MaxEnergyOnInvalidId is used up.

    ``store`` keeps what has changed of the transaction of a connector; ``stop`` ends it for a
    reason and leaves the cable locked.
    """

    __slots__ = ("_core", "_metering", "_stop", "_store")

    def __init__(
        self,
        core: Core,
        metering: Metering,
        store: Callable[[Connector], None],
        stop: Callable[[Connector, Reason], None],
    ) -> None:
        self._core = core
        self._metering = metering
        self._store = store
        self._stop = stop

    def refused(self, connector: Connector) -> None:
        """StartTransaction.conf did not accept the tag of the transaction; what may go, counts."""
        transaction = connector.transaction
        assert transaction is not None
        transaction.stored.invalid_from_wh = self._metering.read(connector.connector_id).energy_wh
        self._store(connector)
        self._check(connector)

    def resumed(self, connector: Connector) -> None:
        """A transaction was taken up after a boot: once the connector is up it counts on."""
        transaction = connector.transaction
        assert transaction is not None
        stored = transaction.stored
        if stored.invalid_from_wh is not None and stored.energy_permitted:
            self._check_at(connector, self._core.now_s)

    def ended(self, connector: Connector) -> None:
        """The transaction is over."""
        self._core.timers.cancel(_timer(connector))

    def _check(self, connector: Connector) -> None:
        transaction = connector.transaction
        if transaction is None:
            return
        stored = transaction.stored
        if stored.invalid_from_wh is None:
            return
        configuration = self._core.configuration
        allowed_wh = configuration.number("MaxEnergyOnInvalidId")
        reading = self._core.hardware.read_meter(connector.connector_id, self._core.now_s)
        left_wh = stored.invalid_from_wh + allowed_wh - reading.energy_wh
        if left_wh > 0.5:
            # Whatever becomes of the limit and the vehicle meanwhile, it is not used up before
            most_w = self._core.hardware.max_power_w(connector.connector_id)
            wait_s = max(_SHORTEST_CHECK_S, left_wh * 3600 / most_w)
            self._check_at(connector, self._core.now_s + wait_s)
        elif configuration.flag("StopTransactionOnInvalidId"):
            if not self._core.hardware.is_tethered(connector.connector_id):
                # errata 3.5: locked until the same tag, or one of its group, is shown
                connector.set_hold(CableHold(stored.id_tag, stored.parent_id_tag))
            self._stop(connector, Reason.DeAuthorized)
        else:
            stored.energy_permitted = False
            self._store(connector)
            connector.refresh()

    def _check_at(self, connector: Connector, at_s: float) -> None:
        self._core.timers.set(_timer(connector), at_s, partial(self._check, connector))


def _timer(connector: Connector) -> str:
    return f"invalid-{connector.connector_id}"
