"""The configuration of one charge point: what was set, over what the table says."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from ocppsim.chargepoint.controller import ConfigurationEntry
from ocppsim.chargepoint.durable_state import DurableState
from ocppsim.chargepoint.effects import Effect, Notify, SaveConfiguration
from ocppsim.chargepoint.errors import InvalidSetting
from ocppsim.chargepoint.hardware import Hardware
from ocppsim.chargepoint.notifications import ConfigurationChanged
from ocppsim.chargepoint.v16.occasions import UNHEARD

from .definition import LARGEST_INT, KeyDefinition, ValueType
from .keys import KEYS, find_key


class ChangeOutcome(Enum):
    """The answers of ChangeConfiguration (1.6 ed.2 §7.22)."""

    ACCEPTED = "Accepted"
    REBOOT_REQUIRED = "RebootRequired"
    REJECTED = "Rejected"
    NOT_SUPPORTED = "NotSupported"


class ConfigurationStore:
    """Typed reads for the charge point; checked, persisted and announced changes.

    A change is effective when the setting call returns: the parts that depend on a key are
    told by ``occasions``; only that of a key that needs a reboot waits for the next
    boot. Stored values that no longer fit the table (of an older program) are passed over.
    """

    __slots__ = (
        "_absent",
        "_durable",
        "_effects",
        "_hardware",
        "_values",
        "occasions",
        "version",
    )

    def __init__(
        self,
        hardware: Hardware,
        durable: DurableState,
        effects: list[Effect],
        *,
        absent: frozenset[str] = frozenset(),
    ) -> None:
        """``absent`` are optional keys of functions that this charge point has not got."""
        self._absent = absent
        self._hardware = hardware
        self._durable = durable
        self._effects = effects
        values: dict[str, str] = {}
        self.occasions = UNHEARD
        self.version = 0
        """Rises with every change, for who keeps what it has read of a key."""
        for name, text in durable.configuration.items():
            key = find_key(name)
            if key is not None and not key.follows_hardware:
                try:
                    values[key.name] = key.normalise(text, hardware)
                except ValueError:
                    continue
        # Of nearly all charge points: one dictionary for both, until they differ
        self._values: Mapping[str, str] = (
            durable.configuration if values == durable.configuration else values
        )

    def text(self, name: str) -> str:
        """The value as it is reported."""
        value = self._values.get(name)
        return value if value is not None else KEYS[name].default(self._hardware)

    def flag(self, name: str) -> bool:
        """The value of a boolean key."""
        return self.text(name) == "true"

    def number(self, name: str) -> int:
        """The value of an integer key."""
        return int(self.text(name))

    def has_profile(self, profile: str) -> bool:
        """Whether a feature profile is switched on (SupportedFeatureProfiles)."""
        return profile in self.text("SupportedFeatureProfiles").split(",")

    def _find(self, name: str) -> KeyDefinition | None:
        key = find_key(name)
        return None if key is None or key.name in self._absent else key

    def _is_known(self, key: KeyDefinition) -> bool:
        return key.name not in self._absent and self.has_profile(key.profile)

    def change(self, name: str, text: str) -> ChangeOutcome:
        """ChangeConfiguration: read-only keys and values that do not fit are refused."""
        key = find_key(name)
        if key is None or not self._is_known(key):
            return ChangeOutcome.NOT_SUPPORTED
        if key.is_readonly(self._hardware):
            return ChangeOutcome.REJECTED
        try:
            value = key.normalise(text, self._hardware)
        except ValueError:
            return ChangeOutcome.REJECTED
        self._apply(key, value)
        return ChangeOutcome.REBOOT_REQUIRED if key.reboot_required else ChangeOutcome.ACCEPTED

    def set_all(self, values: Mapping[str, str]) -> None:
        """The operator's change: read-only keys too, all or nothing.

        Raises ``InvalidSetting`` that names the first key that is unknown or does not fit.
        """
        checked: list[tuple[KeyDefinition, str]] = []
        for name, text in values.items():
            key = self._find(name)
            if key is None:
                raise InvalidSetting(f"there is no configuration key {name!r}")
            if key.follows_hardware:
                if text.strip() == self.text(key.name):
                    continue
                raise InvalidSetting(f"{key.name} follows the connectors and cannot be set")
            try:
                checked.append((key, key.normalise(text, self._hardware)))
            except ValueError as error:
                raise InvalidSetting(f"{key.name}: {error}") from error
        for key, value in checked:
            self._apply(key, value)

    def record(self, name: str, text: str) -> None:
        """Store what the CSMS set by another way than a key (HeartbeatInterval, HB-06)."""
        if self.text(name) != text:
            self._apply(KEYS[name], text)

    def entries(self) -> list[ConfigurationEntry]:
        """Every key of the profiles that are switched on, in the standard's order."""
        return [self._entry(key) for key in KEYS.values() if self._is_known(key)]

    def entry(self, name: str) -> ConfigurationEntry | None:
        """One key, whatever the case of its name; None where it is unknown."""
        key = find_key(name)
        return self._entry(key) if key and self._is_known(key) else None

    def _entry(self, key: KeyDefinition) -> ConfigurationEntry:
        bounded = key.type is ValueType.INTEGER
        return ConfigurationEntry(
            key=key.name,
            value=self.text(key.name),
            readonly=key.is_readonly(self._hardware),
            type=key.type.value,
            profile=key.profile,
            reboot_required=key.reboot_required,
            description=key.description,
            unit=key.unit or None,
            minimum=key.minimum if bounded else None,
            maximum=key.maximum if bounded and key.maximum < LARGEST_INT else None,
        )

    def _apply(self, key: KeyDefinition, value: str) -> None:
        changed = self.text(key.name) != value
        # Another dictionary: the one before may be that of many charge points
        configuration = {**self._durable.configuration, key.name: value}
        is_common = self._values is self._durable.configuration
        self._durable.configuration = configuration
        self._effects.append(SaveConfiguration(key.name, value))
        if key.reboot_required:
            return
        self._values = configuration if is_common else {**self._values, key.name: value}
        self.version += 1
        if changed:
            self._effects.append(Notify(ConfigurationChanged(key.name, value)))
            self.occasions.key_changed(key.name)
