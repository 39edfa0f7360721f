"""A part of a fleet in an actor of Ray: its event loop has a thread of its own.

Nothing here imports Ray, which makes an actor of the class.
"""

from __future__ import annotations

import logging
import os
import platform
import tempfile
from collections import deque
from pathlib import Path
from threading import Condition, Thread

import msgspec

from ocppsim import __version__
from ocppsim.fleet.part_messages import Failed, Joining, PartMessage
from ocppsim.fleet.part_orders import PartOrders
from ocppsim.fleet.run_storage import DatabasePlace
from ocppsim.persistence import PersistenceError

from .fleet_session import PartOrder, run_part
from .logs import configure_logging
from .open_files import too_many_chargers
from .server import run_on_fastest_loop

JOURNAL_DIR_VARIABLE = "OCPPSIM_JOURNAL_DIR"
"""Read on each node: where the journals of its parts are."""

_WAITS_S = 5.0

_logger = logging.getLogger("ocppsim.fleet")


class NodeJournal(msgspec.Struct, frozen=True):
    """A journal in a file on the node where the part runs.

    ``directory`` is what the node's own variable stands before; without either it is one for
    temporary files.
    """

    run: str
    file_name: str
    directory: str | None

    def place(self) -> DatabasePlace:
        """On this node."""
        directory = os.environ.get(JOURNAL_DIR_VARIABLE) or self.directory
        path = Path(directory or Path(tempfile.gettempdir(), "ocppsim-journals")) / self.run
        path.mkdir(parents=True, exist_ok=True)
        return DatabasePlace.file(path / self.file_name)


def installed_version() -> str:
    """Which ocppsim this node has."""
    return __version__


class FleetActor:
    """Runs a part from its making on.

    The methods may be called at the same time. What the part tells waits here until it has been
    taken for certain.
    """

    def __init__(self, order: PartOrder, journal: NodeJournal | None) -> None:
        self._orders = PartOrders()
        self._told: deque[PartMessage] = deque()
        self._taken = 0
        self._news = Condition()
        Thread(target=self._run, args=(order, journal), daemon=True).start()

    def take(self, taken: int, joining: Joining | None, is_stopped: bool) -> list[PartMessage]:
        """What comes after the first ``taken`` messages; waits some seconds until there is any.

        Says the orders so far again, as a call of the other methods may have been lost.
        """
        if joining is not None:
            self.join(joining)
        if is_stopped:
            self.stop()
        with self._news:
            while self._taken < taken:
                self._told.popleft()
                self._taken += 1
            if not self._told:
                self._news.wait(_WAITS_S)
            return list(self._told)

    def join(self, joining: Joining) -> None:
        self._orders.join(joining)

    def stop(self) -> None:
        self._orders.stop()

    def _tell(self, message: PartMessage) -> None:
        with self._news:
            self._told.append(message)
            self._news.notify_all()

    def _run(self, order: PartOrder, journal: NodeJournal | None) -> None:
        configure_logging(order.log_level)
        try:
            too_many = too_many_chargers(len(order.planned.chargers))
            if too_many is not None:
                self._tell(Failed(f"{platform.node()}: {too_many}"))
                return
            if journal is not None:
                order = msgspec.structs.replace(order, database=journal.place())
            run_on_fastest_loop(run_part(order, self._orders, self._tell))
        except (PersistenceError, OSError) as error:
            self._tell(Failed(f"{platform.node()}: {error}"))
        except Exception:
            # As in a process of its own: it has died, and that is noticed
            _logger.exception("a part of a fleet failed")
            os._exit(1)


__all__ = [
    "JOURNAL_DIR_VARIABLE",
    "FleetActor",
    "NodeJournal",
    "installed_version",
]
