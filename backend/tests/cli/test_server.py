"""The loop that everything runs on."""

from __future__ import annotations

import asyncio
import logging

import picows
import pytest

from ocppsim.cli.server import report_loop_error, run_on_fastest_loop


async def _dial_a_peer_that_leaves() -> None:
    async def leave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(65536)
        writer.close()

    server = await asyncio.start_server(leave, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        with pytest.raises(ConnectionError):
            await picows.ws_connect(picows.WSListener, f"wss://127.0.0.1:{port}/ocpp")


def test_a_peer_that_leaves_during_the_tls_handshake_leaves_no_trace_in_the_log(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    run_on_fastest_loop(_dial_a_peer_that_leaves())
    assert [record for record in caplog.records if record.levelno > logging.DEBUG] == []
    assert "Traceback" not in capfd.readouterr().err


def test_what_nobody_caught_is_logged_with_its_traceback(caplog: pytest.LogCaptureFixture) -> None:
    loop = asyncio.new_event_loop()
    try:
        report_loop_error(loop, {"message": "a task failed", "exception": ValueError("why")})
    finally:
        loop.close()
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert record.exc_info is not None
