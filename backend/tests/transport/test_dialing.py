"""What becomes of attempts to connect, and what is said of the ones that fail."""

from __future__ import annotations

import asyncio
import base64
import http
import ssl
import threading
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
from websockets.asyncio.server import ServerConnection
from websockets.http11 import Request, Response

from ocppsim.simulation.definition import TlsDefinition
from ocppsim.transport import dialing
from ocppsim.transport.diagnosis import ConnectFailed
from ocppsim.transport.tls import tls_context

from .conftest import Certificates, Client, new_client, running_csms, server_context


@pytest.mark.obligation("FRM-01", "FRM-03")
async def test_the_handshake_offers_the_version_and_carries_the_identity(client: Client) -> None:
    async with running_csms() as csms:
        await client.dial(csms.url, "RDAM 123", "secret")
        connection = await csms.connection()
        assert client.recorder.opened.is_set()
        assert connection.subprotocol == "ocpp1.6"
        request = connection.request
        assert request is not None
        assert request.path == "/ocpp/RDAM%20123"
        assert request.headers["Sec-WebSocket-Protocol"] == "ocpp1.6"
        token = request.headers["Authorization"].removeprefix("Basic ")
        assert base64.b64decode(token) == b"RDAM 123:secret"


async def test_an_open_link_does_not_keep_its_handshake(client: Client) -> None:
    """Headers take more memory than all the rest of a link, ten thousand times."""
    async with running_csms() as csms:
        await client.dial(csms.url, "CP-1", "secret")
        transport = client.link.transport
        assert transport is not None
        assert not hasattr(transport.request, "headers")
        assert not hasattr(transport.response, "headers")


async def test_the_handshake_is_that_of_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plain link takes a shorter way through picows, whose own way is held against it."""
    requests: list[Request] = []
    async with running_csms() as csms:
        for connect in (dialing._connect_plain, dialing._connect):
            monkeypatch.setattr(dialing, "_connect_plain", connect)
            client = new_client()
            await client.dial(f"{csms.url}?token=1", "RDAM 123", "secret")
            request = (await csms.connection()).request
            assert request is not None
            requests.append(request)
            client.link.abort()
    for request in requests:
        assert len(request.headers.pop("Sec-WebSocket-Key")) == 24
    plain, library = requests
    assert plain.path == library.path == "/ocpp/RDAM%20123?token=1"
    assert list(plain.headers.raw_items()) == list(library.headers.raw_items())


@pytest.mark.obligation("FRM-26")
async def test_no_compression_is_offered(client: Client) -> None:
    async with running_csms() as csms:
        await client.dial(csms.url)
        request = (await csms.connection()).request
        assert request is not None
        assert "Sec-WebSocket-Extensions" not in request.headers


async def test_without_a_password_there_is_no_authorization(client: Client) -> None:
    async with running_csms() as csms:
        await client.dial(csms.url)
        request = (await csms.connection()).request
        assert request is not None
        assert "Authorization" not in request.headers


@pytest.mark.obligation("FRM-04")
async def test_a_csms_that_does_not_agree_to_the_sub_protocol_is_a_failure(client: Client) -> None:
    async with running_csms(subprotocols=None) as csms:
        with pytest.raises(ConnectFailed, match="sub-protocol: the CSMS does not agree"):
            await client.dial(csms.url)
        assert not client.recorder.opened.is_set()
        await asyncio.wait_for((await csms.connection()).wait_closed(), 5)


@pytest.mark.obligation("FRM-04")
async def test_a_sub_protocol_that_was_not_offered_is_a_failure(client: Client) -> None:
    async with running_csms(select_subprotocol=lambda _c, _o: "ocpp2.0.1") as csms:
        with pytest.raises(ConnectFailed, match=r"sub-protocol: the CSMS chose 'ocpp2\.0\.1'"):
            await client.dial(csms.url)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (401, "HTTP 401 Unauthorized .the CSMS wants another user or password"),
        (403, "HTTP 403 Forbidden"),
        (404, "HTTP 404 Not Found .the CSMS does not know this charge point"),
        (503, "HTTP 503 Service Unavailable"),
    ],
)
async def test_a_refusal_is_named_by_its_http_status(
    client: Client, status: int, expected: str
) -> None:
    def refuse(connection: ServerConnection, request: Request) -> Response:
        return connection.respond(http.HTTPStatus(status), "no")

    async with running_csms(process_request=refuse) as csms:
        with pytest.raises(ConnectFailed, match=expected):
            await client.dial(csms.url)


async def test_redirects_are_not_followed(client: Client) -> None:
    def redirect(connection: ServerConnection, request: Request) -> Response:
        response = connection.respond(http.HTTPStatus.FOUND, "")
        response.headers["Location"] = "ws://elsewhere.invalid/"
        return response

    async with running_csms(process_request=redirect) as csms:
        with pytest.raises(ConnectFailed, match="HTTP 302 Found: redirects are not followed"):
            await client.dial(csms.url)


@asynccontextmanager
async def tcp_server(answer: bytes | None, *, close: bool) -> AsyncGenerator[str]:
    """Reads a request, answers (or not), and closes (or not)."""
    done = asyncio.Event()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            if answer is not None:
                writer.write(answer)
            if not close:
                await done.wait()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    try:
        yield f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/ocpp"
    finally:
        done.set()
        server.close()
        await server.wait_closed()


async def test_closing_before_the_answer_is_a_failure(client: Client) -> None:
    async with tcp_server(None, close=True) as url:
        with pytest.raises(ConnectFailed, match="closed the connection before the handshake"):
            await client.dial(url)


async def test_half_an_answer_is_a_failure(client: Client) -> None:
    async with tcp_server(b"HTTP/1.1 101 Switching Proto", close=True) as url:
        with pytest.raises(ConnectFailed, match="closed the connection before the handshake"):
            await client.dial(url)


async def test_a_server_that_speaks_something_else_is_named(client: Client) -> None:
    async with tcp_server(b"220 mail ready\r\n\r\n", close=False) as url:
        with pytest.raises(ConnectFailed, match="HTTP: "):
            await client.dial(url)


async def test_a_server_that_does_not_answer_times_out(client: Client) -> None:
    async with tcp_server(None, close=False) as url:
        with pytest.raises(ConnectFailed, match="does not answer the WebSocket handshake"):
            await client.dial(url, timeout_s=0.2)


async def test_a_closed_port_is_a_refused_connection(client: Client) -> None:
    async with running_csms() as csms:
        url = csms.url
    with pytest.raises(ConnectFailed, match=r"TCP: 127\.0\.0\.1:\d+ refuses the connection"):
        await client.dial(url)


async def test_a_host_that_does_not_exist_is_a_dns_failure(client: Client) -> None:
    with pytest.raises(ConnectFailed, match=r"DNS: cannot resolve nowhere\.invalid"):
        await client.dial("ws://nowhere.invalid/ocpp")


async def test_a_link_that_nobody_wants_any_more_is_not_opened(client: Client) -> None:
    async with running_csms() as csms:
        client.link.abort()
        with pytest.raises(ConnectFailed, match="given up"):
            await client.dial(csms.url)
        assert not client.recorder.opened.is_set()


async def test_tls_with_the_right_authority_and_a_client_certificate(
    client: Client, certificates: Certificates
) -> None:
    context = server_context(str(certificates.server), str(certificates.ca))
    tls = TlsDefinition(
        ca_pem=certificates.ca.read_text(),
        client_cert_pem=certificates.client.read_text(),
        client_key_pem=certificates.client_key.read_text(),
    )
    async with running_csms(ssl=context) as csms:
        await client.dial(csms.url, tls=tls)
        client.link.send_text(b"[1]")
        connection = await csms.connection()
        assert await connection.recv() == "[1]"
        peer = connection.transport.get_extra_info("ssl_object").getpeercert()
        assert peer["subject"][0][0][1] == "client"


async def test_tls_with_another_authority_names_the_certificate(
    client: Client, certificates: Certificates
) -> None:
    async with running_csms(ssl=server_context(str(certificates.server))) as csms:
        with pytest.raises(ConnectFailed, match=r"TLS: the certificate of .* is not trusted"):
            await client.dial(csms.url, tls=TlsDefinition(certificates.other_ca.read_text()))


async def test_tls_names_an_expired_certificate(client: Client, certificates: Certificates) -> None:
    async with running_csms(ssl=server_context(str(certificates.expired))) as csms:
        with pytest.raises(ConnectFailed, match=r"is not trusted .certificate has expired"):
            await client.dial(csms.url, tls=TlsDefinition(certificates.ca.read_text()))


async def test_tls_without_verification_takes_any_certificate(
    client: Client, certificates: Certificates
) -> None:
    async with running_csms(ssl=server_context(str(certificates.expired))) as csms:
        await client.dial(csms.url, tls=TlsDefinition(verify=False))
        assert client.recorder.opened.is_set()


async def test_certificates_are_read_without_holding_up_other_links(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers: list[threading.Thread] = []

    def read(tls: TlsDefinition) -> ssl.SSLContext:
        readers.append(threading.current_thread())
        return tls_context(tls)

    monkeypatch.setattr(dialing, "tls_context", read)
    with pytest.raises(ConnectFailed, match="refuses the connection"):
        await client.dial("wss://127.0.0.1:1/")
    assert readers
    assert threading.main_thread() not in readers


async def test_tls_against_a_plain_port_is_a_tls_failure(client: Client) -> None:
    async with running_csms() as csms:
        with pytest.raises(ConnectFailed, match="TLS: "):
            await client.dial(csms.url.replace("ws://", "wss://"))


async def test_a_ca_that_is_no_certificate_is_named(client: Client) -> None:
    with pytest.raises(ConnectFailed, match="TLS: the CA certificate is unusable"):
        await client.dial("wss://127.0.0.1:1/", tls=TlsDefinition(ca_pem="rubbish"))


async def test_a_client_key_that_does_not_fit_is_named_without_showing_it(
    client: Client, certificates: Certificates
) -> None:
    tls = TlsDefinition(client_cert_pem=certificates.client.read_text(), client_key_pem="s3cret")
    with pytest.raises(ConnectFailed, match="TLS: the client certificate") as caught:
        await client.dial("wss://127.0.0.1:1/", tls=tls)
    assert "s3cret" not in str(caught.value)
