"""The documented choices: checked where they enter, never in the way later."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ocppsim.chargepoint.errors import InvalidSetting
from ocppsim.chargepoint.v16.behaviour import BEHAVIOURS, check_behaviour
from ocppsim.chargepoint.v16.core import Core


def test_every_documented_choice_is_taken():
    check_behaviour({})
    for name, behaviour in BEHAVIOURS.items():
        for choice in behaviour.choices:
            check_behaviour({name: choice})


@pytest.mark.parametrize(
    "behaviour", [{"no_such": "stop"}, {"power_loss": "Stop"}, {"power_loss": ""}]
)
def test_anything_else_is_refused(behaviour: dict[str, str]):
    with pytest.raises(InvalidSetting):
        check_behaviour(behaviour)


def test_a_stored_value_that_is_no_choice_any_more_means_the_default(
    make_core: Callable[..., Core],
):
    assert make_core(behaviour={"power_loss": "gone"}).behaviour("power_loss") == "stop"
    assert make_core(behaviour={"power_loss": "resume"}).behaviour("power_loss") == "resume"
