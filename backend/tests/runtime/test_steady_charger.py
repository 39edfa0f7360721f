"""A charger that does nothing but sample takes the short way, until something happens."""

from __future__ import annotations

from typing import Any

import pytest

from ocppsim.chargepoint.v16.steady_sampling import SteadySampling
from ocppsim.runtime.live_charger import LiveCharger
from ocppsim.runtime.supervisor import Supervisor

from .conftest import Csms, until, until_event


@pytest.fixture
async def sampling(charger: LiveCharger, csms: Csms) -> LiveCharger:
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
