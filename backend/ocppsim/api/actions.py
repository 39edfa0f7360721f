"""What can be done to a charger, by name: for the single routes and for bulk operations."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel, RootModel, ValidationError

from ocppsim.chargepoint.notifications import CallAnswered
from ocppsim.runtime.errors import UnknownCharger
from ocppsim.runtime.live_charger import LiveCharger
from ocppsim.runtime.operations import OperationFailure, OperationStep

from .charger_changes import delete_charger, update_charger
from .problems import (
    CLIENT_ERRORS,
    Conflict,
    Unprocessable,
    describe_field_errors,
    field_errors,
    status_and_detail,
)
from .schemas.base import Body
from .schemas.charger import ClockBody, FilesBody, NetworkBody, PowerBody
from .schemas.charger_input import ChargerUpdate
from .schemas.configuration import ConfigurationValues
from .schemas.connector import (
    EvBody,
    FaultBody,
    IdTagBody,
    InjectStatusBody,
    LockBody,
    PlugInBody,
    UnplugBody,
)
from .schemas.message import SendCallBody, SendRawBody
from .schemas.transaction import StartTransactionBody, StopTransactionBody
from .services import Services

M = TypeVar("M", bound=BaseModel)


class NoBody(Body):
    """An action that needs to be told nothing."""


class ForceBody(Body):
    """Whether to go on where a transaction runs."""

    force: bool = False


class ConnectorChoice(Body):
    """On which connector."""

    connector_id: int | None = None


class ReaderBody(IdTagBody):
    """A tag is shown to the reader of a connector, or to the shared one."""

    connector_id: int | None = None


def plug_in(charger: LiveCharger, connector_id: int, body: PlugInBody) -> None:
    charger.plug_in(
        connector_id,
        body.vehicle_id,
        model_id=body.model_id,
        soc_percent=body.soc_percent,
        battery_celsius=body.battery_temperature_celsius,
        lock_fails=body.lock_fails,
        cable_current_a=body.cable_current_a,
        leaves_after_s=body.departs_after_s,
    )


def unplug(charger: LiveCharger, connector_id: int, body: UnplugBody) -> None:
    charger.unplug(connector_id, body.side)


def set_ev_draws(charger: LiveCharger, connector_id: int, body: EvBody) -> None:
    charger.set_ev_draws(connector_id, body.draws)


def present_id_tag(charger: LiveCharger, connector_id: int | None, body: IdTagBody) -> None:
    charger.present_id_tag(body.id_tag, connector_id)


def press_stop_button(charger: LiveCharger, connector_id: int, _: NoBody) -> None:
    charger.press_stop_button(connector_id)


def raise_fault(charger: LiveCharger, connector_id: int, body: FaultBody) -> None:
    charger.raise_fault(
        connector_id,
        body.error_code,
        info=body.info,
        vendor_id=body.vendor_id,
        vendor_error_code=body.vendor_error_code,
    )


def clear_fault(charger: LiveCharger, connector_id: int, _: NoBody) -> None:
    charger.clear_fault(connector_id)


def jam_lock(charger: LiveCharger, connector_id: int, body: LockBody) -> None:
    charger.jam_lock(connector_id, body.jammed)


def set_power(charger: LiveCharger, body: PowerBody) -> None:
    charger.set_power(body.state)


def set_network(charger: LiveCharger, body: NetworkBody) -> None:
    charger.set_network(body.state, body.latency_ms, body.jitter_ms, body.loss)


def set_clock(charger: LiveCharger, body: ClockBody) -> None:
    charger.set_clock_offset(body.offset_s)


def set_files(charger: LiveCharger, body: FilesBody) -> None:
    charger.set_file_outcomes(body.changes())


class ConnectorAction(NamedTuple):
    """An action on one connector."""

    body: type[BaseModel]
    perform: Callable[[LiveCharger, int, Any], None]


class ChargerAction(NamedTuple):
    """An action on a charger as a whole."""

    body: type[BaseModel]
    perform: Callable[[Services, LiveCharger, Any], Awaitable[None]]


CONNECTOR_ACTIONS: dict[str, ConnectorAction] = {
    "plug-in": ConnectorAction(PlugInBody, plug_in),
    "unplug": ConnectorAction(UnplugBody, unplug),
    "ev": ConnectorAction(EvBody, set_ev_draws),
    "stop-button": ConnectorAction(NoBody, press_stop_button),
    "fault": ConnectorAction(FaultBody, raise_fault),
    "clear-fault": ConnectorAction(NoBody, clear_fault),
    "lock": ConnectorAction(LockBody, jam_lock),
}
"""In bulk, ``connector_id`` stands in the body; without it the action is on all connectors."""


async def _connect(services: Services, charger: LiveCharger, _: NoBody) -> None:
    charger.connect()
    await services.config_sync.settled()


async def _disconnect(services: Services, charger: LiveCharger, _: NoBody) -> None:
    charger.disconnect()
    await services.config_sync.settled()


async def _go_offline(services: Services, charger: LiveCharger, _: NoBody) -> None:
    charger.go_offline()
    await services.config_sync.settled()


async def _go_online(services: Services, charger: LiveCharger, _: NoBody) -> None:
    charger.go_online()
    await services.config_sync.settled()


async def _delete(services: Services, charger: LiveCharger, body: ForceBody) -> None:
    await delete_charger(services, charger.charge_point_id, force=body.force)


async def _update(services: Services, charger: LiveCharger, body: ChargerUpdate) -> None:
    await update_charger(services, charger.charge_point_id, body)


async def _configure(
    services: Services, charger: LiveCharger, body: RootModel[ConfigurationValues]
) -> None:
    charger.set_configuration(body.root)
    await services.config_sync.settled()


async def _send_call(_: Services, charger: LiveCharger, body: SendCallBody) -> None:
    _require_result(body.action, await charger.send_call(body.action, body.payload))


async def _send_raw(_: Services, charger: LiveCharger, body: SendRawBody) -> None:
    charger.send_raw(body.text)


async def _start(_: Services, charger: LiveCharger, body: StartTransactionBody) -> None:
    outcome = await charger.start_transaction(
        body.connector_id,
        body.id_tag,
        body.vehicle_id,
        body.start_soc_percent,
        model_id=body.model_id,
    )
    if outcome.kind == "refused":
        raise Conflict(outcome.reason or "the transaction was refused")


async def _stop(_: Services, charger: LiveCharger, body: StopTransactionBody) -> None:
    await charger.stop_transaction(body.connector_id, body.reason)


async def _present_id_tag(_: Services, charger: LiveCharger, body: ReaderBody) -> None:
    present_id_tag(charger, body.connector_id, body)


async def _press_emergency_stop(_: Services, charger: LiveCharger, __: NoBody) -> None:
    charger.press_emergency_stop()


async def _set_power(_: Services, charger: LiveCharger, body: PowerBody) -> None:
    set_power(charger, body)


async def _set_network(_: Services, charger: LiveCharger, body: NetworkBody) -> None:
    set_network(charger, body)


async def _set_clock(_: Services, charger: LiveCharger, body: ClockBody) -> None:
    set_clock(charger, body)


async def inject_status(charger: LiveCharger, body: InjectStatusBody) -> CallAnswered:
    return await charger.inject_status(
        body.connector_id,
        body.status,
        body.error_code,
        info=body.info,
        vendor_id=body.vendor_id,
        vendor_error_code=body.vendor_error_code,
    )


async def _inject_status(_: Services, charger: LiveCharger, body: InjectStatusBody) -> None:
    _require_result("StatusNotification", await inject_status(charger, body))


async def _set_files(_: Services, charger: LiveCharger, body: FilesBody) -> None:
    set_files(charger, body)


async def _factory_reset(_: Services, charger: LiveCharger, __: NoBody) -> None:
    charger.factory_reset()


CHARGER_ACTIONS: dict[str, ChargerAction] = {
    "connect": ChargerAction(NoBody, _connect),
    "disconnect": ChargerAction(NoBody, _disconnect),
    "go-offline": ChargerAction(NoBody, _go_offline),
    "go-online": ChargerAction(NoBody, _go_online),
    "delete": ChargerAction(ForceBody, _delete),
    "update": ChargerAction(ChargerUpdate, _update),
    "configuration": ChargerAction(RootModel[ConfigurationValues], _configure),
    "messages": ChargerAction(SendCallBody, _send_call),
    "messages/raw": ChargerAction(SendRawBody, _send_raw),
    "transactions/start": ChargerAction(StartTransactionBody, _start),
    "transactions/stop": ChargerAction(StopTransactionBody, _stop),
    "id-tag": ChargerAction(ReaderBody, _present_id_tag),
    "emergency-stop": ChargerAction(NoBody, _press_emergency_stop),
    "power": ChargerAction(PowerBody, _set_power),
    "network": ChargerAction(NetworkBody, _set_network),
    "clock": ChargerAction(ClockBody, _set_clock),
    "files": ChargerAction(FilesBody, _set_files),
    "factory-reset": ChargerAction(NoBody, _factory_reset),
    "inject-status": ChargerAction(InjectStatusBody, _inject_status),
}


def bulk_step(services: Services, action: str, body: dict[str, Any]) -> OperationStep:
    """What a bulk operation does with each charger; raises ``Unprocessable`` for a bad body."""
    on_connector = CONNECTOR_ACTIONS.get(action)
    if on_connector is not None:
        return _connector_step(services, on_connector, body)
    on_charger = CHARGER_ACTIONS[action]
    checked = _checked(on_charger.body, body)

    async def step(charge_point_id: str) -> list[OperationFailure]:
        try:
            charger = services.supervisor.store.get(charge_point_id)
            await on_charger.perform(services, charger, checked)
        except CLIENT_ERRORS as error:
            return [_failure(charge_point_id, None, error)]
        return []

    return step


def _connector_step(
    services: Services, action: ConnectorAction, body: dict[str, Any]
) -> OperationStep:
    rest = {name: value for name, value in body.items() if name != "connector_id"}
    asked = _checked(ConnectorChoice, {"connector_id": body.get("connector_id")}).connector_id
    checked = _checked(action.body, rest)

    async def step(charge_point_id: str) -> list[OperationFailure]:
        charger = services.supervisor.store.find(charge_point_id)
        if charger is None:
            return [_failure(charge_point_id, None, UnknownCharger(charge_point_id))]
        failures: list[OperationFailure] = []
        for connector_id in charger.connector_ids if asked is None else (asked,):
            try:
                action.perform(charger, connector_id, checked)
            except CLIENT_ERRORS as error:
                failures.append(_failure(charge_point_id, connector_id, error))
        return failures

    return step


def _require_result(action: str, answer: CallAnswered) -> None:
    if answer.outcome != "result":
        reason = answer.error_code or answer.outcome
        raise Conflict(f"the CSMS did not answer {action} with a result: {reason}")


def _failure(charge_point_id: str, connector_id: int | None, error: Exception) -> OperationFailure:
    status, detail = status_and_detail(error)
    return OperationFailure(charge_point_id, connector_id, status, detail)


def _checked(kind: type[M], body: dict[str, Any]) -> M:
    try:
        return kind.model_validate(body)
    except ValidationError as error:
        errors = field_errors(error)
        for entry in errors:
            entry["loc"] = ["body", "body", *entry["loc"]]
        raise Unprocessable(describe_field_errors(errors), errors=errors) from None
