"""Errors on their way out: exceptions become RFC 9457 problem documents.

Problem                 base; carries its HTTP status
├── NotAllowed          401
├── NotFound            404
├── Conflict            409  not possible in this state
├── TooLarge            413
├── Unprocessable       422  input that does not fit
└── Unavailable         503
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Match

from ocppsim.chargepoint import errors as charge_point
from ocppsim.fleet import errors as fleet
from ocppsim.persistence import errors as persistence
from ocppsim.runtime import errors as runtime
from ocppsim.simulation.vehicle_models import UnknownVehicleModel

PROBLEM_MEDIA_TYPE = "application/problem+json"
INTERNAL_ERROR = "an error of the simulator itself; its log says more"
_PATH_CHARACTERS = "/:@!$&'()*+,;="  # RFC 3986 §3.3, beside those that are never encoded
_METHODS = ("GET", "HEAD", "POST", "PATCH", "DELETE")
CHALLENGE = 'Bearer realm="ocppsim"'

STATUS_OF: dict[type[Exception], int] = {
    charge_point.IllegalAction: 409,
    charge_point.UnknownConnector: 404,
    charge_point.InvalidSetting: 422,
    runtime.UnknownCharger: 404,
    runtime.UnusableCharger: 409,
    runtime.UnknownOperation: 404,
    runtime.UnknownVehicle: 422,
    UnknownVehicleModel: 422,
    runtime.DuplicateCharger: 409,
    runtime.NotConnected: 409,
    fleet.UnknownRun: 404,
    fleet.RunsBusy: 409,
    persistence.NotFound: 404,
    persistence.DuplicateChargePoint: 409,
    persistence.LocationInUse: 409,
    persistence.UnfitValue: 422,
    persistence.DatabaseUnavailable: 503,
}
"""The HTTP status of every error that the layers below raise for the client to see."""


class Problem(Exception):
    """An error that the client is told about as it stands."""

    status = 500

    def __init__(self, detail: str, errors: Sequence[Mapping[str, Any]] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = errors


class NotAllowed(Problem):
    """Who asks has not shown that they may."""

    status = 401


class NotFound(Problem):
    """The resource does not exist."""

    status = 404


class Conflict(Problem):
    """The state of the resource does not allow it."""

    status = 409


class TooLarge(Problem):
    """The body is larger than what is read."""

    status = 413


class Unprocessable(Problem):
    """The input does not fit; ``field`` names the culprit in the body where there is one."""

    status = 422

    def __init__(
        self, detail: str, field: str | None = None, errors: Sequence[Mapping[str, Any]] = ()
    ) -> None:
        if field is not None:
            errors = [{"loc": ["body", field], "msg": detail}]
        super().__init__(detail, errors)


class Unavailable(Problem):
    """The service cannot answer now."""

    status = 503


CLIENT_ERRORS = (Problem, *STATUS_OF)
"""The errors that are the client's to know; any other one is an error of the simulator."""


def status_and_detail(error: Exception) -> tuple[int, str]:
    """How the client is told about one of ``CLIENT_ERRORS``."""
    if isinstance(error, Problem):
        return error.status, error.detail
    status = next(status for kind, status in STATUS_OF.items() if isinstance(error, kind))
    return status, str(error)


def field_errors(error: RequestValidationError | ValidationError) -> list[dict[str, Any]]:
    """Where and why the input does not fit; the input itself is not repeated (secrets)."""
    return [
        {
            "loc": [step if isinstance(step, int) else _printable(step) for step in entry["loc"]],
            "msg": _printable(_plain(entry["msg"])),
        }
        for entry in error.errors()
    ]


def _plain(message: str) -> str:
    """Without what only the validating library means by it."""
    return message.removeprefix("Value error, ").replace(" after validation", "")


def describe_field_errors(errors: Sequence[Mapping[str, Any]]) -> str:
    """The same in one line."""
    parts: list[str] = []
    for entry in errors:
        place = ".".join(str(step) for step in entry["loc"] if step != "body")
        parts.append(f"{place}: {entry['msg']}" if place else str(entry["msg"]))
    return "; ".join(parts)


def problem_document(
    status: int,
    detail: str,
    *,
    instance: str | None = None,
    errors: Sequence[Mapping[str, Any]] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """A problem document as an answer; ``instance`` is the (decoded) path that was asked for."""
    content: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": None if instance is None else _reference(instance),
        "errors": list(errors),
    }
    return JSONResponse(content, status, headers, media_type=PROBLEM_MEDIA_TYPE)


def install_problem_handlers(app: FastAPI) -> None:
    """Make ``app`` answer every error with a problem document."""

    def on_problem(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, Problem)
        return problem_document(
            error.status,
            _printable(error.detail),
            instance=request.scope["path"],
            errors=error.errors,
            headers={"WWW-Authenticate": CHALLENGE} if error.status == 401 else None,
        )

    def on_known(request: Request, error: Exception) -> JSONResponse:
        status, detail = status_and_detail(error)
        return problem_document(status, _printable(detail), instance=request.scope["path"])

    def on_invalid(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        errors = field_errors(error)
        return problem_document(
            422, describe_field_errors(errors), instance=request.scope["path"], errors=errors
        )

    def on_http(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        path: str = request.scope["path"]
        if error.status_code == 400:
            # What the framework says of a body that cannot be taken apart.
            return problem_document(422, str(error.detail), instance=path)
        if error.status_code == 405:
            allowed = ", ".join(_methods_for(request))
            return problem_document(
                405,
                f"{request.method} is not for this; there is {allowed}",
                instance=path,
                headers={"Allow": allowed},
            )
        return problem_document(
            error.status_code, str(error.detail), instance=path, headers=error.headers
        )

    def on_bug(request: Request, _: Exception) -> JSONResponse:
        return problem_document(500, INTERNAL_ERROR, instance=request.scope["path"])

    app.add_exception_handler(Problem, on_problem)
    for kind in STATUS_OF:
        app.add_exception_handler(kind, on_known)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(Exception, on_bug)


def _methods_for(request: Request) -> list[str]:
    """What the path can be asked with; every method may have a route of its own."""
    routes: Sequence[BaseRoute] = request.app.routes
    return [
        method
        for method in _METHODS
        if any(
            route.matches({**request.scope, "method": method})[0] is Match.FULL for route in routes
        )
    ]


def _reference(path: str) -> str:
    """The path as the URI reference that RFC 9457 §3.1.5 wants."""
    return quote(_printable(path), safe=_PATH_CHARACTERS)


def _printable(text: str) -> str:
    """The text as what can be sent: a lone surrogate cannot be encoded."""
    return text.encode("utf-8", "backslashreplace").decode()
