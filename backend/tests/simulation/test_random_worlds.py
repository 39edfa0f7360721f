"""Random but possible worlds: whatever people, the mains, the network and the CSMS do.

``RANDOM_WORLDS=2000`` in the environment looks at so many worlds instead of a few dozen.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from ocppsim.chargepoint.controller import ChargePointIdentity
from ocppsim.chargepoint.durable_state import DurableState
from ocppsim.chargepoint.errors import IllegalAction, UnknownConnector
from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.moment import Moment
from ocppsim.chargepoint.notifications import TransactionChanged
from ocppsim.chargepoint.v16.behaviour import BEHAVIOURS
from ocppsim.chargepoint.v16.charge_point import ChargePoint
from ocppsim.simulation.central_system import CentralSystem, RawReply, Reply
from ocppsim.simulation.charger import Charger
from ocppsim.simulation.definition import ChargerDefinition, ConnectorDefinition
from ocppsim.simulation.resolved_vehicle import DEFAULT_VEHICLE
from ocppsim.simulation.virtual_bench import VirtualBench
from tests.simulation.world_choices import (
    ID_TAGS,
    actions,
    connectors,
    faults,
    frames,
    keys,
    lenient_actions,
    odd_payloads,
    replies,
    tags,
)
from tests.simulation.world_of_profiles import WorldOfProfiles

WORLDS = int(os.environ.get("RANDOM_WORLDS", "300"))

Deed = Callable[[Charger, Moment], None]


class World(WorldOfProfiles):
    """One charger; after every deed its wire must not have broken a rule of OCPP."""

    @initialize(
        cables=st.lists(st.sampled_from(["socket", "tethered"]), min_size=1, max_size=3),
        power_type=st.sampled_from(["AC", "AC", "DC"]),
        behaviour=st.fixed_dictionaries(
            {},
            optional={
                name: st.sampled_from(behaviour.choices)
                for name, behaviour in BEHAVIOURS.items()
                if name != "transaction_message_attempts"
            },
        ),
        auto_plug_in=st.booleans(),
        gives_up=st.booleans(),
        link=st.booleans(),
        clock_moves=st.booleans(),
    )
    def begin(
        self,
        cables: list[str],
        power_type: str,
        behaviour: dict[str, str],
        auto_plug_in: bool,
        gives_up: bool,
        link: bool,
        clock_moves: bool,
    ) -> None:
        definition = ChargerDefinition(
            charger_id=1,
            location_id=1,
            charger_name="Charger",
            connection_url="ws://csms.example/ocpp",
            identity=ChargePointIdentity("CP001", "Vendor", "Model"),
            connectors=tuple(
                ConnectorDefinition(power_type=power_type, cable=cable)  # pyright: ignore[reportArgumentType]
                for cable in cables
            ),
            auto_plug_in=auto_plug_in,
            behaviour=behaviour,
        )
        self.gives_up = gives_up
        configuration = {"TransactionMessageRetryInterval": "1"}
        configuration["TransactionMessageAttempts"] = "2" if gives_up else "1000000"
        central_system = CentralSystem(clock_epoch_s=VirtualBench.EPOCH_S)
        central_system.id_tags.update({key: dict(value) for key, value in ID_TAGS.items()})
        self.run = VirtualBench(
            definition,
            central_system,
            ChargePoint,
            durable=DurableState(configuration=configuration),
            link=link,
        )
        # Two clocks, two roundings
        self.run.rules.message_timeout_s -= 0.001
        self.clock_moves = clock_moves
        self.energy_wh: dict[int, float] = {}
        self.crashed_at: list[int] = []

    # --- the users --------------------------------------------------------------------------

    @rule(connector=connectors, lock_fails=st.booleans(), soc=st.sampled_from([None, 20, 99.9]))
    def plug_in(self, connector: int, lock_fails: bool, soc: float | None) -> None:
        self.attempt(
            lambda charger, now: charger.plug_in(
                ConnectorId(connector), DEFAULT_VEHICLE, now, soc_percent=soc, lock_fails=lock_fails
            )
        )

    @rule(connector=connectors, leaves_after_s=st.sampled_from([0.5, 30.0, 600.0]))
    def plug_in_for_a_while(self, connector: int, leaves_after_s: float) -> None:
        self.attempt(
            lambda charger, now: charger.plug_in(
                ConnectorId(connector), DEFAULT_VEHICLE, now, leaves_after_s=leaves_after_s
            )
        )

    @rule(connector=connectors, side=st.sampled_from(["ev", "charger"]))
    def unplug(self, connector: int, side: str) -> None:
        self.attempt(
            lambda charger, now: charger.unplug(
                ConnectorId(connector),
                side,  # pyright: ignore[reportArgumentType]
                now,
            )
        )

    @rule(connector=connectors, draws=st.booleans())
    def ev(self, connector: int, draws: bool) -> None:
        self.attempt(lambda charger, now: charger.set_ev_draws(ConnectorId(connector), draws, now))

    @rule(connector=connectors, jammed=st.booleans())
    def jam(self, connector: int, jammed: bool) -> None:
        self.attempt(lambda charger, now: charger.jam_lock(ConnectorId(connector), jammed, now))

    @rule(tag=tags, connector=connectors | st.none())
    def show_tag(self, tag: str, connector: int | None) -> None:
        where = None if connector is None else ConnectorId(connector)
        self.attempt(lambda charger, now: charger.present_id_tag(tag, where, now))

    @rule(connector=connectors, tag=tags)
    def come_and_charge(self, connector: int, tag: str) -> None:
        self.plug_in(connector, lock_fails=False, soc=None)
        self.show_tag(tag, connector)

    @rule(connector=connectors)
    def stop_button(self, connector: int) -> None:
        self.attempt(lambda charger, now: charger.press_stop_button(ConnectorId(connector), now))

    @rule()
    def emergency_stop(self) -> None:
        self.attempt(lambda charger, now: charger.press_emergency_stop(now))

    # --- the world --------------------------------------------------------------------------

    @rule(connector=connectors, code=faults)
    def fault(self, connector: int, code: str) -> None:
        self.attempt(lambda charger, now: charger.raise_fault(ConnectorId(connector), code, now))

    @rule(connector=connectors)
    def repair(self, connector: int) -> None:
        self.attempt(lambda charger, now: charger.clear_fault(ConnectorId(connector), now))

    @rule()
    def cut(self) -> None:
        self.run.cut_link()

    @rule()
    def mend(self) -> None:
        self.run.restore_link()

    @rule()
    def power_off(self) -> None:
        self.attempt(lambda charger, now: charger.power_off(now))

    @rule()
    def power_on(self) -> None:
        self.attempt(lambda charger, now: charger.power_on(now))

    @rule()
    def power_cycle(self) -> None:
        self.attempt(lambda charger, now: charger.power_cycle(now))

    @precondition(lambda self: self.clock_moves)
    @rule(seconds=st.sampled_from([-7200.0, -1.5, 0.0, 0.7, 3600.0]))
    def wrong_clock(self, seconds: float) -> None:
        self.run.set_clock(seconds)

    @rule(seconds=st.sampled_from([0.0, 0.5, 10.0]))
    def slow_disk(self, seconds: float) -> None:
        self.run.journal.delay_s = seconds

    @rule(down_s=st.sampled_from([0.0, 100.0]))
    def crash(self, down_s: float) -> None:
        if self.clock_moves:
            self.run.rules.transactions.clock_moved()
        # The register of the last reading is what survives
        self.energy_wh.clear()
        self.crashed_at.append(len(self.run.notifications))
        self.run.crash(down_s)

    @rule(connector=connectors, tag=tags, orders=st.integers(0, 30))
    def crash_amid_a_session(self, connector: int, tag: str, orders: int) -> None:
        """The process dies after it has carried out a few of the orders of one step."""
        run = self.run
        try:
            run.charger.present_id_tag(tag, ConnectorId(connector), run.now)
        except (IllegalAction, UnknownConnector):
            return
        for effect in list(run.charger.effects)[:orders]:
            run._carry_out_one(effect)
        run.charger.effects.clear()
        run.journal.write_due(run.now_s)
        self.crash(0.0)

    @rule(connector=connectors, tag=tags, steps=st.integers(0, 15))
    def crash_amid_a_conversation(self, connector: int, tag: str, steps: int) -> None:
        """The process dies between two of the messages that a tag brings about."""
        run = self.run
        run.advance(0.002)
        try:
            run.charger.present_id_tag(tag, ConnectorId(connector), run.now)
        except (IllegalAction, UnknownConnector):
            return
        run._carry_out()
        for _ in range(steps):
            run._step()
        self.crash(0.0)

    @rule(seconds=st.sampled_from([0.3, 2.0, 15.0, 31.0, 70.0, 400.0, 4000.0]))
    def wait(self, seconds: float) -> None:
        self.run.advance(seconds)

    @rule()
    def wait_for_hours(self) -> None:
        self.run.advance(30_000.0)

    # --- the CSMS ---------------------------------------------------------------------------

    def linked(self) -> bool:
        return self.run.linked

    @precondition(linked)
    @rule(tag=tags, connector=connectors | st.none())
    def remote_start(self, tag: str, connector: int | None) -> None:
        where = {} if connector is None else {"connectorId": connector}
        self.run.ask("RemoteStartTransaction", {"idTag": tag, **where})

    @precondition(linked)
    @rule(transaction_id=st.integers(1, 5))
    def remote_stop(self, transaction_id: int) -> None:
        newest = self.run.central_system.next_transaction_id
        self.run.ask("RemoteStopTransaction", {"transactionId": newest - transaction_id})

    @precondition(linked)
    @rule(kind=st.sampled_from(["Soft", "Hard"]))
    def reset(self, kind: str) -> None:
        self.run.ask("Reset", {"type": kind})

    @precondition(linked)
    @rule(connector=connectors, kind=st.sampled_from(["Operative", "Inoperative"]))
    def change_availability(self, connector: int, kind: str) -> None:
        self.run.ask("ChangeAvailability", {"connectorId": connector, "type": kind})

    @precondition(linked)
    @rule(connector=connectors)
    def unlock(self, connector: int) -> None:
        self.run.ask("UnlockConnector", {"connectorId": connector})

    @precondition(linked)
    @rule(setting=keys)
    def configure(self, setting: tuple[str, str]) -> None:
        key, value = setting
        self.run.ask("ChangeConfiguration", {"key": key, "value": value})

    @precondition(linked)
    @rule()
    def clear_cache(self) -> None:
        self.run.ask("ClearCache")

    @precondition(linked)
    @rule(frame=frames)
    def odd_frame(self, frame: str) -> None:
        self.run.hear(frame)

    @rule(action=actions, reply=replies)
    def answer_badly(self, action: str, reply: Reply) -> None:
        self.run.central_system.on(action, reply)

    @rule(action=lenient_actions, payload=odd_payloads)
    def answer_oddly(self, action: str, payload: str) -> None:
        if self.clock_moves:
            self.run.central_system.on(action, RawReply('[3,"{id}",' + payload + "]"))

    @rule(action=actions)
    def answer_as_usual(self, action: str) -> None:
        self.run.central_system.as_usual(action)

    @rule(status=st.sampled_from(["Accepted", "Pending", "Rejected"]), interval=st.integers(0, 300))
    def judge_boots(self, status: str, interval: int) -> None:
        self.run.central_system.registration = status
        self.run.central_system.interval_s = interval

    @rule(connector=connectors, reason=st.sampled_from([None, "Other", "Reboot", "Nonsense"]))
    def operator_stops(self, connector: int, reason: str | None) -> None:
        self.attempt(
            lambda charger, now: charger.stop_transaction(ConnectorId(connector), reason, now)
        )

    @precondition(lambda self: self.gives_up)
    @rule()
    def factory_reset(self) -> None:
        self.attempt(lambda charger, now: charger.factory_reset(now))
        if not self.run.charger.wants_link:
            # It has forgotten what it had not sent: a start without its stop is no wonder
            self.run.rules.transactions.restarted()

    @precondition(linked)
    @rule()
    def operator_asks(self) -> None:
        data: dict[str, object] = {"vendorId": "x"}
        if self.run.rules.registration == "Accepted":
            self.attempt(lambda charger, now: charger.request_call(1, "DataTransfer", data, now))

    # --- what always holds ------------------------------------------------------------------

    @invariant()
    def obeys_the_rules(self) -> None:
        assert self.violations() == []

    @invariant()
    def delivers_only_in_transactions(self) -> None:
        run = self.run
        for connector_id in run.charger.plant.connector_ids:
            state = run.charger.connector_state(connector_id, run.now)
            if state.meter.power_w > 0:
                # 1.6 ed.2 §4.1
                assert state.transaction is not None
                assert state.status == "Charging"
                assert run.charger.powered
            before_wh = self.energy_wh.get(connector_id, 0.0)
            assert state.meter.energy_wh >= before_wh - 0.001
            self.energy_wh[connector_id] = state.meter.energy_wh

    def teardown(self) -> None:
        if hasattr(self, "energy_wh"):
            self.calm_down()

    # --- inside -----------------------------------------------------------------------------

    def attempt(self, deed: Deed) -> None:
        """Do something that may be impossible now; two deeds are never at the same instant."""
        self.run.advance(0.002)
        try:
            self.run.act(deed)
        except (IllegalAction, UnknownConnector):
            return

    def violations(self) -> list[str]:
        """Where the clock was moved, the order of its times says nothing."""
        by_time = (
            "older than what was sent",
            "more than there was later",
            " fell from ",
            "confirmed already",
        )
        overlooked = by_time if self.clock_moves else ()
        if self.run.journal.written < self.run.journal.ordered:
            # What was Accepted is told when it is on the disk
            overlooked += ("was not answered",)
        return [
            text for text in self.run.violations if not any(words in text for words in overlooked)
        ]

    def calm_down(self) -> None:
        """Everything works again and everybody goes home: then nothing is left over."""
        run, central_system = self.run, self.run.central_system
        run.journal.delay_s = 0.0
        central_system.registration, central_system.interval_s = "Accepted", 300
        central_system._standing.clear()
        run.act(lambda charger, now: charger.power_on(now))
        run.restore_link()
        run.wait_for(lambda: run.charger.controller.registration == "Accepted")
        run.advance(60.0)
        self.everything_is_over()
        run.configure(StopTransactionOnEVSideDisconnect="true", ConnectionTimeOut="60")
        run.ask("ChangeAvailability", {"connectorId": 0, "type": "Operative"})
        run.clear_fault(0)
        for connector_id in run.charger.plant.connector_ids:
            run.clear_fault(connector_id)
            run.ask("ChangeAvailability", {"connectorId": connector_id, "type": "Operative"})
            if not run.charger.plant.is_tethered(connector_id):
                run.jam_lock(False, connector_id)
                if run.charger.plant.cable(connector_id) == "vehicle":
                    run.unplug(connector_id, "ev")
                run.ask("UnlockConnector", {"connectorId": connector_id})
            run.drive_away(connector_id)
        run.wait_for(lambda: run.charger.controller.queued_messages == 0, limit_s=1e7)
        run.advance(400.0)
        assert self.violations() == []
        for connector_id in (ConnectorId(0), *run.charger.plant.connector_ids):
            assert run.charger.controller.connector(connector_id).status == "Available"
            assert run.status(connector_id) == "Available"
        if not self.gives_up:
            assert run.rules.transactions.unstopped() == []
            self.assert_told_to_the_end()
        left = [key for key in run.charger.durable.cells if key.startswith(("trans", "stopped"))]
        assert left == []

    def assert_told_to_the_end(self) -> None:
        """Of every transaction the last that was told is that it is over.

        One that was not over when a crash came is told of again, or was never stored.
        """
        over = {"stopped", "failed"}
        states: dict[int, str] = {}
        for number, note in enumerate(self.run.notifications):
            if number in self.crashed_at:
                states = {key: state for key, state in states.items() if state in over}
            if isinstance(note, TransactionChanged):
                states[note.transaction.local_transaction_id] = note.transaction.state
        assert set(states.values()) <= over


@pytest.mark.timeout(600 if WORLDS <= 300 else 0)
def test_whatever_happens_the_rules_hold_and_calm_returns():
    run_state_machine_as_test(
        World,
        settings=settings(
            max_examples=WORLDS,
            stateful_step_count=50,
            deadline=None,
            phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
        ),
    )
