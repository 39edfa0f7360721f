"""Charts: everything is inside of the picture, and what there is nothing of is left out."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppsim.fleet.line_chart import HEIGHT, WIDTH, Band, Line, line_chart, shown_number, shown_time

VALUES = st.none() | st.floats(0.0, 1e7)


def drawn(chart: str) -> ElementTree.Element:
    svg = ElementTree.fromstring(chart).find("svg")
    assert svg is not None
    return svg


@given(st.lists(VALUES, max_size=50), st.lists(VALUES, max_size=50), st.floats(0.1, 1e5))
def test_all_is_inside_of_the_picture(
    first: list[float | None], second: list[float | None], step_s: float
) -> None:
    count = min(len(first), len(second))
    times_s = [number * step_s for number in range(count)]
    lines = [Line("one", first[:count]), Line("two", second[:count])]
    chart = line_chart("Title", times_s, lines, [Band(0.0, times_s[-1])] if times_s else [])
    for path in drawn(chart).iter("path"):
        for x, y in re.findall(r"[ML]([-\d.e+]+) ([-\d.e+]+)", path.attrib["d"]):
            assert 0.0 <= float(x) <= WIDTH
            assert 0.0 <= float(y) <= HEIGHT


def test_a_line_breaks_where_there_is_nothing() -> None:
    chart = line_chart("T", [0.0, 1.0, 2.0, 3.0], [Line("a", [1.0, None, 2.0, 1.0])])
    (line,) = [one for one in drawn(chart).iter("path") if "line" in one.attrib["class"]]
    assert (line.attrib["d"].count("M"), line.attrib["d"].count("L")) == (2, 1)


def test_a_chart_of_nothing_is_a_chart() -> None:
    chart = line_chart("T", [], [Line("a", [])])
    assert "nothing" in drawn(chart).attrib["aria-label"]
    assert not [one for one in drawn(chart).iter("path") if "line" in one.attrib["class"]]


def test_names_are_no_markup() -> None:
    chart = line_chart('<b>"T"', [0.0], [Line("<i>", [1.0])])
    assert drawn(chart).attrib["aria-label"].startswith('<b>"T": <i> from 1 to 1')


@pytest.mark.parametrize(
    ("value", "shown"), [(0.0, "0"), (0.25, "0.25"), (12.34, "12.3"), (1234.5, "1,234")]
)
def test_numbers_have_three_digits(value: float, shown: str) -> None:
    assert shown_number(value) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0.0, "0:00"), (65.4, "1:05"), (7200.0, "2:00:00"), (59.6, "1:00")]
)
def test_times_are_shown_as_clocks(seconds: float, shown: str) -> None:
    assert shown_time(seconds) == shown
