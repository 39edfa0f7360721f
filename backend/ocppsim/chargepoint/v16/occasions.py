"""What the parts of a charge point tell each other, without knowing each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ocppsim.chargepoint.identifiers import LocalTransactionId
    from ocppsim.protocol.v16.core import StartTransactionResponse, StopTransactionResponse

    from .connector import Connector, Grant


class Occasions:
    """One method an occasion; nobody hears of it where it is not overridden.

    A part reaches this through its core. One object for all of them takes no memory, where a
    reference to a method takes 64 bytes a charger and there would be three dozen.
    """

    __slots__ = ()

    def key_changed(self, name: str) -> None:
        """A configuration key has another value."""

    def clock_moved(self) -> None:
        """The wall clock was set; who waits for one of its times looks anew."""

    def accepted(self) -> None:
        """The CSMS has accepted this boot: once a boot."""

    def resumed(self) -> None:
        """The link is up again in a boot that was accepted before."""

    def connectors_idle(self) -> None:
        """Out of service, no connector has a transaction (any more)."""

    def became_operative(self, connector: Connector) -> None:
        """A connector may be used again."""

    def became_inoperative(self, connector: Connector) -> None:
        """A connector may not be used any more."""

    def reservation_changed(self, connector: Connector) -> None:
        """``connector.reserved`` is another than before."""

    def transaction_started(self, connector: Connector, grant: Grant) -> None:
        """A transaction begins; it is not stored or told yet, and has no energy."""

    def transaction_confirmed(self, connector: Connector) -> None:
        """The CSMS has given a transaction its id."""

    def transaction_ended(self, connector: Connector) -> None:
        """A transaction was stopped; the connector may change its availability now."""

    def start_confirmed(
        self, local_id: LocalTransactionId, response: StartTransactionResponse
    ) -> None:
        """The CSMS has answered a StartTransaction."""

    def start_failed(self, local_id: LocalTransactionId) -> None:
        """A StartTransaction was given up."""

    def stop_settled(
        self, local_id: LocalTransactionId, response: StopTransactionResponse | None
    ) -> None:
        """A StopTransaction was answered, or given up (None)."""

    def in_transaction(self) -> bool:
        """Whether a transaction is under way on any connector."""
        return False

    def reset_given_up(self) -> None:
        """A reset did not succeed: what waited for the restart has to go on without."""


UNHEARD = Occasions()
"""While nothing is wired up."""

__all__ = ["UNHEARD", "Occasions"]
