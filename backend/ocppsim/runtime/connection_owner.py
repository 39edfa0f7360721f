"""Whom a connection serves, and what all connections share."""

from __future__ import annotations

from random import Random
from typing import Protocol

import msgspec

from ocppsim.transport.dialing import Dial
from ocppsim.transport.frame_batches import FrameBatches, TextTaker
from ocppsim.transport.impairment import Network

from .clock import Clock
from .dial_queue import DialQueue
from .scheduler import Scheduler
from .settings import RuntimeSettings


class ConnectionOwner(Protocol):
    """The charger behind a connection; none of the calls may raise."""

    @property
    def charge_point_id(self) -> str: ...

    @property
    def wants_link(self) -> bool:
        """False while the device is off or rebooting."""
        ...

    def dial(self) -> Dial:
        """Where to connect to, as of now; raises ``InvalidUrl`` where that is nowhere."""
        ...

    def connection_opened(self) -> None: ...

    @property
    def short_way(self) -> TextTaker:
        """Who takes the texts."""
        ...

    def connection_lost(self) -> None: ...

    def connection_changed(self) -> None:
        """The view of the connection is another one now."""
        ...


class ConnectionServices(msgspec.Struct, frozen=True):
    """What connections share."""

    undisturbed: Network
    """That of all of them but for those whose network was ever changed."""
    clock: Clock
    scheduler: Scheduler
    dial_queue: DialQueue
    batches: FrameBatches
    random: Random
    settings: RuntimeSettings


__all__ = ["ConnectionOwner", "ConnectionServices"]
