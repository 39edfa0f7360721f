"""A charger that takes the short way while nothing but samples happens."""

from __future__ import annotations

import logging
from abc import abstractmethod

from ocppsim.chargepoint.effects import Append, PutCell
from ocppsim.chargepoint.steady_metering import SteadyMetering
from ocppsim.simulation.charger import Charger

from .driven_charger import DrivenCharger

_logger = logging.getLogger("ocppsim.runtime.charger")

_ANSWERS_BETWEEN = 4
"""After so many more answers it is tried again where there is more to do than to sample."""


class SteadyCharger(DrivenCharger):
    """Feeds samples, commits and confirmations to what the charger is doing steadily.

    Whoever asks for :attr:`charger` gets it as far as it has come by then, and may do anything
    with it: the short way is at an end.
    """

    _charger: Charger
    _steady: SteadyMetering | None = None
    _answers_to_go = 0

    @abstractmethod
    def _store_sample(self, register: PutCell, message: Append) -> None:
        """Hand in what a sample has to store."""

    @abstractmethod
    def _retire(self, sequence: int) -> None:
        """A message has been confirmed."""

    @property
    def charger(self) -> Charger:
        """The pure charger."""
        if self._steady is not None:
            self._end_steady()
        return self._charger

    def _begin_steady(self) -> None:
        """After an answer to meter values that changed nothing else."""
        if self._answers_to_go:
            self._answers_to_go -= 1
        elif self._scaled is None:
            self._steady = steady = self._charger.begin_steady(self._clock.now())
            if steady is not None:
                self._timer.set(steady.next_s)
            else:
                self._answers_to_go = _ANSWERS_BETWEEN

    def _end_steady(self) -> None:
        steady, self._steady = self._steady, None
        if steady is not None:
            self._charger.end_steady(steady, self._clock.now())
            self._drain()

    def _deadline_due(self) -> None:
        steady = self._steady
        if steady is not None:
            try:
                ordered = steady.sample(self._clock.now())
            except Exception:
                _logger.exception("%s: a sample failed", self.charge_point_id)
                ordered = None
            if ordered is not None:
                self._store_sample(*ordered)
                self._timer.set(steady.next_s)
                return
        super()._deadline_due()


__all__ = ["SteadyCharger"]
