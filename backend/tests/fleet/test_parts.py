"""Parts of a fleet that run elsewhere, and die there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from ocppsim.fleet.open_transactions import OpenTransaction, TransactionChanges
from ocppsim.fleet.part_messages import Done, Failed, Joining, Made, PartMessage, Second
from ocppsim.fleet.parts import PartDied, PartGone, RunFailed, run_parts
from ocppsim.fleet.run_listener import Restart
from ocppsim.fleet.time_slice import TimeSlice

from .slices import slice_of

OPEN = OpenTransaction("CP1", 1, 7, 70)
NOTHING = TransactionChanges()


class Link:
    """A part whose messages a test gives; None is its death."""

    def __init__(self) -> None:
        self.told: asyncio.Queue[PartMessage | None] = asyncio.Queue()
        self.joined: asyncio.Queue[Joining] = asyncio.Queue()
        self.stopped = asyncio.Event()
        self.ended = False

    async def receive(self) -> PartMessage:
        message = await self.told.get()
        if message is None:
            raise PartDied
        return message

    def join(self, joining: Joining) -> None:
        self.joined.put_nowait(joining)

    def stop(self) -> None:
        self.stopped.set()

    async def end(self) -> None:
        self.ended = True

    def tell(self, *messages: PartMessage | None) -> None:
        for message in messages:
            self.told.put_nowait(message)

    def tell_second(
        self, second: int, connected: float, changes: TransactionChanges = NOTHING
    ) -> None:
        self.tell(Second(slice_of(second, second + 1.0, connected=connected), changes))


class Place:
    def __init__(self, *, has_journal: bool = True) -> None:
        self.outcome = "and is started again"
        self.has_journal = has_journal


class Fleet:
    """A starter, a listener and a clock."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.now_s = 1000.0
        self.links: asyncio.Queue[tuple[int, Link]] = asyncio.Queue()
        self.place: Place | None = Place()
        self.begun = 0
        self.shown: list[TimeSlice] = []
        self.restarts: list[Restart] = []
        self.stopped = asyncio.Event()

    async def start(self, part: int) -> Link:
        link = Link()
        self.links.put_nowait((part, link))
        return link

    async def place_again(self, part: int) -> Place:
        if self.place is None:
            raise PartGone("no machine is left")
        return self.place

    def begin(self) -> None:
        self.begun += 1

    def show(self, span: TimeSlice) -> None:
        self.shown.append(span)

    def restarted(self, restart: Restart) -> None:
        self.restarts.append(restart)

    async def next_link(self, part: int) -> Link:
        number, link = await self.links.get()
        assert number == part
        return link

    async def run(self, story: Callable[[], Awaitable[None]]) -> int:
        async with asyncio.timeout(10), asyncio.TaskGroup() as tasks:
            run = tasks.create_task(run_parts(self, self.stopped, self, clock=lambda: self.now_s))
            await story()
        return run.result()


async def test_all_parts_begin_together_and_end_each_for_itself() -> None:
    fleet = Fleet(2)

    async def story() -> None:
        first, second = await fleet.next_link(0), await fleet.next_link(1)
        first.tell(Made(()))
        await asyncio.sleep(0)
        assert first.joined.empty()
        second.tell(Made(()))
        assert await first.joined.get() == await second.joined.get() == Joining()
        first.tell_second(0, 3.0)
        second.tell_second(0, 2.0)
        first.tell(Done())
        second.tell_second(1, 2.0, TransactionChanges(began=(OPEN,)))
        second.tell(Done())

    assert await fleet.run(story) == 1
    assert fleet.begun == 1
    assert [span.connected for span in fleet.shown] == [5.0, 2.0]


async def test_a_part_that_dies_joins_again_where_the_run_is_by_then() -> None:
    fleet = Fleet(2)

    async def story() -> None:
        first, second = await fleet.next_link(0), await fleet.next_link(1)
        first.tell(Made(()))
        second.tell(Made(()))
        await second.joined.get()
        for second_of_run in range(3):
            first.tell_second(second_of_run, 3.0)
            second.tell_second(second_of_run, 2.0)
        fleet.now_s += 3.4
        second.tell(None)
        again = await fleet.next_link(1)
        assert second.ended
        first.tell_second(3, 3.0)
        fleet.now_s += 1.2
        again.tell(Made((OPEN,)))
        joining = await again.joined.get()
        assert joining.at_s == pytest.approx(4.6)
        assert (joining.told_to_s, joining.ends_at_s) == (3.0, None)
        again.tell(Second(slice_of(4.6, 5.0, connected=1.0), TransactionChanges(ended=(OPEN.key,))))
        first.tell_second(4, 3.0)
        first.tell(Done())
        again.tell(Done())

    assert await fleet.run(story) == 0
    assert [span.connected for span in fleet.shown] == [5.0, 5.0, 5.0, 3.0, 4.0]
    assert [(one.part, one.at_s, one.lost) for one in fleet.restarts] == [
        (2, pytest.approx(3.4), ())
    ]


async def test_where_the_journal_is_gone_the_open_transactions_are_lost_by_their_ids() -> None:
    fleet = Fleet(1)
    fleet.place = Place(has_journal=False)

    async def story() -> None:
        first = await fleet.next_link(0)
        first.tell(Made(()))
        first.tell_second(0, 1.0, TransactionChanges(began=(OPEN._replace(transaction_id=None),)))
        first.tell_second(1, 1.0, TransactionChanges(began=(OPEN,)))
        first.tell(None)
        again = await fleet.next_link(0)
        again.tell(Made(()), Done())

    assert await fleet.run(story) == 1
    assert [one.lost for one in fleet.restarts] == [(OPEN,)]
    assert "1 transactions are lost" in fleet.restarts[0].line


async def test_without_a_place_for_a_part_the_others_go_on() -> None:
    fleet = Fleet(2)
    fleet.place = None

    async def story() -> None:
        first, second = await fleet.next_link(0), await fleet.next_link(1)
        first.tell(Made(()))
        second.tell(None)
        await first.joined.get()
        first.tell_second(0, 3.0)
        first.tell(Done())

    assert await fleet.run(story) == 0
    assert len(fleet.shown) == 1
    assert fleet.restarts[0].outcome == "for good: no machine is left"


async def test_a_fleet_of_which_nothing_is_left_has_failed() -> None:
    fleet = Fleet(1)
    fleet.place = None

    async def story() -> None:
        (await fleet.next_link(0)).tell(None)

    with pytest.raises(ExceptionGroup) as raised:
        await fleet.run(story)
    assert "no machine is left" in str(raised.value.exceptions[0])


async def test_a_part_that_keeps_dying_fails_the_run() -> None:
    fleet = Fleet(1)

    async def story() -> None:
        for _ in range(5):
            fleet.now_s += 61.0  # so far apart that they do not count together
            (await fleet.next_link(0)).tell(None)
        for _ in range(3):
            (await fleet.next_link(0)).tell(None)

    with pytest.raises(ExceptionGroup) as raised:
        await fleet.run(story)
    (failure,) = raised.value.exceptions
    assert isinstance(failure, RunFailed)
    assert failure.has_died
    assert str(failure) == "process 1 of the fleet has died 4 times in 60 s"


async def test_what_cannot_be_done_is_not_tried_again() -> None:
    fleet = Fleet(2)
    parts: list[Link] = []

    async def story() -> None:
        parts.extend([await fleet.next_link(0), await fleet.next_link(1)])
        parts[1].tell(Failed("the disk is full"))

    with pytest.raises(ExceptionGroup) as raised:
        await fleet.run(story)
    assert str(raised.value.exceptions[0]) == "process 2 of the fleet: the disk is full"
    assert [one.ended for one in parts] == [True, True]


async def test_a_stop_reaches_also_a_part_that_is_being_started_again() -> None:
    fleet = Fleet(1)

    async def story() -> None:
        first = await fleet.next_link(0)
        first.tell(Made(()))
        await first.joined.get()
        fleet.now_s += 5.0
        first.tell(None)
        again = await fleet.next_link(0)
        fleet.stopped.set()
        await again.stopped.wait()
        fleet.now_s += 1.0
        again.tell(Made(()))
        assert await again.joined.get() == Joining(6.0, 0.0, ends_at_s=5.0)
        again.tell(Done())

    await fleet.run(story)
