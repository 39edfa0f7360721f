"""Errors on their way out: exceptions become RFC 9457 problem documents.

Problem                 base; carries its HTTP status
├── NotFound            404
├── Conflict            409  not possible in this state
└── Unprocessable       422  input that does not fit
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from starlette.responses import JSONResponse

PROBLEM_MEDIA_TYPE = "application/problem+json"


class Problem(Exception):
    """An error that the client is told about as it stands."""

    status = 500

    def __init__(self, detail: str, errors: Sequence[Mapping[str, Any]] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = errors


class NotFound(Problem):
    """The resource does not exist."""

    status = 404


class Conflict(Problem):
    """The state of the resource does not allow it."""

    status = 409


class Unprocessable(Problem):
    """The input does not fit; ``field`` names the culprit in the body where there is one."""

    status = 422

    def __init__(self, detail: str, field: str | None = None) -> None:
        errors = [] if field is None else [{"loc": ["body", field], "msg": detail}]
        super().__init__(detail, errors)


def problem_document(
    status: int,
    detail: str,
    *,
    instance: str | None = None,
    errors: Sequence[Mapping[str, Any]] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """A problem document as an answer."""
    content: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": instance,
        "errors": list(errors),
    }
    return JSONResponse(content, status, headers, media_type=PROBLEM_MEDIA_TYPE)
