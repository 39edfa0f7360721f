"""A charger that takes the short way while nothing but samples happens."""

from __future__ import annotations

import logging

from ocppsim.chargepoint.steady_metering import SteadyMetering
from ocppsim.simulation.charger import Charger
from ocppsim.simulation.definition import ChargerDefinition
from ocppsim.transport.link import Link

from .charger_services import ChargerServices
from .driven_charger import DrivenCharger
from .short_way import ShortWay

_logger = logging.getLogger("ocppsim.runtime.charger")

_ANSWERS_BETWEEN = 4
"""After so many more answers it is tried again where there is more to do than to sample."""


class SteadyCharger(DrivenCharger):
    """Takes the short way where it can, and ends it when there is anything else to do.

    Whoever asks for :attr:`charger` gets it as far as it has come by then, and may do anything
    with it: the short way is at an end.
    """

    _charger: Charger

    def __init__(
        self, definition: ChargerDefinition, services: ChargerServices, short_way: ShortWay
    ) -> None:
        """``short_way`` is the one to this charger."""
        self.short_way = short_way
        self._answers_to_go = 0
        super().__init__(definition, services.connections.clock, short_way, services.time_scales)

    @property
    def charger(self) -> Charger:
        """The pure charger."""
        if self.short_way.steady is not None:
            self._end_steady()
        return self._charger

    def write_down(self, steady: SteadyMetering) -> None:
        """Store what became of the messages so far; the short way goes on."""
        try:
            self._charger.write_down(steady, self._clock.now())
        except Exception:
            _logger.exception("%s: an input failed", self.charge_point_id)
        self._drain()

    def _begin_steady(self, link: Link) -> None:
        """After an answer to meter values that changed nothing else."""
        if self._answers_to_go:
            self._answers_to_go -= 1
        elif self._scaled is None:
            steady = self._charger.begin_steady(self._clock.now())
            self._drain()
            if steady is not None:
                self.short_way.begin(steady, link)
            else:
                self._answers_to_go = _ANSWERS_BETWEEN

    def _end_steady(self) -> None:
        steady = self.short_way.end()
        if steady is not None:
            self._charger.end_steady(steady, self._clock.now())
            self._drain()


__all__ = ["SteadyCharger"]
