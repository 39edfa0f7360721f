"""The Authorization Cache (1.6 ed.2 §3.5.1): what the CSMS last said of each tag."""

from __future__ import annotations

import msgspec

from ocppsim.protocol.v16.datatypes import IdTagInfo
from ocppsim.protocol.v16.enums import AuthorizationStatus

from .core import Core
from .validity import expiry_s, status_at

CAPACITY = 1_000
_PREFIX = "cache/"


class CachedTag(msgspec.Struct, frozen=True, array_like=True):
    """What is known of a tag; ``expires_s`` is Unix seconds, ``order`` rises with each update."""

    id_tag: str
    status: AuthorizationStatus
    expires_s: float | None
    parent_id_tag: str | None
    order: int

    def status_at(self, wall_s: float) -> AuthorizationStatus:
        """The status at a time: a validity that has ended is Expired (1.6 ed.2 §3.5.1)."""
        return status_at(self.status, self.expires_s, wall_s)


class AuthorizationCache:
    """Survives reboots, resets and power outages; tags compare without regard to case.

    A full cache gives up tags that are not valid first, then the oldest valid ones. While
    AuthorizationCacheEnabled is false it neither learns nor knows anything. The tags are in
    their cells only: most are never asked for again.
    """

    __slots__ = ("_core", "_order")

    def __init__(self, core: Core) -> None:
        self._core = core
        self._order = max((self._read(key).order for key in self._keys()), default=0)

    @property
    def enabled(self) -> bool:
        """There is a cache, and AuthorizationCacheEnabled is true."""
        core = self._core
        return core.has_cache and core.configuration.flag("AuthorizationCacheEnabled")

    def find(self, id_tag: str) -> CachedTag | None:
        """The entry of a tag, valid or not; None where the cache knows nothing."""
        key = _key(id_tag)
        return self._read(key) if key in self._core.durable.cells and self.enabled else None

    def learn(self, id_tag: str, info: IdTagInfo) -> None:
        """Take over an IdTagInfo of the CSMS (AUT-16)."""
        if not self.enabled:
            return
        self._order += 1
        expires_s = expiry_s(info.expiry_date)
        entry = CachedTag(id_tag, info.status, expires_s, info.parent_id_tag or None, self._order)
        key = _key(id_tag)
        if key not in self._core.durable.cells and len(self._keys()) >= CAPACITY:
            self._drop_one()
        self._core.put_cell(key, entry)

    def forget(self, id_tag: str) -> None:
        """Drop one tag, whether the cache is enabled or not."""
        self._core.put_cell(_key(id_tag), None)

    def clear(self) -> None:
        """Forget all tags."""
        for key in self._keys():
            self._core.put_cell(key, None)

    def _drop_one(self) -> None:
        wall_s = self._core.clock.wall_s(self._core.now_s)

        def usefulness(key: str) -> tuple[bool, int]:
            tag = self._read(key)
            return tag.status_at(wall_s) is AuthorizationStatus.Accepted, tag.order

        self._core.put_cell(min(self._keys(), key=usefulness), None)

    def _keys(self) -> list[str]:
        return [key for key in self._core.durable.cells if key.startswith(_PREFIX)]

    def _read(self, key: str) -> CachedTag:
        return msgspec.json.decode(self._core.durable.cells[key], type=CachedTag)


def _key(id_tag: str) -> str:
    return _PREFIX + id_tag.lower()
