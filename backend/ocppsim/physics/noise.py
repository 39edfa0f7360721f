"""The supply around a charger: seeded, bounded, and a pure function of time.

Two slow sine waves a quantity instead of a random draw a reading: whoever looks, and however
often, sees the same supply, so that a run does not depend on its observers.
"""

from __future__ import annotations

from array import array
from math import pi, sin
from random import Random
from typing import Final

NOMINAL_VOLTAGE_V: Final = 230.0
"""Line to neutral; the voltage at which power and current limits convert (1.6 ed.2 §7.12)."""

VOLTAGE_DEVIATION: Final = 0.003
"""The largest relative deviation of a line voltage from nominal."""

LOWEST_VOLTAGE_V: Final = NOMINAL_VOLTAGE_V * (1.0 - VOLTAGE_DEVIATION)

NOMINAL_FREQUENCY_HZ: Final = 50.0

FREQUENCY_DEVIATION_HZ: Final = 0.02

_SLOW = 2.0 * pi / 607.0
_FAST = 2.0 * pi / 41.0
_DAY = 2.0 * pi / 86_400.0
# The factor a hair below one keeps the sum of both waves inside the promise after rounding.
_SLOW_SWING_V = NOMINAL_VOLTAGE_V * VOLTAGE_DEVIATION * (2.0 / 3.0) * (1.0 - 1e-9)
_FAST_SWING_V = NOMINAL_VOLTAGE_V * VOLTAGE_DEVIATION * (1.0 / 3.0) * (1.0 - 1e-9)

_NOMINAL_V = (NOMINAL_VOLTAGE_V, NOMINAL_VOLTAGE_V, NOMINAL_VOLTAGE_V)
_NOT_YET_S = float("nan")


class Noise:
    """The line voltages, frequency and ambient temperature of one charger's supply."""

    __slots__ = ("_ambient_celsius", "_angles", "_at_s", "_voltages_v")

    def __init__(self, random: Random) -> None:
        """Draw the phase angles from ``random``, which is not kept."""
        # An array: nine floats in a tuple take more than twice as much
        self._angles = array("d", [random.uniform(0.0, 2.0 * pi) for _ in range(9)])
        self._ambient_celsius = random.uniform(16.0, 24.0)
        self._at_s = _NOT_YET_S
        self._voltages_v = _NOMINAL_V

    def voltages_v(self, now_s: float) -> tuple[float, float, float]:
        """L1-N, L2-N, L3-N; each within ``VOLTAGE_DEVIATION`` of nominal."""
        if now_s != self._at_s:
            angles = self._angles
            slow = now_s * _SLOW
            fast = now_s * _FAST
            self._voltages_v = (
                NOMINAL_VOLTAGE_V
                + _SLOW_SWING_V * sin(slow + angles[0])
                + _FAST_SWING_V * sin(fast + angles[1]),
                NOMINAL_VOLTAGE_V
                + _SLOW_SWING_V * sin(slow + angles[2])
                + _FAST_SWING_V * sin(fast + angles[3]),
                NOMINAL_VOLTAGE_V
                + _SLOW_SWING_V * sin(slow + angles[4])
                + _FAST_SWING_V * sin(fast + angles[5]),
            )
            self._at_s = now_s
        return self._voltages_v

    def frequency_hz(self, now_s: float) -> float:
        """Within ``FREQUENCY_DEVIATION_HZ`` of nominal."""
        angles = self._angles
        return NOMINAL_FREQUENCY_HZ + FREQUENCY_DEVIATION_HZ * 0.5 * (
            sin(now_s * _SLOW + angles[6]) + sin(now_s * _FAST + angles[7])
        )

    def ambient_celsius(self, now_s: float) -> float:
        """The air around the charger: 14 to 26 °C, swinging by 2 K over a day."""
        return self._ambient_celsius + 2.0 * sin(now_s * _DAY + self._angles[8])


__all__ = [
    "FREQUENCY_DEVIATION_HZ",
    "LOWEST_VOLTAGE_V",
    "NOMINAL_FREQUENCY_HZ",
    "NOMINAL_VOLTAGE_V",
    "VOLTAGE_DEVIATION",
    "Noise",
]
