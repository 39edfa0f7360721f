"""The link of one charger: whether it should be up, and the way back when it is not."""

from __future__ import annotations

import logging

from ocppsim.simulation.definition import DesiredConnection
from ocppsim.transport.back_off import BackOff
from ocppsim.transport.diagnosis import ConnectFailed
from ocppsim.transport.dialing import Dial, open_link
from ocppsim.transport.impairment import UNDISTURBED, Network, NetworkConditions
from ocppsim.transport.link import GOING_AWAY, Link
from ocppsim.transport.url import InvalidUrl

from .clock import iso_utc
from .connection_owner import ConnectionOwner, ConnectionServices
from .dial_queue import DialTicket
from .scheduler import NEVER, Timer
from .snapshots import ConnectionState, ConnectionView

_logger = logging.getLogger("ocppsim.runtime.connection")


class Connection:
    """Keeps a charger connected as long as that is desired and the device is up.

    Reconnects by itself with back-off, forever (OCPP-J errata 3.3); watches for half-open
    links by Ping; tells its owner when the link came up and when it went.
    """

    __slots__ = (
        "_attempts",
        "_back_off",
        "_closed",
        "_desired",
        "_failing_since_s",
        "_held",
        "_last_error",
        "_last_link",
        "_opened_at_s",
        "_owner",
        "_pending",
        "_ping_interval_s",
        "_pinged_at_s",
        "_services",
        "_since_s",
        "_state",
        "_ticket",
        "_timer",
        "link",
        "network",
    )

    def __init__(
        self, owner: ConnectionOwner, services: ConnectionServices, desired: DesiredConnection
    ) -> None:
        self._owner = owner
        self._services = services
        self._desired: DesiredConnection = desired
        self.network = services.undisturbed
        self._back_off: BackOff | None = None
        """None: the next wait is the shortest."""
        self.link: Link | None = None
        """The link, while it is up."""
        self._last_link: Link | None = None
        self._pending: Link | None = None
        self._ticket: DialTicket | None = None
        self._held = False
        self._closed = False
        self._timer: Timer | None = None
        """For the next Ping while there is a link, for the next attempt while there is none."""
        self._ping_interval_s = 0
        self._pinged_at_s: float | None = None
        self._opened_at_s = 0.0
        self._failing_since_s: float | None = None
        self._attempts = 0
        self._last_error: str | None = None
        self._since_s = services.clock.wall_s()
        self._state: ConnectionState = self._present_state()

    @property
    def desired(self) -> DesiredConnection:
        return self._desired

    @property
    def is_up(self) -> bool:
        """Whether texts can be sent."""
        return self.link is not None

    @property
    def is_gone(self) -> bool:
        """Whether the last link has ended on the network, too."""
        return self._last_link is None or self._last_link.is_gone

    @property
    def state(self) -> ConnectionState:
        return self._state

    @property
    def view(self) -> ConnectionView:
        next_s = self._next_attempt_s
        waits = self._state == "connecting" and next_s != NEVER
        return ConnectionView(
            state=self._state,
            since=iso_utc(self._since_s),
            attempts=self._attempts,
            last_error=self._last_error,
            next_attempt_at=(
                iso_utc(self._services.clock.wall_s() + next_s - self._now_s()) if waits else None
            ),
        )

    def set_desired(self, desired: DesiredConnection) -> None:
        """Change what is desired and act on it; an attempt that waits is made at once."""
        changed = desired != self._desired
        self._desired = desired
        if desired == "connected":
            self._held = False
            self._back_off = None
            self._stop_waiting()
        elif changed and desired == "offline":
            self._drop_link()
        self.evaluate()

    def evaluate(self) -> None:
        """Make what is agree with what should be."""
        wanted = (
            self._desired == "connected"
            and not self._held
            and not self._closed
            and self._owner.wants_link
        )
        if not wanted:
            self._stop_waiting()
            self._give_up_attempt()
            if self.link is not None:
                self._close_link()
        elif self.link is None and self._pending is None and self._next_attempt_s == NEVER:
            self._attempt()
        self._note_state()

    def send(self, text: bytes) -> bool:
        """Send a text; False where there is no link."""
        link = self.link
        if link is None:
            return False
        link.send_text(text)
        return True

    def close(self, *, reconnect: bool) -> None:
        """The device ends the link cleanly; without ``reconnect`` it is :meth:`release`-d later."""
        self._held = not reconnect
        self._stop_waiting()
        if self.link is not None:
            self._close_link()
        self.evaluate()

    def release(self) -> None:
        """The device may be connected again after :meth:`close` without reconnecting."""
        self._held = False
        self._stop_waiting()
        self.evaluate()

    def drop(self) -> None:
        """End the link abruptly, as a power loss does; :meth:`evaluate` goes on from there."""
        self._drop_link()
        self._note_state()

    def reconnect(self) -> None:
        """Where to connect to has changed: begin anew."""
        self._give_up_attempt()
        self._back_off = None
        self.close(reconnect=True)

    def set_network(self, conditions: NetworkConditions) -> None:
        """Change the network; once it is up, an attempt is made at once."""
        before = self.network.conditions
        if conditions == before:
            return
        self._own_network().set_conditions(conditions)
        if conditions.state == before.state:
            return
        self._give_up_attempt()
        if conditions.state == "cut" and self.link is not None:
            self._last_error = "network: cut"
            self._drop_link()
        elif conditions.state == "up":
            self._back_off = None
        self._stop_waiting()
        self.evaluate()

    def set_ping_interval(self, interval_s: int) -> None:
        """Send a Ping every ``interval_s`` seconds, none with 0 (WebSocketPingInterval)."""
        self._ping_interval_s = interval_s
        self._arm_ping()

    def shut_down(self) -> None:
        """End for good, cleanly, without a change to what is desired."""
        self._closed = True
        self._give_up_attempt()
        if self._timer is not None:
            self._timer.cancel()
        link, self.link = self.link, None
        if link is not None:
            link.close(GOING_AWAY)
        # A network that swallows everything keeps links open; with the process they end.
        if self.network is not self._services.undisturbed:
            self.network.set_conditions(UNDISTURBED)

    def _own_network(self) -> Network:
        """One that can be disturbed without the others noticing."""
        services = self._services
        if self.network is services.undisturbed:
            self.network = Network(services.scheduler, services.random)
            for link in (self.link, self._last_link, self._pending):
                if link is not None:
                    link.network = self.network
        return self.network

    # --- what the link tells (LinkReceiver) ---

    def link_opened(self, link: Link) -> None:
        if link is not self._pending or self.network.is_silent:
            link.abort()
            return
        self._pending = None
        self._ticket = None
        self.link = self._last_link = link
        self._opened_at_s = self._now_s()
        self._log_opened()
        self._attempts = 0
        self._last_error = None
        self._arm_ping()
        self._note_state()
        self._owner.connection_opened()

    def link_closed(self, link: Link, reason: str) -> None:
        if link is not self.link:
            return
        _logger.info("%s: link lost: %s", self._owner.charge_point_id, reason)
        self._last_error = reason
        self._forget_link()
        self._retry_later()
        self._owner.connection_lost()
        self.evaluate()

    # --- attempts ---

    def _attempt(self) -> None:
        try:
            dial = self._owner.dial()
        except InvalidUrl as error:
            self._failed(str(error))
            return
        state = self.network.conditions.state
        if state == "cut":
            self._failed("network: cut")
            return
        services = self._services
        link = self._pending = Link(self, self.network, self._owner.short_way, services.batches)
        if state == "blackhole":  # Nobody answers, and nobody refuses either.
            self._ticket = None
            wait_s = dial.connect_timeout_s
            services.scheduler.call_later(wait_s, lambda: self._blackholed(link, dial))
            return
        peer = f"{dial.target.host}:{dial.target.port}"
        self._ticket = services.dial_queue.submit(peer, lambda: self._dial(dial, link))

    async def _dial(self, dial: Dial, link: Link) -> None:
        try:
            await open_link(dial, link)
        except ConnectFailed as error:
            if link is self._pending:
                self._failed(str(error))
        except Exception:
            _logger.exception("%s: connecting failed", self._owner.charge_point_id)
            if link is self._pending:
                self._failed("internal error while connecting (see the log)")

    def _blackholed(self, link: Link, dial: Dial) -> None:
        if link is self._pending:
            self._failed(f"timeout: {dial.target.host}:{dial.target.port} does not answer")

    def _failed(self, reason: str) -> None:
        self._pending = None
        self._ticket = None
        if self._failing_since_s is None:
            self._failing_since_s = self._now_s()
        if reason != self._last_error or not self._attempts:
            _logger.warning("%s: cannot connect: %s", self._owner.charge_point_id, reason)
        self._attempts += 1
        self._last_error = reason
        self._retry_later()
        self._note_state()
        self._owner.connection_changed()

    def _give_up_attempt(self) -> None:
        link, self._pending = self._pending, None
        if link is not None:
            link.abort()
        if self._ticket is not None:
            self._ticket.cancel()
            self._ticket = None

    def _retry_later(self) -> None:
        back_off = self._back_off
        if back_off is None:
            settings = self._services.settings
            back_off = self._back_off = BackOff(
                self._services.random,
                min_s=settings.back_off_min_s,
                max_s=settings.back_off_max_s,
                stable_s=settings.stable_connection_s,
            )
        self._set_timer(self._now_s() + back_off.next_delay_s())

    @property
    def _next_attempt_s(self) -> float:
        return NEVER if self.link is not None or self._timer is None else self._timer.due_s

    def _stop_waiting(self) -> None:
        """No attempt is due any more; the Pings of a link go on."""
        if self.link is None and self._timer is not None:
            self._timer.cancel()

    # --- the link's end ---

    def _close_link(self) -> None:
        link = self.link
        if link is not None:
            self._forget_link()
            link.close()
            self._owner.connection_lost()

    def _drop_link(self) -> None:
        self._give_up_attempt()
        link = self.link
        if link is not None:
            self._forget_link()
            self.network.forget()
            link.abort()
            self._owner.connection_lost()

    def _forget_link(self) -> None:
        self.link = None
        if self._timer is not None:
            self._timer.cancel()
        if self._back_off is not None:
            self._back_off.connection_lasted(self._now_s() - self._opened_at_s)

    # --- pings (OCPP-J 1.6 §7, errata 3.9) ---

    def _arm_ping(self) -> None:
        self._pinged_at_s = None
        if self.link is None:
            return
        if self._ping_interval_s > 0:
            self._set_timer(self._now_s() + self._ping_interval_s)
        elif self._timer is not None:
            self._timer.cancel()

    def _ping_due(self, link: Link) -> None:
        now_s = self._now_s()
        if self._pinged_at_s is None:
            link.heard = False
            link.send_ping()
            self._pinged_at_s = now_s
            pong_wait_s = self._services.settings.pong_wait_s
            self._set_timer(now_s + min(self._ping_interval_s, pong_wait_s))
        elif link.heard:
            next_s = self._pinged_at_s + self._ping_interval_s
            self._pinged_at_s = None
            self._set_timer(next_s)
        else:
            reason = f"half-open: no answer to a Ping within {now_s - self._pinged_at_s:.0f} s"
            _logger.info("%s: link lost: %s", self._owner.charge_point_id, reason)
            self._last_error = reason
            self._drop_link()
            self._retry_later()
            self.evaluate()

    # --- its timer ---

    def _set_timer(self, due_s: float) -> None:
        if self._timer is None:
            self._timer = self._services.scheduler.timer(self._timer_due)
        self._timer.set(due_s)

    def _timer_due(self) -> None:
        if self.link is None:
            self.evaluate()
        else:
            self._ping_due(self.link)

    def _now_s(self) -> float:
        return self._services.scheduler.now_s()

    # --- what is seen from outside ---

    def _note_state(self) -> None:
        state = self._present_state()
        if state != self._state:
            self._state = state
            self._since_s = self._services.clock.wall_s()
            self._owner.connection_changed()

    def _present_state(self) -> ConnectionState:
        if self._desired == "offline":
            return "offline"
        if self.link is not None:
            return "connected"
        if self._desired == "connected" and not self._closed and self._owner.wants_link:
            return "connecting"
        return "disconnected"

    def _log_opened(self) -> None:
        charge_point_id = self._owner.charge_point_id
        if self._failing_since_s is not None:
            _logger.info(
                "%s: connected again after %.0f s, %d failed attempts",
                charge_point_id,
                self._now_s() - self._failing_since_s,
                self._attempts,
            )
            self._failing_since_s = None
        else:
            _logger.info("%s: connected", charge_point_id)


__all__ = ["Connection", "ConnectionOwner", "ConnectionServices"]
