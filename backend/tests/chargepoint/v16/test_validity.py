"""How long the word on a tag holds."""

from __future__ import annotations

import pytest

from ocppsim.chargepoint.v16.validity import expiry_s, status_at
from ocppsim.protocol.v16.enums import AuthorizationStatus as Status


def test_without_a_date_there_is_no_end():
    assert expiry_s(None) is None
    assert status_at(Status.Accepted, None, 9e12) is Status.Accepted


@pytest.mark.parametrize("text", ["", "next week", "2026-13-01T00:00:00Z", "9" * 400])
def test_an_unreadable_date_is_over(text: str):
    assert expiry_s(text) == 0.0
    assert status_at(Status.Accepted, expiry_s(text), 1.0) is Status.Expired


@pytest.mark.parametrize("text", ["2026-01-01T01:00:00+01:00", "2026-01-01T00:00:00.000"])
def test_a_date_is_an_instant(text: str):
    assert expiry_s(text) == 1_767_225_600.0


@pytest.mark.parametrize("status", list(Status))
def test_only_what_was_valid_expires(status: Status):
    valid = status in (Status.Accepted, Status.ConcurrentTx)
    assert status_at(status, 10.0, 9.9) is status
    assert status_at(status, 10.0, 10.0) is (Status.Expired if valid else status)
