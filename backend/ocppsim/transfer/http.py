"""Files over HTTP and HTTPS."""

from __future__ import annotations

import ssl
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from urllib.parse import urljoin

import httpx

from ocppsim import __version__

from .allowlist import HostAllowlist
from .bounds import Receipt, TransferBounds
from .diagnosis import broken, diagnose, quoted
from .errors import TransferFailed
from .intake import Intake, receipt_of
from .location import Location, parse_location

MOST_REDIRECTS = 5
_CHUNK_BYTES = 64 << 10
_CONTENT_TYPE = "text/plain; charset=utf-8"

_AS_IT_IS = {"Accept-Encoding": "identity"}
"""A file that is compressed on the way would not be the one that was meant."""

_OK = 200
_SEE_OTHER = 303
"""It has the file, and shows something else (RFC 9110 §15.4.4)."""

_PUT_NOT_TAKEN = frozenset({404, 405, 501})
"""What servers say that take files by POST only: most 405, some frameworks 404, others 501."""


class HttpTransfer:
    """Fetches with GET; delivers with PUT, or as a form where a server does not take that.

    Certificates are verified; proxies and ``.netrc`` of the environment are not used. Redirects
    lead to allowed hosts only, and take the password nowhere else.
    """

    def __init__(
        self, allowlist: HostAllowlist, bounds: TransferBounds, tls: ssl.SSLContext
    ) -> None:
        self._allowlist = allowlist
        self._bounds = bounds
        self._tls = tls

    async def download(self, location: Location) -> Receipt:
        """Raises :class:`~.errors.TransferFailed`."""
        async with self._client(location) as client:
            for _ in range(MOST_REDIRECTS + 1):
                request = client.build_request("GET", location.url, headers=_AS_IT_IS)
                async with self._sent(client, request, location) as response:
                    if not response.has_redirect_location:
                        return await self._take(response, location)
                    location = self._next(response, location)
        raise TransferFailed(f"{location.peer} redirects too often.")

    async def upload(self, location: Location, file_name: str, content: bytes) -> Receipt:
        """Put the file into the directory, or at the place, that ``location`` names.

        A server that does not take PUT gets the same as a form (``multipart/form-data``, field
        ``file``) at the location as it is. Raises :class:`~.errors.TransferFailed`.
        """
        async with self._client(location) as client:
            status = await self._deliver(client, location.with_file(file_name), content, None)
            if status in _PUT_NOT_TAKEN:
                status = await self._deliver(client, location, content, file_name)
        if not 200 <= status < 300:
            raise TransferFailed(_refusal(status, "", location))
        return receipt_of(content)

    async def _take(self, response: httpx.Response, location: Location) -> Receipt:
        if response.status_code != _OK:
            raise TransferFailed(_refusal(response.status_code, response.reason_phrase, location))
        intake = Intake(self._bounds)
        announced = response.headers.get("Content-Length", "")
        if announced.isdigit():
            intake.expect(int(announced))
        async for chunk in response.aiter_raw(_CHUNK_BYTES):
            intake.take(chunk)
        return intake.receipt

    async def _deliver(
        self, client: httpx.AsyncClient, location: Location, content: bytes, form_name: str | None
    ) -> int:
        """The status of the answer to the last request: PUT, or with a name the form."""
        for _ in range(MOST_REDIRECTS + 1):
            if form_name is not None:
                file = (form_name, BytesIO(content), _CONTENT_TYPE)
                request = client.build_request("POST", location.url, files={"file": file})
            else:
                headers = {"Content-Length": str(len(content)), "Content-Type": _CONTENT_TYPE}
                request = client.build_request(
                    "PUT", location.url, content=_pieces(content), headers=headers
                )
            async with self._sent(client, request, location) as response:
                if response.status_code == _SEE_OTHER:
                    return _OK
                if not response.has_redirect_location:
                    return response.status_code
                location = self._next(response, location)
        raise TransferFailed(f"{location.peer} redirects too often.")

    @asynccontextmanager
    async def _client(self, location: Location) -> AsyncGenerator[httpx.AsyncClient]:
        bounds = self._bounds
        client = httpx.AsyncClient(
            verify=self._tls,
            trust_env=False,
            timeout=httpx.Timeout(bounds.idle_s, connect=bounds.connect_s),
            headers={"User-Agent": f"ocppsim/{__version__}"},
        )
        try:
            async with client:
                yield client
        except httpx.InvalidURL:
            raise TransferFailed(f"{location.shown} is not a URL.") from None

    @asynccontextmanager
    async def _sent(
        self, client: httpx.AsyncClient, request: httpx.Request, location: Location
    ) -> AsyncGenerator[httpx.Response]:
        """The answer, its body still to come; network trouble becomes ``TransferFailed``."""
        auth = httpx.USE_CLIENT_DEFAULT
        if location.user is not None or location.password is not None:
            auth = httpx.BasicAuth(location.user or "", location.password or "")
        try:
            response = await client.send(request, auth=auth, stream=True)
            try:
                yield response
            finally:
                await response.aclose()
        except httpx.ConnectTimeout:
            seconds = f"{self._bounds.connect_s:g}"
            raise TransferFailed(f"{location.peer} does not answer within {seconds} s.") from None
        except httpx.TimeoutException:
            raise TransferFailed(diagnose(TimeoutError(), location, self._bounds.idle_s)) from None
        except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
            raise TransferFailed(broken(location)) from None
        except httpx.HTTPError as error:
            raise TransferFailed(diagnose(error, location, self._bounds.idle_s)) from None

    def _next(self, response: httpx.Response, location: Location) -> Location:
        """Where a redirect leads; raises :class:`~.errors.TransferFailed` where we must not go."""
        onward = parse_location(urljoin(location.url, response.headers["Location"]))
        if onward.scheme not in ("http", "https"):
            raise TransferFailed(f"{location.peer} redirects to another protocol.")
        if not self._allowlist.allows(onward):
            raise TransferFailed(
                f"{location.peer} redirects to {onward.peer}, which is not an allowed host."
            )
        if onward.user is None and onward[:3] == location[:3]:
            return onward._replace(user=location.user, password=location.password)
        return onward


async def _pieces(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), _CHUNK_BYTES):
        yield content[start : start + _CHUNK_BYTES]


def _refusal(status: int, phrase: str, location: Location) -> str:
    phrase = quoted(phrase) or httpx.codes.get_reason_phrase(status)
    return f"{location.peer} answered {status}{f' {phrase}' if phrase else ''}."


__all__ = ["MOST_REDIRECTS", "HttpTransfer"]
