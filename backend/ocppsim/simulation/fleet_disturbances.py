"""What goes wrong at the chargers of a run: faults, networks and mains that fail for a while."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Literal

import msgspec

from ocppsim.chargepoint.errors import ChargePointError
from ocppsim.chargepoint.identifiers import ConnectorId

from .leaving import TRIES_AGAIN_AFTER_S
from .participant import Participant

DisturbanceKind = Literal["fault", "offline", "poor_network", "power_cut", "restart"]


class Disturbance(msgspec.Struct, frozen=True):
    """Something that goes wrong at a charger (its place in the run) and is well again later.

    Times are seconds after the start of the run; a ``restart`` ends by itself. ``connector_id``
    and ``error_code`` are those of a ``fault``; connector 0 is the whole charger. A
    ``poor_network`` delays each message by ``latency_ms`` give or take ``jitter_ms``, and a share
    ``loss`` of them never arrives.
    """

    kind: DisturbanceKind
    charger: int
    at_s: float
    until_s: float
    connector_id: ConnectorId = ConnectorId(0)
    error_code: str = "OtherError"
    latency_ms: float = 0.0
    jitter_ms: float = 0.0
    loss: float = 0.0


class Disturbances:
    """Carries them out; of those that overlap at a charger the last one to end makes it well.

    ``schedule`` has a deed done at a time and looks after the charger whose place it returns.
    """

    def __init__(
        self,
        disturbances: Sequence[Disturbance],
        members: Sequence[Participant],
        schedule: Callable[[float, Callable[[float], int]], None],
    ) -> None:
        self.begun = 0
        self._members = members
        self._schedule = schedule
        self._going_on: Counter[tuple[str, int, ConnectorId]] = Counter()
        for one in disturbances:
            self._do_at(one.at_s, self._begin, one)

    def _do_at(
        self, at_s: float, deed: Callable[[Disturbance, float], None], one: Disturbance
    ) -> None:
        def carry_out(now_s: float) -> int:
            deed(one, now_s)
            return one.charger

        self._schedule(at_s, carry_out)

    def _begin(self, one: Disturbance, now_s: float) -> None:
        self.begun += 1
        member = self._members[one.charger]
        if one.kind == "restart":
            self._try(one, now_s, self._restart)
            return
        self._going_on[_what(one)] += 1
        if one.kind == "fault":
            self._try(one, now_s, self._raise_fault)
        elif one.kind == "offline":
            member.go_offline(now_s)
        elif one.kind == "poor_network":
            member.impair(now_s, one.latency_ms, one.jitter_ms, one.loss)
        else:
            member.power_off(now_s)
        self._do_at(one.until_s, self._end, one)

    def _end(self, one: Disturbance, now_s: float) -> None:
        self._going_on[_what(one)] -= 1
        if self._going_on[_what(one)]:
            return
        member = self._members[one.charger]
        if one.kind == "fault":
            self._try(one, now_s, self._clear_fault)
        elif one.kind == "offline":
            member.go_online(now_s)
        elif one.kind == "poor_network":
            member.impair(now_s, 0.0, 0.0, 0.0)
        else:
            member.power_on(now_s)

    def _try(
        self,
        one: Disturbance,
        now_s: float,
        deed: Callable[[Disturbance, float], None],
    ) -> None:
        """A charger that is down cannot notice; it will soon after it is up again."""
        try:
            deed(one, now_s)
        except ChargePointError:
            self._do_at(
                now_s + TRIES_AGAIN_AFTER_S,
                lambda one, now_s: self._try(one, now_s, deed),
                one,
            )

    def _restart(self, one: Disturbance, now_s: float) -> None:
        self._members[one.charger].restart(now_s)

    def _raise_fault(self, one: Disturbance, now_s: float) -> None:
        if now_s < one.until_s:
            self._members[one.charger].do_at(
                now_s,
                lambda charger, now: charger.raise_fault(one.connector_id, one.error_code, now),
            )

    def _clear_fault(self, one: Disturbance, now_s: float) -> None:
        if not self._going_on[_what(one)]:
            self._members[one.charger].do_at(
                now_s, lambda charger, now: charger.clear_fault(one.connector_id, now)
            )


def _what(one: Disturbance) -> tuple[str, int, ConnectorId]:
    return one.kind, one.charger, one.connector_id


__all__ = ["Disturbance", "DisturbanceKind", "Disturbances"]
