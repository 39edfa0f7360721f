"""The meter that a charger is given, as REST and the CSMS see it."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Api, Csms, assert_problem, until

CHARGER = "/api/chargers/CP1"
REGISTER = "Energy.Active.Import.Register"


async def charging(api: Api, csms: Csms) -> None:
    """CP1 charges at connector 1, half an hour a second."""
    await api.patch(CHARGER, json={"connection_url": csms.url, "time_scale": 1800})
    await api.post(f"{CHARGER}/connect")
    await api.reaches("CP1", registration="Accepted")
    await api.post(f"{CHARGER}/connectors/1/plug-in")
    await api.post(f"{CHARGER}/connectors/1/id-tag", json={"id_tag": "TAG"})


async def meter(api: Api) -> dict[str, Any]:
    return (await api.get(f"{CHARGER}/connectors/1")).json()["meter"]


async def test_the_numbers_of_a_meter_agree(api: Api, csms: Csms) -> None:
    await api.charger(meter={"accuracy_class_percent": 2, "resolution_wh": 100})
    await charging(api, csms)
    shown: dict[str, Any] = {}

    async def has_counted() -> bool:
        nonlocal shown
        shown = await meter(api)
        return shown["energy_wh"] >= 1000 and shown["power_w"] > 0

    await until(has_counted)
    assert shown["energy_wh"] % 100 == shown["reactive_energy_varh"] % 100 == 0
    lines = zip(shown["phase_voltage_v"], shown["phase_current_a"], strict=True)
    apparent_va = sum(volts * amperes for volts, amperes in lines)
    assert shown["power_w"] == pytest.approx(apparent_va * shown["power_factor"], rel=1e-4)
    squared = shown["power_w"] ** 2 + shown["reactive_power_var"] ** 2
    assert squared**0.5 == pytest.approx(apparent_va, rel=1e-4)
    reactive_var = sum(shown["phase_reactive_power_var"])
    assert reactive_var == pytest.approx(shown["reactive_power_var"], rel=1e-4)


async def test_a_list_of_measurands_is_for_the_meter_that_there_is(api: Api) -> None:
    await api.charger(meter={"measurands": [REGISTER, "Voltage"]})
    path = f"{CHARGER}/configuration"
    answer = await api.patch(path, json={"MeterValuesSampledData": "SoC"})
    assert "does not measure SoC" in assert_problem(answer, 422)["detail"]
    answer = await api.patch(path, json={"MeterValuesSampledData": "Voltage.L1-L2"})
    assert answer.status_code == 200
    await api.patch(CHARGER, json={"meter": {"measurands": [REGISTER, "SoC"]}})
    keys = {each["key"]: each["value"] for each in (await api.get(path)).json()}
    assert keys["MeterValuesSampledData"] == REGISTER
