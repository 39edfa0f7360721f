"""The command line of the demo central system."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from rich.console import Console

from ocppsim.cli.csms_prompt import BadCommand, run_line
from ocppsim.csms import CentralSystemConfig, DemoCentralSystem, InvalidCommand, UnknownChargePoint
from tests.csms.charger_peer import ChargerPeer, charger


@pytest.fixture
async def system() -> AsyncIterator[DemoCentralSystem]:
    async with DemoCentralSystem(CentralSystemConfig(port=0, first_transaction_id=7)) as csms:
        yield csms


async def shown(csms: DemoCentralSystem, line: str) -> str:
    console = Console(width=200)
    with console.capture() as capture:
        console.print(await run_line(csms, line))
    return capture.get()


async def answering(peer: ChargerPeer, payload: dict[str, str]) -> str:
    message_id, action, _ = await peer.receive_call()
    await peer.answer(message_id, payload)
    return action


async def test_a_command_is_sent_and_its_answer_shown(system: DemoCentralSystem) -> None:
    async with charger(system.url, "CP%201") as peer, asyncio.TaskGroup() as tasks:
        await peer.boot()
        answer = tasks.create_task(answering(peer, {"status": "Accepted"}))
        text = await shown(system, 'send CP 1 RemoteStartTransaction {"idTag": "TAG1"}')
        assert text == 'RemoteStartTransaction: {"status": "Accepted"}\n'
        assert await answer == "RemoteStartTransaction"
        tasks.create_task(answering(peer, {"status": "Perhaps"}))
        assert "breaks OCPP 1.6" in await shown(system, "send! CP 1 Reset {}")


async def test_it_shows_what_is_going_on(system: DemoCentralSystem) -> None:
    async with charger(system.url) as peer:
        await peer.boot()
        await peer.status(1, "Charging")
        start = {"connectorId": 1, "idTag": "TAG9", "meterStart": 0}
        await peer.call("StartTransaction", {**start, "timestamp": "2026-01-01T00:00:00Z"})
        assert "1: Charging" in await shown(system, "chargers")
        assert "TAG9" in await shown(system, "transactions")
        assert await shown(system, "violations") == "none\n"
        await peer.call("Heartbeat", {"extra": 1})
        assert "CP1" in await shown(system, "violations")
        assert await run_line(system, "disconnect CP1") is None
        await peer.socket.wait_closed()


async def test_help_and_an_empty_line(system: DemoCentralSystem) -> None:
    assert "send ID ACTION" in await shown(system, "help")
    assert await run_line(system, "  ") is None


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("jump", BadCommand),
        ("send", BadCommand),
        ("send CP1", BadCommand),
        ("send CP1 Reset {", BadCommand),
        ("send CP1 Reset []", BadCommand),
        ("send CP1 Reset {}", InvalidCommand),
        ("send nobody Reset", UnknownChargePoint),
        ("disconnect nobody", UnknownChargePoint),
    ],
)
async def test_what_cannot_be_done_says_why(
    system: DemoCentralSystem, line: str, error: type[Exception]
) -> None:
    async with charger(system.url) as peer:
        await peer.boot()
        with pytest.raises(error):
            await run_line(system, line)
