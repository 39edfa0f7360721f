"""A charger that does nothing but sample takes the short way, until something happens."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from ocppsim.chargepoint.identifiers import ConnectorId, LocalTransactionId
from ocppsim.chargepoint.sample_form import SampleForm
from ocppsim.chargepoint.v16.steady_sampling import SteadySampling
from ocppsim.chargepoint.v16.stored_samples import sample_form
from ocppsim.runtime.live_charger import LiveCharger
from ocppsim.runtime.memory_ports import MemoryJournal
from ocppsim.runtime.supervisor import Supervisor

from .conftest import Csms, until, until_event

FIRST = ConnectorId(1)


class Aside:
    """Keeps samples as the file beside the database does."""

    def __init__(self) -> None:
        self.forms: dict[int, SampleForm] = {}
        self.kept: list[tuple[int, float]] = []
        self.retired: list[int] = []

    def begin(self, charger_id: int, form: SampleForm, slot: int = 0) -> int:
        assert slot in (0, 640)
        self.forms[charger_id] = form
        return 640

    def keep(self, slot: int, sequence: int, register_wh: float, wall_s: float) -> None:
        assert slot == 640
        assert wall_s > 1.7e9
        self.kept.append((sequence, register_wh))

    def retire(self, slot: int, sequence: int) -> None:
        assert slot == 640
        self.retired.append(sequence)


@pytest.fixture(params=["journal", "aside"])
def aside(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Aside | None:
    """What keeps samples in place of the journal; None: it gets them itself."""
    if request.param == "journal":
        return None
    aside = Aside()
    monkeypatch.setattr(MemoryJournal, "samples", aside)
    return aside


@pytest.fixture
async def sampling(charger: LiveCharger, csms: Csms, aside: Aside | None) -> LiveCharger:
    charger.connect()
    await until(lambda: charger.snapshot().registration == "Accepted")
    charger.set_configuration({"MeterValueSampleInterval": "1"})
    await charger.start_transaction(1, "TAG-1")
    await csms.called("MeterValues")
    await until(lambda: charger.short_way.steady is not None)
    return charger


def registers_wh(csms: Csms) -> list[float]:
    return [
        float(value["value"])
        for payload in csms.payloads("MeterValues")
        for meter_value in payload["meterValue"]
        for value in meter_value["sampledValue"]
        if value.get("measurand", "Energy.Active.Import.Register")
        == "Energy.Active.Import.Register"
    ]


async def test_what_happens_in_between_finds_the_charger_as_it_is(
    sampling: LiveCharger, csms: Csms
) -> None:
    steady = sampling.short_way.steady
    await csms.called("MeterValues", 3)
    assert sampling.short_way.steady is steady
    assert sampling.in_transaction
    assert sampling.has_status("Charging")
    assert sampling.short_way.steady is steady
    answer = await csms.call(await csms.connected(), "GetConfiguration", {"key": ["Nothing"]})
    assert answer[2]["unknownKey"] == ["Nothing"]
    assert sampling.short_way.steady is None
    await csms.called("MeterValues", 4)
    assert sampling.snapshot().queued_messages in (0, 1)
    await sampling.stop_transaction(1, "Local")
    stop = await csms.called("StopTransaction")
    shown_wh = registers_wh(csms)
    assert shown_wh == sorted(shown_wh)
    assert stop["meterStop"] >= int(shown_wh[-1])
    assert {payload["transactionId"] for payload in csms.payloads("MeterValues")} == {1}


async def test_a_link_that_goes_down_ends_the_short_way_and_loses_nothing(
    sampling: LiveCharger, csms: Csms
) -> None:
    csms.answers["MeterValues"] = lambda _: None
    before = len(csms.payloads("MeterValues"))
    await csms.called("MeterValues", before + 1)
    unanswered = csms.payloads("MeterValues")[-1]
    csms.answers["MeterValues"] = lambda _: {}
    await (await csms.connected()).close()
    await csms.connected(2)
    assert sampling.short_way.steady is None
    await csms.called("MeterValues", before + 2)
    assert csms.payloads("MeterValues")[before + 1] == unanswered


@pytest.mark.parametrize("aside", ["aside"], indirect=True)
async def test_samples_kept_aside_are_told_to_the_journal_in_the_end(
    sampling: LiveCharger, csms: Csms, aside: Aside, monkeypatch: pytest.MonkeyPatch
) -> None:
    await csms.called("MeterValues", 5)
    await until(lambda: len(aside.retired) >= 3)
    assert list(aside.forms.values()) == [sample_form("meter/1", LocalTransactionId(1), FIRST)]
    numbers = [sequence for sequence, _ in aside.kept]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    told: list[tuple[Any, ...]] = []
    monkeypatch.setattr(MemoryJournal, "put_cell", lambda _, *given: told.append(given))
    monkeypatch.setattr(MemoryJournal, "retire", lambda _, *given: told.append(given))
    assert sampling.charger.controller.online
    cell, retirement = told[:2]
    assert msgspec.json.decode(cell[2])[0] == aside.kept[-1][1]
    assert retirement[1] == aside.retired[-1]


@pytest.mark.parametrize("entry", ["sample", "persisted", "answered"])
async def test_a_failure_on_the_short_way_leads_back_to_the_long_one(
    entry: str,
    sampling: LiveCharger,
    csms: Csms,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(SteadySampling, entry, fail)
    before = len(csms.payloads("MeterValues"))
    await csms.called("MeterValues", before + 3)
    assert "CP-1: a sample failed" in [record.message for record in caplog.records]
    stamps = [payload["meterValue"][0]["timestamp"] for payload in csms.payloads("MeterValues")]
    assert len(set(stamps)) == len(stamps)


async def test_a_reader_of_one_charger_sees_what_goes_the_short_way(
    sampling: LiveCharger, csms: Csms, supervisor: Supervisor
) -> None:
    with supervisor.feed.subscribe(charge_point_id="CP-1", topics=frozenset({"message"})) as reader:
        shown: list[tuple[str, str]] = []
        while len(shown) < 4:
            data = await until_event(reader, "message")
            message = data["message"]
            if message["action"] == "MeterValues":
                shown.append((message["direction"], message["kind"]))
    assert set(shown) == {("sent", "CALL"), ("received", "CALLRESULT")}
    assert len(csms.payloads("MeterValues")) >= 2
