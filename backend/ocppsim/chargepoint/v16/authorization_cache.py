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
    AuthorizationCacheEnabled is false it neither learns nor knows anything.
    """

    __slots__ = ("_core", "_order", "_tags")

    def __init__(self, core: Core) -> None:
        self._core = core
        self._tags: dict[str, CachedTag] = {
            key: msgspec.json.decode(body, type=CachedTag)
            for key, body in core.durable.cells.items()
            if key.startswith(_PREFIX)
        }
        self._order = max((tag.order for tag in self._tags.values()), default=0)

    @property
    def enabled(self) -> bool:
        """There is a cache, and AuthorizationCacheEnabled is true."""
        core = self._core
        return core.has_cache and core.configuration.flag("AuthorizationCacheEnabled")

    def find(self, id_tag: str) -> CachedTag | None:
        """The entry of a tag, valid or not; None where the cache knows nothing."""
        return self._tags.get(_key(id_tag)) if self.enabled else None

    def learn(self, id_tag: str, info: IdTagInfo) -> None:
        """Take over an IdTagInfo of the CSMS (AUT-16)."""
        if not self.enabled:
            return
        self._order += 1
        expires_s = expiry_s(info.expiry_date)
        entry = CachedTag(id_tag, info.status, expires_s, info.parent_id_tag or None, self._order)
        key = _key(id_tag)
        if key not in self._tags and len(self._tags) >= CAPACITY:
            self._drop_one()
        self._tags[key] = entry
        self._core.put_cell(key, entry)

    def forget(self, id_tag: str) -> None:
        """Drop one tag, whether the cache is enabled or not."""
        key = _key(id_tag)
        if self._tags.pop(key, None) is not None:
            self._core.put_cell(key, None)

    def clear(self) -> None:
        """Forget all tags."""
        for key in self._tags:
            self._core.put_cell(key, None)
        self._tags.clear()

    def _drop_one(self) -> None:
        wall_s = self._core.clock.wall_s(self._core.now_s)

        def usefulness(key: str) -> tuple[bool, int]:
            tag = self._tags[key]
            return tag.status_at(wall_s) is AuthorizationStatus.Accepted, tag.order

        dropped = min(self._tags, key=usefulness)
        del self._tags[dropped]
        self._core.put_cell(dropped, None)


def _key(id_tag: str) -> str:
    return _PREFIX + id_tag.lower()
