"""The demo central system over real sockets."""

from __future__ import annotations

import asyncio
import base64
import json
import socket
from collections.abc import Callable

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Subprotocol

from ocppsim.csms import (
    AnswerOverdue,
    AutoStart,
    CannotListen,
    CentralSystemConfig,
    ConnectionLost,
    DemoCentralSystem,
    IdTag,
    IdTagRegistry,
    InvalidCommand,
    NotConnected,
    UnknownChargePoint,
    WireMessage,
)
from tests.csms.charger_peer import charger, until

Config = Callable[..., CentralSystemConfig]


async def test_a_session_from_boot_to_stop(csms: DemoCentralSystem) -> None:
    async with charger(csms.url + "/ocpp/deep", "CP%201") as cp:
        boot = await cp.boot()
        assert (boot["status"], boot["interval"]) == ("Accepted", 300)
        assert "currentTime" in await cp.call("Heartbeat", {})
        await cp.status(1, "Preparing")
        assert await cp.call("Authorize", {"idTag": "A"}) == {"idTagInfo": {"status": "Accepted"}}
        start = {
            "connectorId": 1,
            "idTag": "A",
            "meterStart": 5,
            "timestamp": "2026-01-01T00:00:00Z",
        }
        assert (await cp.call("StartTransaction", start))["transactionId"] == 1
        reading = {"timestamp": "2026-01-01T00:01:00Z", "sampledValue": [{"value": "7"}]}
        meter = {"connectorId": 1, "transactionId": 1, "meterValue": [reading]}
        assert await cp.call("MeterValues", meter) == {}
        stop = {"transactionId": 1, "meterStop": 9, "timestamp": "2026-01-01T00:02:00Z"}
        assert await cp.call("StopTransaction", stop) == {}
    (record,) = csms.transactions
    assert record.charge_point_id == "CP 1"
    assert (record.state, record.stop_reason, len(record.meter_values)) == ("stopped", "Local", 1)
    assert not csms.violations


@pytest.mark.parametrize(
    ("action", "payload", "answer"),
    [
        ("DataTransfer", {"vendorId": "x"}, {"status": "UnknownVendorId"}),
        ("DiagnosticsStatusNotification", {"status": "Idle"}, {}),
        ("FirmwareStatusNotification", {"status": "Idle"}, {}),
        ("LogStatusNotification", {"status": "Idle"}, {}),
        ("SecurityEventNotification", {"type": "x", "timestamp": "2026-01-01T00:00:00Z"}, {}),
        ("SignedFirmwareStatusNotification", {"status": "Idle"}, {}),
        ("SignCertificate", {"csr": "x"}, {"status": "Rejected"}),
    ],
)
async def test_it_answers_the_rest_of_what_a_charger_may_send(
    csms: DemoCentralSystem, action: str, payload: dict[str, str], answer: dict[str, str]
) -> None:
    async with charger(csms.url) as cp:
        assert await cp.call(action, payload) == answer


async def test_tags_are_judged_by_the_list(config: Config) -> None:
    tags = IdTagRegistry([IdTag("A", parent_id_tag="P"), IdTag("B", "Blocked")])
    async with DemoCentralSystem(config(id_tags=tags)) as csms, charger(csms.url) as cp:
        for tag, info in [
            ("a", {"status": "Accepted", "parentIdTag": "P"}),
            ("B", {"status": "Blocked"}),
            ("C", {"status": "Invalid"}),
        ]:
            assert await cp.call("Authorize", {"idTag": tag}) == {"idTagInfo": info}


async def test_a_charger_without_the_sub_protocol_is_turned_away(csms: DemoCentralSystem) -> None:
    url = f"{csms.url}/CP1"
    for offered in (None, [Subprotocol("ocpp2.0.1")]):
        async with connect(url, subprotocols=offered, proxy=None) as ws:
            assert ws.subprotocol is None
            with pytest.raises(ConnectionClosed, match=r"ocpp1\.6 only"):
                await ws.recv()
    assert not csms.chargers


async def test_a_url_without_an_id_is_not_found(csms: DemoCentralSystem) -> None:
    with pytest.raises(InvalidStatus, match="404"):
        async with charger(csms.url + "/ocpp", ""):
            pass


async def test_with_a_password_only_the_right_credentials_come_in(config: Config) -> None:
    async with DemoCentralSystem(config(basic_auth_password="secret")) as csms:
        for credentials in (None, "CP1:wrong", "CP2:secret"):
            headers: dict[str, str] = {}
            if credentials is not None:
                headers["Authorization"] = (
                    f"Basic {base64.b64encode(credentials.encode()).decode()}"
                )
            with pytest.raises(InvalidStatus, match="401"):
                async with charger(csms.url, headers=headers):
                    pass
        right = base64.b64encode(b"CP1:secret").decode()
        async with charger(csms.url, headers={"Authorization": f"Basic {right}"}) as cp:
            await cp.boot()


async def test_a_newer_connection_replaces_the_older(csms: DemoCentralSystem) -> None:
    async with charger(csms.url) as old:
        await old.boot()
        async with charger(csms.url) as new:
            with pytest.raises(ConnectionClosed, match="replaced"):
                await old.socket.recv()
            await new.boot()
            assert csms.charger("CP1").connected


async def test_a_frame_that_breaks_the_schema_is_answered_and_recorded(
    csms: DemoCentralSystem,
) -> None:
    async with charger(csms.url) as cp:
        answer = await cp.call("StatusNotification", {"connectorId": "one"})
        assert (answer[0], csms.charger("CP1").violations) == (4, 1)
        assert (await cp.call("NoSuchAction", {}))[2] == "NotSupported"
        for frame in ("nonsense", "{}", "[9]", "[2, 7, [], {}]", '[3, "unasked", {}]', b"[]"):
            await cp.socket.send(frame)
        assert (await cp.boot())["status"] == "Accepted"
    assert len(csms.violations) == 8


async def test_a_command_brings_its_answer(csms: DemoCentralSystem) -> None:
    async with charger(csms.url) as cp, asyncio.TaskGroup() as tasks:
        await cp.boot()
        command = tasks.create_task(csms.send("CP1", "Reset", {"type": "Soft"}))
        message_id, action, payload = await cp.receive_call()
        assert (action, payload) == ("Reset", {"type": "Soft"})
        await cp.answer(message_id, {"status": "Accepted"})
        outcome = await command
        assert (outcome.kind, outcome.payload) == ("CALLRESULT", {"status": "Accepted"})


async def test_a_refusal_and_a_bad_answer_are_told_as_they_came(csms: DemoCentralSystem) -> None:
    async with charger(csms.url) as cp, asyncio.TaskGroup() as tasks:
        await cp.boot()
        command = tasks.create_task(csms.send("CP1", "ClearCache", {}))
        message_id, _, _ = await cp.receive_call()
        await cp.socket.send(json.dumps([4, message_id, "NotSupported", "no cache", {}]))
        outcome = await command
        assert (outcome.kind, outcome.error_code) == ("CALLERROR", "NotSupported")
        command = tasks.create_task(csms.send("CP1", "ClearCache", {}))
        message_id, _, _ = await cp.receive_call()
        await cp.answer(message_id, {"status": "Perhaps"})
        outcome = await command
        assert (outcome.payload, outcome.violation is None) == ({"status": "Perhaps"}, False)
        assert len(csms.violations) == 1


async def test_a_charger_may_call_while_a_command_waits(csms: DemoCentralSystem) -> None:
    async with charger(csms.url) as cp, asyncio.TaskGroup() as tasks:
        await cp.boot()
        command = tasks.create_task(csms.send("CP1", "ClearCache", {}))
        message_id, _, _ = await cp.receive_call()
        await cp.status(1, "Available")
        await cp.answer(message_id, {"status": "Accepted"})
        assert (await command).kind == "CALLRESULT"


async def test_commands_go_out_one_at_a_time(csms: DemoCentralSystem) -> None:
    async with charger(csms.url) as cp, asyncio.TaskGroup() as tasks:
        await cp.boot()
        first = tasks.create_task(csms.send("CP1", "ClearCache", {}))
        tasks.create_task(csms.send("CP1", "Reset", {"type": "Hard"}))
        message_id, action, _ = await cp.receive_call()
        assert action == "ClearCache"
        await cp.status(1, "Available")  # what comes next is its answer, not the other command
        await cp.answer(message_id, {"status": "Accepted"})
        await first
        message_id, action, _ = await cp.receive_call()
        assert action == "Reset"
        await cp.answer(message_id, {"status": "Accepted"})


async def test_a_command_that_breaks_the_schema_is_refused_unless_it_is_meant(
    csms: DemoCentralSystem,
) -> None:
    async with charger(csms.url) as cp, asyncio.TaskGroup() as tasks:
        await cp.boot()
        with pytest.raises(InvalidCommand, match=r"Reset: .*type"):
            await csms.send("CP1", "Reset", {})
        with pytest.raises(InvalidCommand, match="no action"):
            await csms.send("CP1", "../Reset", {})
        command = tasks.create_task(csms.send("CP1", "Reset", {}, validate=False))
        message_id, _, payload = await cp.receive_call()
        assert payload == {}
        await cp.answer(message_id, {"status": "Rejected"})
        await command


async def test_commands_that_cannot_be_answered_say_why(config: Config) -> None:
    async with DemoCentralSystem(config(call_timeout_s=0.05)) as csms:
        with pytest.raises(UnknownChargePoint):
            await csms.send("CP1", "ClearCache", {})
        async with charger(csms.url) as cp:
            await cp.boot()
            with pytest.raises(AnswerOverdue, match="ClearCache"):
                await csms.send("CP1", "ClearCache", {})
        await until(lambda: not csms.is_connected("CP1"))
        with pytest.raises(NotConnected):
            await csms.send("CP1", "ClearCache", {})


async def test_a_command_ends_with_the_connection(csms: DemoCentralSystem) -> None:
    async with asyncio.TaskGroup() as tasks:
        async with charger(csms.url) as cp:
            await cp.boot()
            command = tasks.create_task(_fails_with_the_connection(csms))
            await cp.receive_call()
        await command


async def _fails_with_the_connection(csms: DemoCentralSystem) -> None:
    with pytest.raises(ConnectionLost):
        await csms.send("CP1", "ClearCache", {})


async def test_the_wire_can_be_watched(csms: DemoCentralSystem) -> None:
    seen: list[WireMessage] = []
    csms.watch_wire(seen.append)
    async with charger(csms.url) as cp:
        await cp.call("Heartbeat", {})
    assert [message.direction for message in seen] == ["received", "sent"]


async def test_it_starts_transactions_by_itself_on_free_connectors_only(config: Config) -> None:
    plan = AutoStart(id_tags={("CP1", 2): "CAR2"}, delay_s=0, pace_s=0.01)
    async with (
        DemoCentralSystem(config(auto_start=plan)) as csms,
        charger(csms.url) as cp,
    ):
        await cp.boot()
        for connector_id in (0, 1, 2):
            await cp.status(connector_id, "Available")
        message_id, action, payload = await cp.receive_call()
        assert action == "RemoteStartTransaction"
        assert payload == {"connectorId": 2, "idTag": "CAR2"}
        await cp.answer(message_id, {"status": "Accepted"})


async def test_a_port_in_use_is_told_in_one_line(csms: DemoCentralSystem) -> None:
    config = CentralSystemConfig(port=csms.port)
    with pytest.raises(CannotListen, match=f"port {csms.port}: Address already in use"):
        async with DemoCentralSystem(config):
            pass


async def test_a_taken_http_port_frees_the_other_again(csms: DemoCentralSystem) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(CannotListen):
        async with DemoCentralSystem(CentralSystemConfig(port=port, http_port=csms.http_port)):
            pass
    async with DemoCentralSystem(CentralSystemConfig(port=port)):
        pass


async def test_it_remembers_a_bounded_number_of_chargers(config: Config) -> None:
    async with DemoCentralSystem(config(charger_capacity=2)) as csms:
        for number in range(4):
            async with charger(csms.url, f"CP{number}") as cp:
                await cp.boot()
            await until(lambda: not any(r.connected for r in csms.chargers.values()))
        assert list(csms.chargers) == ["CP2", "CP3"]
