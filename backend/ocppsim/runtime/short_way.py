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

    __slots__ = ("_long_way", "_services", "_slot", "charger_id", "link", "steady")

    def __init__(self, long_way: LongWay, services: ChargerServices, charger_id: int) -> None:
        super().__init__(services.connections.scheduler)
        self._long_way = long_way
        self._services = services
        self.charger_id = charger_id
        self.steady: SteadyMetering | None = None
        self.link: Link | None = None
        self._slot = 0
        """Where samples are kept while ``steady`` has them kept aside."""

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
        if steady is not None and self._sample(steady):
            self.set(steady.next_s)
        else:
            self._long_way.deadline_due()

    def persisted(self, sequence: int, now: Moment) -> None:
        """All journal entries up to ``sequence`` survive a crash; ``now`` is that of real time."""
        steady = self.steady
        if steady is None:
            self._long_way.persisted(sequence, now)
            return
        try:
            text = steady.persisted(sequence, now.real_s)
            if text is not None:
                self._send(text)
                self._keep_aside(steady)
        except Exception:
            _logger.exception("%s: a sample failed", self._long_way.charge_point_id)
            self._long_way.persisted(sequence, now)

    def take_text(self, text: bytes) -> None:
        """A text of the CSMS."""
        steady = self.steady
        if steady is None or not self._take_answer(steady, text):
            self._long_way.take_text(text)

    def _sample(self, steady: SteadyMetering) -> bool:
        """Take the sample that is due, if that is all there is to do."""
        services = self._services
        journal = services.journal
        try:
            now_s = services.connections.clock.real_s()
            sample = steady.sample(now_s)
            if sample is None:
                return False
            if steady.kept_aside:
                assert journal.samples is not None
                sequence = steady.sequence
                journal.samples.keep(self._slot, sequence, sample[0], sample[1])
                text = steady.persisted(sequence, now_s)
                if text is not None:
                    self._send(text)
            else:
                register, message = steady.stored(sample)
                journal.put_sample(
                    self.charger_id, steady.sequence, message, steady.cell_key, register
                )
        except Exception:
            _logger.exception("%s: a sample failed", self._long_way.charge_point_id)
            return False
        if services.feed.has_readers:
            services.feed.note_charger(self._long_way)
        return True

    def _take_answer(self, steady: SteadyMetering, text: bytes) -> bool:
        """Take a text, if it is an answer and that is all there is to do."""
        services = self._services
        journal = services.journal
        try:
            retired = steady.answered(text, services.connections.clock.real_s())
            if retired is None:
                return False
            if steady.has_deliveries:
                self._long_way.write_down(steady)
            if steady.kept_aside:
                assert journal.samples is not None
                journal.samples.retire(self._slot, retired)
            else:
                journal.retire(self.charger_id, retired)
        except Exception:
            _logger.exception("%s: a sample failed", self._long_way.charge_point_id)
            return False
        self._take_down(True, text)
        return True

    def _keep_aside(self, steady: SteadyMetering) -> None:
        """The journal has all there was: from now on it needs not be told of each sample."""
        samples, form = self._services.journal.samples, steady.form
        if samples is not None and form is not None:
            slot = samples.begin(self.charger_id, form, self._slot)
            if slot:
                self._slot = slot
                steady.kept_aside = True

    def _send(self, text: bytes) -> None:
        link = self.link
        if link is not None:
            link.send_text(text)
            self._take_down(False, text)

    def _take_down(self, is_received: bool, text: bytes) -> None:
        """A frame went over the wire; meter values and their answers carry no secrets."""
        services = self._services
        log, feed = services.message_log, services.feed
        log.add_harmless(self.charger_id, is_received, text, services.connections.clock.wall_s())
        if feed.has_readers:
            feed.note_charger(self._long_way)
            feed.note_message(self._long_way, log.last_id)


__all__ = ["LongWay", "ShortWay"]
