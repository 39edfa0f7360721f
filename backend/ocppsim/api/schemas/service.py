"""The service itself: health, links, login."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from .base import Answer, Body


class Health(Answer):
    """Whether the service works, and how much it has to do."""

    status: Literal["ok"]
    service: str
    version: str
    chargers: int
    connected: int


class ServiceLinks(Answer):
    """Where to go from here."""

    docs: str
    openapi: str
    ui: str
    health: str


class ServiceInfo(Answer):
    """What answers at the root."""

    service: str
    version: str
    links: ServiceLinks


class LoginBody(Body):
    """The API token, typed by a person."""

    token: Annotated[str, StringConstraints(min_length=1, max_length=1000)]


class Session(Answer):
    """Whether this client may use the API."""

    authentication_required: bool = Field(description="False where the API is open (loopback).")
    authenticated: bool
