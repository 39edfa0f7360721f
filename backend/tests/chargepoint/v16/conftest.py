"""What the tests of the parts share: the common ground of a charge point, without its facade."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ocppsim.chargepoint.controller import ChargePointIdentity, ControllerSettings
from ocppsim.chargepoint.durable_state import DurableState
from ocppsim.chargepoint.v16.core import Core
from ocppsim.simulation.definition import CableKind, ConnectorDefinition, PowerType
from ocppsim.simulation.plant import Plant

CoreFactory = Callable[..., Core]


@pytest.fixture
def make_core() -> CoreFactory:
    """Makes the common ground of a charge point; its effects are in ``core.effects``."""

    def make(
        *,
        durable: DurableState | None = None,
        connectors: int = 1,
        cable: CableKind = "socket",
        power_type: PowerType = "AC",
        phases: int = 3,
        behaviour: dict[str, str] | None = None,
        **configuration: str,
    ) -> Core:
        durable = durable or DurableState()
        durable.configuration = {**durable.configuration, **configuration}
        connector = ConnectorDefinition(power_type=power_type, phases=phases, cable=cable)
        return Core(
            ChargePointIdentity("CP001", "Vendor", "Model"),
            durable,
            Plant([connector] * connectors, seed=0),
            [],
            ControllerSettings(
                clock_epoch_s=1_767_225_600.0,
                message_id_prefix="t-",
                behaviour=behaviour or {},
            ),
        )

    return make


@pytest.fixture
def core(make_core: CoreFactory) -> Core:
    """That of a charger with one three-phase AC socket."""
    return make_core()
