"""The version that an image brings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppsim.simulation.firmware_version import version_of_image


@pytest.mark.parametrize(
    ("location", "version"),
    [
        ("ftp://host/charger-2.1.0.bin", "2.1.0"),
        ("https://host/v2.1.0/charger_v2.2.bin?sig=1.2.3", "2.2"),
        ("https://host/charger-2.1.0.tar.gz#4.5", "2.1.0"),
        ("https://host/ocpp-1.6-fw-10.20.30", "10.20.30"),
        ("https://host/fw-3.0.7z", "3.0"),
        ("https://host/charger.bin", "1.0.1"),
        ("https://10.20.30.40", "1.0.1"),
        (f"https://host/{'1.' * 40}0.bin", "1.0.1"),
    ],
)
def test_it_is_in_the_file_name_or_the_next_one(location: str, version: str):
    assert version_of_image(location, "1.0.0") == version


@pytest.mark.parametrize(
    ("present", "version"),
    [
        ("1.0.9", "1.0.10"),
        ("2.3-rc1", "2.3-rc2"),
        ("9", "10"),
        ("beta", "beta.1"),
        ("v4b", "v5b"),
        ("", "1.0.1"),
        (None, "1.0.1"),
        ("x" * 50, "1.0.1"),
    ],
)
def test_the_next_one(present: str | None, version: str):
    assert version_of_image("ftp://host/latest", present) == version


@given(st.text(max_size=80), st.none() | st.text(max_size=50))
def test_whatever_it_is_it_fits_the_wire(location: str, present: str | None):
    assert 0 < len(version_of_image(location, present)) <= 50
