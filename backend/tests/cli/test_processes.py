"""The servers as processes: what they print, that they serve, and that Ctrl-C ends them."""

from __future__ import annotations

import asyncio
import json
import signal
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.csms.charger_peer import charger

from .processes import LIMIT_S, free_port, ocppsim


async def test_the_demo_charges_a_car_and_goes_on_after_a_restart(tmp_path: Path) -> None:
    port = free_port()
    arguments = ["demo", "--port", str(port), "--csms-port", "0", "--csms-http-port", "0"]
    power_w: list[float] = []
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}/api", trust_env=False) as api:
        for _ in range(2):
            async with ocppsim(tmp_path, *arguments) as demo:
                await demo.until(lambda: f"http://127.0.0.1:{port}" in demo.printed)
                async with asyncio.timeout(LIMIT_S):
                    await _until_a_car_charges(api)
                power_w.append((await api.get("/chargers")).json()[0]["power_w"])
                assert await demo.interrupt() == 0
                assert "Traceback" not in demo.printed
    assert all(power > 0 for power in power_w)


async def _until_a_car_charges(api: httpx.AsyncClient) -> None:
    while not (charging := await _charging(api)):  # noqa: ASYNC110 - REST has no event
        await asyncio.sleep(0.2)
    while len(await _frames(api, charging[0], "MeterValues")) < 2:  # noqa: ASYNC110
        await asyncio.sleep(0.2)


async def _charging(api: httpx.AsyncClient) -> list[str]:
    return [
        charger["charge_point_id"]
        for charger in (await api.get("/chargers")).json()
        if any(connector["status"] == "Charging" for connector in charger["connectors"])
    ]


async def _frames(api: httpx.AsyncClient, charge_point_id: str, action: str) -> list[Any]:
    query = {"action": action}
    return (await api.get(f"/chargers/{charge_point_id}/messages", params=query)).json()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_serve_ends_cleanly_while_somebody_watches(
    tmp_path: Path, number: signal.Signals
) -> None:
    async with ocppsim(tmp_path, "serve", "--port", "0") as server:
        await server.until(lambda: "ocppsim serves at " in server.printed)
        url = server.printed.partition("ocppsim serves at ")[2].split()[0]
        async with (
            httpx.AsyncClient(base_url=url, trust_env=False, timeout=LIMIT_S) as client,
            client.stream("GET", "/api/events") as events,
        ):
            assert events.status_code == 200
            first = await anext(events.aiter_lines())
            assert first
            assert await server.interrupt(number) == 0
        assert server.printed.rstrip().endswith("Stopping…")
        assert "Traceback" not in server.printed


async def test_bound_wider_a_token_is_made_up_and_told(tmp_path: Path) -> None:
    async with ocppsim(tmp_path, "serve", "--host", "0.0.0.0", "--port", "0") as server:
        await server.until(lambda: "for this run: " in server.printed)
        url = server.printed.partition("ocppsim serves at ")[2].split()[0]
        token = server.printed.partition("for this run: ")[2].split()[0]
        async with httpx.AsyncClient(base_url=url, trust_env=False) as client:
            assert (await client.get("/api/chargers")).status_code == 401
            headers = {"Authorization": f"Bearer {token}"}
            assert (await client.get("/api/chargers", headers=headers)).status_code == 200
        assert await server.interrupt() == 0


async def test_the_csms_takes_commands_from_stdin(tmp_path: Path) -> None:
    tags = tmp_path / "tags.csv"
    tags.write_text("TAG1,Blocked\n")
    async with ocppsim(tmp_path, "csms", "--port", "0", "--tags", str(tags)) as csms:
        await csms.until(lambda: "Chargers connect to " in csms.printed)
        url = csms.printed.partition("Chargers connect to ")[2].split("/<id>")[0]
        async with charger(url, "CP001") as peer:
            await peer.boot()
            verdict = await peer.call("Authorize", {"idTag": "TAG1"})
            assert verdict == {"idTagInfo": {"status": "Blocked"}}
            await csms.type('send CP001 RemoteStartTransaction {"idTag": "TAG1"}')
            message_id, action, _ = await peer.receive_call()
            assert action == "RemoteStartTransaction"
            await peer.answer(message_id, {"status": "Rejected"})
            shown = json.dumps({"status": "Rejected"})
            await csms.until(lambda: f"RemoteStartTransaction: {shown}" in csms.printed)
            await csms.type("nonsense")
            await csms.until(lambda: "unknown command 'nonsense'" in csms.printed)
        await csms.type("quit")
        async with asyncio.timeout(LIMIT_S):
            assert await csms.process.wait() == 0
        assert "CP001 → BootNotification" in csms.printed
