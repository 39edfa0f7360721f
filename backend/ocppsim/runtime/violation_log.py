"""Logs what a CSMS does wrong without filling the log."""

from __future__ import annotations

import logging

_logger = logging.getLogger("ocppsim.runtime.charger")

MOST_KINDS = 20
"""So many different violations of one charger's CSMS are logged; all are in its messages."""


class ViolationLog:
    """Logs each violation that one charger sees once, however often it comes."""

    __slots__ = ("_charge_point_id", "_seen")

    def __init__(self, charge_point_id: str) -> None:
        self._charge_point_id = charge_point_id
        self._seen: tuple[str, ...] = ()  # an empty set takes 200 bytes

    def note(self, text: str) -> None:
        """A frame of the CSMS broke OCPP; ``text`` says how."""
        if text in self._seen or len(self._seen) > MOST_KINDS:
            return
        self._seen = (*self._seen, text)
        if len(self._seen) > MOST_KINDS:
            _logger.info(
                "%s: the CSMS broke OCPP in more than %d ways; see the messages of the charger",
                self._charge_point_id,
                MOST_KINDS,
            )
            return
        _logger.info("%s: the CSMS broke OCPP: %s", self._charge_point_id, text)


__all__ = ["MOST_KINDS", "ViolationLog"]
