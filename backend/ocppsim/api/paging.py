"""Lists: bare arrays, a page at a time, with the total in ``X-Total-Count``."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query, Response

TOTAL_HEADER = "X-Total-Count"
DEFAULT_LIMIT = 100
MAX_LIMIT = 1000
MAX_OFFSET = 2**53 - 1

Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description="Page size.")]
Offset = Annotated[int, Query(ge=0, le=MAX_OFFSET, description="How many to skip.")]

PAGED: dict[int | str, dict[str, Any]] = {
    200: {
        "headers": {
            TOTAL_HEADER: {
                "description": "How many there are on all pages.",
                "schema": {"type": "integer"},
            }
        }
    }
}
"""The documentation of a paged answer."""


def set_total(response: Response, total: int) -> None:
    """Tell the client how many there are on all pages."""
    response.headers[TOTAL_HEADER] = str(total)
