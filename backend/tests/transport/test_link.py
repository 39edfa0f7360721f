"""What goes over an open link, and how links end."""

from __future__ import annotations

import asyncio
import contextlib

import pytest
from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed
from websockets.frames import Frame, Opcode

from ocppsim.transport.impairment import NetworkConditions
from ocppsim.transport.link import MAX_MESSAGE_BYTES

from .conftest import Client, running_csms


async def closed_with(connection: ServerConnection) -> tuple[int | None, str | None]:
    await asyncio.wait_for(connection.wait_closed(), 5)
    return connection.close_code, connection.close_reason


async def test_texts_go_both_ways(client: Client) -> None:
    async with running_csms() as csms:
        await client.dial(csms.url)
        connection = await csms.connection()
        client.link.send_text('["grüß"]'.encode())
        assert await connection.recv() == '["grüß"]'
        await connection.send('["dich"]')
        assert await client.text() == b'["dich"]'


async def test_fragments_become_one_message_with_control_frames_between(client: Client) -> None:
    async with running_csms() as csms:
        await client.dial(csms.url)
        connection = await csms.connection()

        async def fragments() -> object:
            yield '["o'
            await (await connection.ping())
            yield ""
            yield 'ne"]'

        await connection.send(fragments())  # pyright: ignore[reportArgumentType]
        assert await client.text() == b'["one"]'


@pytest.mark.obligation("FRM-27")
async def test_a_ping_is_answered_with_its_own_payload(client: Client) -> None:
    async with running_csms() as csms:
        await client.dial(csms.url)
        connection = await csms.connection()
        await asyncio.wait_for(await connection.ping(b"are you there"), 5)


@pytest.mark.obligation("FRM-28")
async def test_the_answer_to_our_ping_is_heard(client: Client) -> None:
    async with running_csms() as csms:
        await client.dial(csms.url)
        connection = await csms.connection()
        assert not client.link.heard
        client.link.send_ping()
        await connection.send("after the pong")
        await client.text()
        assert client.link.heard


async def test_binary_messages_are_ignored(client: Client) -> None:
    async with running_csms() as csms:
        await client.dial(csms.url)
        connection = await csms.connection()
        await connection.send(b"\x00\xff")
        await connection.send([b"\x00", b"\xff"])
        await connection.send("[2]")
        assert await client.text() == b"[2]"


async def send_frames(connection: ServerConnection, *frames: Frame | bytes) -> None:
    for frame in frames:
        raw = frame if isinstance(frame, bytes) else frame.serialize(mask=False)
        connection.protocol.writes.append(raw)
    connection.send_data()
    await asyncio.sleep(0)


@pytest.mark.parametrize("pieces", [[b"[\xff]"], [b"[\xc3", b"\x28]"]], ids=["one", "fragments"])
async def test_text_that_is_not_utf_8_ends_the_link_with_1007(
    client: Client, pieces: list[bytes]
) -> None:
    async with running_csms() as csms:
        await client.dial(csms.url)
        connection = await csms.connection()
        last = len(pieces) - 1
        await send_frames(
            connection,
            *(
                Frame(Opcode.TEXT if index == 0 else Opcode.CONT, piece, fin=index == last)
                for index, piece in enumerate(pieces)
            ),
        )
        assert "UTF-8" in await client.reason()
        assert (await closed_with(connection))[0] == 1007


async def test_utf_8_may_be_split_between_fragments(client: Client) -> None:
    async with running_csms() as csms:
        await client.dial(csms.url)
        connection = await csms.connection()
        await send_frames(
            connection,
            Frame(Opcode.TEXT, b"[\xc3", fin=False),
            Frame(Opcode.CONT, b"\xbc]", fin=True),
        )
        assert await client.text() == "[ü]".encode()


@pytest.mark.parametrize("fragments", [1, 5])
async def test_a_message_that_is_too_long_ends_the_link_with_1009(
    client: Client, fragments: int
) -> None:
    async with running_csms() as csms:
        await client.dial(csms.url)
        connection = await csms.connection()
        piece = "x" * (MAX_MESSAGE_BYTES // fragments + 1)
        with contextlib.suppress(ConnectionClosed):
            await connection.send([piece] * fragments if fragments > 1 else piece)
        await client.reason()
        assert (await closed_with(connection))[0] == 1009


async def test_the_longest_message_is_received(client: Client) -> None:
    async with running_csms() as csms:
        await client.dial(csms.url)
        text = "x" * (MAX_MESSAGE_BYTES - 100)
        await (await csms.connection()).send(text)
        assert await client.text() == text.encode()


@pytest.mark.parametrize(
    "frames",
    [
        [Frame(Opcode.CONT, b"x", fin=True)],
        [Frame(Opcode.TEXT, b"x", fin=False), Frame(Opcode.TEXT, b"y", fin=True)],
        [b"\xc1\x01x"],
    ],
    ids=["continuation of nothing", "text within a text", "reserved bit"],
)
async def test_frames_that_break_the_protocol_end_the_link_with_1002(
    client: Client, frames: list[Frame | bytes]
) -> None:
    async with running_csms() as csms:
        await client.dial(csms.url)
        connection = await csms.connection()
        await send_frames(connection, *frames)
        assert (await client.reason()).startswith("WebSocket: ")
        assert (await closed_with(connection))[0] == 1002


async def test_we_close_cleanly_behind_what_we_have_sent(client: Client) -> None:
    async with running_csms() as csms:
        await client.dial(csms.url)
        client.network.set_conditions(NetworkConditions(latency_ms=50))
        connection = await csms.connection()
        client.link.send_text(b"[1]")
        client.link.close(1000, "done")
        client.link.send_text(b"[2]")
        assert await connection.recv() == "[1]"
        assert await closed_with(connection) == (1000, "done")
        assert not client.recorder.closed.done()


async def test_texts_keep_their_order_when_the_delay_ends_between_them(client: Client) -> None:
    async with running_csms() as csms:
        await client.dial(csms.url)
        connection = await csms.connection()
        client.network.set_conditions(NetworkConditions(latency_ms=50))
        client.link.send_text(b"[1]")
        await connection.send("[3]")
        await connection.ping()
        await asyncio.sleep(0.02)
        client.network.set_conditions(NetworkConditions())
        client.link.send_text(b"[2]")
        await connection.send("[4]")
        assert [await connection.recv(), await connection.recv()] == ["[1]", "[2]"]
        assert [await client.text(), await client.text()] == [b"[3]", b"[4]"]
        client.link.send_text(b"[5]")
        assert await connection.recv() == "[5]"


async def test_a_text_is_lost_whole_or_arrives_whole(client: Client) -> None:
    async with running_csms() as csms:
        await client.dial(csms.url)
        connection = await csms.connection()
        client.network.set_conditions(NetworkConditions(loss=1.0))
        client.link.send_text(b"[1]")
        await connection.send("[2]")
        await asyncio.wait_for(await connection.ping(), 5)
        client.network.set_conditions(NetworkConditions())
        client.link.send_text(b"[3]")
        await connection.send("[4]")
        assert await connection.recv() == "[3]"
        assert await client.text() == b"[4]"


async def test_nothing_is_told_any_more_once_the_link_was_closed(client: Client) -> None:
    async with running_csms() as csms:
        await client.dial(csms.url)
        connection = await csms.connection()
        await connection.send("[1]")
        client.link.close()
        await closed_with(connection)
        assert client.recorder.texts.empty()
        assert not client.recorder.closed.done()


async def test_the_csms_closes_cleanly(client: Client) -> None:
    async with running_csms() as csms:
        await client.dial(csms.url)
        connection = await csms.connection()
        await connection.close(4001, "go away")
        assert await client.reason() == "the CSMS closed the connection (code 4001, go away)"
        assert connection.close_code == 4001


async def test_a_close_without_a_code_is_answered(client: Client) -> None:
    async with running_csms() as csms:
        await client.dial(csms.url)
        connection = await csms.connection()
        await send_frames(connection, Frame(Opcode.CLOSE, b"", fin=True))
        assert "closed the connection" in await client.reason()


async def test_a_lost_connection_is_reported_once(client: Client) -> None:
    async with running_csms() as csms:
        await client.dial(csms.url)
        connection = await csms.connection()
        connection.transport.abort()
        assert await client.reason() == "the connection was lost"


async def test_an_aborted_link_sends_no_close(client: Client) -> None:
    async with running_csms() as csms:
        await client.dial(csms.url)
        connection = await csms.connection()
        client.link.abort()
        assert (await closed_with(connection))[0] == 1006


async def test_a_black_hole_hides_even_the_end_until_it_is_over(client: Client) -> None:
    async with running_csms(close_timeout=1) as csms:
        await client.dial(csms.url)
        connection = await csms.connection()
        client.network.set_conditions(NetworkConditions("blackhole"))
        client.link.send_text(b"[1]")
        client.link.send_ping()
        pong = await connection.ping()
        assert isinstance(pong, asyncio.Future)
        await connection.send("[2]")
        client.link.abort()
        await asyncio.sleep(0.1)
        assert not pong.done()
        assert client.recorder.texts.empty()
        assert connection.close_code is None
        client.network.set_conditions(NetworkConditions())
        assert (await closed_with(connection))[0] == 1006
        assert connection.protocol.state.name == "CLOSED"


async def test_a_close_under_way_outlives_a_network_that_is_cut(client: Client) -> None:
    async with running_csms() as csms:
        await client.dial(csms.url)
        connection = await csms.connection()
        client.network.set_conditions(NetworkConditions(latency_ms=60_000))
        client.link.close()
        client.network.set_conditions(NetworkConditions("cut"))
        await asyncio.wait_for(connection.wait_closed(), 10)
        assert connection.close_code == 1006


async def test_a_close_under_way_waits_for_the_end_of_a_black_hole(client: Client) -> None:
    async with running_csms() as csms:
        await client.dial(csms.url)
        connection = await csms.connection()
        client.network.set_conditions(NetworkConditions(latency_ms=60_000))
        client.link.close()
        client.network.set_conditions(NetworkConditions("blackhole"))
        await asyncio.sleep(0.05)
        assert connection.close_code is None
        client.network.set_conditions(NetworkConditions())
        await asyncio.wait_for(connection.wait_closed(), 10)
        assert connection.close_code == 1006
