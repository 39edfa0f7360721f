"""What the journal has stored is told to the chargers, without holding up the event loop."""

from __future__ import annotations

import asyncio

import pytest

from ocppsim.chargepoint.durable_state import DurableState
from ocppsim.chargepoint.moment import Moment
from ocppsim.chargepoint.v16.charge_point import ChargePoint
from ocppsim.runtime.live_charger import LiveCharger
from ocppsim.runtime.memory_ports import MemoryJournal, NoConfigSync
from ocppsim.runtime.ports import CommitListener
from ocppsim.runtime.supervisor import Supervisor

from .conftest import IMPATIENT, definition

MANY = 150


class ToldJournal(MemoryJournal):
    """Commits when the test says so."""

    def start(self, on_committed: CommitListener) -> None:
        super().start(on_committed)
        self.commit = on_committed


async def test_one_commit_of_very_many_chargers_takes_several_turns_of_the_event_loop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    journal = ToldJournal()
    told: list[tuple[int, int]] = []
    async with Supervisor(ChargePoint, journal, NoConfigSync(), settings=IMPATIENT) as supervisor:
        chargers = [
            await supervisor.add(definition("ws://x", f"CP-{number}"), DurableState())
            for number in range(MANY)
        ]
        gone = chargers[-1]

        def persisted(charger: LiveCharger, sequence: int, _now: Moment) -> None:
            told.append((charger.charger_id, sequence))

        monkeypatch.setattr(LiveCharger, "persisted", persisted)
        await supervisor.remove(gone.charge_point_id)
        journal.commit([(charger.charger_id, 1) for charger in chargers])
        in_a_turn: list[int] = []
        while len(told) < MANY - 1:
            before = len(told)
            await asyncio.sleep(0)
            in_a_turn.append(len(told) - before)
            if before == 0:  # others come while the first one is being told
                journal.commit([(chargers[0].charger_id, 2), (chargers[-2].charger_id, 2)])
                journal.commit([(chargers[0].charger_id, 3)])
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    assert max(in_a_turn) <= MANY / 2
    assert told[: MANY - 1] == [(charger.charger_id, 1) for charger in chargers[:-1]]
    assert told[MANY - 1 :] == [(chargers[0].charger_id, 3), (chargers[-2].charger_id, 2)]
