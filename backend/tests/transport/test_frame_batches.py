from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, cast

import picows
import pytest

from ocppsim.simulation.definition import TlsDefinition
from ocppsim.transport.frame_batches import FrameBatches

from .conftest import Certificates, Client, running_csms, server_context


class FakeTransport:
    def __init__(self) -> None:
        self.sent: list[bytes] = []

    def send_reuse_external_bytearray(
        self, _kind: picows.WSMsgType, buffer: bytearray, msg_offset: int
    ) -> None:
        text = bytes(buffer[msg_offset:])
        if text == b"refused":
            raise RuntimeError(text)
        self.sent.append(text)


class FakeTaker:
    def __init__(self, take: Callable[[bytes], None]) -> None:
        self._take = take

    def take_text(self, text: bytes) -> None:
        self._take(text)


class FakeLink:
    def __init__(self, take: Callable[[bytes], None]) -> None:
        self.taker: FakeTaker | None = FakeTaker(take)
        self.wire = FakeTransport()
        self.transport = cast("picows.WSTransport | None", self.wire)


async def test_texts_arrive_in_their_order_and_answers_go_out_behind_them() -> None:
    batches = FrameBatches()
    seen: list[bytes] = []

    def take(text: bytes) -> None:
        assert not link.wire.sent
        seen.append(text)
        batches.leave(link, b"to " + text)

    link = FakeLink(take)
    for text in (b"1", b"2", b"3"):
        batches.arrive(link, text)
    assert not seen
    await asyncio.sleep(0)
    assert seen == [b"1", b"2", b"3"]
    assert link.wire.sent == [b"to 1", b"to 2", b"to 3"]


async def test_whoever_stops_listening_hears_nothing_more_of_the_same_batch() -> None:
    batches = FrameBatches()
    seen: list[bytes] = []

    def stop(text: bytes) -> None:
        seen.append(text)
        link.taker = None
        link.transport = None
        batches.leave(link, b"too late")

    link = FakeLink(stop)
    batches.arrive(link, b"1")
    batches.arrive(link, b"2")
    batches.settle()
    assert seen == [b"1"]
    assert not link.wire.sent


async def test_one_that_fails_does_not_keep_the_others_from_their_texts(
    caplog: pytest.LogCaptureFixture,
) -> None:
    batches = FrameBatches()
    seen: list[bytes] = []
    broken, sound = FakeLink(_fail), FakeLink(seen.append)
    batches.arrive(broken, b"1")
    batches.arrive(sound, b"2")
    batches.leave(sound, b"refused")
    batches.leave(sound, b"3")
    batches.settle()
    assert seen == [b"2"]
    assert sound.wire.sent == [b"3"]
    messages = [record.message for record in caplog.records]
    assert messages == ["a text could not be taken", "a text could not be sent"]


def _fail(_text: bytes) -> None:
    raise RuntimeError("broken")


async def test_a_text_just_before_the_close_is_still_heard(client: Client) -> None:
    async with running_csms() as csms:
        await client.dial(csms.url)
        connection = await csms.connection()
        await connection.send("the last word")
        await connection.close(1001)
        assert "1001" in await client.reason()
        assert client.recorder.texts.get_nowait() == b"the last word"


async def test_a_text_just_before_our_close_is_still_sent(client: Client) -> None:
    async with running_csms() as csms:
        await client.dial(csms.url)
        client.link.send_text(b"the last word")
        client.link.close()
        connection = await csms.connection()
        assert await asyncio.wait_for(connection.recv(), 5) == "the last word"


@pytest.mark.parametrize("secure", [False, True])
async def test_texts_that_have_to_wait_for_the_peer_arrive_whole(
    secure: bool, client: Client, certificates: Certificates
) -> None:
    """All links share the buffer in which texts are masked."""
    options: dict[str, Any] = {}
    if secure:
        options["ssl"] = server_context(str(certificates.server))
    texts = [f"{number:02}" * 40_000 for number in range(60)]
    async with running_csms(**options) as csms:
        tls = TlsDefinition(certificates.ca.read_text()) if secure else None
        await client.dial(csms.url, tls=tls)
        for text in texts:  # more than the kernel takes at once
            client.link.send_text(text.encode())
        connection = await csms.connection()
        async with asyncio.timeout(20):
            assert [await connection.recv() for _ in texts] == texts
