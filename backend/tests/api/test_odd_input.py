"""Whatever is sent, the answer is never an error of the simulator itself."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ocppsim.api.application import create_api
from ocppsim.api.document import describe

from .conftest import Api
from .schema_values import ANYTHING, TEXTS, values

DOCUMENT = describe(create_api())
OPERATIONS = [
    (method, path, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
    if path != "/api/events"  # it never ends
]
SCHEMAS = DOCUMENT["components"]["schemas"]


@st.composite
def requests(draw: st.DrawFn, method: str, path: str, operation: dict[str, Any]) -> dict[str, Any]:
    for name, known in (
        ("charge_point_id", "CP1"),
        ("location_id", "1"),
        ("vehicle_id", "1"),
        ("connector_id", "1"),
    ):
        value = draw(st.just(known) | st.just(known) | TEXTS | st.integers().map(str))
        path = path.replace(f"{{{name}}}", quote(value or "-", safe=""))
    query: dict[str, str] = {}
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "query" and draw(st.booleans()):
            known_values = values(parameter["schema"], SCHEMAS).map(
                lambda value: value if isinstance(value, str) else json.dumps(value)
            )
            query[parameter["name"]] = draw(known_values | TEXTS)
    request: dict[str, Any] = {"method": method.upper(), "url": path, "params": query}
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" in content:
        fitting = values(content["application/json"]["schema"], SCHEMAS)
        body = draw(fitting | fitting | ANYTHING)
        request["content"] = json.dumps(body).encode()
        request["headers"] = {"Content-Type": "application/json"}
    elif content:
        file = draw(st.binary(max_size=200) | TEXTS.map(str.encode) | ANYTHING.map(as_rows))
        request["files"] = {"file": ("rows", file)}
    return request


def as_rows(value: Any) -> bytes:
    return json.dumps([value, {"name": value, "idTag": value, "charge_point_id": value}]).encode()


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """What chargers would dial is made up: they get no further than that."""

    async def nowhere(*_: object, **__: object) -> None:
        raise OSError("there is no network")

    monkeypatch.setattr("ocppsim.transport.dialing._connect", nowhere)


@pytest.mark.parametrize(
    ("method", "path", "operation"),
    OPERATIONS,
    ids=[operation["operationId"] for _, _, operation in OPERATIONS],
)
@given(data=st.data())
@settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_no_input_is_an_error_of_the_simulator(
    api: Api, method: str, path: str, operation: dict[str, Any], data: st.DataObject
) -> None:
    request = data.draw(requests(method, path, operation))
    charger = {"charge_point_id": "CP1", "charger_name": "A", "connection_url": "ws://x"}
    await api.post("/api/locations", json={"name": "Home"})
    await api.post("/api/locations/1/vehicles", json={"name": "Car"})
    await api.post("/api/locations/1/chargers", json=charger)
    async with asyncio.timeout(30):
        answer = await api.request(**request)
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == answer.status_code
    listed = await api.get("/api/chargers")
    assert listed.status_code == 200
