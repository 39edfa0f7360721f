"""The HTTP interface of the demo central system."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Generator
from dataclasses import asdict
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any, Literal

import uvicorn
from fastapi import FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware

from .errors import (
    AnswerOverdue,
    CentralSystemError,
    ConnectionLost,
    InvalidCommand,
    NotConnected,
    UnknownChargePoint,
)

if TYPE_CHECKING:
    from .central_system import DemoCentralSystem

_STATUS_OF: dict[type[CentralSystemError], HTTPStatus] = {
    UnknownChargePoint: HTTPStatus.NOT_FOUND,
    NotConnected: HTTPStatus.CONFLICT,
    InvalidCommand: HTTPStatus.UNPROCESSABLE_ENTITY,
    ConnectionLost: HTTPStatus.BAD_GATEWAY,
    AnswerOverdue: HTTPStatus.GATEWAY_TIMEOUT,
}


class Command(BaseModel):
    """A CALL to send: ``payload`` goes out as it is, checked unless ``validate`` is false."""

    model_config = ConfigDict(extra="forbid")

    action: str = Field(min_length=1)
    payload: dict[str, Any] = Field(default_factory=dict)
    check: bool = Field(default=True, alias="validate")


def create_http_api(central_system: DemoCentralSystem) -> FastAPI:
    """The application; every error is a problem document (RFC 9457)."""
    app = FastAPI(
        title="Demo central system",
        description="An OCPP 1.6J central system to try chargers with; it keeps all in memory.",
    )
    if central_system.config.http_host in ("127.0.0.1", "::1", "localhost"):
        # A page of another origin that had its name re-bound must not reach the commands.
        app.add_middleware(
            TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost", "[::1]", "::1"]
        )
    _add_error_handlers(app)
    _add_routes(app, central_system)
    return app


def _add_routes(app: FastAPI, central_system: DemoCentralSystem) -> None:
    @app.get("/")
    async def root() -> dict[str, Any]:
        return {
            "service": "demo central system",
            "connect_to": central_system.url,
            "chargers": len(central_system.chargers),
            "connected": sum(r.connected for r in central_system.chargers.values()),
            "docs": "/docs",
        }

    @app.get("/chargers")
    async def chargers(connected: bool | None = None) -> list[dict[str, Any]]:
        return [
            record.as_json()
            for record in central_system.chargers.values()
            if connected is None or record.connected is connected
        ]

    @app.get("/chargers/{charge_point_id}")
    async def charger(charge_point_id: str) -> dict[str, Any]:
        return central_system.charger(charge_point_id).as_json()

    @app.post("/chargers/{charge_point_id}/commands")
    async def command(charge_point_id: str, body: Command) -> dict[str, Any]:
        outcome = await central_system.send(
            charge_point_id, body.action, body.payload, validate=body.check
        )
        return asdict(outcome)

    @app.delete("/chargers/{charge_point_id}/connection", status_code=HTTPStatus.NO_CONTENT)
    async def disconnect(charge_point_id: str) -> None:
        await central_system.disconnect(charge_point_id)

    @app.get("/transactions")
    async def transactions(
        charge_point_id: str | None = None,
        state: Literal["running", "stopped", "lost"] | None = None,
        limit: Annotated[int, Query(ge=1, le=10_000)] = 1_000,
    ) -> list[dict[str, Any]]:
        chosen = [
            record.as_json()
            for record in central_system.transactions
            if (charge_point_id is None or record.charge_point_id == charge_point_id)
            and (state is None or record.state == state)
        ]
        return chosen[-limit:]

    @app.get("/transactions/{transaction_id}/meter-values")
    async def meter_values(transaction_id: int) -> list[dict[str, Any]]:
        record = central_system.transactions.get(transaction_id)
        if record is None:
            raise HTTPException(HTTPStatus.NOT_FOUND, f"no transaction {transaction_id}")
        return list(record.meter_values)

    @app.get("/violations")
    async def violations() -> list[dict[str, Any]]:
        return [asdict(violation) for violation in central_system.violations]

    del root, chargers, charger, command, disconnect, transactions, meter_values, violations


def _add_error_handlers(app: FastAPI) -> None:
    async def central_system_error(_: Request, error: Exception) -> JSONResponse:
        status = next(
            (status for kind, status in _STATUS_OF.items() if isinstance(error, kind)),
            HTTPStatus.INTERNAL_SERVER_ERROR,
        )
        return _problem(status, str(error))

    async def invalid_request(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        return _problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"{place}: {first['msg']}")

    async def http_error(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        return _problem(HTTPStatus(error.status_code), str(error.detail))

    app.add_exception_handler(CentralSystemError, central_system_error)
    app.add_exception_handler(RequestValidationError, invalid_request)
    app.add_exception_handler(HTTPException, http_error)


def _problem(status: HTTPStatus, detail: str) -> JSONResponse:
    return JSONResponse(
        {"type": "about:blank", "title": status.phrase, "status": status, "detail": detail},
        status_code=status,
        media_type="application/problem+json",
    )


class HttpServer(uvicorn.Server):
    """Serves the interface on a socket that listens already, inside a running loop."""

    def __init__(self, central_system: DemoCentralSystem, sock: socket.socket) -> None:
        super().__init__(
            uvicorn.Config(
                create_http_api(central_system),
                lifespan="off",
                access_log=False,
                log_config=None,
                log_level="warning",
                ws="none",
                timeout_graceful_shutdown=1,
            )
        )
        self._socket = sock

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        """Leave the signals to the program."""
        yield

    async def serve_until_stopped(self) -> None:
        await self.serve(sockets=[self._socket])

    def stop(self) -> None:
        self.should_exit = True
