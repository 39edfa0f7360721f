"""RFC 9457 problem documents: the shape of every error answer."""

from __future__ import annotations

from pydantic import BaseModel, Field


class InvalidField(BaseModel):
    """One thing in the request that does not fit."""

    loc: list[str | int] = Field(description="Where: body, query or path, then the field.")
    msg: str = Field(description="What is wrong with it.")
    line: int | None = Field(default=None, description="In a plan: the line of its text.")


class Problem(BaseModel):
    """An error as RFC 9457 describes it, sent as ``application/problem+json``."""

    type: str = Field(description="A URI that names the kind of problem; about:blank if generic.")
    title: str = Field(description="The kind of problem in a few words.")
    status: int = Field(description="The HTTP status code.")
    detail: str = Field(description="What happened this time, for a person.")
    instance: str | None = Field(default=None, description="The path that was asked for.")
    errors: list[InvalidField] = Field(
        default_factory=list[InvalidField], description="With 422: each field that does not fit."
    )
