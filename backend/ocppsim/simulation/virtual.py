"""Virtual time: a charger and a CSMS that jump from deadline to deadline, without sleeping.

A week of charging takes milliseconds. :class:`VirtualRun` does what the asyncio shell does,
in order and without waiting: it carries the charger's effects out, keeps its journal, and
calls it when a deadline has come. Both clocks of the charger advance together.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TypeVar

from ocppsim.chargepoint.controller import ControllerFactory
from ocppsim.chargepoint.durable_state import DurableState, StoredMessage
from ocppsim.chargepoint.effects import (
    Append,
    AwaitCommit,
    CancelTransfer,
    CloseLink,
    Effect,
    Notify,
    OpenLink,
    PutCell,
    Retire,
    SaveAvailability,
    SaveConfiguration,
    SaveLedger,
    SendText,
    SetPingInterval,
    StartDownload,
    StartUpload,
)
from ocppsim.chargepoint.moment import Moment
from ocppsim.chargepoint.notifications import ClockAdjusted, Notification, RegistrationChanged

from .central_system import CentralSystem
from .charger import Charger, VehicleResolver
from .definition import ChargerDefinition
from .ledger_shelf import LedgerShelf
from .wire_rules import WireRules

_MAXIMUM_STEPS_AT_ONCE = 1_000_000
N = TypeVar("N", bound=Notification)

_REAL_TIME_ORIGIN_S = 5_000.0
"""The two clocks have different origins, so that nobody mistakes one for the other."""


class Livelock(Exception):
    """The charger keeps asking to be called without time going on."""


class Journal:
    """What would be on disk: it survives :meth:`VirtualRun.crash`, and nothing else does.

    An entry is on disk ``delay_s`` after it was ordered; with 0 at once.
    """

    def __init__(self, stored: DurableState) -> None:
        self.stored = stored
        self.delay_s = 0.0
        self.ordered = 0
        self.written = 0
        """How many orders there were, and how many of them are dealt with."""
        self._orders: deque[tuple[float, Append | Retire | PutCell]] = deque()

    @property
    def next_due_s(self) -> float:
        return self._orders[0][0] if self._orders else float("inf")

    def order(self, effect: Append | Retire | PutCell, now_s: float) -> None:
        self.ordered += 1
        self._orders.append((now_s + self.delay_s, effect))

    def write_due(self, now_s: float) -> int | None:
        """Writes what is due; the highest sequence number appended, or None for none."""
        highest: int | None = None
        while self._orders and self._orders[0][0] <= now_s:
            self.written += 1
            match self._orders.popleft()[1]:
                case Append(sequence, body):
                    self.stored.messages.append(StoredMessage(sequence, body))
                    self.stored.next_sequence = sequence + 1
                    highest = sequence
                case Retire(sequence):
                    self.stored.messages = [
                        message for message in self.stored.messages if message.sequence > sequence
                    ]
                case PutCell(key, body):
                    if body is None:
                        self.stored.cells.pop(key, None)
                    else:
                        self.stored.cells[key] = body
        return highest

    def lose_unwritten(self) -> None:
        self._orders.clear()
        self.written = self.ordered

    def copy(self) -> DurableState:
        """The state as a process finds it that starts now."""
        stored = self.stored
        return DurableState(
            configuration=stored.configuration,
            availability=stored.availability,
            cells=dict(stored.cells),
            messages=list(stored.messages),
            next_sequence=stored.next_sequence,
        )


class VirtualRun:
    """One charger, its CSMS, the link between them, and time.

    ``violations`` is what :class:`WireRules` found. With ``link`` true the link is up whenever
    the charger wants one, as with a network that works; :meth:`cut_link` and
    :meth:`restore_link` change that. ``reconnect_delay_s`` is how long a new connection takes.
    Where ``may_transfer`` allows a URL, the orders of transfers are left in ``effects``, and
    :meth:`end_transfer` answers them. Without ``check_wire`` no frame is judged.
    """

    def __init__(
        self,
        definition: ChargerDefinition,
        central_system: CentralSystem,
        controller_factory: ControllerFactory,
        resolve_vehicle: VehicleResolver,
        *,
        durable: DurableState | None = None,
        clock_epoch_s: float = 1_767_225_600.0,
        seed: int = 0,
        link: bool = True,
        may_transfer: Callable[[str], bool] = lambda _location: False,
        check_wire: bool = True,
    ) -> None:
        self.definition = definition
        self.central_system = central_system
        self.rules = WireRules(len(definition.connectors))
        self._check_wire = check_wire
        self.journal = Journal(durable or DurableState())
        self.ledgers = LedgerShelf()
        self.notifications: list[Notification] = []
        self.effects: list[Effect] = []
        self._awaited: deque[tuple[int, str]] = deque()
        self.ping_interval_s: int | None = None
        self.reconnect_delay_s = 0.0
        self.now_s = 0.0
        self.linked = False
        self._controller_factory = controller_factory
        self._resolve_vehicle = resolve_vehicle
        self._clock_epoch_s = clock_epoch_s
        self._seed = seed
        self._may_transfer = may_transfer
        self._processes = 0
        self._network_up = link
        self._link_at_s = float("inf")
        self.charger = self._start_process()
        self.settle()

    @property
    def now(self) -> Moment:
        return Moment(self.now_s, _REAL_TIME_ORIGIN_S + self.now_s)

    @property
    def violations(self) -> list[str]:
        return self.rules.violations

    @property
    def next_deadline_s(self) -> float:
        """When something happens next that nobody on the bench does."""
        return min(
            self.charger.next_deadline_s,
            self.charger.next_real_deadline_s - _REAL_TIME_ORIGIN_S,
            self.central_system.next_due_s,
            self.journal.next_due_s,
            self._link_at_s,
        )

    def notified(self, kind: type[N]) -> list[N]:
        """The notifications of one kind, in order."""
        return [note for note in self.notifications if isinstance(note, kind)]

    # --- time -----------------------------------------------------------------------------

    def advance(self, duration_s: float) -> None:
        """Lets so much time pass, with all that happens in it."""
        self.advance_to(self.now_s + duration_s)

    def advance_to(self, until_s: float) -> None:
        self.settle()
        while self.next_deadline_s <= until_s:
            self.now_s = max(self.now_s, self.next_deadline_s)
            self.settle()
        self.now_s = until_s
        self.central_system.advance(until_s)

    def advance_until(self, condition: Callable[[], bool], limit_s: float = 86_400.0) -> bool:
        """Lets time pass until the condition holds; False when it never did in time."""
        end_s = self.now_s + limit_s
        self.settle()
        while not condition():
            if self.next_deadline_s > end_s:
                self.advance_to(end_s)
                return condition()
            self.now_s = max(self.now_s, self.next_deadline_s)
            self.settle()
        return True

    def settle(self) -> None:
        """Does everything that is due at this instant."""
        self.central_system.advance(self.now_s)
        self._carry_out()
        for _ in range(_MAXIMUM_STEPS_AT_ONCE):
            if not self._step():
                return
        raise Livelock(f"at {self.now_s} s the charger keeps asking to be called")

    def act(self, deed: Callable[[Charger, Moment], None]) -> None:
        """Does something on the bench, and all that follows from it at once."""
        try:
            deed(self.charger, self.now)
        finally:
            self.settle()

    def end_transfer(self, ticket: int, *, succeeded: bool = True) -> None:
        """The shell has done a transfer that was ordered of it."""
        reason = None if succeeded else "it was not there"
        self.act(lambda charger, now: charger.transfer_ended(ticket, succeeded, reason, now))

    # --- the network and the process ------------------------------------------------------

    def cut_link(self) -> None:
        """The network is gone: the link is lost, and none can be made."""
        self._network_up = False
        self._lose_link()
        self.settle()

    def restore_link(self) -> None:
        self._network_up = True
        self._want_link()
        self.settle()

    def crash(self, down_s: float = 0.0) -> None:
        """The process is killed and started again; only what was on disk is left."""
        self._lose_link(tell_charger=False)
        self.journal.lose_unwritten()
        self._awaited.clear()
        self.now_s += down_s
        self.central_system.advance(self.now_s)
        self.rules.transactions.restarted()
        self.charger = self._start_process()
        self.settle()

    # --- within ---------------------------------------------------------------------------

    def _start_process(self) -> Charger:
        self._processes += 1
        self.rules.booted()
        charger = Charger(
            self.definition,
            self.journal.copy(),
            self._controller_factory,
            self._resolve_vehicle,
            now=self.now,
            clock_epoch_s=self._clock_epoch_s,
            message_id_prefix=f"v{self._processes}-",
            seed=self._seed,
            may_transfer=self._may_transfer,
        )
        if charger.wants_link:
            self._want_link()
        return charger

    def _step(self) -> bool:
        """One thing that is due now; False when there is none."""
        try:
            if self.journal.next_due_s <= self.now_s:
                highest = self.journal.write_due(self.now_s)
                self._tell_committed()
                if highest is not None:
                    self.charger.persisted(highest, self.now)
            elif self._link_at_s <= self.now_s:
                self._make_link()
            elif (record := self.central_system.take_next(self.now_s)) is not None:
                if self._check_wire:
                    self.rules.saw(record)
                self.charger.receive(record.text, self.now)
            elif (
                self.charger.next_deadline_s <= self.now.simulated_s
                or self.charger.next_real_deadline_s <= self.now.real_s
            ):
                self.charger.handle_deadline(self.now)
            else:
                return False
        finally:
            self._carry_out()
        return True

    def _carry_out(self) -> None:
        while self.charger.effects:
            effects = list(self.charger.effects)
            self.charger.effects.clear()
            for effect in effects:
                self._carry_out_one(effect)

    def _carry_out_one(self, effect: Effect) -> None:
        self.effects.append(effect)
        match effect:
            case SendText(text) if not self.linked:
                self.rules.sent_without_link(text, self.now_s)
            case SendText(text):
                record = self.central_system.receive(text, self.now_s)
                if self._check_wire:
                    self.rules.saw(record)
            case CloseLink(_, reconnect):
                self._lose_link()
                if reconnect:
                    self._want_link()
            case OpenLink():
                self.rules.booted()
                self._want_link()
            case SetPingInterval(interval_s):
                self.ping_interval_s = interval_s
            case Notify(notification):
                self._notice(notification)
            case StartDownload() | StartUpload() | CancelTransfer():
                pass
            case _:
                self._store(effect)

    def _store(self, effect: Effect) -> None:
        match effect:
            case Append() | Retire() | PutCell():
                self.journal.order(effect, self.now_s)
            case AwaitCommit(ticket):
                self._awaited.append((self.journal.ordered, ticket))
                self._tell_committed()
            case SaveConfiguration(key, value):
                stored = self.journal.stored
                stored.configuration = {**stored.configuration, key: value}
            case SaveAvailability(connector_id, operative):
                stored = self.journal.stored
                stored.availability = {**stored.availability, connector_id: operative}
            case SaveLedger():
                self.ledgers.put(effect)
            case _:
                raise AssertionError(f"no shell knows the effect {effect!r}")

    def _tell_committed(self) -> None:
        while self._awaited and self._awaited[0][0] <= self.journal.written:
            self.charger.committed(self._awaited.popleft()[1], self.now)

    def _notice(self, notification: Notification) -> None:
        self.notifications.append(notification)
        if isinstance(notification, ClockAdjusted):
            self.rules.transactions.clock_moved()
        elif isinstance(notification, RegistrationChanged) and notification.registration is None:
            self.rules.booted()

    def _want_link(self) -> None:
        if self._network_up and not self.linked:
            self._link_at_s = self.now_s + self.reconnect_delay_s

    def _make_link(self) -> None:
        self._link_at_s = float("inf")
        if not self.charger.wants_link:
            return
        self.linked = True
        self.rules.link_up()
        self.central_system.link_up(self.now_s)
        self.charger.link_up(self.now)

    def _lose_link(self, *, tell_charger: bool = True) -> None:
        self._link_at_s = float("inf")
        if not self.linked:
            return
        self.linked = False
        self.rules.link_down()
        self.central_system.link_down(self.now_s)
        if tell_charger:
            self.charger.link_down(self.now)
