"""Requests that are held open until something becomes of a charger."""

from __future__ import annotations

from ocppsim.chargepoint.notifications import CallAnswered, RegistrationChanged
from ocppsim.runtime.waiters import Waiters


async def test_each_call_gets_its_own_answer() -> None:
    waiters = Waiters()
    with waiters.call() as (one, first), waiters.call() as (other, second):
        assert one != other
        waiters.notice(CallAnswered(other, "result"), online=True)
        assert not first.done()
        assert second.result().ticket == other
        waiters.notice(CallAnswered(other, "error"), online=True)
        waiters.notice(CallAnswered(one, "error"), online=True)
        assert first.result().outcome == "error"
        assert second.result().outcome == "result"


async def test_an_answer_that_nobody_waits_for_is_nobodys() -> None:
    waiters = Waiters()
    with waiters.call() as (ticket, answer):
        pass
    waiters.notice(CallAnswered(ticket, "result"), online=True)
    waiters.notice(RegistrationChanged("Accepted"), online=True)
    assert not answer.done()


async def test_who_waits_for_readiness_is_told_once() -> None:
    waiters = Waiters()
    assert not waiters.await_readiness
    with waiters.readiness() as first, waiters.readiness() as second:
        assert waiters.await_readiness
        waiters.ready()
        waiters.ready()
        assert first.done()
        assert second.done()
    assert not waiters.await_readiness


async def test_nobody_waits_for_a_charger_that_is_gone() -> None:
    waiters = Waiters()
    with waiters.call() as (_, answer), waiters.readiness() as ready:
        waiters.give_up()
        assert answer.result().outcome == "lost"
        assert ready.done()
