"""The report: a page by itself, whatever texts a plan and a CSMS have put into it."""

from __future__ import annotations

import json
from html.parser import HTMLParser

from ocppsim.fleet.report import report
from ocppsim.fleet.run_record import RunRecord
from ocppsim.fleet.run_result import RunResult, summary
from ocppsim.fleet.verdict import Check

from .slices import slice_of

VOID = {"meta", "br"}


class Page(HTMLParser):
    """Checks that elements are closed, and gathers what the page would load."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loads: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        if tag in {"script", "link", "img", "iframe"}:
            self.loads.append(tag)
        self.loads += [name for name, _ in attrs if name in {"src", "href", "srcset"}]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def run_of(name: str = "Load", *, holds: bool = True, slices: int = 3) -> RunResult:
    record = RunRecord()
    for number in range(slices):
        span = slice_of(
            float(number),
            number + 1.0,
            connected=5.0,
            there=5.0,
            steady=number == 1,
            latencies_s=(0.1, 0.2),
            failures=(("error", "<Code>"), ("lost", "")),
        )
        span.connect_failures["TCP: <nowhere>"] += 1
        record.add(span)
    return RunResult(
        name=name,
        seed=7,
        csms_urls=("ws://127.0.0.1:9000/ocpp",),
        chargers=5,
        connectors=5,
        planned_s=3.0,
        began_at_s=1_772_409_600.0,
        record=record,
        open_transactions=0,
        checks=[Check("StartTransaction p95", "at most 5 ms", "4.0 ms", holds)],
        broken_off=False,
    )


def page_of(result: RunResult) -> Page:
    page = Page()
    page.feed(report(result))
    page.close()
    assert page.open == []
    return page


def test_the_page_needs_nothing_from_anywhere() -> None:
    text = report(run_of())
    assert page_of(run_of()).loads == []
    assert "url(" not in text
    assert "@import" not in text
    assert "prefers-color-scheme: dark" in text


def test_it_tells_what_the_run_came_to() -> None:
    text = page_of(run_of()).text
    for told in ("Load", "Passed", "StartTransaction p95", "at most 5 ms", "2026-03-02T00:00:00"):
        assert told in text
    assert "Failed: 1 of 1 thresholds" in page_of(run_of(holds=False)).text


def test_texts_of_others_are_no_markup() -> None:
    text = page_of(run_of("<script>alert(1)</script>")).text
    assert "<script>alert(1)</script>" in text
    assert "Heartbeat: CALLERROR <Code>" in text
    assert "connecting: TCP: <nowhere>" in text


def test_a_run_of_nothing_has_a_page_too() -> None:
    assert "no thresholds" not in page_of(run_of(slices=0)).text


def test_the_summary_is_json_and_says_the_same() -> None:
    told = json.loads(json.dumps(summary(run_of())))
    assert told["calls"] == {"answered": 6, "failed": 3}
    assert told["connect_failures"] == {"TCP: <nowhere>": 3}
    assert told["failed_calls"] == {"Heartbeat": {"CALLERROR <Code>": 3, "lost": 3}}
    assert told["latency"]["MeterValues"]["answered"] == 6
    assert 95.0 < told["latency_of_all"]["p50_ms"] < 105.0
    assert told["passed"] is True
