"""Tickets, attempts and retries of file transfers, and which URLs are usable."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ocppsim.chargepoint.effects import CancelTransfer, Effect, StartDownload
from ocppsim.chargepoint.v16.caller import Caller
from ocppsim.chargepoint.v16.core import Core
from ocppsim.chargepoint.v16.transfers import (
    OWN_RETRIES,
    OWN_RETRY_INTERVAL_S,
    Attempts,
    RetryPlan,
    Transfers,
    is_usable,
)
from ocppsim.protocol.rpc import RpcSession


class Story:
    """Attempts with a script, and what became of them."""

    def __init__(self, core: Core) -> None:
        self.core = core
        self.caller = Caller(core, RpcSession("t-"))
        self.caller.online = self.caller.open = True
        self.transfers = Transfers(core)
        self.attempts = Attempts(core, self.caller, self.transfers, "retry")
        self.events: list[str] = []

    def begin(self, plan: RetryPlan, name: str = "file", *, possible: bool = True) -> None:
        def order(ticket: int) -> Effect:
            return StartDownload(ticket, name)

        self.attempts.begin(
            order if possible else None,
            plan,
            lambda: self.events.append(f"{name} began"),
            lambda succeeded: self.events.append(f"{name} {'done' if succeeded else 'failed'}"),
        )

    @property
    def orders(self) -> list[tuple[str, int]]:
        """What was ordered so far: (what, ticket)."""
        return [
            (type(effect).__name__, effect.ticket)
            for effect in self.core.effects
            if isinstance(effect, (StartDownload, CancelTransfer))
        ]

    def wait(self, duration_s: float) -> None:
        self.core.now_s += duration_s
        self.core.timers.run_due(self.core.now_s)


@pytest.fixture
def story(core: Core) -> Story:
    return Story(core)


def test_one_attempt_that_succeeds(story: Story):
    story.begin(RetryPlan(3, 10))
    assert story.orders == [("StartDownload", 1)]
    story.transfers.ended(1, succeeded=True)
    story.wait(1000)
    assert story.events == ["file began", "file done"]
    assert len(story.orders) == 1


def test_retries_come_at_their_interval_and_end(story: Story):
    story.begin(RetryPlan(2, 10))
    for ticket in (1, 2, 3):
        assert story.orders[-1] == ("StartDownload", ticket)
        story.transfers.ended(ticket, succeeded=False)
        story.wait(9)
        assert len(story.orders) == ticket
        story.wait(1)
    assert story.events == ["file began", "file failed"]
    assert len(story.orders) == 3


def test_what_cannot_be_done_is_not_tried(story: Story):
    story.begin(RetryPlan(5, 10), possible=False)
    assert story.events == ["file began", "file failed"]
    assert story.orders == []


def test_another_one_takes_the_place_of_the_first(story: Story):
    story.begin(RetryPlan(2, 10), "old")
    story.begin(RetryPlan(2, 10), "new")
    assert story.orders == [("StartDownload", 1), ("CancelTransfer", 1), ("StartDownload", 2)]
    story.transfers.ended(1, succeeded=True)
    story.transfers.ended(2, succeeded=True)
    assert story.events == ["old began", "new began", "new done"]


def test_a_retry_that_waits_is_cancelled_with_its_job(story: Story):
    story.begin(RetryPlan(2, 10))
    story.transfers.ended(1, succeeded=False)
    story.attempts.cancel()
    story.wait(100)
    story.attempts.resume()
    assert story.orders == [("StartDownload", 1)]
    assert story.events == ["file began"]


def test_without_the_csms_an_attempt_waits(story: Story):
    story.caller.open = False
    story.begin(RetryPlan(1, 10))
    assert story.events == []
    story.caller.open = True
    story.attempts.resume()
    story.attempts.resume()
    assert story.orders == [("StartDownload", 1)]
    story.caller.open = False
    story.transfers.ended(1, succeeded=False)
    story.wait(100)
    assert len(story.orders) == 1
    story.caller.open = True
    story.attempts.resume()
    story.transfers.ended(2, succeeded=True)
    assert story.events == ["file began", "file done"]


def test_an_answer_to_an_unknown_ticket_is_passed_over(story: Story):
    story.transfers.ended(7, succeeded=True)
    story.transfers.cancel(7)
    assert story.orders == []


@pytest.mark.parametrize(
    ("asked", "plan"),
    [
        ((None, None), RetryPlan(OWN_RETRIES, OWN_RETRY_INTERVAL_S)),
        ((0, None), RetryPlan(0, OWN_RETRY_INTERVAL_S)),
        ((4, 90), RetryPlan(4, 90)),
        ((-1, -1), RetryPlan(0, 1)),
        ((10**40, 10**40), RetryPlan(10**9, 10**9)),
    ],
)
def test_the_plan_is_what_was_asked_for_within_reason(
    asked: tuple[int | None, int | None], plan: RetryPlan
):
    assert RetryPlan.of(*asked) == plan


@pytest.mark.parametrize(
    ("location", "usable"),
    [
        ("ftp://user:password@host:21/path", True),
        ("ftp://user:p@ss@host/path", True),
        ("FTP://host", True),
        ("http://host/?a=b", True),
        ("http://host?a=b", True),
        ("https://[::1]:8443/a", True),
        ("https://host:65536/a", False),
        ("https://host:port/a", False),
        ("https:///a", False),
        ("https:a", False),
        ("ftps://host/a", False),
        ("", False),
    ],
)
def test_usable_urls(location: str, usable: bool):
    assert is_usable(location, "FTP,HTTP,HTTPS") is usable


def test_orders_are_made_by_the_ticket(core: Core):
    heard: list[bool] = []
    make: Callable[[int], Effect] = lambda ticket: StartDownload(ticket, "x")  # noqa: E731
    transfers = Transfers(core)
    first = transfers.start(make, heard.append)
    second = transfers.start(make, heard.append)
    transfers.ended(second, succeeded=True)
    transfers.ended(first, succeeded=False)
    transfers.ended(first, succeeded=True)
    assert heard == [True, False]
