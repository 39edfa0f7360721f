"""What was set, over what the table says: checked, stored, announced."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from ocppsim.chargepoint.durable_state import DurableState
from ocppsim.chargepoint.effects import Notify, SaveConfiguration
from ocppsim.chargepoint.errors import InvalidSetting
from ocppsim.chargepoint.notifications import ConfigurationChanged
from ocppsim.chargepoint.v16.configuration.keys import KEYS
from ocppsim.chargepoint.v16.configuration.store import ChangeOutcome
from ocppsim.chargepoint.v16.core import Core
from ocppsim.chargepoint.v16.occasions import Occasions


def test_a_change_is_stored_told_and_effective_at_once(core: Core):
    heard: list[tuple[str, int]] = []
    store = core.configuration

    class Listener(Occasions):
        def key_changed(self, name: str) -> None:
            heard.append((name, store.number("ConnectionTimeOut")))

    core.wire(Listener())
    assert store.change("connectiontimeout", " 007 ") is ChangeOutcome.ACCEPTED
    assert heard == [("ConnectionTimeOut", 7)]
    assert core.durable.configuration == {"ConnectionTimeOut": "7"}
    assert core.effects == [
        SaveConfiguration("ConnectionTimeOut", "7"),
        Notify(ConfigurationChanged("ConnectionTimeOut", "7")),
    ]


def test_setting_what_is_set_already_disturbs_nobody(core: Core):
    heard: list[str] = []

    class Listener(Occasions):
        def key_changed(self, name: str) -> None:
            heard.append(name)

    core.wire(Listener())
    assert core.configuration.change("ConnectionTimeOut", "60") is ChangeOutcome.ACCEPTED
    assert heard == []


@pytest.mark.parametrize(
    ("key", "value", "outcome"),
    [
        ("Nonsense", "1", ChangeOutcome.NOT_SUPPORTED),
        ("NumberOfConnectors", "2", ChangeOutcome.REJECTED),
        ("SupportedFeatureProfiles", "Core", ChangeOutcome.REJECTED),
        ("MeterValueSampleInterval", "-1", ChangeOutcome.REJECTED),
        ("MeterValuesSampledData", "SoC,Nonsense", ChangeOutcome.REJECTED),
        ("LocalPreAuthorize", "1", ChangeOutcome.REJECTED),
    ],
)
def test_what_is_refused_changes_nothing(core: Core, key: str, value: str, outcome: ChangeOutcome):
    before = core.configuration.entries()
    assert core.configuration.change(key, value) is outcome
    assert core.configuration.entries() == before
    assert core.effects == []
    assert core.durable.configuration == {}


def test_the_operator_sets_all_or_nothing(core: Core):
    for bad in ({"Nonsense": "1"}, {"BlinkRepeat": "x"}, {"NumberOfConnectors": "3"}):
        with pytest.raises(InvalidSetting, match=next(iter(bad))):
            core.configuration.set_all({"ConnectionTimeOut": "5"} | bad)
        assert core.durable.configuration == {}
    core.configuration.set_all({"ConnectionTimeOut": "5", "GetConfigurationMaxKeys": "9"})
    assert core.configuration.number("ConnectionTimeOut") == 5
    assert core.configuration.number("GetConfigurationMaxKeys") == 9


def test_stored_values_come_back_and_those_that_do_not_fit_are_passed_over(
    make_core: Callable[..., Core],
):
    stored = {
        "ConnectionTimeOut": "5",
        "MeterValuesSampledData": "Gone.Measurand",
        "OldKey": "1",
        "NumberOfConnectors": "7",
    }
    configuration = make_core(durable=DurableState(configuration=stored)).configuration
    assert configuration.number("ConnectionTimeOut") == 5
    assert configuration.text("MeterValuesSampledData") == "Energy.Active.Import.Register"
    assert configuration.number("NumberOfConnectors") == 1
    assert configuration.entry("OldKey") is None


def test_a_change_leaves_alone_what_is_shared_with_other_charge_points(
    make_core: Callable[..., Core],
):
    common = {"ConnectionTimeOut": "5"}
    one = make_core(durable=DurableState(configuration=common))
    other = make_core(durable=DurableState(configuration=common))
    one.configuration.change("ConnectionTimeOut", "6")
    one.configuration.change("HeartbeatInterval", "60")
    assert one.durable.configuration == {"ConnectionTimeOut": "6", "HeartbeatInterval": "60"}
    assert common == {"ConnectionTimeOut": "5"}
    assert other.configuration.number("ConnectionTimeOut") == 5


def test_every_key_has_a_value_of_at_most_500_characters(core: Core):
    for entry in core.configuration.entries():
        assert entry.value is not None
        assert len(entry.value) <= 500


def test_a_change_that_needs_a_reboot_waits_for_it(
    make_core: Callable[..., Core], monkeypatch: pytest.MonkeyPatch
):
    slow = replace(KEYS["BlinkRepeat"], reboot_required=True)
    monkeypatch.setitem(KEYS, "BlinkRepeat", slow)
    monkeypatch.setattr("ocppsim.chargepoint.v16.configuration.store.find_key", KEYS.get)
    core = make_core()
    assert core.configuration.change("BlinkRepeat", "7") is ChangeOutcome.REBOOT_REQUIRED
    entry = core.configuration.entry("BlinkRepeat")
    assert entry is not None
    assert (entry.value, entry.reboot_required) == ("3", True)
    assert core.effects == [SaveConfiguration("BlinkRepeat", "7")]
    assert make_core(durable=core.durable).configuration.number("BlinkRepeat") == 7


def test_the_keys_of_a_profile_that_is_off_are_unknown_but_keep_their_values(core: Core):
    store = core.configuration
    store.set_all({"LocalAuthListMaxLength": "7"})
    store.set_all({"SupportedFeatureProfiles": "Core"})
    assert store.entry("LocalAuthListMaxLength") is None
    assert {entry.profile for entry in store.entries()} == {"Core"}
    assert store.change("LocalAuthListEnabled", "false") is ChangeOutcome.NOT_SUPPORTED
    store.set_all({"LocalAuthListEnabled": "false"})
    store.set_all({"SupportedFeatureProfiles": "Core,LocalAuthListManagement"})
    assert not store.flag("LocalAuthListEnabled")
    assert store.number("LocalAuthListMaxLength") == 7
