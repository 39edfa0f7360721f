"""A network that is not perfect: delay, loss, and silence in both directions."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Literal

import msgspec

from .timers import TimerHandle, Timers

Deliver = Callable[[], None]


class NetworkConditions(msgspec.Struct, frozen=True):
    """What a network does to text frames.

    Every frame is delayed by ``latency_ms`` give or take ``jitter_ms``, per direction, in
    order; a share ``loss`` (0 to 1) of them never arrives. ``cut`` refuses connections;
    ``blackhole`` keeps them but lets nothing through, not even a Pong or a Close.
    """

    state: Literal["up", "cut", "blackhole"] = "up"
    latency_ms: float = 0.0
    jitter_ms: float = 0.0
    loss: float = 0.0

    @property
    def delays(self) -> bool:
        """Whether frames take time."""
        return self.latency_ms > 0 or self.jitter_ms > 0


class _DelayLine:
    """What is under way in one direction; the order is kept."""

    def __init__(self, timers: Timers, clock: Callable[[], float]) -> None:
        self._timers = timers
        self._clock = clock
        # A list, which is short and nearly always empty: an empty deque takes 700 bytes more
        self._queue: list[tuple[float, Deliver, Deliver | None]] = []
        self._timer: TimerHandle | None = None

    def __bool__(self) -> bool:
        return bool(self._queue)

    def push(self, delay_s: float, deliver: Deliver, on_lost: Deliver | None) -> None:
        due_s = self._clock() + delay_s
        if self._queue:
            due_s = max(due_s, self._queue[-1][0])
        self._queue.append((due_s, deliver, on_lost))
        if self._timer is None:
            self._arm()

    def clear(self) -> list[Deliver]:
        """Lose what is under way; whom to tell so."""
        lost = [on_lost for _, _, on_lost in self._queue if on_lost is not None]
        self._queue.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        return lost

    def _arm(self) -> None:
        delay_s = max(0.0, self._queue[0][0] - self._clock())
        self._timer = self._timers.call_later(delay_s, self._deliver_due)

    def _deliver_due(self) -> None:
        self._timer = None
        now_s = self._clock()
        while self._queue and self._queue[0][0] <= now_s:
            self._queue.pop(0)[1]()
        if self._queue and self._timer is None:
            self._arm()


class Network:
    """The network between one charger and its CSMS; it outlives the links over it."""

    def __init__(self, timers: Timers, clock: Callable[[], float], random: Random) -> None:
        self._random = random
        self._conditions = NetworkConditions()
        self._outbound = _DelayLine(timers, clock)
        self._inbound = _DelayLine(timers, clock)
        self._on_recovery: list[Deliver] = []

    @property
    def conditions(self) -> NetworkConditions:
        return self._conditions

    @property
    def is_silent(self) -> bool:
        """Whether nothing gets through at all."""
        return self._conditions.state != "up"

    def set_conditions(self, conditions: NetworkConditions) -> None:
        """Change the network; what was under way in one that goes away is lost."""
        self._conditions = conditions
        if conditions.state != "up":
            self.forget()
        if conditions.state != "blackhole":
            waiting, self._on_recovery = self._on_recovery, []
            for callback in waiting:
                callback()

    def when_not_blackholed(self, callback: Deliver) -> None:
        """Call back once the peer can notice something again (at once if it can now)."""
        if self._conditions.state == "blackhole":
            self._on_recovery.append(callback)
        else:
            callback()

    def carry_out(self, deliver: Deliver) -> None:
        """A text frame on its way to the CSMS."""
        self._carry(self._outbound, deliver)

    def carry_in(self, deliver: Deliver) -> None:
        """A text frame on its way from the CSMS."""
        self._carry(self._inbound, deliver)

    def carry_close(self, deliver: Deliver, on_lost: Deliver) -> None:
        """The end of a link, behind the frames that are under way to the CSMS.

        One of the two is called: ``on_lost``, once the peer can notice something again, where
        the network goes away before it is delivered.
        """
        if self.is_silent:
            self.when_not_blackholed(on_lost)
        else:
            self._carry(self._outbound, deliver, on_lost)

    def forget(self) -> None:
        """Drop everything that is under way: the link that it belongs to is gone."""
        for on_lost in (*self._outbound.clear(), *self._inbound.clear()):
            self.when_not_blackholed(on_lost)

    def _carry(self, line: _DelayLine, deliver: Deliver, on_lost: Deliver | None = None) -> None:
        conditions = self._conditions
        if conditions.state != "up":
            return
        lossy = on_lost is None and conditions.loss > 0
        if lossy and self._random.random() < conditions.loss:
            return
        if not conditions.delays and not line:
            deliver()
            return
        delay_ms = conditions.latency_ms
        if conditions.jitter_ms > 0:
            delay_ms += self._random.uniform(-conditions.jitter_ms, conditions.jitter_ms)
        line.push(max(0.0, delay_ms) / 1000.0, deliver, on_lost)


__all__ = ["Network", "NetworkConditions"]
