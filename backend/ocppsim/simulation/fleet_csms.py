"""The CSMS of a whole site: one script for all chargers, transaction ids that never repeat."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from .central_system import CentralSystem, Payload


class PlannedCall(msgspec.Struct, frozen=True):
    """A CALL that the CSMS sends to a charger (its place in the run) at a time."""

    at_s: float
    charger: int
    action: str
    payload: Payload


class CsmsScript(msgspec.Struct, frozen=True):
    """How the CSMS behaves towards all chargers.

    ``id_tags`` holds the statuses of the tags that are not ``other_tags``; each answer of the
    CSMS takes ``answer_delay_s``.
    """

    heartbeat_interval_s: int = 300
    answer_delay_s: float = 0.0
    id_tags: dict[str, str] = msgspec.field(default_factory=dict[str, str])
    other_tags: str = "Accepted"
    calls: tuple[PlannedCall, ...] = ()


class SiteCentralSystem(CentralSystem):
    """The side of the CSMS that one charge point of a site talks to."""

    def __init__(
        self, script: CsmsScript, clock_epoch_s: float, transaction_ids: Iterator[int]
    ) -> None:
        super().__init__(clock_epoch_s=clock_epoch_s, interval_s=script.heartbeat_interval_s)
        self.answer_delay_s = script.answer_delay_s
        self._script = script

        def start(call: Payload) -> Payload:
            return {
                "transactionId": next(transaction_ids),
                "idTagInfo": self._judged(call["idTag"]),
            }

        self.on("Authorize", lambda call: {"idTagInfo": self._judged(call["idTag"])})
        self.on("StartTransaction", start)

    def delay_answers(self, delay_s: float) -> None:
        """Answers take so much longer from now on than the script says."""
        self.answer_delay_s = self._script.answer_delay_s + delay_s

    def _judged(self, id_tag: str) -> Payload:
        return {"status": self._script.id_tags.get(id_tag, self._script.other_tags)}


__all__ = ["CsmsScript", "PlannedCall", "SiteCentralSystem"]
