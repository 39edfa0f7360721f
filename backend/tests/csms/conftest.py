"""A central system on a free port for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest

from ocppsim.csms import CentralSystemConfig, DemoCentralSystem


@pytest.fixture
async def csms() -> AsyncIterator[DemoCentralSystem]:
    config = CentralSystemConfig(port=0, http_port=0, call_timeout_s=5, first_transaction_id=1)
    async with DemoCentralSystem(config) as central_system:
        yield central_system


@pytest.fixture
def config() -> Callable[..., CentralSystemConfig]:
    def make(**settings: object) -> CentralSystemConfig:
        return CentralSystemConfig(**{"port": 0, "call_timeout_s": 5, **settings})  # pyright: ignore[reportArgumentType]

    return make
