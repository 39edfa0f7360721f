"""Small file servers on loopback, which can also misbehave."""

from __future__ import annotations

import asyncio
import contextlib
import re
import ssl
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import NamedTuple


class HttpRequest(NamedTuple):
    """A request as it came; header names are in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


Answer = Callable[[HttpRequest, asyncio.StreamWriter], Awaitable[None]]


def http_answer(status: str, body: bytes = b"", **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class HttpServer:
    """Answers each request with what ``answers`` has for ``METHOD /path`` (else 404)."""

    def __init__(self) -> None:
        self.port = 0
        self.requests: list[HttpRequest] = []
        self.answers: dict[str, bytes | Answer] = {}
        self.left = asyncio.Event()
        """Somebody broke off a connection that waited for its answer."""

    def set_answer(self, request: str, status: str, body: bytes = b"") -> None:
        """Say from now on what ``METHOD /path`` is answered with."""
        self.answers[request] = http_answer(status, body)

    def url(self, path: str, user_info: str = "", scheme: str = "http") -> str:
        return f"{scheme}://{user_info}127.0.0.1:{self.port}{path}"

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            first, *lines = head.strip().split("\r\n")
            method, target, _ = first.split(" ")
            headers = {
                name.lower(): value for name, _, value in (line.partition(": ") for line in lines)
            }
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            request = HttpRequest(method, target, headers, body)
            self.requests.append(request)
            answer = self.answers.get(f"{method} {target}", http_answer("404 Not Found"))
            if isinstance(answer, bytes):
                writer.write(answer)
                await writer.drain()
            else:
                answering = asyncio.ensure_future(answer(request, writer))  # noqa: TID251
                leaving = asyncio.ensure_future(reader.read())  # noqa: TID251
                await asyncio.wait([answering, leaving], return_when=asyncio.FIRST_COMPLETED)
                if not answering.done():
                    self.left.set()
                answering.cancel()
                leaving.cancel()
        await _close(writer)


@asynccontextmanager
async def http_server(tls: ssl.SSLContext | None = None) -> AsyncGenerator[HttpServer]:
    files = HttpServer()
    async with _listening(files.handle, tls) as port:
        files.port = port
        yield files


async def until(condition: Callable[[], bool]) -> None:
    """Wait until something has come about on the other side."""
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - sockets and threads tell nobody
            await asyncio.sleep(0.005)


class FtpServer:
    """Knows one user (or ``anonymous``), directories and files below its root."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.port = 0
        self.user = "anonymous"
        self.password: str | None = None
        self.files: dict[str, bytes] = {}
        self.directories: set[str] = {"/"}
        self.commands: list[str] = []
        self.pasv_address = "127,0,0,1"
        self.cut_after_bytes: int | None = None
        """After so many bytes the data connection ends, and the control connection with it."""

        self.silent_on: str | None = None
        """This command is never answered."""

        self.left = asyncio.Event()
        """Somebody broke off a connection whose command was not answered."""

        self._tls = tls

    def url(self, path: str, user_info: str = "", scheme: str = "ftp") -> str:
        return f"{scheme}://{user_info}127.0.0.1:{self.port}{path}"

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, EOFError):
            await _FtpConversation(self, reader, writer, self._tls).run()
        await _close(writer)


class _FtpConversation:
    def __init__(
        self,
        server: FtpServer,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        tls: ssl.SSLContext | None,
    ) -> None:
        self._server = server
        self._reader = reader
        self._writer = writer
        self._tls = tls
        self._directory = "/"
        self._user = ""
        self._data: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = (
            asyncio.Queue()
        )
        self._data_writers: list[asyncio.StreamWriter] = []
        self._listener: asyncio.Server | None = None

    async def run(self) -> None:
        await self._say("220 hello")
        try:
            while line := await self._reader.readline():
                command, _, argument = line.decode().rstrip("\r\n").partition(" ")
                self._server.commands.append(line.decode().rstrip("\r\n"))
                if command == self._server.silent_on:
                    await self._reader.read()
                    self._server.left.set()
                    return
                if not await self._obey(command, argument):
                    return
        finally:
            if self._listener is not None:
                self._listener.close()
            for writer in self._data_writers:
                await _close(writer)

    async def _obey(self, command: str, argument: str) -> bool:
        server = self._server
        match command:
            case "AUTH" if self._tls is not None:
                await self._say("234 go on")
                await self._writer.start_tls(self._tls)
            case "PBSZ" | "PROT" | "TYPE":
                await self._say("200 as you like")
            case "USER":
                self._user = argument
                await self._say("331 and the password?")
            case "PASS":
                good = self._user == server.user and server.password in (None, argument)
                await self._say("230 welcome" if good else "530 Login incorrect")
            case "PASV":
                await self._say(f"227 ({server.pasv_address},{await self._listen()})")
            case "SIZE" if self._path(argument) in server.files:
                await self._say(f"213 {len(server.files[self._path(argument)])}")
            case "CWD" if self._path(argument) in server.directories:
                self._directory = self._path(argument)
                await self._say("250 here")
            case "RETR" if self._path(argument) in server.files:
                return await self._retrieve(server.files[self._path(argument)])
            case "STOR":
                await self._store(self._path(argument))
            case "QUIT":
                await self._say("221 bye")
                return False
            case _:
                await self._say("550 No such file or directory")
        return True

    async def _retrieve(self, content: bytes) -> bool:
        await self._say("150 here it comes")
        _, writer = await self._data.get()
        cut = self._server.cut_after_bytes
        writer.write(content if cut is None else content[:cut])
        await writer.drain()
        await _close(writer)
        if cut is None:
            await self._say("226 done")
        return cut is None

    async def _store(self, path: str) -> None:
        if path in self._server.directories or (
            (path.rpartition("/")[0] or "/") not in self._server.directories
        ):
            await self._say("553 Could not create file.")
            return
        await self._say("150 let me have it")
        reader, writer = await self._data.get()
        self._server.files[path] = await reader.read()
        await _close(writer)
        await self._say("226 got it")

    async def _listen(self) -> str:
        def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self._data_writers.append(writer)
            self._data.put_nowait((reader, writer))

        self._listener = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=self._tls)
        port = self._listener.sockets[0].getsockname()[1]
        return f"{port // 256},{port % 256}"

    def _path(self, argument: str) -> str:
        path = argument if argument.startswith("/") else f"{self._directory}/{argument}"
        return re.sub("/+", "/", path).rstrip("/") or "/"

    async def _say(self, line: str) -> None:
        self._writer.write(f"{line}\r\n".encode())
        await self._writer.drain()


@asynccontextmanager
async def ftp_server(
    tls: ssl.SSLContext | None = None, *, implicit: bool = False
) -> AsyncGenerator[FtpServer]:
    """With ``tls`` an FTPS server; ``implicit``: encrypted from the first byte on."""
    files = FtpServer(tls)
    async with _listening(files.handle, tls if implicit else None) as port:
        files.port = port
        yield files


@asynccontextmanager
async def _listening(
    handle: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
    tls: ssl.SSLContext | None,
) -> AsyncGenerator[int]:
    """Accept connections; whoever is still there in the end is sent away."""
    writers: set[asyncio.StreamWriter] = set()

    async def accepted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.add(writer)
        try:
            await handle(reader, writer)
        finally:
            writers.discard(writer)

    server = await asyncio.start_server(accepted, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for writer in list(writers):
            writer.close()
        async with asyncio.timeout(5):
            await server.wait_closed()
            while writers:  # noqa: ASYNC110 - the handlers end by themselves
                await asyncio.sleep(0.005)


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
