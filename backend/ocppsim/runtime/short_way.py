"""What comes to a charger again and again, in one object in front of it.

Deadlines, commits and texts come to ten thousand chargers in turn, so that what they touch of one
is in no cache any more. While a charger does nothing but sample, this and what it samples with
are all there is to touch; else it passes on what comes.
"""

from __future__ import annotations

import logging
from typing import Protocol

from ocppsim.chargepoint.moment import Moment
from ocppsim.chargepoint.steady_metering import SteadyMetering
from ocppsim.transport.link import Link

from .charger_services import ChargerServices
from .feed_source import FeedSource
from .scheduler import Timer

_logger = logging.getLogger("ocppsim.runtime.charger")


class LongWay(FeedSource, Protocol):
    """The charger, which does whatever there is to do; none of the calls may raise.

    The first thing it has to do is to end what it does steadily.
    """

    def deadline_due(self) -> None:
        """The timer has come."""
        ...

    def persisted(self, sequence: int, now: Moment) -> None:
        """All journal entries up to ``sequence`` survive a crash; ``now`` is that of real time."""
        ...

    def take_text(self, text: bytes) -> None:
        """A text of the CSMS."""
        ...

    def write_down(self, steady: SteadyMetering) -> None:
        """Store what became of the messages so far; the short way goes on."""
        ...


class ShortWay(Timer):
    """The timer of a charger, whom its link gives texts, and whom commits are told.

    ``steady`` is what the charger does steadily, over ``link``, in real time.
    """

    __slots__ = ("_long_way", "_services", "charger_id", "link", "steady")

    def __init__(self, long_way: LongWay, services: ChargerServices, charger_id: int) -> None:
        super().__init__(services.connections.scheduler)
        self._long_way = long_way
        self._services = services
        self.charger_id = charger_id
        self.steady: SteadyMetering | None = None
        self.link: Link | None = None

    def begin(self, steady: SteadyMetering, link: Link) -> None:
        """From now on nothing but samples are to come."""
        self.steady = steady
        self.link = link
        self.set(steady.next_s)

    def end(self) -> SteadyMetering | None:
        """Pass on everything from now on; what was done steadily so far."""
        steady, self.steady, self.link = self.steady, None, None
        return steady

    def fire(self) -> None:
        steady = self.steady
        if steady is not None:
            services = self._services
            try:
                ordered = steady.sample(services.connections.clock.real_s())
            except Exception:
                _logger.exception("%s: a sample failed", self._long_way.charge_point_id)
                ordered = None
            if ordered is not None:
                register, message = ordered
                services.journal.put_sample(
                    self.charger_id, steady.sequence, message, steady.cell_key, register
                )
                self.set(steady.next_s)
                if services.feed.has_readers:
                    services.feed.note_charger(self._long_way)
                return
        self._long_way.deadline_due()

    def persisted(self, sequence: int, now: Moment) -> None:
        """All journal entries up to ``sequence`` survive a crash; ``now`` is that of real time."""
        steady, link = self.steady, self.link
        if steady is None or link is None:
            self._long_way.persisted(sequence, now)
            return
        try:
            text = steady.persisted(sequence, now.real_s)
        except Exception:
            _logger.exception("%s: a sample failed", self._long_way.charge_point_id)
            self._long_way.persisted(sequence, now)
            return
        if text is not None:
            link.send_text(text)
            self._take_down(False, text)

    def take_text(self, text: bytes) -> None:
        """A text of the CSMS."""
        steady = self.steady
        if steady is not None:
            services = self._services
            try:
                retired = steady.answered(text, services.connections.clock.real_s())
            except Exception:
                _logger.exception("%s: a sample failed", self._long_way.charge_point_id)
                retired = None
            if retired is not None:
                if steady.has_deliveries:
                    self._long_way.write_down(steady)
                services.journal.retire(self.charger_id, retired)
                self._take_down(True, text)
                return
        self._long_way.take_text(text)

    def _take_down(self, is_received: bool, text: bytes) -> None:
        """A frame went over the wire; meter values and their answers carry no secrets."""
        services = self._services
        log, feed = services.message_log, services.feed
        log.add_harmless(self.charger_id, is_received, text, services.connections.clock.wall_s())
        if feed.has_readers:
            feed.note_charger(self._long_way)
            feed.note_message(self._long_way, log.last_id)


__all__ = ["LongWay", "ShortWay"]
