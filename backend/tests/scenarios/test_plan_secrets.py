"""The passwords and keys of a plan are shown to nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocppsim.scenarios.plan_fault import PlanFault
from ocppsim.scenarios.plan_secrets import masked_secret, without_secrets
from ocppsim.scenarios.plan_text import parse_plan

EXAMPLES = Path(__file__).parents[3] / "examples" / "plans"
PLAN = """\
version: 1
start: 2026-03-02T08:00:00Z
duration: 1h
chargers:
  - {ids: [A], configuration: {AuthorizationKey: wonderland, HeartbeatInterval: 60}}
live: {basic_auth_password: "looking-glass", security_profile: 1}   # of the lab
"""


def test_a_plan_is_shown_with_everything_but_its_secrets() -> None:
    shown = without_secrets(PLAN)
    assert shown == PLAN.replace("wonderland", '"***"').replace('"looking-glass"', '"***"')
    assert masked_secret(parse_plan(PLAN)) is None


@pytest.mark.parametrize(
    ("secret", "keys"),
    [
        ("wonderland", ("chargers", 0, "configuration", "AuthorizationKey")),
        ("looking-glass", ("live", "basic_auth_password")),
    ],
)
def test_a_plan_that_was_shown_is_no_plan_to_run(secret: str, keys: tuple[str | int, ...]) -> None:
    shown = PLAN.replace(f'"{secret}"', secret).replace(secret, '"***"')
    assert masked_secret(parse_plan(shown)) == keys


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_plan_without_secrets_stays_as_it_is(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert without_secrets(text) == text


@pytest.mark.parametrize(
    "live", ["{basic_auth_password: 31415926}", "{tls: {client_key_pem: [31415926]}}"]
)
def test_a_secret_of_the_wrong_kind_is_not_repeated(live: str) -> None:
    with pytest.raises(PlanFault) as caught:
        parse_plan(PLAN[: PLAN.index("live:")] + f"live: {live}\n")
    assert "31415926" not in str(caught.value)
    assert "it must be a text" in str(caught.value)
