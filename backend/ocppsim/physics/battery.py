"""A traction battery: how full it is, and the voltage that it shows."""

from __future__ import annotations

from math import sqrt
from typing import Final, Literal

Chemistry = Literal["generic", "NMC", "LFP"]

OCV_SHAPES: Final[dict[Chemistry, tuple[tuple[float, float], ...]]] = {
    "generic": ((0.0, 0.9), (100.0, 1.1)),
    "NMC": (
        (0.0, 0.880),
        (5.0, 0.920),
        (10.0, 0.940),
        (20.0, 0.962),
        (40.0, 0.989),
        (50.0, 1.003),
        (60.0, 1.027),
        (80.0, 1.081),
        (100.0, 1.135),
    ),
    "LFP": (
        (0.0, 0.890),
        (5.0, 0.970),
        (10.0, 1.000),
        (20.0, 1.016),
        (35.0, 1.028),
        (60.0, 1.031),
        (70.0, 1.040),
        (95.0, 1.044),
        (98.0, 1.055),
        (100.0, 1.080),
    ),
}
"""The open-circuit voltage over the state of charge (%), as a share of the nominal voltage.

``generic`` is a straight line; the others are typical of cells of 3.7 V (NMC, within the window
that a vehicle uses) and 3.2 V (LFP, with its plateau), linear between the points.
"""


def open_circuit_share(chemistry: Chemistry, soc_percent: float) -> float:
    """The open-circuit voltage as a share of the nominal one."""
    shape = OCV_SHAPES[chemistry]
    before_percent, before_share = shape[0]
    for after_percent, after_share in shape[1:]:
        if soc_percent <= after_percent:
            progress = (soc_percent - before_percent) / (after_percent - before_percent)
            return before_share + (after_share - before_share) * progress
        before_percent, before_share = after_percent, after_share
    return before_share


class Battery:
    """Energy in a battery and the voltage at its terminals.

    The open-circuit voltage rises with the state of charge as the chemistry's does; under
    charge the ohmic drop adds to it (the R-int model: U = OCV + I R).
    """

    __slots__ = ("capacity_wh", "chemistry", "nominal_voltage_v", "resistance_ohm", "stored_wh")

    def __init__(
        self,
        *,
        capacity_wh: float,
        soc_percent: float,
        nominal_voltage_v: float,
        resistance_ohm: float,
        chemistry: Chemistry = "generic",
    ) -> None:
        """Raise ``ValueError`` for a state of charge outside 0 to 100 %."""
        if not 0.0 <= soc_percent <= 100.0:
            raise ValueError(f"a state of charge is between 0 and 100 %, not {soc_percent:g}")
        self.capacity_wh = capacity_wh
        self.stored_wh = capacity_wh * (soc_percent / 100.0)
        self.nominal_voltage_v = nominal_voltage_v
        self.resistance_ohm = resistance_ohm
        self.chemistry: Chemistry = chemistry

    @property
    def soc_percent(self) -> float:
        """State of charge by energy, 0 to 100."""
        return self.stored_wh / self.capacity_wh * 100.0

    @property
    def full(self) -> bool:
        """Whether nothing more goes in."""
        return self.stored_wh >= self.capacity_wh

    @property
    def open_circuit_voltage_v(self) -> float:
        """The voltage at the terminals without current."""
        return self.nominal_voltage_v * open_circuit_share(self.chemistry, self.soc_percent)

    def terminal_voltage_v(self, power_w: float) -> float:
        """The voltage at which ``power_w`` flows in: U (U - OCV) / R = power_w, solved for U."""
        ocv_v = self.open_circuit_voltage_v
        return (ocv_v + sqrt(ocv_v * ocv_v + 4.0 * self.resistance_ohm * power_w)) / 2.0


__all__ = ["OCV_SHAPES", "Battery", "Chemistry", "open_circuit_share"]
