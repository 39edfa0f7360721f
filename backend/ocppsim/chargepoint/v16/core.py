"""What every part of an OCPP 1.6 charge point shares: state that survives, clocks, effects."""

from __future__ import annotations

from ocppsim.chargepoint.controller import ChargePointIdentity, ControllerSettings
from ocppsim.chargepoint.durable_state import DurableState, same_key
from ocppsim.chargepoint.effects import Effect, Notify, PutCell
from ocppsim.chargepoint.hardware import Hardware
from ocppsim.chargepoint.moment import Moment
from ocppsim.chargepoint.notifications import ClockAdjusted, ClockKept, Notification
from ocppsim.protocol.kept_json import encode_to_keep

from .behaviour import BEHAVIOURS
from .clock import SMALLEST_CORRECTION_S, Clock
from .configuration.store import ConfigurationStore
from .occasions import UNHEARD, Occasions
from .timers import Timers

_NO_KEYS: frozenset[str] = frozenset()
_CACHE_KEYS = frozenset({"AuthorizationCacheEnabled"})


class Core:
    """The common ground of the parts; it decides nothing.

    ``now_s`` and ``real_s`` are set by the facade at every entry and stand still until it
    returns, so that all that happens in one step happens at one instant.
    """

    __slots__ = (
        "_applies_csms_time",
        "_behaviour",
        "clock",
        "configuration",
        "down",
        "durable",
        "effects",
        "hardware",
        "identity",
        "message_id_prefix",
        "now_s",
        "occasions",
        "real_s",
        "timers",
    )

    def __init__(
        self,
        identity: ChargePointIdentity,
        durable: DurableState,
        hardware: Hardware,
        effects: list[Effect],
        settings: ControllerSettings,
    ) -> None:
        self.identity = identity
        self.durable = durable
        self.hardware = hardware
        self.effects = effects
        self.message_id_prefix = settings.message_id_prefix
        """No other boot has the same."""
        self._applies_csms_time = settings.apply_csms_time
        self._behaviour = settings.behaviour
        self.clock = Clock(
            settings.clock_epoch_s,
            is_scaled=settings.time_scale != 1.0,
            ran_ahead=settings.clock_ran_ahead,
        )
        self.occasions = UNHEARD
        self.timers = Timers()
        self.configuration = ConfigurationStore(
            hardware,
            durable,
            effects,
            absent=_NO_KEYS if self.has_cache else _CACHE_KEYS,
        )
        self.now_s = 0.0
        self.real_s = 0.0
        self.down = False
        """Without power, or about to boot anew: no contactor closes any more."""

    def wire(self, occasions: Occasions) -> None:
        """From now on somebody hears what happens."""
        self.occasions = occasions
        self.configuration.occasions = occasions

    def enter(self, now: Moment) -> None:
        """Take over the time of an entry point."""
        self.now_s = now.simulated_s
        self.real_s = now.real_s

    def notify(self, notification: Notification) -> None:
        """Tell whoever watches."""
        self.effects.append(Notify(notification))

    def put_cell(self, key: str, value: object | None) -> None:
        """Store a named piece of state as JSON (None removes it), where it changed."""
        if value is None:
            if self.durable.cells.pop(key, None) is not None:
                self.effects.append(PutCell(key, None))
            return
        self.put_body(same_key(key), encode_to_keep(value))

    def put_body(self, key: str, body: bytes) -> None:
        """The same, where it is JSON already."""
        cells = self.durable.cells
        if cells.get(key) != body:
            cells[key] = body
            self.effects.append(PutCell(key, body))

    def take_csms_time(self, wall_s: float) -> None:
        """Set the clock from a currentTime (1.6 ed.2 §4.2, §4.6), unless told not to."""
        if not self._applies_csms_time:
            return
        clock = self.clock
        if clock.is_scaled or (clock.ran_ahead and self.occasions.in_transaction()):
            # Timestamps must not go back within a transaction
            difference_s = wall_s - clock.wall_s(self.now_s)
            if abs(difference_s) >= SMALLEST_CORRECTION_S:
                self.notify(ClockKept(difference_s))
            return
        correction_s = clock.adjust(wall_s, self.now_s)
        if correction_s:
            self.notify(ClockAdjusted(correction_s))
            self.occasions.clock_moved()

    def behaviour(self, name: str) -> str:
        """A documented choice where OCPP leaves one; a value that is none means the default."""
        known = BEHAVIOURS[name]
        chosen = self._behaviour.get(name)
        return chosen if chosen in known.choices else known.default

    @property
    def has_cache(self) -> bool:
        """Whether there is an Authorization Cache at all (1.6 ed.2 §3.5.1)."""
        return self.behaviour("authorization_cache") == "present"

    def stamp(self) -> str:
        """The date-time of this step for the wire."""
        return self.clock.stamp(self.now_s)
