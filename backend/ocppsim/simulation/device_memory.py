"""What the device itself stores beside its controller: the plant, and whom it is waiting for."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import msgspec

from ocppsim.chargepoint.durable_state import DurableState, same_key
from ocppsim.chargepoint.effects import (
    Effect,
    PutCell,
    Retire,
    SaveAvailability,
)
from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.protocol.kept_json import encode_to_keep

from .file_bench import NOTHING_SET, FileOutcomes
from .plant import Plant

_PLANT = "plant/"
_AUTO = "auto-driver/"
_DEPARTURE = "departure/"
_METER = "meter/"
_FIRMWARE = "device/firmware"
_FILES = "device/files"
_CLOCK = "device/clock"

_DEVICE_CELLS = (_PLANT, _METER, _AUTO, _DEPARTURE, _FIRMWARE, _FILES, _CLOCK)
"""What is of the hardware and the world around it, and outlives a factory reset."""


class _InstalledFirmware(msgspec.Struct, frozen=True):
    """A version that was installed, and the one that the definition named then."""

    version: str
    defined: str | None


class StoredDeparture(msgspec.Struct, frozen=True, omit_defaults=True):
    """When the vehicle at a connector leaves; in Unix seconds of the simulation.

    ``id_tag`` is the one that its driver has charged with.
    """

    planned_at_s: float
    leaves_at_s: float
    id_tag: str | None = None


class DeviceMemory:
    """Keeps the stored state of the hardware in step with the plant.

    Changes are made to the mirror and ordered as effects, like the controller's own.
    """

    __slots__ = ("_durable", "_effects", "_plant")

    def __init__(self, durable: DurableState, plant: Plant, effects: list[Effect]) -> None:
        self._durable = durable
        self._plant = plant
        self._effects = effects

    def restore_plant(self, now_s: float) -> None:
        """Bring cables, cars and registers back as they were stored last.

        A register that went on the wire later than the plant was stored is believed.
        """
        cells = self._durable.cells
        for connector_id in self._plant.connector_ids:
            state = cells.get(f"{_PLANT}{connector_id}")
            if state is not None:
                self._plant.restore_state(connector_id, state, now_s)
            register = cells.get(f"{_METER}{connector_id}")
            if register is not None:
                energy_wh, _ = msgspec.json.decode(register, type=tuple[float, float])
                self._plant.catch_up_register(connector_id, energy_wh)

    def save_plant(self, connector_id: ConnectorId, now_s: float) -> None:
        """Store a connector's plant, where it changed."""
        self._put(f"{_PLANT}{connector_id}", self._plant.encode_state(connector_id, now_s))

    def save_whole_plant(self, now_s: float) -> None:
        """Store the plant of every connector."""
        for connector_id in self._plant.connector_ids:
            self.save_plant(connector_id, now_s)

    def brought(self) -> Iterator[tuple[ConnectorId, str]]:
        """Connectors with a vehicle that came by itself, and the id tag that it came with."""
        for connector_id in self._plant.connector_ids:
            body = self._durable.cells.get(f"{_AUTO}{connector_id}")
            if body is not None:
                yield connector_id, msgspec.json.decode(body, type=str)

    def save_brought(self, connector_id: ConnectorId, id_tag: str | None) -> None:
        """A vehicle came to a connector by itself, or (None) has left it again."""
        body = None if id_tag is None else encode_to_keep(id_tag)
        self._put(f"{_AUTO}{connector_id}", body)

    def departures(self) -> list[tuple[ConnectorId, StoredDeparture]]:
        """The connectors whose vehicle leaves at a time that was said."""
        bodies = [
            (connector_id, self._durable.cells.get(f"{_DEPARTURE}{connector_id}"))
            for connector_id in self._plant.connector_ids
        ]
        return [
            (connector_id, msgspec.json.decode(body, type=StoredDeparture))
            for connector_id, body in bodies
            if body is not None
        ]

    def save_departure(self, connector_id: ConnectorId, departure: StoredDeparture | None) -> None:
        """The vehicle at a connector leaves at that time, or (None) at none that was said."""
        body = None if departure is None else encode_to_keep(departure)
        self._put(f"{_DEPARTURE}{connector_id}", body)

    def firmware_version(self, defined: str | None) -> str | None:
        """The version that was installed, else ``defined``."""
        body = self._durable.cells.get(_FIRMWARE)
        if body is None:
            return defined
        return msgspec.json.decode(body, type=_InstalledFirmware).version

    def keep_firmware_of(self, defined: str | None) -> None:
        """Forget an installed version if the definition named another one than now."""
        body = self._durable.cells.get(_FIRMWARE)
        if body is not None:
            installed = msgspec.json.decode(body, type=_InstalledFirmware)
            if installed.defined != defined:
                self._put(_FIRMWARE, None)

    def save_firmware_version(self, version: str, defined: str | None) -> None:
        """A firmware was installed while the definition names ``defined``."""
        self._put(_FIRMWARE, encode_to_keep(_InstalledFirmware(version, defined)))

    def forget_firmware_version(self) -> None:
        """What was installed is gone."""
        self._put(_FIRMWARE, None)

    def file_outcomes(self) -> FileOutcomes:
        """How transfers and installations were set to go."""
        body = self._durable.cells.get(_FILES)
        return NOTHING_SET if body is None else msgspec.json.decode(body, type=FileOutcomes)

    def save_file_outcomes(self, outcomes: FileOutcomes) -> None:
        """They are set to go so from now on."""
        self._put(_FILES, encode_to_keep(outcomes))

    def save_clock(self, wall_s: float | None) -> None:
        """The wall clock (Unix seconds) where a time scale has moved it, else None."""
        self._put(_CLOCK, None if wall_s is None else encode_to_keep(wall_s))

    def clock_s(self, true_s: float) -> float:
        """What the wall clock shows when the device starts at the time ``true_s``.

        A clock that a time scale has moved does not go back behind what it showed when it was
        stored, nor behind a meter reading that was.
        """
        body = self._durable.cells.get(_CLOCK)
        if body is None:
            return true_s
        shown_s = max(true_s, msgspec.json.decode(body, type=float))
        for connector_id in self._plant.connector_ids:
            register = self._durable.cells.get(f"{_METER}{connector_id}")
            if register is not None:
                _, read_at_s = msgspec.json.decode(register, type=tuple[float, float])
                shown_s = max(shown_s, read_at_s)
        return shown_s

    def forget_settings(self, kept_keys: Collection[str]) -> list[str]:
        """Forget what was set or learned, but for the hardware and ``kept_keys``.

        Returns the configuration keys that were set; storing their defaults is the caller's.
        """
        durable = self._durable
        forgotten = [key for key in durable.configuration if key not in kept_keys]
        # Another dictionary: the controller goes on with what it has until it boots
        durable.configuration = {
            key: text for key, text in durable.configuration.items() if key in kept_keys
        }
        for connector_id, operative in durable.availability.items():
            if not operative:
                self._effects.append(SaveAvailability(connector_id, operative=True))
        durable.availability = {}
        if durable.messages:
            self._effects.append(Retire(durable.messages[-1].sequence))
            durable.messages.clear()
        for key in list(durable.cells):
            if not key.startswith(_DEVICE_CELLS):
                self._put(key, None)
        return forgotten

    def _put(self, key: str, body: bytes | None) -> None:
        if self._durable.cells.get(key) == body:
            return
        if body is None:
            del self._durable.cells[key]
        else:
            self._durable.cells[same_key(key)] = body
        self._effects.append(PutCell(key, body))


__all__ = ["DeviceMemory", "StoredDeparture"]
