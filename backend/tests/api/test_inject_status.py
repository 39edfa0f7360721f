"""Statuses and other CALLs by hand, and what the log says of them."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Api, Csms, assert_problem, until

CHARGER = "/api/chargers/CP1"
INJECT = f"{CHARGER}/inject-status"


@pytest.fixture
async def online(api: Api, csms: Csms) -> Api:
    await api.charger("CP1", connection_url=csms.url, auto_connect=True, evse_count=2)

    async def reported() -> bool:
        return csms.actions().count("StatusNotification") == 3

    await until(reported)
    return api


async def test_a_status_goes_out_and_nothing_changes_inside(online: Api, csms: Csms) -> None:
    before = (await online.detail())["connectors"]
    body = {
        "connector_id": 2,
        "status": "Faulted",
        "error_code": "GroundFailure",
        "info": "wet",
        "vendor_id": "acme",
        "vendor_error_code": "E1",
    }
    answer = await online.post(INJECT, json=body)
    assert answer.status_code == 200, answer.text
    assert (answer.json()["outcome"], answer.json()["payload"]) == ("result", {})
    who, action, sent = csms.calls[-1]
    assert (who, action) == ("CP1", "StatusNotification")
    assert sent.pop("timestamp").endswith("Z")
    assert sent == {
        "connectorId": 2,
        "status": "Faulted",
        "errorCode": "GroundFailure",
        "info": "wet",
        "vendorId": "acme",
        "vendorErrorCode": "E1",
    }
    for old, new in zip(before, (await online.detail())["connectors"], strict=True):
        assert (old["status"], old["error_code"]) == (new["status"], new["error_code"])
    logged = (await online.get(f"{CHARGER}/messages?action=StatusNotification")).json()
    assert logged[-1]["valid"]


async def test_without_an_error_code_there_is_no_error(online: Api, csms: Csms) -> None:
    for connector_id in (0, 1):
        body = {"connector_id": connector_id, "status": "Charging"}
        assert (await online.post(INJECT, json=body)).status_code == 200
        _, _, sent = csms.calls[-1]
        assert (sent["connectorId"], sent["errorCode"]) == (connector_id, "NoError")
        assert "info" not in sent
        assert "vendorErrorCode" not in sent


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"connector_id": 3}, 404),
        ({"connector_id": -1}, 404),
        ({"connector_id": 2**70}, 404),
        ({"connector_id": "one"}, 422),
        ({"connector_id": "1"}, 422),
        ({"connector_id": True}, 422),
        ({"status": "Bored"}, 422),
        ({"status": None}, 422),
        ({"error_code": "Bored"}, 422),
        ({"info": "x" * 51}, 422),
        ({"vendor_id": "x" * 256}, 422),
        ({"vendor_error_code": "x" * 51}, 422),
        ({"colour": "red"}, 422),
    ],
)
async def test_what_cannot_be_a_status(
    online: Api, csms: Csms, change: dict[str, Any], status: int
) -> None:
    sent = len(csms.calls)
    body = {"connector_id": 1, "status": "Available"} | change
    assert_problem(await online.post(INJECT, json=body), status)
    assert len(csms.calls) == sent


async def test_nothing_is_injected_without_a_connection(api: Api) -> None:
    await api.charger("CP1")
    assert_problem(await api.post(INJECT, json={"connector_id": 1, "status": "Available"}), 409)
    assert_problem(await api.post(INJECT, json={"connector_id": 9, "status": "Available"}), 404)


@pytest.mark.parametrize(
    ("action", "payload", "valid"),
    [
        ("DataTransfer", {"vendorId": "x"}, True),
        ("DataTransfer", {"vendorId": 5}, False),
        ("DataTransfer", {}, False),
        ("Heartbeat", {"more": 1}, False),
        ("Made.Up", {"x": 1}, True),
    ],
)
async def test_a_call_by_hand_is_marked_where_it_breaks_its_schema(
    online: Api, csms: Csms, action: str, payload: dict[str, Any], valid: bool
) -> None:
    await online.post(f"{CHARGER}/messages", json={"action": action, "payload": payload})
    assert csms.calls[-1] == ("CP1", action, payload)
    sent, *_ = (await online.get(f"{CHARGER}/messages?action={action}&direction=sent")).json()
    assert sent["valid"] == valid
    assert (sent["violation"] is None) == valid
    if not valid:
        assert action in sent["violation"]
