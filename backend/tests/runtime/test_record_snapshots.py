from __future__ import annotations

import pytest

from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.views import (
    LimitLayerView,
    LimitView,
    LocalListEntryView,
    LocalListView,
)
from ocppsim.runtime.record_snapshots import limit_snapshot, local_list_snapshot


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        (None, None),
        ("2035-01-02T03:04:05Z", "2035-01-02T03:04:05.000Z"),
        ("2035-01-02T03:04:05.25", "2035-01-02T03:04:05.250Z"),
        ("2035-01-02T05:04:05+02:00", "2035-01-02T03:04:05.000Z"),
        ("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00.000Z"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:60Z"),
    ],
)
def test_an_expiry_date_is_shown_in_utc(sent: str | None, shown: str | None) -> None:
    entry = LocalListEntryView("A", "Accepted", sent)
    (drawn,) = local_list_snapshot(LocalListView(1, True, (entry,))).entries
    assert drawn.expiry_date == shown


def test_numbers_of_a_limit_are_rounded_and_its_times_readable() -> None:
    layer = LimitLayerView("hardware", 22080.00049, 32.0000004, 3, True, "It is built so.")
    whole = LimitView(
        ConnectorId(1), 22080.00049, None, None, "hardware", 1767323045.5, 0.1 + 0.2, (layer,)
    )
    drawn = limit_snapshot(whole)
    assert (drawn.power_w, drawn.current_a, drawn.offered_power_w) == (22080.0, None, 0.3)
    assert drawn.until == "2026-01-02T03:04:05.500Z"
    (hardware,) = drawn.layers
    assert (hardware.power_w, hardware.current_a, hardware.until) == (22080.0, 32.0, None)
