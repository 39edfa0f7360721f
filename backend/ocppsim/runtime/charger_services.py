"""What live chargers share."""

from __future__ import annotations

import msgspec

from ocppsim.chargepoint.controller import ControllerFactory

from .connection import ConnectionServices
from .file_transfers import FileTransfers
from .garage import Garage
from .live_feed import LiveFeed
from .message_log import MessageLog
from .ports import ConfigSyncPort, JournalPort
from .time_scales import TimeScales
from .watcher import ChargerWatcher


class ChargerServices(msgspec.Struct, frozen=True):
    """Made once, by the supervisor."""

    controller_factory: ControllerFactory
    connections: ConnectionServices
    journal: JournalPort
    config_sync: ConfigSyncPort
    garage: Garage
    feed: LiveFeed
    message_log: MessageLog
    transfers: FileTransfers
    time_scales: TimeScales
    watcher: ChargerWatcher | None = None


__all__ = ["ChargerServices"]
