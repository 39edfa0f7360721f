"""The local authorization list against a model: wholly changed or not at all, and stored."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppsim.chargepoint.controller import ChargePointIdentity, ControllerSettings
from ocppsim.chargepoint.durable_state import DurableState
from ocppsim.chargepoint.effects import Notify, PutCell
from ocppsim.chargepoint.notifications import RecordsChanged
from ocppsim.chargepoint.v16.authorization_cache import AuthorizationCache
from ocppsim.chargepoint.v16.core import Core
from ocppsim.chargepoint.v16.local_auth_list import LocalAuthList
from ocppsim.chargepoint.v16.occasions import Occasions
from ocppsim.protocol.v16.datatypes import AuthorizationData, IdTagInfo
from ocppsim.protocol.v16.enums import AuthorizationStatus, UpdateStatus, UpdateType
from ocppsim.protocol.v16.local_auth_list import (
    GetLocalListVersionRequest,
    GetLocalListVersionResponse,
    SendLocalListRequest,
    SendLocalListResponse,
)
from ocppsim.simulation.definition import ConnectorDefinition
from ocppsim.simulation.plant import Plant

ACCEPTED = IdTagInfo(status=AuthorizationStatus.Accepted)
BLOCKED = IdTagInfo(status=AuthorizationStatus.Blocked)
LIMITS = {"LocalAuthListMaxLength": "4", "SendLocalListMaxLength": "3"}


def send(local: LocalAuthList, request: SendLocalListRequest) -> UpdateStatus:
    response = local.send(request)
    assert isinstance(response, SendLocalListResponse)
    return response.status


def version(local: LocalAuthList) -> int:
    response = local.get_version(GetLocalListVersionRequest())
    assert isinstance(response, GetLocalListVersionResponse)
    return response.list_version


def full(number: int, **tags: IdTagInfo | None) -> SendLocalListRequest:
    entries = [AuthorizationData(id_tag=tag, id_tag_info=info) for tag, info in tags.items()]
    return SendLocalListRequest(
        list_version=number, update_type=UpdateType.Full, local_authorization_list=entries
    )


@pytest.fixture
def local(core: Core) -> LocalAuthList:
    return LocalAuthList(core, AuthorizationCache(core))


def test_a_change_is_stored_in_one_piece_and_told(core: Core, local: LocalAuthList):
    assert send(local, full(1, ONE=ACCEPTED, TWO=BLOCKED)) is UpdateStatus.Accepted
    puts = [effect for effect in core.effects if isinstance(effect, PutCell)]
    assert [put.key for put in puts] == ["local-list"]
    assert core.effects[-1] == Notify(RecordsChanged("local-list"))
    core.effects.clear()
    assert send(local, full(2, ONE=ACCEPTED, TWO=None)) is UpdateStatus.Failed
    assert core.effects == []


def test_an_emptied_list_leaves_no_cell(core: Core, local: LocalAuthList):
    send(local, full(1, ONE=ACCEPTED))
    send(local, full(2))
    assert "local-list" not in core.durable.cells


def test_a_list_that_comes_into_use_takes_its_tags_out_of_the_cache(core: Core):
    cache = AuthorizationCache(core)
    local = LocalAuthList(core, cache)

    class Listener(Occasions):
        def key_changed(self, name: str) -> None:
            assert name == "LocalAuthListEnabled"
            local.use_changed()

    core.wire(Listener())
    send(local, full(1, ONE=BLOCKED))
    core.configuration.change("LocalAuthListEnabled", "false")
    cache.learn("one", ACCEPTED)
    assert local.find("ONE") is None
    assert cache.find("ONE") is not None
    core.configuration.change("LocalAuthListEnabled", "true")
    assert local.find("ONE") is not None
    assert cache.find("ONE") is None


def test_a_list_comes_back_with_its_text_unchanged(make_core: Callable[..., Core], core: Core):
    local = LocalAuthList(core, AuthorizationCache(core))
    info = IdTagInfo(
        status=AuthorizationStatus.ConcurrentTx,
        expiry_date="2027-01-01T00:00:00+01:00",
        parent_id_tag="Family",
    )
    send(local, full(7, **{"Ta \u20ac": info}))
    rebooted = make_core(durable=core.durable)
    again = LocalAuthList(rebooted, AuthorizationCache(rebooted))
    assert again.view() == local.view()
    entry = again.view().entries[0]
    assert (entry.id_tag, entry.status) == ("Ta \u20ac", "ConcurrentTx")
    assert (entry.expiry_date, entry.parent_id_tag) == ("2027-01-01T00:00:00+01:00", "Family")


updates = st.builds(
    SendLocalListRequest,
    list_version=st.integers(-1, 6),
    update_type=st.sampled_from(UpdateType),
    local_authorization_list=st.none()
    | st.lists(
        st.builds(
            AuthorizationData,
            id_tag=st.sampled_from(["a", "A", "b", "c", "d", "e", "f"]),
            id_tag_info=st.none() | st.sampled_from([ACCEPTED, BLOCKED]),
        ),
        max_size=5,
    ),
)


@given(st.lists(updates, max_size=12))
def test_it_follows_the_standard_step_by_step(requests: list[SendLocalListRequest]):
    durable = DurableState(configuration=dict(LIMITS))
    core = Core(
        ChargePointIdentity("CP", "V", "M"),
        durable,
        Plant([ConnectorDefinition()], seed=0),
        [],
        ControllerSettings(clock_epoch_s=0.0, message_id_prefix=""),
    )
    local = LocalAuthList(core, AuthorizationCache(core))
    model: dict[str, AuthorizationStatus] = {}
    number = 0
    for request in requests:
        entries = request.local_authorization_list or []
        is_full = request.update_type is UpdateType.Full
        after = {} if is_full else dict(model)
        for entry in entries:
            if entry.id_tag_info is None:
                after.pop(entry.id_tag.lower(), None)
            else:
                after[entry.id_tag.lower()] = entry.id_tag_info.status
        if request.list_version > 0 and not is_full and request.list_version <= number:
            expected = UpdateStatus.VersionMismatch
        elif (
            request.list_version <= 0
            or len(entries) > 3
            or len({entry.id_tag.lower() for entry in entries}) < len(entries)
            or (is_full and any(entry.id_tag_info is None for entry in entries))
            or len(after) > 4
        ):
            expected = UpdateStatus.Failed
        else:
            expected = UpdateStatus.Accepted
            model, number = after, request.list_version if after else 0
        assert send(local, request) is expected
        again = LocalAuthList(core, AuthorizationCache(core))
        for one in (local, again):
            assert version(one) == number
            for tag in "abcdef":
                found = one.find(tag)
                assert (found.status if found else None) == model.get(tag)
