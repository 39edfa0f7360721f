"""How long to wait before the next attempt to connect."""

from __future__ import annotations

from random import Random


class BackOff:
    """Exponential back-off with jitter: the n-th wait is half to all of ``min_s * 2**n``.

    The waits never exceed ``max_s``. A connection resets them only after it has lasted for
    ``stable_s``: one that is accepted and dropped again counts as a failure.
    """

    __slots__ = ("_exponent", "_max_s", "_min_s", "_random", "_stable_s")

    def __init__(
        self, random: Random, *, min_s: float = 1.0, max_s: float = 30.0, stable_s: float = 10.0
    ) -> None:
        self._random = random
        self._min_s = min_s
        self._max_s = max_s
        self._stable_s = stable_s
        self._exponent = 0

    def next_delay_s(self) -> float:
        """The wait before the next attempt; every call lengthens the one after it."""
        ceiling_s = min(self._max_s, self._min_s * 2.0**self._exponent)
        if ceiling_s < self._max_s:
            self._exponent += 1
        return ceiling_s * self._random.uniform(0.5, 1.0)

    def connection_lasted(self, duration_s: float) -> None:
        """A connection ended after so many seconds."""
        if duration_s >= self._stable_s:
            self.reset()

    def reset(self) -> None:
        """Begin with the shortest wait again."""
        self._exponent = 0


__all__ = ["BackOff"]
