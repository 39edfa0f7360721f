"""Links that come up, go down and come back."""

from __future__ import annotations

import asyncio
import logging

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request
from websockets.typing import Subprotocol

from ocppsim.chargepoint.durable_state import DurableState
from ocppsim.runtime.errors import NotConnected
from ocppsim.runtime.live_charger import LiveCharger
from ocppsim.runtime.supervisor import Supervisor
from ocppsim.transport.back_off import BackOff

from .conftest import Csms, definition, running_csms, until


async def test_a_new_charger_is_silent_until_it_is_told_to_connect(
    charger: LiveCharger, csms: Csms
) -> None:
    assert charger.connection.view.state == "disconnected"
    charger.connect()
    assert charger.connection.view.state == "connecting"
    await csms.called("BootNotification")
    assert charger.connection.view.state == "connected"
    assert charger.connection.view.attempts == 0
    await until(lambda: charger.snapshot().registration == "Accepted")


async def test_the_desired_state_is_restored(supervisor: Supervisor, csms: Csms) -> None:
    for desired in ("connected", "disconnected", "offline"):
        await supervisor.add(
            definition(csms.url, f"CP-{desired}", desired_connection=desired), DurableState()
        )
    await csms.called("BootNotification")
    states = {c.charge_point_id: c.connection.view.state for c in supervisor.store}
    assert states == {
        "CP-connected": "connected",
        "CP-disconnected": "disconnected",
        "CP-offline": "offline",
    }


async def test_disconnecting_is_a_clean_close_that_stays(charger: LiveCharger, csms: Csms) -> None:
    charger.connect()
    connection = await csms.connected()
    await until(lambda: charger.is_connected)
    charger.disconnect()
    charger.disconnect()
    await connection.wait_closed()
    assert connection.close_code == 1000
    assert charger.connection.view.state == "disconnected"
    assert charger.definition.desired_connection == "disconnected"
    await asyncio.sleep(0.2)
    assert len(csms.connections) == 1


async def test_going_offline_is_abrupt_and_going_online_comes_back(
    charger: LiveCharger, csms: Csms
) -> None:
    charger.connect()
    connection = await csms.connected()
    await until(lambda: charger.is_connected)
    charger.go_offline()
    await connection.wait_closed()
    assert connection.close_code == 1006
    assert charger.connection.view.state == "offline"
    charger.go_online()
    await csms.connected(2)
    await until(lambda: charger.is_connected)


@pytest.mark.obligation("FRM-30")
async def test_a_lost_link_is_reopened_by_itself(charger: LiveCharger, csms: Csms) -> None:
    charger.connect()
    connection = await csms.connected()
    await until(lambda: charger.is_connected)
    await csms.called("BootNotification")
    connection.transport.abort()
    await csms.connected(2)
    await until(lambda: charger.is_connected)


@pytest.mark.obligation("FRM-05", "FRM-30")
async def test_an_unreachable_csms_is_tried_until_it_is_there(
    charger: LiveCharger, supervisor: Supervisor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with running_csms() as gone:
        port = int(gone.url.rpartition(":")[2].partition("/")[0])
    late = await supervisor.add(
        definition(gone.url, "CP-LATE", desired_connection="connected"), DurableState()
    )
    await until(lambda: late.connection.view.attempts >= 3)
    view = late.connection.view
    assert view.state == "connecting"
    assert "refuses the connection" in (view.last_error or "")
    complaints = [r for r in caplog.records if "cannot connect" in r.getMessage()]
    assert len(complaints) == 1
    async with running_csms(port) as back:
        await back.called("BootNotification")
        assert late.connection.view.last_error is None
        assert any("connected again after" in r.getMessage() for r in caplog.records)
        late.disconnect()


async def test_connecting_again_does_not_wait_for_the_back_off(
    supervisor: Supervisor, csms: Csms
) -> None:
    charger = await supervisor.add(definition("ws://127.0.0.1:1/"), DurableState())
    charger.connect()
    await until(lambda: charger.connection.view.attempts >= 1)
    await supervisor.replace(definition(csms.url))
    await csms.called("BootNotification")


async def test_a_url_that_leads_nowhere_is_named(supervisor: Supervisor) -> None:
    charger = await supervisor.add(
        definition("http://csms.example", desired_connection="connected"), DurableState()
    )
    assert "ws://" in (charger.connection.view.last_error or "")
    charger.disconnect()


async def test_a_cut_network_refuses_until_it_is_up(charger: LiveCharger, csms: Csms) -> None:
    charger.connect()
    connection = await csms.connected()
    await until(lambda: charger.is_connected)
    charger.set_network("cut")
    charger.set_network("cut")
    await connection.wait_closed()
    assert charger.connection.view.state == "connecting"
    assert charger.connection.view.last_error == "network: cut"
    await asyncio.sleep(0.2)
    charger.set_power("cycle")
    await asyncio.sleep(1.2)
    assert charger.snapshot().network.state == "cut"
    assert len(csms.connections) == 1
    charger.set_network("up")
    await csms.called("BootNotification", 2)


async def test_a_network_is_disturbed_for_one_charger_only(
    supervisor: Supervisor, charger: LiveCharger, csms: Csms
) -> None:
    other = await supervisor.add(definition(csms.url, "CP-2"), DurableState())
    for each in (charger, other):
        each.connect()
        await until(lambda each=each: each.snapshot().registration == "Accepted")
    charger.set_network("up", latency_ms=60_000.0)
    before = len(csms.payloads("DataTransfer"))
    async with asyncio.TaskGroup() as tasks:
        slow = tasks.create_task(charger.send_call("DataTransfer", {"vendorId": "slow"}))
        answered = await other.send_call("DataTransfer", {"vendorId": "quick"})
        slow.cancel()
    assert answered.outcome != "timeout"
    assert [each["vendorId"] for each in csms.payloads("DataTransfer")[before:]] == ["quick"]
    assert other.snapshot().network.latency_ms == 0.0


async def test_a_black_hole_is_found_by_pings_and_left_again(
    charger: LiveCharger, csms: Csms
) -> None:
    charger.connect()
    await csms.called("BootNotification")
    connection = csms.connections[0]
    await until(lambda: charger.snapshot().registration == "Accepted")
    charger.connection.set_ping_interval(1)
    charger.set_network("blackhole")
    assert charger.connection.view.state == "connected"
    await until(lambda: charger.connection.view.state == "connecting")
    assert "half-open" in (charger.connection.view.last_error or "")
    assert connection.close_code is None
    charger.set_network("up")
    await csms.connected(2)
    await until(lambda: charger.is_connected)


@pytest.mark.obligation("FRM-27")
async def test_pings_are_sent_at_their_interval(charger: LiveCharger, csms: Csms) -> None:
    charger.connect()
    connection = await csms.connected()
    await until(lambda: charger.is_connected)
    pings: list[bytes] = []
    receive = connection.protocol.recv_frame

    def spy(frame: object) -> None:
        if getattr(frame, "opcode", None) == 9:
            pings.append(b"ping")
        receive(frame)  # pyright: ignore[reportArgumentType]

    connection.protocol.recv_frame = spy
    charger.connection.set_ping_interval(1)
    await until(lambda: len(pings) >= 2)
    charger.connection.set_ping_interval(0)
    assert charger.is_connected


async def test_what_is_done_while_the_link_is_up_does_not_end_its_pings(
    charger: LiveCharger, csms: Csms
) -> None:
    charger.connect()
    await csms.called("BootNotification")
    charger.connection.set_ping_interval(1)
    charger.connect()
    charger.connection.release()
    charger.set_network("blackhole")
    await until(lambda: "half-open" in (charger.connection.view.last_error or ""))


async def test_a_ping_interval_that_changes_without_a_link_does_not_end_the_attempts(
    charger: LiveCharger, csms: Csms
) -> None:
    charger.set_network("cut")
    charger.connect()
    await until(lambda: charger.connection.view.attempts >= 1)
    charger.connection.set_ping_interval(0)
    charger.connection.set_ping_interval(7)
    attempts = charger.connection.view.attempts
    await until(lambda: charger.connection.view.attempts > attempts)
    charger.set_network("up")
    await csms.called("BootNotification")


async def test_power_off_ends_the_link_without_a_word(charger: LiveCharger, csms: Csms) -> None:
    charger.connect()
    connection = await csms.connected()
    await until(lambda: charger.is_connected)
    await csms.called("BootNotification")
    charger.set_power("off")
    await connection.wait_closed()
    assert connection.close_code == 1006
    assert not charger.snapshot().powered
    assert charger.connection.view.state == "disconnected"
    charger.set_power("on")
    await csms.called("BootNotification", 2)
    assert charger.connection.view.state == "connected"


async def test_a_reset_closes_cleanly_and_boots_again(charger: LiveCharger, csms: Csms) -> None:
    charger.connect()
    connection = await csms.connected()
    await until(lambda: charger.is_connected)
    await until(lambda: charger.snapshot().registration == "Accepted")
    assert (await csms.call(connection, "Reset", {"type": "Soft"}))[2] == {"status": "Accepted"}
    await connection.wait_closed()
    assert connection.close_code == 1000
    await csms.called("BootNotification", 2)


async def test_nothing_is_sent_without_a_link(charger: LiveCharger) -> None:
    with pytest.raises(NotConnected):
        charger.send_raw("[]")
    with pytest.raises(NotConnected):
        await charger.send_call("Heartbeat", {})


async def test_attempts_take_turns(csms: Csms, supervisor: Supervisor) -> None:
    for number in range(200):
        await supervisor.add(
            definition(csms.url, f"CP-{number}", desired_connection="connected"), DurableState()
        )
    await csms.until(lambda: len(csms.payloads("BootNotification")) == 200)
    assert supervisor.store.connected_count() == 200


async def test_leaving_closes_all_links_cleanly(csms: Csms) -> None:
    from ocppsim.chargepoint.v16.charge_point import ChargePoint  # noqa: PLC0415
    from ocppsim.runtime.memory_ports import MemoryJournal, NoConfigSync  # noqa: PLC0415

    async with Supervisor(ChargePoint, MemoryJournal(), NoConfigSync()) as supervisor:
        for number in range(20):
            await supervisor.add(
                definition(csms.url, f"CP-{number}", desired_connection="connected"),
                DurableState(),
            )
        await csms.until(lambda: len(csms.payloads("BootNotification")) == 20)
        chargers = list(supervisor.store)
    assert {connection.close_code for connection in csms.connections} == {1001}
    assert {charger.definition.desired_connection for charger in chargers} == {"connected"}


async def test_changing_ones_mind_at_any_point_leaves_no_link_behind(
    charger: LiveCharger, csms: Csms, caplog: pytest.LogCaptureFixture
) -> None:
    for turns in range(40):
        charger.connect()
        for _ in range(turns % 10):
            await asyncio.sleep(0)
        charger.disconnect()
    await until(lambda: all(c.close_code is not None for c in csms.connections))
    assert not charger.is_connected
    charger.connect()
    await until(lambda: charger.is_connected)
    assert [c for c in csms.connections if c.close_code is None]
    assert not [r for r in caplog.records if r.levelno >= logging.WARNING]


async def test_all_come_back_when_the_csms_does(supervisor: Supervisor) -> None:
    async with running_csms() as first:
        port = int(first.url.rpartition(":")[2].partition("/")[0])
        for number in range(50):
            await supervisor.add(
                definition(first.url, f"CP-{number}", desired_connection="connected"),
                DurableState(),
            )
        await until(lambda: supervisor.store.connected_count() == 50)
    await until(lambda: supervisor.store.connected_count() == 0)
    async with running_csms(port) as second:
        await second.connected(50)
        await until(lambda: supervisor.store.connected_count() == 50)
        for charger in supervisor.store:
            charger.disconnect()


async def test_a_half_open_link_that_lasted_is_left_with_a_short_wait(
    charger: LiveCharger, csms: Csms, monkeypatch: pytest.MonkeyPatch
) -> None:
    charger.connect()
    await csms.called("BootNotification")
    csms.connections[0].transport.abort()
    await csms.connected(2)
    await until(lambda: charger.is_connected)
    steps: list[str] = []
    lasted, next_delay_s = BackOff.connection_lasted, BackOff.next_delay_s

    def on_lasted(back_off: BackOff, duration_s: float) -> None:
        steps.append("lasted")
        lasted(back_off, duration_s)

    def on_next(back_off: BackOff) -> float:
        steps.append("next")
        return next_delay_s(back_off)

    monkeypatch.setattr(BackOff, "connection_lasted", on_lasted)
    monkeypatch.setattr(BackOff, "next_delay_s", on_next)
    charger.connection.set_ping_interval(1)
    charger.set_network("blackhole")
    await until(lambda: not charger.is_connected)
    assert steps[:2] == ["lasted", "next"]


async def test_a_black_hole_swallows_an_attempt_under_way(supervisor: Supervisor) -> None:
    asked, answer = asyncio.Event(), asyncio.Event()

    async def hesitate(_connection: ServerConnection, _request: Request) -> None:
        asked.set()
        await answer.wait()

    async def stay(connection: ServerConnection) -> None:
        await connection.wait_closed()

    async with serve(
        stay, "127.0.0.1", 0, subprotocols=[Subprotocol("ocpp1.6")], process_request=hesitate
    ) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        charger = await supervisor.add(definition(f"ws://127.0.0.1:{port}/ocpp"), DurableState())
        charger.connect()
        await asyncio.wait_for(asked.wait(), 10)
        charger.set_network("blackhole")
        answer.set()
        await until(lambda: charger.connection.view.attempts >= 1)
        error = charger.connection.view.last_error
        assert error == f"timeout: 127.0.0.1:{port} does not answer"
