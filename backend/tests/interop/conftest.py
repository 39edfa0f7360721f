"""The whole simulator with a database of its own, against central systems that are not ours."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from ocppsim.main import create_app
from ocppsim.settings import Settings
from tests.interop.csms_peer import CsmsPeer, ocpp_package_peer, strict_peer


@pytest.fixture(params=["ocpp", "ocpp-rpc"])
async def csms(request: pytest.FixtureRequest) -> AsyncIterator[CsmsPeer]:
    context = ocpp_package_peer() if request.param == "ocpp" else strict_peer()
    async with context as peer:
        yield peer


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """The REST API of a simulator, which runs for as long as the test."""
    settings = Settings(database_url=f"sqlite:///{tmp_path}/interop.db", host="127.0.0.1")
    app = create_app(settings)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://127.0.0.1/api", timeout=60
        ) as client,
    ):
        yield client
