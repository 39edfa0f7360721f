"""The Authorization Cache: what it knows, for how long, and what it gives up first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppsim.chargepoint.controller import ChargePointIdentity, ControllerSettings
from ocppsim.chargepoint.durable_state import DurableState
from ocppsim.chargepoint.effects import PutCell
from ocppsim.chargepoint.v16 import authorization_cache
from ocppsim.chargepoint.v16.authorization_cache import AuthorizationCache
from ocppsim.chargepoint.v16.core import Core
from ocppsim.protocol.v16.datatypes import IdTagInfo
from ocppsim.protocol.v16.enums import AuthorizationStatus as Status
from ocppsim.simulation.definition import ConnectorDefinition
from ocppsim.simulation.plant import Plant

ACCEPTED = IdTagInfo(status=Status.Accepted)
BLOCKED = IdTagInfo(status=Status.Blocked)


@pytest.fixture
def cache(core: Core) -> AuthorizationCache:
    return AuthorizationCache(core)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(authorization_cache, "CAPACITY", 3)


def known(cache: AuthorizationCache, *tags: str) -> list[str]:
    return [tag for tag in tags if cache.find(tag) is not None]


def test_a_tag_is_found_whatever_its_case(cache: AuthorizationCache):
    cache.learn("Tag", IdTagInfo(status=Status.Accepted, parent_id_tag="GROUP"))
    found = cache.find("tAG")
    assert found is not None
    assert (found.status, found.parent_id_tag) == (Status.Accepted, "GROUP")


def test_an_ended_validity_is_expired_and_no_date_lasts_for_ever(cache: AuthorizationCache):
    cache.learn("DATED", IdTagInfo(status=Status.Accepted, expiry_date="2026-01-01T00:00:10Z"))
    cache.learn("FREE", ACCEPTED)
    dated, free = cache.find("DATED"), cache.find("FREE")
    assert dated is not None
    assert free is not None
    assert dated.status_at(1_767_225_609.0) is Status.Accepted
    assert dated.status_at(1_767_225_610.0) is Status.Expired
    assert free.status_at(9e9) is Status.Accepted


def test_an_unreadable_date_does_not_make_a_tag_valid_for_ever(cache: AuthorizationCache):
    cache.learn("ODD", IdTagInfo(status=Status.Accepted, expiry_date="next week"))
    odd = cache.find("ODD")
    assert odd is not None
    assert odd.status_at(1_767_225_600.0) is Status.Expired


def test_a_blocked_tag_does_not_turn_expired(cache: AuthorizationCache):
    cache.learn("B", IdTagInfo(status=Status.Blocked, expiry_date="2020-01-01T00:00:00Z"))
    blocked = cache.find("B")
    assert blocked is not None
    assert blocked.status_at(1_767_225_600.0) is Status.Blocked


def test_a_full_cache_gives_up_what_is_not_valid_then_the_oldest(
    small: None, cache: AuthorizationCache
):
    cache.learn("OLD", ACCEPTED)
    cache.learn("BLOCKED", BLOCKED)
    cache.learn("NEW", ACCEPTED)
    cache.learn("NEWER", ACCEPTED)
    assert known(cache, "OLD", "BLOCKED", "NEW", "NEWER") == ["OLD", "NEW", "NEWER"]
    cache.learn("OLD", ACCEPTED)
    cache.learn("NEWEST", ACCEPTED)
    assert known(cache, "OLD", "NEW", "NEWER", "NEWEST") == ["OLD", "NEWER", "NEWEST"]


def test_it_comes_back_after_a_restart_in_the_same_order(small: None, core: Core):
    cache = AuthorizationCache(core)
    for tag in ("ONE", "TWO", "THREE"):
        cache.learn(tag, ACCEPTED)
    again = AuthorizationCache(core)
    again.learn("FOUR", ACCEPTED)
    assert known(again, "ONE", "TWO", "THREE", "FOUR") == ["TWO", "THREE", "FOUR"]


def test_switched_off_it_neither_learns_nor_knows(core: Core):
    cache = AuthorizationCache(core)
    cache.learn("BEFORE", ACCEPTED)
    core.configuration.change("AuthorizationCacheEnabled", "false")
    cache.learn("MEANWHILE", ACCEPTED)
    assert known(cache, "BEFORE", "MEANWHILE") == []
    core.configuration.change("AuthorizationCacheEnabled", "true")
    assert known(cache, "BEFORE", "MEANWHILE") == ["BEFORE"]


def test_clearing_it_empties_the_storage_too(core: Core):
    cache = AuthorizationCache(core)
    cache.learn("ONE", ACCEPTED)
    core.effects.clear()
    cache.clear()
    assert core.effects == [PutCell("cache/one", None)]
    assert core.durable.cells == {}


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from(list(Status)))))
def test_it_never_holds_more_than_its_capacity_and_storage_agrees(
    lessons: list[tuple[str, Status]],
):
    durable = DurableState()
    core = Core(
        ChargePointIdentity("CP", "V", "M"),
        durable,
        Plant([ConnectorDefinition()], seed=0),
        [],
        ControllerSettings(clock_epoch_s=0.0, message_id_prefix=""),
    )
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(authorization_cache, "CAPACITY", 4)
        cache = AuthorizationCache(core)
        for tag, status in lessons:
            cache.learn(tag, IdTagInfo(status=status))
            found = cache.find(tag)
            assert found is not None
            assert found.status is status
            assert len(durable.cells) <= 4
    again = AuthorizationCache(core)
    assert [again.find(tag) for tag in "abcdefgh"] == [cache.find(tag) for tag in "abcdefgh"]
