"""The web UI: static files, and its page for every path that is a route of its own."""

from __future__ import annotations

from pathlib import Path

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from .access import is_api_path
from .problems import problem_document

_PAGE_HEADERS = {
    "Cache-Control": "no-cache",
    "Vary": "Accept",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
}
_ASSET_HEADERS = {"Cache-Control": "public, max-age=31536000, immutable"}

_NOT_BUILT = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>OCPP Charger Simulator</title></head>
<body style="font-family: system-ui, sans-serif; max-width: 40rem; margin: 4rem auto">
<h1>OCPP Charger Simulator</h1>
<p>The simulator is running, but its web UI has not been built. In a checkout, build it with</p>
<pre>cd frontend &amp;&amp; npm ci &amp;&amp; npm run build</pre>
<p>(<code>make run</code> does that by itself), then reload this page.
The API is there: see <a href="/api/docs">its documentation</a>.</p>
</body>
</html>
"""


def wants_html(accept: str | None) -> bool:
    """Whether an ``Accept`` header names ``text/html`` (a browser's does, ``*/*`` does not)."""
    for part in (accept or "").split(","):
        media_range, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if media_range == "text/html":
            return not any(parameter in {"q=0", "q=0.0"} for parameter in parameters)
    return False


class WebUi:
    """An ASGI application for what no route of the API takes.

    Files of ``directory`` are served as they are; any other path gets the UI's page where a
    browser asks for one (the UI routes it), else a problem document.
    """

    def __init__(self, directory: Path | None) -> None:
        self._directory = directory
        self._files = StaticFiles(directory=directory, check_dir=False) if directory else None

    def page(self) -> Response:
        """The page that starts the UI."""
        index = None if self._directory is None else self._directory / "index.html"
        if index is None or not index.is_file():
            return HTMLResponse(_NOT_BUILT, headers=_PAGE_HEADERS)
        return FileResponse(index, headers=_PAGE_HEADERS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        response = await self._respond(scope)
        await response(scope, receive, send)

    async def _respond(self, scope: Scope) -> Response:
        path: str = scope["path"]
        if not is_api_path(path) and scope["method"] in {"GET", "HEAD"}:
            response = await self._file(path, scope)
            if response is not None:
                return response
            if wants_html(Headers(scope=scope).get("accept")):
                return self.page()
        instance = path.encode("utf-8", "backslashreplace").decode()
        return problem_document(404, f"there is nothing at {instance}", instance=instance)

    async def _file(self, path: str, scope: Scope) -> Response | None:
        if self._files is None or self._directory is None or not self._directory.is_dir():
            return None
        relative = path.lstrip("/")
        if not relative:
            return None
        try:
            response = await self._files.get_response(relative, scope)
        except HTTPException:
            return None
        response.headers["X-Content-Type-Options"] = "nosniff"
        if relative.startswith("assets/"):
            # Their names carry a hash of their content.
            response.headers.update(_ASSET_HEADERS)
        else:
            response.headers["Cache-Control"] = "no-cache"
        return response
