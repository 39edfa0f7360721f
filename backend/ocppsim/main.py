"""The composition root: the only place that chooses adapters.

``create_app(Settings())`` makes the web application; everything else starts and ends with its
lifespan.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import sys
import sysconfig
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

from fastapi import FastAPI
from sqlalchemy.orm import Session

from ocppsim.api.access import AccessPolicy
from ocppsim.api.application import create_api
from ocppsim.api.charger_changes import rehearsed_configuration
from ocppsim.api.garage import garage_vehicle, unknown_models
from ocppsim.api.schemas.site import site_definition
from ocppsim.api.services import Services, attach_services
from ocppsim.api.template_rules import check_template
from ocppsim.chargepoint.controller import ControllerFactory
from ocppsim.chargepoint.durable_state import DurableState
from ocppsim.chargepoint.v16.behaviour import check_behaviour
from ocppsim.chargepoint.v16.charge_point import ChargePoint
from ocppsim.fleet.child_run import Program
from ocppsim.fleet.hosted_runs import HostedRuns
from ocppsim.persistence import (
    ConfigSync,
    Database,
    HistoryKeeper,
    Journal,
    Vehicle,
    chargers,
    load_durable_states,
    locations,
    simulation,
    vehicles,
)
from ocppsim.runtime.settings import RuntimeSettings
from ocppsim.runtime.store import LeftOut
from ocppsim.runtime.supervisor import Supervisor
from ocppsim.settings import PREFIX, Settings
from ocppsim.simulation.definition import ChargerDefinition
from ocppsim.templates import ChargerTemplate, TemplateCatalogue, read_catalogue
from ocppsim.transfer.allowlist import HostAllowlist
from ocppsim.transfer.bounds import TransferBounds
from ocppsim.transfer.file_transfer import FileTransfer

_logger = logging.getLogger("ocppsim")

CONTROLLER_FACTORY: ControllerFactory = ChargePoint
"""Makes the charge points of all chargers: OCPP 1.6 is what there is."""

_NOT_FOR_RUNS = frozenset({"API_TOKEN", "DATABASE_URL", "PASSWORD"})
_TURN = 100
"""After so many chargers brought to life, those that live already get their turn."""


def create_app(settings: Settings | None = None) -> FastAPI:
    """The web application for these settings (default: from the environment).

    On the way in, its lifespan migrates the database, brings every stored charger to life as it
    was and connects those that are to be connected. Raises what ``Database`` raises, and
    ``TemplateFault``.
    """
    settings = Settings() if settings is None else settings
    app = create_api(
        policy=_access_policy(settings),
        ui_directory=settings.ui_directory or _find_ui(),
        lifespan=_lifespan(settings, charger_templates(settings.templates_dir)),
    )
    attach_services(app, None)
    app.state.fleet_runs = None
    return app


def end_event_streams(app: FastAPI) -> None:
    """End the streams of events, which would keep a server from shutting down cleanly.

    For whoever runs the server, before it waits for its connections.
    """
    services: Services | None = app.state.services
    if services is not None:
        services.supervisor.feed.close()


def break_off_fleet_runs(app: FastAPI) -> None:
    """End all fleet runs at once, for who does not want to wait until they have ramped down.

    A signal handler may call it.
    """
    fleet_runs: HostedRuns | None = app.state.fleet_runs
    if fleet_runs is not None:
        fleet_runs.break_off()


def charger_templates(directory: Path | None) -> TemplateCatalogue:
    """The built-in charger models and those of the directory; raises ``TemplateFault``."""

    def rehearse(definition: ChargerDefinition, values: Mapping[str, str]) -> None:
        check_behaviour(definition.behaviour)
        rehearsed_configuration(CONTROLLER_FACTORY, definition, values)

    def check(template: ChargerTemplate) -> None:
        check_template(template, rehearse)

    return read_catalogue(directory, check)


def _lifespan(
    settings: Settings, templates: TemplateCatalogue
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        database = Database(settings.database_url, synchronous=settings.synchronous)
        try:
            await asyncio.to_thread(database.upgrade)
            journal = Journal(database)
            await asyncio.to_thread(journal.recover)
            config_sync = ConfigSync(journal.writer)
            supervisor = Supervisor(
                CONTROLLER_FACTORY,
                journal,
                config_sync,
                transfers=_transfers(settings),
                settings=RuntimeSettings(
                    apply_csms_time=settings.apply_csms_time,
                    message_log_bytes=settings.message_log_bytes,
                    ledger_interval_s=settings.ledger_interval_s,
                ),
            )
            history = HistoryKeeper(
                database,
                keep=settings.keep_transactions,
                keep_days=settings.keep_transactions_days,
            )
            fleet_runs = app.state.fleet_runs = _fleet_runs(settings, database)
            try:
                async with supervisor, history.at_work(), fleet_runs.at_work():
                    with supervisor.long_lived.coming():
                        await _bring_back(database, supervisor)
                    services = Services(
                        database=database,
                        supervisor=supervisor,
                        config_sync=config_sync,
                        controller_factory=CONTROLLER_FACTORY,
                        check_behaviour=check_behaviour,
                        charger_templates=templates,
                        changes=asyncio.Lock(),
                        fleet_runs=fleet_runs,
                        plan_reading=asyncio.Lock(),
                    )
                    attach_services(app, services)
                    try:
                        yield
                    finally:
                        attach_services(app, None)
            finally:
                await asyncio.to_thread(journal.close)
        finally:
            await asyncio.to_thread(database.close)

    return lifespan


async def _bring_back(database: Database, supervisor: Supervisor) -> None:
    """Bring the stored chargers to life, in the order of their creation.

    One whose stored state cannot be used is logged and left as it is stored.
    """
    began_s = time.monotonic()
    scales = await database.read(_load_time_scales)
    supervisor.set_time_scale(scales.simulation)
    for location_id, time_scale in scales.locations.items():
        supervisor.set_location_time_scale(location_id, time_scale)
    for location_id, stored in (await database.read(_load_sites)).items():
        try:
            supervisor.set_site(location_id, site_definition(stored))
        except ValueError:
            _logger.exception("location %d: its site cannot be read, so it has none", location_id)
    definitions, durable, garages = await database.read(_load)
    for location_id, parked in garages.items():
        for model_id in sorted(unknown_models(parked)):
            _logger.warning(
                "location %d has vehicles of a model %r that is not in the library (any more); "
                "they keep their own numbers",
                location_id,
                model_id,
            )
        supervisor.set_vehicles(location_id, [garage_vehicle(vehicle) for vehicle in parked])
    for number, definition in enumerate(definitions, start=1):
        try:
            await supervisor.add(definition, durable[definition.charger_id])
        except Exception as error:  # One that cannot be read must not keep the others down.
            _logger.exception("%s cannot be brought back", definition.charge_point_id)
            left_out = LeftOut(definition.location_id, str(error) or type(error).__name__)
            supervisor.store.left_out[definition.charge_point_id] = left_out
        if number % _TURN == 0:
            await asyncio.sleep(0)
    _logger.info(
        "%d chargers from %s in %.1f s",
        len(supervisor.store),
        database.shown_url,
        time.monotonic() - began_s,
    )


class _TimeScales(NamedTuple):
    simulation: float
    locations: dict[int, float]


def _load_time_scales(session: Session) -> _TimeScales:
    stored = locations.list_page(session).items
    return _TimeScales(
        simulation.load(session).time_scale,
        {location.id: location.time_scale for location in stored},
    )


def _load_sites(session: Session) -> dict[int, dict[str, Any]]:
    stored = locations.list_page(session).items
    return {location.id: location.site for location in stored if location.site is not None}


def _load(
    session: Session,
) -> tuple[list[ChargerDefinition], dict[int, DurableState], dict[int, list[Vehicle]]]:
    definitions = chargers.load_all(session)
    durable = load_durable_states(session, [each.charger_id for each in definitions])
    return definitions, durable, vehicles.by_location(session)


def _access_policy(settings: Settings) -> AccessPolicy:
    token: str | None = None
    if not settings.is_loopback:
        if settings.api_token is not None:
            token = settings.api_token.get_secret_value()
        else:
            token = secrets.token_urlsafe(24)
            _logger.warning(
                "%s can be reached from elsewhere and no API_TOKEN is set; this time it is %s",
                settings.host,
                token,
            )
    return AccessPolicy(
        token=token,
        allowed_hosts=frozenset(name.lower() for name in settings.allowed_hosts),
        cors_origins=settings.cors_origins,
    )


def _transfers(settings: Settings) -> FileTransfer:
    allowlist = HostAllowlist(settings.transfer_hosts)
    if allowlist.allows_everything:
        _logger.warning(
            "TRANSFER_HOSTS is *: whoever runs a CSMS that chargers connect to can make them "
            "fetch from and send to every host that this machine reaches"
        )
    elif not allowlist.is_empty:
        _logger.info("files are exchanged with %s", ", ".join(settings.transfer_hosts))
    return FileTransfer(
        allowlist,
        TransferBounds(max_bytes=settings.transfer_max_bytes, limit_s=settings.transfer_limit_s),
    )


def _fleet_runs(settings: Settings, database: Database) -> HostedRuns:
    """The program of a run is this one, from where it is installed, without its secrets."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if name.upper().removeprefix(PREFIX) not in _NOT_FOR_RUNS
    }
    package_root = str(Path(__file__).resolve().parent.parent)
    if package_root not in sysconfig.get_paths().values():  # a checkout
        paths = [package_root, *filter(None, [environment.get("PYTHONPATH")])]
        environment["PYTHONPATH"] = os.pathsep.join(paths)
    command = [sys.executable, "-P", "-m", "ocppsim"]
    directory = settings.fleet_runs_dir
    if directory is None:
        file = database.url.database if database.is_sqlite else None
        directory = Path(file or "").parent / "fleet-runs"
    templates_dir = settings.templates_dir
    options = [] if templates_dir is None else ["--templates-dir", str(templates_dir.resolve())]
    return HostedRuns(
        directory, Program(command, environment, options), most=settings.most_fleet_runs
    )


def _find_ui() -> Path | None:
    """The built web UI: in the package, else in a checkout."""
    package = Path(__file__).resolve().parent
    for directory in (package / "ui", package.parent.parent / "frontend" / "dist"):
        if (directory / "index.html").is_file():
            return directory
    return None
