"""SN-T: every transition of the table of 1.6 ed.2 §4.9 that the Core profile can bring about.

That no *other* transition is ever reported is checked on the wire of every test.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any, NamedTuple

import pytest

from ocppsim.simulation.central_system import Delayed
from ocppsim.simulation.virtual_bench import VirtualBench

BenchFactory = Callable[..., VirtualBench]
Story = Callable[[VirtualBench], None]


class Transition(NamedTuple):
    """How a charger comes to a status, what happens then, and what is reported next."""

    before: str
    after: str
    arrange: Story
    deed: Story
    hardware: dict[str, Any]


def nothing(_: VirtualBench) -> None:
    """It is Available."""


def plug(bench: VirtualBench) -> None:
    bench.plug_in()


def charge(bench: VirtualBench) -> None:
    bench.start()


def charge_paused(bench: VirtualBench) -> None:
    bench.start()
    bench.ev_draws(False)


def charge_invalid(bench: VirtualBench) -> None:
    """The CSMS refuses the tag in StartTransaction.conf; the transaction stays open."""
    bench.configure(StopTransactionOnInvalidId="false")
    bench.central_system.once(
        "StartTransaction", {"transactionId": 5, "idTagInfo": {"status": "Invalid"}}
    )
    bench.plug_in()
    bench.tag("TAG")


def finish(bench: VirtualBench) -> None:
    bench.start()
    bench.stop_button()


def inoperative(bench: VirtualBench) -> None:
    answer = bench.ask("ChangeAvailability", {"connectorId": 1, "type": "Inoperative"})
    assert answer.status in {"Accepted", "Scheduled"}


def operative(bench: VirtualBench) -> None:
    bench.ask("ChangeAvailability", {"connectorId": 1, "type": "Operative"})


def then(*stories: Story) -> Story:
    def told(bench: VirtualBench) -> None:
        for story in stories:
            story(bench)

    return told


def fault(bench: VirtualBench) -> None:
    bench.raise_fault("GroundFailure")


def repair(bench: VirtualBench) -> None:
    bench.clear_fault()


def remote_stop(bench: VirtualBench) -> None:
    transaction_id = bench.central_system.next_transaction_id - 1
    assert bench.ask("RemoteStopTransaction", {"transactionId": transaction_id}).status == (
        "Accepted"
    )


TETHERED = {"cable": "tethered"}
SOCKET: dict[str, Any] = {}


def tag(bench: VirtualBench) -> None:
    bench.tag("TAG")


def unplug(bench: VirtualBench) -> None:
    bench.unplug()


def drive_away(bench: VirtualBench) -> None:
    bench.drive_away()


def wait(bench: VirtualBench) -> None:
    bench.advance(61)


TRANSITIONS: list[tuple[str, Transition]] = [
    ("A2", Transition("Available", "Preparing", nothing, plug, SOCKET)),
    ("A2", Transition("Available", "Preparing", nothing, tag, SOCKET)),
    (
        "A2",
        Transition(
            "Available",
            "Preparing",
            nothing,
            lambda bench: bench.ask("RemoteStartTransaction", {"idTag": "T"}) and None,
            SOCKET,
        ),
    ),
    ("A8", Transition("Available", "Unavailable", nothing, inoperative, SOCKET)),
    ("A9", Transition("Available", "Faulted", nothing, fault, SOCKET)),
    ("B1", Transition("Preparing", "Available", plug, drive_away, SOCKET)),
    ("B1", Transition("Preparing", "Available", tag, tag, SOCKET)),
    ("B1", Transition("Preparing", "Available", tag, wait, SOCKET)),
    ("B3", Transition("Preparing", "Charging", plug, tag, SOCKET)),
    ("B3", Transition("Preparing", "Charging", tag, plug, SOCKET)),
    (
        "B4",
        Transition(
            "Preparing", "SuspendedEV", then(plug, lambda b: b.ev_draws(False)), tag, SOCKET
        ),
    ),
    ("B6", Transition("Preparing", "Finishing", plug, wait, SOCKET)),
    ("B9", Transition("Preparing", "Faulted", plug, fault, SOCKET)),
    ("C1", Transition("Charging", "Available", charge, unplug, TETHERED)),
    ("C4", Transition("Charging", "SuspendedEV", charge, lambda b: b.ev_draws(False), SOCKET)),
    ("C5", Transition("Charging", "SuspendedEVSE", plug, charge_invalid, SOCKET)),
    ("C6", Transition("Charging", "Finishing", charge, remote_stop, SOCKET)),
    ("C6", Transition("Charging", "Finishing", charge, tag, SOCKET)),
    ("C8", Transition("Charging", "Unavailable", then(charge, inoperative), unplug, TETHERED)),
    ("C9", Transition("Charging", "Faulted", charge, fault, SOCKET)),
    ("D1", Transition("SuspendedEV", "Available", charge_paused, unplug, TETHERED)),
    (
        "D3",
        Transition("SuspendedEV", "Charging", charge_paused, lambda b: b.ev_draws(True), SOCKET),
    ),
    ("D6", Transition("SuspendedEV", "Finishing", charge_paused, remote_stop, SOCKET)),
    (
        "D8",
        Transition(
            "SuspendedEV", "Unavailable", then(charge_paused, inoperative), unplug, TETHERED
        ),
    ),
    ("D9", Transition("SuspendedEV", "Faulted", charge_paused, fault, SOCKET)),
    ("E1", Transition("SuspendedEVSE", "Available", charge_invalid, unplug, TETHERED)),
    (
        "E6",
        Transition("SuspendedEVSE", "Finishing", charge_invalid, lambda b: b.stop_button(), SOCKET),
    ),
    (
        "E8",
        Transition(
            "SuspendedEVSE", "Unavailable", then(charge_invalid, inoperative), unplug, TETHERED
        ),
    ),
    ("E9", Transition("SuspendedEVSE", "Faulted", charge_invalid, fault, SOCKET)),
    ("F1", Transition("Finishing", "Available", finish, drive_away, SOCKET)),
    ("F2", Transition("Finishing", "Preparing", finish, tag, SOCKET)),
    (
        "F8",
        Transition(
            "Finishing",
            "Unavailable",
            then(charge, inoperative, lambda b: b.stop_button()),
            drive_away,
            SOCKET,
        ),
    ),
    ("F9", Transition("Finishing", "Faulted", finish, fault, SOCKET)),
    ("H1", Transition("Unavailable", "Available", inoperative, operative, SOCKET)),
    ("H2", Transition("Unavailable", "Preparing", then(inoperative, plug), operative, SOCKET)),
    ("H9", Transition("Unavailable", "Faulted", inoperative, fault, SOCKET)),
    ("I1", Transition("Faulted", "Available", fault, repair, SOCKET)),
    ("I2", Transition("Faulted", "Preparing", then(plug, fault), repair, SOCKET)),
    ("I3", Transition("Faulted", "Charging", then(charge, fault), repair, SOCKET)),
    ("I4", Transition("Faulted", "SuspendedEV", then(charge_paused, fault), repair, SOCKET)),
    ("I5", Transition("Faulted", "SuspendedEVSE", then(charge_invalid, fault), repair, SOCKET)),
    ("I6", Transition("Faulted", "Finishing", then(finish, fault), repair, SOCKET)),
    ("I8", Transition("Faulted", "Unavailable", then(inoperative, fault), repair, SOCKET)),
]


@pytest.mark.parametrize(
    "transition",
    [
        pytest.param(
            transition,
            id=f"{name}-{number}",
            marks=pytest.mark.obligation(f"SN-T-{name}", "SN-01"),
        )
        for number, (name, transition) in enumerate(TRANSITIONS)
    ],
)
def test_a_transition_of_the_table_is_reported(make_bench: BenchFactory, transition: Transition):
    bench = make_bench(**transition.hardware)
    if transition.arrange is plug and transition.deed is charge_invalid:
        transition.deed(bench)
    else:
        transition.arrange(bench)
        assert bench.status() == transition.before
        transition.deed(bench)
    seen = bench.statuses()
    assert (transition.before, transition.after) in pairwise(seen)


@pytest.mark.obligation("SN-T-D5", "SN-06")
def test_an_ev_that_pauses_is_suspended_by_the_evse_once_its_tag_is_refused(
    make_bench: BenchFactory,
):
    bench = make_bench(configuration={"StopTransactionOnInvalidId": "false"})
    refusal = {"transactionId": 5, "idTagInfo": {"status": "Invalid"}}
    bench.central_system.once("StartTransaction", lambda _: Delayed(5.0, refusal))
    bench.central_system.once("Authorize", {"idTagInfo": {"status": "Accepted"}})
    bench.plug_in()
    bench.ev_draws(False)
    bench.tag("TAG")
    bench.advance(10)
    assert bench.statuses()[-2:] == ["SuspendedEV", "SuspendedEVSE"]


@pytest.mark.obligation("SN-21")
def test_a_fault_covers_what_happens_below_it(bench: VirtualBench):
    bench.start()
    bench.raise_fault("GroundFailure")
    bench.stop_button()
    assert bench.status() == "Faulted"
    bench.clear_fault()
    assert bench.status() == "Finishing"
