"""What the conformance tests share: the marker, and a charger beside a CSMS in virtual time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ocppsim.chargepoint.controller import ChargePointIdentity
from ocppsim.chargepoint.durable_state import DurableState
from ocppsim.chargepoint.v16.charge_point import ChargePoint
from ocppsim.simulation.central_system import CentralSystem
from ocppsim.simulation.definition import (
    CableKind,
    ChargerDefinition,
    ConnectorDefinition,
    HardwareDefinition,
    PowerType,
)
from ocppsim.simulation.virtual_bench import VirtualBench

OBLIGATIONS = Path(__file__).with_name("obligations.json")

BenchFactory = Callable[..., VirtualBench]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "obligation(*ids): the obligations of the standard that this test shows to be kept",
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A marker with an unknown id is a mistake."""
    known = {entry["id"] for entry in json.loads(OBLIGATIONS.read_text(encoding="utf-8"))}
    for item in items:
        for marker in item.iter_markers("obligation"):
            unknown = set(marker.args) - known
            if unknown:
                raise pytest.UsageError(f"{item.nodeid} names unknown obligations: {unknown}")


@pytest.fixture
def make_bench() -> Iterator[BenchFactory]:
    """Makes benches; at the end of the test none of their wires may have broken a rule."""
    benches: list[VirtualBench] = []

    def make(
        *,
        connectors: int = 1,
        cable: CableKind = "socket",
        power_type: PowerType = "AC",
        phases: int = 3,
        configuration: dict[str, str] | None = None,
        behaviour: dict[str, str] | None = None,
        central_system: CentralSystem | None = None,
        clock_epoch_s: float = VirtualBench.EPOCH_S,
        link: bool = True,
        hardware: HardwareDefinition | None = None,
        **identity: Any,
    ) -> VirtualBench:
        definition = ChargerDefinition(
            charger_id=1,
            location_id=1,
            charger_name="Charger",
            connection_url="ws://csms.example/ocpp",
            identity=ChargePointIdentity(
                charge_point_id="CP001",
                charge_point_vendor=identity.pop("charge_point_vendor", "Vendor"),
                charge_point_model=identity.pop("charge_point_model", "Model"),
                **identity,
            ),
            connectors=(ConnectorDefinition(power_type=power_type, phases=phases, cable=cable),)
            * connectors,
            behaviour=behaviour or {},
            hardware=hardware or HardwareDefinition(),
        )
        bench = VirtualBench(
            definition,
            central_system or CentralSystem(clock_epoch_s=VirtualBench.EPOCH_S),
            ChargePoint,
            durable=DurableState(configuration=configuration or {}),
            clock_epoch_s=clock_epoch_s,
            link=link,
        )
        benches.append(bench)
        return bench

    yield make
    for bench in benches:
        assert bench.violations == []


@pytest.fixture
def bench(make_bench: BenchFactory) -> VirtualBench:
    """A charger with one AC socket, registered at a CSMS that accepts everything."""
    return make_bench()
