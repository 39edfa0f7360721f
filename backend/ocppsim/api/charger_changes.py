"""Creating, changing and deleting chargers: in the database and among the running ones."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import msgspec
from sqlalchemy.orm import Session

from ocppsim.chargepoint.controller import ControllerFactory
from ocppsim.chargepoint.durable_state import DurableState
from ocppsim.chargepoint.moment import Moment
from ocppsim.persistence import chargers, configuration, locations
from ocppsim.runtime.live_charger import LiveCharger
from ocppsim.simulation.charger import Charger
from ocppsim.simulation.definition import ChargerDefinition
from ocppsim.simulation.resolved_vehicle import DEFAULT_VEHICLE

from .charger_rules import changed_definition
from .problems import Conflict
from .schemas.charger_input import ChargerUpdate
from .services import Services

_TURN = 100
"""After so many chargers brought to life, the others get their turn."""


def checked_configuration(
    services: Services,
    definition: ChargerDefinition,
    values: Mapping[str, str],
    before: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """The configuration of a charger after setting ``values``, as it is to be stored.

    ``before`` is what was set from outside until now. Raises ``InvalidSetting``, for a
    ``behaviour`` that does not exist as well.
    """
    services.check_behaviour(definition.behaviour)
    return rehearsed_configuration(services.controller_factory, definition, values, before)


def rehearsed_configuration(
    controller_factory: ControllerFactory,
    definition: ChargerDefinition,
    values: Mapping[str, str],
    before: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """The same, tried on a charge point that nobody sees: only it knows what fits what."""
    rehearsal = Charger(
        definition,
        DurableState(configuration=dict(before or {})),
        controller_factory,
        lambda _: DEFAULT_VEHICLE,
        now=Moment(0.0, 0.0),
        clock_epoch_s=0.0,
        message_id_prefix="rehearsal",
        seed=0,
    )
    rehearsal.set_configuration(dict(values), Moment(0.0, 0.0))
    return dict(rehearsal.durable.configuration)


async def create_chargers(
    services: Services, new: Sequence[tuple[ChargerDefinition, Mapping[str, str]]]
) -> list[LiveCharger]:
    """Store new chargers with their (checked) configuration, all or none, and bring them up.

    For the holder of ``services.changes``. Raises ``UnknownLocation`` or
    ``DuplicateChargePoint``.
    """

    def store(session: Session) -> list[ChargerDefinition]:
        stored = chargers.create_many(session, [definition for definition, _ in new])
        for definition, (_, values) in zip(stored, new, strict=True):
            configuration.set_values(session, definition.charger_id, values)
        return stored

    stored = await services.database.run(store)
    live: list[LiveCharger] = []
    for definition, (_, values) in zip(stored, new, strict=True):
        durable = DurableState(configuration=dict(values))
        live.append(await services.supervisor.add(definition, durable))
        if len(live) % _TURN == 0:
            await asyncio.sleep(0)
    return live


async def update_charger(
    services: Services, charge_point_id: str, body: ChargerUpdate
) -> LiveCharger:
    """Apply a PATCH, all or nothing; a connected charger reconnects where it has to.

    Raises what the rules raise, ``Conflict`` for other hardware while a transaction runs, and
    ``UnknownLocation``.
    """
    async with services.changes:
        charger = services.supervisor.store.get(charge_point_id)
        before = charger.definition
        after = changed_definition(before, body)
        values: dict[str, str] = dict(body.configuration) if body.configuration else {}
        rebuilt = (after.connectors, after.hardware) != (before.connectors, before.hardware)
        if rebuilt and charger.in_transaction:
            raise Conflict("the hardware cannot change while a transaction runs")
        checked_configuration(services, after, values, charger.charger.durable.configuration)
        changes = {
            name: getattr(after, name)
            for name in (*chargers.DEFINITION_FIELDS, "identity")
            if getattr(after, name) != getattr(before, name)
        }
        identity = changes.pop("identity", None)
        if identity is not None:
            changes.update(msgspec.structs.asdict(identity))
        # The version that is asked for may be the defined one, while another is installed.
        reverted = (
            "firmware_version" in body.model_fields_set
            and charger.charger.firmware_version != after.identity.firmware_version
        )
        if changes:
            await services.database.run(
                lambda session: chargers.update(session, charge_point_id, changes)
            )
        if changes or reverted:
            charger = await services.supervisor.replace(
                msgspec.structs.replace(
                    after, desired_connection=charger.definition.desired_connection
                ),
                forget_installed_firmware=reverted,
            )
        if values:
            charger.set_configuration(values)
            await services.config_sync.settled()
        return charger


async def delete_charger(services: Services, charge_point_id: str, *, force: bool) -> None:
    """Take a charger down and delete it with all that is stored of it.

    Raises ``UnknownCharger``, or ``Conflict`` while it is in a transaction and no ``force``.
    """
    async with services.changes:
        store = services.supervisor.store
        if charge_point_id in store.left_out:
            await services.database.run(lambda session: chargers.delete(session, charge_point_id))
            del store.left_out[charge_point_id]
            return
        charger = store.get(charge_point_id)
        if charger.in_transaction and not force:
            raise Conflict(
                f"charger {charge_point_id!r} is in a transaction; force deletes it all the same"
            )
        # The database first: where it cannot be written, the charger goes on.
        await services.database.run(lambda session: chargers.delete(session, charge_point_id))
        await services.supervisor.remove(charge_point_id)


async def delete_location_with_chargers(
    services: Services, location_id: int, *, force: bool
) -> None:
    """Delete a location, with ``force`` its chargers too.

    Raises ``UnknownLocation``, or ``LocationInUse`` when it has chargers and no ``force``.
    """
    async with services.changes:
        await services.database.run(
            lambda session: locations.delete(session, location_id, force=force)
        )
        store = services.supervisor.store
        for charger in store.at_location(location_id):
            await services.supervisor.remove(charger.charge_point_id)
        for charge_point_id, left_out in list(store.left_out.items()):
            if left_out.location_id == location_id:
                del store.left_out[charge_point_id]
        services.supervisor.set_vehicles(location_id, [])
