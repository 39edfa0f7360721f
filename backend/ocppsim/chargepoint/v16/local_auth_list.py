"""The Local Authorization List: the tags that the CSMS has sent to be kept (1.6 ed.2 §3.5.2)."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from ocppsim.chargepoint.notifications import RecordsChanged
from ocppsim.chargepoint.views import LocalListEntryView, LocalListView
from ocppsim.protocol.errors import NotSupportedAction
from ocppsim.protocol.v16.datatypes import AuthorizationData, IdTagInfo
from ocppsim.protocol.v16.enums import AuthorizationStatus, UpdateStatus, UpdateType
from ocppsim.protocol.v16.local_auth_list import (
    GetLocalListVersionRequest,
    GetLocalListVersionResponse,
    SendLocalListRequest,
    SendLocalListResponse,
)

from .authorization_cache import AuthorizationCache
from .core import Core
from .validity import expiry_s, status_at

_CELL = "local-list"
NOT_SUPPORTED_VERSION = -1
"""What GetLocalListVersion answers where there are no local lists (1.6 ed.2 §5.10)."""


class ListedTag(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """An entry as the CSMS sent it."""

    id_tag: str
    status: AuthorizationStatus
    expiry_date: str | None = None
    parent_id_tag: str | None = None

    def status_at(self, wall_s: float) -> AuthorizationStatus:
        """The status at a time (Unix seconds): a validity that has ended is Expired."""
        return status_at(self.status, expiry_s(self.expiry_date), wall_s)


class _Stored(msgspec.Struct, frozen=True, array_like=True):
    version: int
    entries: list[ListedTag]


_EMPTY = _Stored(0, [])
_NO_TAGS: Mapping[str, ListedTag] = {}


class LocalAuthList:
    """Changes only by SendLocalList, and then wholly or not at all; survives restarts.

    Tags compare without regard to case. The list is in use while its feature profile and
    LocalAuthListEnabled are on; then a tag is never both in it and in the cache. While it is
    not in use it keeps its entries.
    """

    __slots__ = ("_cache", "_core", "_tags", "_version")

    def __init__(self, core: Core, cache: AuthorizationCache) -> None:
        self._core = core
        self._cache = cache
        body = core.durable.cells.get(_CELL)
        stored = _EMPTY if body is None else msgspec.json.decode(body, type=_Stored)
        self._version = stored.version
        self._tags = {tag.id_tag.lower(): tag for tag in stored.entries} or _NO_TAGS

    @property
    def in_use(self) -> bool:
        """Whether tags are looked up in the list (AUT-27)."""
        configuration = self._core.configuration
        return configuration.flag("LocalAuthListEnabled") and configuration.has_profile(
            "LocalAuthListManagement"
        )

    @property
    def version(self) -> int:
        """The listVersion that came with the list; that of an empty list is 0 (LAL-02)."""
        return self._version if self._tags else 0

    def find(self, id_tag: str) -> ListedTag | None:
        """The entry of a tag, valid or not; None where the list is not in use."""
        entry = self._tags.get(id_tag.lower())
        return entry if entry is not None and self.in_use else None

    def view(self) -> LocalListView:
        """The list in the order of its tags' first coming."""
        return LocalListView(
            version=self.version,
            enabled=self.in_use,
            entries=tuple(
                LocalListEntryView(tag.id_tag, tag.status.value, tag.expiry_date, tag.parent_id_tag)
                for tag in self._tags.values()
            ),
        )

    def get_version(self, _request: GetLocalListVersionRequest) -> GetLocalListVersionResponse:
        """GetLocalListVersion."""
        if self._is_hidden:
            return GetLocalListVersionResponse(list_version=NOT_SUPPORTED_VERSION)
        return GetLocalListVersionResponse(list_version=self.version)

    def send(self, request: SendLocalListRequest) -> SendLocalListResponse:
        """SendLocalList."""
        if self._is_hidden:
            return SendLocalListResponse(status=UpdateStatus.NotSupported)
        return SendLocalListResponse(status=self._update(request))

    @property
    def _is_hidden(self) -> bool:
        """AMB-15: a list that is disabled, as if there were none, or to be kept up to date."""
        if self.in_use or self._core.behaviour("local_list_disabled") == "stored":
            return False
        if self._core.behaviour("unsupported_profile") == "error":
            raise NotSupportedAction("the local authorization list is disabled")
        return True

    def _update(self, request: SendLocalListRequest) -> UpdateStatus:
        entries = request.local_authorization_list or []
        full = request.update_type is UpdateType.Full
        if request.list_version <= 0:
            # errata 3.52: 0 and -1 mean something else
            return UpdateStatus.Failed
        if not full and request.list_version <= self.version:
            return UpdateStatus.VersionMismatch
        configuration = self._core.configuration
        if len(entries) > configuration.number("SendLocalListMaxLength"):
            return UpdateStatus.Failed
        if len({entry.id_tag.lower() for entry in entries}) != len(entries):
            # 1.6 ed.2 §6.41: each tag once
            return UpdateStatus.Failed
        tags = _replaced(entries) if full else _amended(self._tags, entries)
        if tags is None or len(tags) > configuration.number("LocalAuthListMaxLength"):
            return UpdateStatus.Failed
        keeps_version = self._core.behaviour("empty_differential") == "same_version"
        if full or entries or not keeps_version:
            self._take(request.list_version, tags)
        return UpdateStatus.Accepted

    def _take(self, version: int, tags: Mapping[str, ListedTag]) -> None:
        self._version = version
        self._tags = tags
        self._core.put_cell(_CELL, _Stored(version, list(tags.values())) if tags else None)
        self._leave_cache()
        self._core.notify(RecordsChanged("local-list"))

    def use_changed(self) -> None:
        """A key that decides whether the list is in use has changed."""
        self._leave_cache()
        self._core.notify(RecordsChanged("local-list"))

    def _leave_cache(self) -> None:
        """1.6 ed.2 §3.5.3: what is in the list is not in the cache (LAL-18)."""
        if self.in_use:
            for id_tag in self._tags:
                self._cache.forget(id_tag)


def _listed(id_tag: str, info: IdTagInfo) -> ListedTag:
    return ListedTag(id_tag, info.status, info.expiry_date, info.parent_id_tag or None)


def _replaced(entries: list[AuthorizationData]) -> dict[str, ListedTag] | None:
    """The list of a full update; None where an entry says nothing of its tag (1.6 ed.2 §7.1)."""
    tags: dict[str, ListedTag] = {}
    for entry in entries:
        if entry.id_tag_info is None:
            return None
        tags[entry.id_tag.lower()] = _listed(entry.id_tag, entry.id_tag_info)
    return tags


def _amended(
    tags: Mapping[str, ListedTag], entries: list[AuthorizationData]
) -> dict[str, ListedTag]:
    """The list after a differential update: an entry without information is a deletion."""
    amended = dict(tags)
    for entry in entries:
        key = entry.id_tag.lower()
        if entry.id_tag_info is None:
            amended.pop(key, None)
        else:
            amended[key] = _listed(entry.id_tag, entry.id_tag_info)
    return amended


__all__ = ["ListedTag", "LocalAuthList"]
