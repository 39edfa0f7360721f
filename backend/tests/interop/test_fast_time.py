"""A whole session of ten minutes a second against central systems that are not ours."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from typing import Any

import httpx

from tests.interop.csms_peer import CsmsPeer

from .test_sessions import CP, add_charger, bench


def wall_s(timestamp: str) -> float:
    return datetime.fromisoformat(timestamp).timestamp()


def register_wh(value: dict[str, Any]) -> float:
    (sample,) = (each for each in value["sampledValue"] if "Register" in each["measurand"])
    return float(sample["value"])


async def test_a_session_of_hours_takes_seconds(api: httpx.AsyncClient, csms: CsmsPeer) -> None:
    await add_charger(
        api,
        csms,
        time_scale=600,
        configuration={
            "MeterValueSampleInterval": "60",
            "MeterValuesSampledData": "Energy.Active.Import.Register,Power.Active.Import,SoC",
        },
    )
    await bench(api, "connectors/1/plug-in", {"soc_percent": 95})
    await bench(api, "connectors/1/id-tag", {"id_tag": "TAG1"})
    await csms.until(lambda: csms.statuses()[-1] == "SuspendedEV")
    await bench(api, "connectors/1/id-tag", {"id_tag": "TAG1"})
    await csms.until(lambda: bool(csms.named("StopTransaction")))
    await bench(api, "connectors/1/unplug", {"side": "ev"})
    await bench(api, "connectors/1/unplug", {"side": "charger"})
    await csms.until(lambda: csms.statuses()[-1] == "Available")
    (start,), (stop,) = csms.named("StartTransaction"), csms.named("StopTransaction")
    values = [payload["meterValue"][0] for payload in csms.named("MeterValues")]
    times = [wall_s(start["timestamp"]), *(wall_s(value["timestamp"]) for value in values)]
    assert len(times) > 10
    # Every minute of its time, to the millisecond that timestamps have
    assert all(abs(later - earlier - 60) < 0.01 for earlier, later in pairwise(times))
    registers = [register_wh(value) for value in values]
    assert registers == sorted(registers)
    assert wall_s(stop["timestamp"]) >= times[-1]
    assert stop["meterStop"] >= registers[-1] > start["meterStart"]
    # 5 % of 100 kWh, through a charger in the car with an efficiency of 90 %
    assert abs(stop["meterStop"] - start["meterStart"] - 5000 / 0.9) < 100
    assert csms.named("Heartbeat")
    shown = (await api.get(f"/chargers/{CP}")).json()
    assert shown["time_scale_in_force"] == 600
    assert shown["clock_offset_s"] > 600
    assert csms.violations == []
