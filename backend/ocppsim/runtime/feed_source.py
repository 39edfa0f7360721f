"""A charger as the live feed sees it, and what is to be told of one that is watched."""

from __future__ import annotations

from typing import Protocol

from ocppsim.chargepoint.notifications import AuthorizationEnded

from .feed_reader import FeedReader
from .message_log import OpenCalls
from .snapshots import ChargerSnapshot, ChargerSummary, ConnectorSnapshot, TransactionSnapshot


class FeedSource(Protocol):
    """A charger as the feed sees it."""

    @property
    def charge_point_id(self) -> str: ...

    @property
    def charger_id(self) -> int:
        """Towards journal and message log."""
        ...

    @property
    def location_id(self) -> int: ...

    @property
    def connector_ids(self) -> tuple[int, ...]: ...

    @property
    def in_session(self) -> bool: ...

    @property
    def is_connected(self) -> bool: ...

    def summary(self) -> ChargerSummary: ...

    def snapshot(self) -> ChargerSnapshot: ...

    def connector(self, connector_id: int) -> ConnectorSnapshot: ...


class WatchedCharger:
    """What is dirty of a charger that is watched in detail."""

    def __init__(self, source: FeedSource, calls: OpenCalls) -> None:
        self.source = source
        self.calls = calls
        self.readers: list[FeedReader] = []
        self.charger = False
        self.connectors: set[int] = set()
        self.transactions: list[TransactionSnapshot] = []
        self.messages: list[int] = []
        """By their ids in the message log."""
        self.records: set[str] = set()
        self.authorizations: list[AuthorizationEnded] = []
        self.metered: dict[int, bytes] = {}


__all__ = ["FeedSource", "WatchedCharger"]
