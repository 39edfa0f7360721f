"""A network that is not perfect: delay, loss, and silence in both directions."""

from __future__ import annotations

from collections import deque
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


UNDISTURBED = NetworkConditions()


class _DelayLine:
    """What is under way in one direction; the order is kept."""

    __slots__ = ("_on_empty", "_queue", "_timer", "_timers")

    def __init__(self, timers: Timers, on_empty: Deliver) -> None:
        self._timers = timers
        self._on_empty = on_empty
        self._queue: deque[tuple[float, Deliver, Deliver | None]] = deque()
        self._timer: TimerHandle | None = None

    def __bool__(self) -> bool:
        return bool(self._queue)

    def push(self, delay_s: float, deliver: Deliver, on_lost: Deliver | None) -> None:
        due_s = self._timers.now_s() + delay_s
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
        delay_s = max(0.0, self._queue[0][0] - self._timers.now_s())
        self._timer = self._timers.call_later(delay_s, self._deliver_due)

    def _deliver_due(self) -> None:
        self._timer = None
        now_s = self._timers.now_s()
        while self._queue and self._queue[0][0] <= now_s:
            self._queue.popleft()[1]()
        if not self._queue:
            self._on_empty()
        elif self._timer is None:
            self._arm()


class Network:
    """The network between one charger and its CSMS; it outlives the links over it."""

    __slots__ = (
        "_conditions",
        "_inbound",
        "_on_recovery",
        "_outbound",
        "_random",
        "is_undisturbed",
        "timers",
    )

    def __init__(self, timers: Timers, random: Random) -> None:
        self.timers = timers
        self._random = random
        self._conditions = UNDISTURBED
        # Hardly any network is ever disturbed: the lines come when something has to wait
        self._outbound: _DelayLine | None = None
        self._inbound: _DelayLine | None = None
        self._on_recovery: list[Deliver] | None = None
        self.is_undisturbed = True
        """Whether every frame arrives at once: then nobody has to be asked to carry it."""

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
        self._judge()
        if conditions.state != "up":
            self.forget()
        if conditions.state != "blackhole" and self._on_recovery is not None:
            waiting, self._on_recovery = self._on_recovery, None
            for callback in waiting:
                callback()

    def when_not_blackholed(self, callback: Deliver) -> None:
        """Call back once the peer can notice something again (at once if it can now)."""
        if self._conditions.state != "blackhole":
            callback()
        elif self._on_recovery is None:
            self._on_recovery = [callback]
        else:
            self._on_recovery.append(callback)

    def carry_out(self, deliver: Deliver) -> None:
        """A text frame on its way to the CSMS."""
        if not self._loses_a_text():
            self._carry(self._line_out(), deliver)

    def carry_in(self, deliver: Deliver) -> None:
        """A text frame on its way from the CSMS."""
        if not self._loses_a_text():
            if self._inbound is None:
                self._inbound = _DelayLine(self.timers, self._judge)
            self._carry(self._inbound, deliver)

    def carry_close(self, deliver: Deliver, on_lost: Deliver) -> None:
        """The end of a link, behind the frames that are under way to the CSMS.

        One of the two is called: ``on_lost``, once the peer can notice something again, where
        the network goes away before it is delivered.
        """
        if self.is_silent:
            self.when_not_blackholed(on_lost)
        else:
            self._carry(self._line_out(), deliver, on_lost)

    def forget(self) -> None:
        """Drop everything that is under way: the link that it belongs to is gone."""
        lines = [line for line in (self._outbound, self._inbound) if line is not None]
        lost = [on_lost for line in lines for on_lost in line.clear()]
        self._judge()
        for on_lost in lost:
            self.when_not_blackholed(on_lost)

    def _line_out(self) -> _DelayLine:
        if self._outbound is None:
            self._outbound = _DelayLine(self.timers, self._judge)
        return self._outbound

    def _loses_a_text(self) -> bool:
        conditions = self._conditions
        if conditions.state != "up":
            return True
        return conditions.loss > 0 and self._random.random() < conditions.loss

    def _carry(self, line: _DelayLine, deliver: Deliver, on_lost: Deliver | None = None) -> None:
        conditions = self._conditions
        if not conditions.delays and not line:
            deliver()
            return
        delay_ms = conditions.latency_ms
        if conditions.jitter_ms > 0:
            delay_ms += self._random.uniform(-conditions.jitter_ms, conditions.jitter_ms)
        line.push(max(0.0, delay_ms) / 1000.0, deliver, on_lost)
        self.is_undisturbed = False

    def _judge(self) -> None:
        """Conditions or what is under way have changed."""
        conditions = self._conditions
        if conditions.state != "up" or conditions.delays or conditions.loss > 0:
            self.is_undisturbed = False
        elif self._outbound or self._inbound:
            self.is_undisturbed = False  # What is under way stays in front
        else:
            self.is_undisturbed = True
            self._outbound = self._inbound = None


__all__ = ["UNDISTURBED", "Network", "NetworkConditions"]
