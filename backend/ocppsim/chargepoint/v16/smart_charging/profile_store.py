"""The charging profiles that a charge point has been given; they survive whatever happens."""

from __future__ import annotations

from collections.abc import Callable, Collection

import msgspec

from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.v16.core import Core
from ocppsim.protocol.v16.datatypes import ChargingProfile
from ocppsim.protocol.v16.enums import ChargingProfilePurposeType
from ocppsim.protocol.v16.smart_charging import ClearChargingProfileRequest

from .model import InstalledProfile
from .schedule import is_expired

_CELL = "charging-profile/"


class _StoredProfile(msgspec.Struct, frozen=True):
    """``number`` rises with each installation: the later one won, if a crash left two."""

    number: int
    connector_id: ConnectorId
    profile: ChargingProfile


class ProfileStore:
    """Installs, replaces and clears; each profile is stored by itself (errata 3.37).

    A chargingProfileId is there once, and so is each level of the stack of one purpose at one
    connector (AMB-19): what comes later replaces. ``profiles`` is the same object as long as
    nothing changes.
    """

    __slots__ = ("_core", "_next_number", "profiles")

    def __init__(self, core: Core) -> None:
        self._core = core
        self.profiles: tuple[InstalledProfile, ...] = ()
        stored = [
            msgspec.json.decode(body, type=_StoredProfile)
            for key, body in core.durable.cells.items()
            if key.startswith(_CELL)
        ]
        stored.sort(key=lambda entry: entry.number)
        self._next_number = stored[-1].number + 1 if stored else 1
        for entry in stored:
            self._place(InstalledProfile(entry.connector_id, entry.profile))

    def has_room(self, connector_id: ConnectorId, profile: ChargingProfile, room: int) -> bool:
        """Whether ``room`` profiles are enough with this one installed."""
        new = InstalledProfile(connector_id, profile)
        return sum(not _displaces(new, old) for old in self.profiles) < room

    def install(self, connector_id: ConnectorId, profile: ChargingProfile) -> None:
        """Add a profile in place of those that it replaces."""
        stored = _StoredProfile(self._next_number, connector_id, profile)
        self._next_number += 1
        # Stored before what it replaces is removed: a crash between leaves both, not none
        self._core.put_cell(_cell(profile), stored)
        self._place(InstalledProfile(connector_id, profile))

    def clear(self, request: ClearChargingProfileRequest) -> bool:
        """Remove what ClearChargingProfile asks for; whether anything was there."""
        return self._remove(lambda old: _matches(request, old))

    def end_transaction(self, connector_id: ConnectorId) -> bool:
        """Remove the TxProfiles of a connector (SC-09); whether anything was there."""
        return self._remove(
            lambda old: old.connector_id == connector_id and _is_tx_profile(old.profile)
        )

    def forget_expired(self, wall_s: float) -> bool:
        """Remove the profiles whose validity is over; whether there were any."""
        return self._remove(lambda old: is_expired(old.profile, wall_s))

    def keep_only(self, connector_ids: Collection[ConnectorId]) -> None:
        """Remove the profiles of connectors that are not there any more."""
        self._remove(lambda old: old.connector_id not in connector_ids)

    def name_transaction(self, connector_id: ConnectorId, transaction_id: int) -> bool:
        """Give the TxProfiles of a connector the id that their transaction got meanwhile."""
        nameless = [
            old
            for old in self.profiles
            if old.connector_id == connector_id
            and _is_tx_profile(old.profile)
            and old.profile.transaction_id is None
        ]
        for old in nameless:
            named = msgspec.structs.replace(old.profile, transaction_id=transaction_id)
            self.install(connector_id, named)
        return bool(nameless)

    def _place(self, new: InstalledProfile) -> None:
        self._remove(lambda old: _displaces(new, old), kept_cell=_cell(new.profile))
        self.profiles = tuple(sorted((*self.profiles, new), key=_rank))

    def _remove(self, chosen: Callable[[InstalledProfile], bool], kept_cell: str = "") -> bool:
        removed = [old for old in self.profiles if chosen(old)]
        if removed:
            self.profiles = tuple(old for old in self.profiles if old not in removed)
        for old in removed:
            if _cell(old.profile) != kept_cell:
                self._core.put_cell(_cell(old.profile), None)
        return bool(removed)


def _cell(profile: ChargingProfile) -> str:
    return f"{_CELL}{profile.charging_profile_id}"


def _is_tx_profile(profile: ChargingProfile) -> bool:
    return profile.charging_profile_purpose is ChargingProfilePurposeType.TxProfile


def _displaces(new: InstalledProfile, old: InstalledProfile) -> bool:
    """1.6 ed.2 §3.13.2, §5.16.3: the same id, or the same place in the stacks."""
    return new.profile.charging_profile_id == old.profile.charging_profile_id or (
        new.connector_id == old.connector_id
        and new.profile.charging_profile_purpose is old.profile.charging_profile_purpose
        and new.profile.stack_level == old.profile.stack_level
    )


def _rank(installed: InstalledProfile) -> tuple[int, str, int]:
    """By connector, purpose and falling stack level."""
    profile = installed.profile
    return (
        installed.connector_id,
        profile.charging_profile_purpose.value,
        -profile.stack_level,
    )


def _matches(request: ClearChargingProfileRequest, old: InstalledProfile) -> bool:
    """Errata 3.25: what is given must all match; errata 3.26: but an id is enough (AMB-22)."""
    profile = old.profile
    if request.id is not None:
        return profile.charging_profile_id == request.id
    return (
        request.connector_id in (None, old.connector_id)
        and request.charging_profile_purpose in (None, profile.charging_profile_purpose)
        and request.stack_level in (None, profile.stack_level)
    )


__all__ = ["ProfileStore"]
