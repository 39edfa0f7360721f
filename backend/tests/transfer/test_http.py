from __future__ import annotations

import asyncio
import base64
import gzip
import hashlib
import logging

import pytest

from ocppsim.transfer.allowlist import HostAllowlist
from ocppsim.transfer.bounds import TransferBounds
from ocppsim.transfer.errors import TransferFailed
from ocppsim.transfer.file_transfer import FileTransfer

from .conftest import IMPATIENT, Tls, transfers
from .file_servers import FtpServer, HttpRequest, HttpServer, http_answer, http_server, until

FIRMWARE = bytes(range(256)) * 100
LOG = b'{"kind": "log"}\n' * 1000


async def for_ever(_: HttpRequest, __: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


def basic(user: str, password: str) -> str:
    return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"


@pytest.mark.obligation("FW-12")
async def test_a_download_is_counted_and_hashed(http: HttpServer) -> None:
    http.answers["GET /fw.bin"] = http_answer("200 OK", FIRMWARE)
    receipt = await transfers().download(http.url("/fw.bin"))
    assert receipt.size_bytes == len(FIRMWARE)
    assert receipt.sha256 == hashlib.sha256(FIRMWARE).hexdigest()
    assert "authorization" not in http.requests[0].headers


async def test_the_file_counts_as_it_is_even_where_it_comes_compressed(http: HttpServer) -> None:
    packed = gzip.compress(b"\0" * 10_000_000)
    http.answers["GET /fw"] = http_answer("200 OK", packed, Content_Encoding="gzip")
    assert (await transfers().download(http.url("/fw"))).size_bytes == len(packed)
    assert http.requests[0].headers["accept-encoding"] == "identity"


async def test_user_and_password_of_the_url_are_shown_to_the_server_and_to_nobody_else(
    http: HttpServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    http.answers["GET /fw"] = http_answer("200 OK", b"x")
    await transfers().download(http.url("/fw", "me:s3cr%40t@"))
    assert http.requests[0].headers["authorization"] == basic("me", "s3cr@t")
    with pytest.raises(TransferFailed) as failure:
        await transfers().download(http.url("/none", "me:s3cr%40t@"))
    assert "s3cr" not in str(failure.value)
    assert "s3cr" not in caplog.text


@pytest.mark.parametrize("status", ["404 Not Found", "403 Forbidden", "500 Oops", "206 Partial"])
async def test_another_answer_than_the_file_is_a_failure(http: HttpServer, status: str) -> None:
    http.answers["GET /fw"] = http_answer(status, b"no")
    with pytest.raises(TransferFailed, match=rf"127\.0\.0\.1:\d+ answered {status}\.$"):
        await transfers().download(http.url("/fw"))


async def test_a_host_that_is_not_allowed_is_not_even_asked(http: HttpServer) -> None:
    with pytest.raises(TransferFailed, match=r"is not an allowed host\.$"):
        await transfers("localhost", "127.0.0.1:1").download(http.url("/fw"))
    with pytest.raises(TransferFailed, match=r"is not an allowed host\.$"):
        await transfers("localhost").upload(http.url("/fw"), "x", b"")
    assert http.requests == []


def test_what_may_be_tried_can_be_asked_for() -> None:
    assert transfers().allows("http://127.0.0.1/x")
    assert not transfers().allows("http://other/x")
    assert not transfers().allows("sftp://127.0.0.1/x")
    assert not transfers().allows("x")


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See", "307 Temp", "308 Perm"])
async def test_redirects_to_an_allowed_host_are_followed(http: HttpServer, status: str) -> None:
    http.answers["GET /old"] = http_answer(status, Location="new?x=1")
    http.answers["GET /new?x=1"] = http_answer("200 OK", b"abc")
    assert (await transfers().download(http.url("/old", "u:p@"))).size_bytes == 3
    assert http.requests[1].headers["authorization"] == basic("u", "p")


async def test_a_redirect_to_a_foreign_host_is_not_followed(http: HttpServer) -> None:
    async with http_server() as foreign:
        http.answers["GET /fw"] = http_answer("302 Found", Location=foreign.url("/fw"))
        http.answers["PUT /log"] = http_answer("307 Temp", Location=foreign.url("/log"))
        only = transfers(f"127.0.0.1:{http.port}")
        with pytest.raises(TransferFailed, match=r"redirects to .*, which is not an allowed host"):
            await only.download(http.url("/fw"))
        with pytest.raises(TransferFailed, match=r"redirects to .*, which is not an allowed host"):
            await only.upload(http.url("/log"), "x", b"abc")
        assert foreign.requests == []


async def test_a_redirect_takes_the_password_nowhere_else(http: HttpServer) -> None:
    async with http_server() as other:
        http.answers["GET /fw"] = http_answer("302 Found", Location=other.url("/fw"))
        other.answers["GET /fw"] = http_answer("200 OK", b"abc")
        await transfers().download(http.url("/fw", "u:p@"))
        assert "authorization" not in other.requests[0].headers


async def test_redirects_in_a_circle_or_to_another_protocol_end(http: HttpServer) -> None:
    http.answers["GET /circle"] = http_answer("302 Found", Location="/circle")
    with pytest.raises(TransferFailed, match="redirects too often"):
        await transfers().download(http.url("/circle"))
    http.answers["GET /ftp"] = http_answer("302 Found", Location="ftp://127.0.0.1/x")
    with pytest.raises(TransferFailed, match="redirects to another protocol"):
        await transfers().download(http.url("/ftp"))


async def test_what_is_too_large_ends_at_once_announced_or_not(http: HttpServer) -> None:
    async def endless(_: HttpRequest, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        while True:
            writer.write(b"x" * 10_000)
            await writer.drain()

    http.answers["GET /announced"] = b"HTTP/1.1 200 OK\r\nContent-Length: 100001\r\n\r\n"
    http.answers["GET /endless"] = endless
    for path in ("/announced", "/endless"):
        with pytest.raises(TransferFailed, match="larger than the 100000 bytes allowed"):
            await transfers().download(http.url(path))
    with pytest.raises(TransferFailed, match="larger than the 100000 bytes allowed"):
        await transfers().upload(http.url("/up"), "x", b"x" * 100_001)


async def test_a_silent_server_is_left_after_the_idle_time(http: HttpServer) -> None:
    http.answers["GET /fw"] = for_ever
    with pytest.raises(TransferFailed, match=r"Nothing moved between us and .* for 0.3 s\.$"):
        await transfers().download(http.url("/fw"))


async def test_a_server_that_drips_is_left_after_the_overall_limit(http: HttpServer) -> None:
    async def drip(_: HttpRequest, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.05)

    http.answers["GET /fw"] = drip
    bounds = TransferBounds(idle_s=5.0, limit_s=0.3)
    with pytest.raises(TransferFailed, match=r"It took longer than 0.3 s\.$"):
        await transfers(bounds=bounds).download(http.url("/fw"))


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Len",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf",
        b"SSH-2.0-OpenSSH\r\n",
    ],
)
async def test_a_connection_that_breaks_on_the_way_is_a_failure(
    http: HttpServer, answer: bytes
) -> None:
    http.answers["GET /fw"] = answer
    with pytest.raises(TransferFailed, match=r"The connection to .* broke\.$"):
        await transfers().download(http.url("/fw"))


async def test_where_nobody_listens_the_reason_says_so(http: HttpServer) -> None:
    port = http.port
    async with http_server() as gone:
        port = gone.port
    with pytest.raises(TransferFailed, match=r"127\.0\.0\.1:\d+ refuses the connection\.$"):
        await transfers().download(f"http://127.0.0.1:{port}/fw")


async def test_a_host_that_does_not_exist_is_named() -> None:
    with pytest.raises(TransferFailed, match=r"The host no\.such\.invalid is not known\.$"):
        await transfers("*").download("http://no.such.invalid/fw")


async def test_a_cancelled_transfer_lets_go_of_the_server(http: HttpServer) -> None:
    http.answers["GET /fw"] = for_ever
    patient = transfers(bounds=TransferBounds())
    async with asyncio.timeout(5), asyncio.TaskGroup() as tasks:
        task = tasks.create_task(patient.download(http.url("/fw")))
        await until(lambda: bool(http.requests))
        task.cancel()
        await http.left.wait()


@pytest.mark.obligation("DIAG-02", "DIAG-07")
async def test_an_upload_is_put_where_the_location_says(http: HttpServer) -> None:
    http.answers["PUT /up/diag.log"] = http_answer("201 Created")
    http.answers["PUT /exactly/here?k=1"] = http_answer("204 No Content")
    await transfers().upload(http.url("/up/"), "diag.log", LOG)
    receipt = await transfers().upload(http.url("/exactly/here?k=1", "u:p@"), "diag.log", LOG)
    assert [request.target for request in http.requests] == ["/up/diag.log", "/exactly/here?k=1"]
    assert [request.body for request in http.requests] == [LOG, LOG]
    assert http.requests[0].headers["content-length"] == str(len(LOG))
    assert http.requests[1].headers["authorization"] == basic("u", "p")
    assert receipt.sha256 == hashlib.sha256(LOG).hexdigest()


@pytest.mark.parametrize("status", ["405 Method Not Allowed", "404 Not Found", "501 What"])
async def test_where_put_is_not_taken_the_file_comes_as_a_form(
    http: HttpServer, status: str
) -> None:
    http.answers["PUT /up/diag.log"] = http_answer(status)
    http.answers["POST /up/"] = http_answer("200 OK")
    await transfers().upload(http.url("/up/"), "diag.log", LOG)
    form = http.requests[1]
    assert form.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert b'name="file"; filename="diag.log"' in form.body
    assert LOG in form.body


@pytest.mark.obligation("DIAG-09")
async def test_an_upload_that_is_refused_says_so(http: HttpServer) -> None:
    http.answers["PUT /up"] = http_answer("403 Forbidden")
    with pytest.raises(TransferFailed, match=r"answered 403 Forbidden\.$"):
        await transfers().upload(http.url("/up"), "diag.log", LOG)
    with pytest.raises(TransferFailed, match=r"answered 404 Not Found\.$"):
        await transfers().upload(http.url("/nowhere"), "diag.log", LOG)


async def test_a_server_that_refuses_before_it_has_read_is_heard(http: HttpServer) -> None:
    http.answers["PUT /up"] = http_answer("308 There", Location="/there")
    http.answers["PUT /there"] = http_answer("303 See", Location="/thanks")
    await transfers().upload(http.url("/up"), "diag.log", LOG)
    assert [request.body for request in http.requests] == [LOG, LOG]


@pytest.mark.obligation("FW-12", "DIAG-07")
async def test_https_wants_a_certificate_that_is_trusted(tls: Tls) -> None:
    async with http_server(tls.server) as https:
        https.answers["GET /fw"] = http_answer("200 OK", FIRMWARE)
        https.answers["PUT /log"] = http_answer("200 OK")
        trusting = FileTransfer(HostAllowlist(["127.0.0.1"]), IMPATIENT, tls.client)
        url = https.url("/fw", scheme="https")
        assert (await trusting.download(url)).size_bytes == len(FIRMWARE)
        await trusting.upload(https.url("/log", scheme="https"), "x", LOG)
        assert https.requests[1].body == LOG
        with pytest.raises(TransferFailed, match=r"^The certificate of .* is not trusted"):
            await transfers().download(url)


async def test_what_is_no_tls_is_told_from_it(ftp: FtpServer) -> None:
    with pytest.raises(TransferFailed, match=r"^TLS with 127\.0\.0\.1:\d+ failed"):
        await transfers().download(ftp.url("/fw", scheme="https"))
