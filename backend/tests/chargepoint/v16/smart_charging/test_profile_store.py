from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ocppsim.chargepoint.controller import ChargePointIdentity, ControllerSettings
from ocppsim.chargepoint.durable_state import DurableState
from ocppsim.chargepoint.effects import PutCell
from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.v16.core import Core
from ocppsim.chargepoint.v16.smart_charging.profile_store import ProfileStore
from ocppsim.protocol.v16.smart_charging import ClearChargingProfileRequest
from ocppsim.simulation.definition import ConnectorDefinition
from ocppsim.simulation.plant import Plant
from tests.chargepoint.v16.smart_charging.profiles import DEFAULT, MAX, TX, profile

CoreFactory = Callable[..., Core]
ONE, TWO = ConnectorId(1), ConnectorId(2)


def some(profile_id: int, level: int = 0, purpose: str = DEFAULT, **more: Any) -> Any:
    return profile([(0, 6.0)], profile_id=profile_id, level=level, purpose=purpose, **more)


def ids(store: ProfileStore) -> list[int]:
    return [installed.profile.charging_profile_id for installed in store.profiles]


def again(core: Core) -> ProfileStore:
    """The store after a restart."""
    return ProfileStore(core)


def test_they_stand_by_connector_purpose_and_falling_level(core: Core) -> None:
    store = ProfileStore(core)
    store.install(ONE, some(1, level=0))
    store.install(ONE, some(2, level=4))
    store.install(ConnectorId(0), some(3, purpose=MAX))
    store.install(ONE, some(4, purpose=TX))
    assert ids(store) == [3, 2, 1, 4]
    assert ids(again(core)) == [3, 2, 1, 4]
    assert again(core).profiles == store.profiles


def test_the_tuple_is_the_same_as_long_as_nothing_changes(core: Core) -> None:
    store = ProfileStore(core)
    store.install(ONE, some(1))
    before = store.profiles
    assert not store.clear(ClearChargingProfileRequest(id=9))
    assert not store.end_transaction(ONE)
    assert not store.name_transaction(ONE, 7)
    assert store.profiles is before


def test_what_was_set_for_a_connector_that_is_gone_is_gone_too(core: Core) -> None:
    store = ProfileStore(core)
    store.install(ConnectorId(0), some(1))
    store.install(ONE, some(2))
    store.install(TWO, some(3))
    store.keep_only((ConnectorId(0), ONE))
    assert ids(store) == [1, 2]
    assert ids(again(core)) == [1, 2]


def test_a_crash_after_the_first_write_of_a_replacement_leaves_the_new_one(core: Core) -> None:
    store = ProfileStore(core)
    store.install(ONE, some(1, level=2))
    core.effects.clear()
    before = dict(core.durable.cells)
    store.install(ONE, some(2, level=2))
    first = core.effects[0]
    assert isinstance(first, PutCell)
    assert first.body is not None
    core.durable.cells.clear()
    core.durable.cells.update(before)
    core.durable.cells[first.key] = first.body
    survivor = again(core)
    assert ids(survivor) == [2]
    assert ids(again(core)) == [2]


def test_what_an_id_replaces_elsewhere_is_one_write(core: Core) -> None:
    store = ProfileStore(core)
    store.install(ONE, some(1))
    core.effects.clear()
    store.install(TWO, some(1))
    assert [type(effect) for effect in core.effects] == [PutCell]
    assert [installed.connector_id for installed in again(core).profiles] == [TWO]


def test_the_profiles_of_a_transaction_get_its_id_and_go_with_it(core: Core) -> None:
    store = ProfileStore(core)
    store.install(ONE, some(1, purpose=TX))
    store.install(ONE, some(2, level=1, purpose=TX, transaction_id=5))
    store.install(ONE, some(3))
    store.install(TWO, some(4, purpose=TX))
    assert store.name_transaction(ONE, 0)
    assert [installed.profile.transaction_id for installed in again(core).profiles] == [
        None,
        5,
        0,
        None,
    ]
    assert store.end_transaction(ONE)
    assert ids(store) == ids(again(core)) == [3, 4]


def test_room_is_what_is_left_after_replacing(core: Core) -> None:
    store = ProfileStore(core)
    store.install(ONE, some(1, level=0))
    store.install(ONE, some(2, level=1))
    assert not store.has_room(ONE, some(3, level=2), 2)
    assert store.has_room(ONE, some(3, level=2), 3)
    assert store.has_room(ONE, some(3, level=1), 2)
    assert store.has_room(TWO, some(2, level=5), 2)
    assert store.has_room(ONE, some(1, level=1), 1)


@given(
    st.lists(
        st.tuples(
            st.integers(0, 2),
            st.sampled_from([DEFAULT, TX, MAX]),
            st.integers(0, 2),
            st.integers(1, 5),
        ),
        max_size=30,
    )
)
def test_ids_and_places_are_there_once_and_the_latest_wins(
    orders: list[tuple[int, str, int, int]],
) -> None:
    core = Core(
        ChargePointIdentity("CP001", "Vendor", "Model"),
        DurableState(),
        Plant([ConnectorDefinition()], seed=0),
        [],
        ControllerSettings(clock_epoch_s=0.0, message_id_prefix="t-"),
    )
    store = ProfileStore(core)
    expected: dict[int, tuple[int, str, int]] = {}
    for connector_id, purpose, level, profile_id in orders:
        place = (connector_id, purpose, level)
        store.install(ConnectorId(connector_id), some(profile_id, level=level, purpose=purpose))
        expected = {
            number: taken
            for number, taken in expected.items()
            if number != profile_id and taken != place
        }
        expected[profile_id] = place
    for found in (store, again(core)):
        assert {
            installed.profile.charging_profile_id: (
                installed.connector_id,
                installed.profile.charging_profile_purpose.value,
                installed.profile.stack_level,
            )
            for installed in found.profiles
        } == expected
