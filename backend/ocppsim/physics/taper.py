"""How DC power tapers off towards the full battery where no measured curve says it."""

from __future__ import annotations

from typing import Final

from .battery import OCV_SHAPES, Chemistry, open_circuit_share

_USUAL: Final = ((0.0, 1.0), (55.0, 1.0), (80.0, 0.55), (100.0, 0.15))

_CV_FROM_PERCENT: Final[dict[Chemistry, float]] = {"NMC": 55.0, "LFP": 70.0}
"""Where the constant-voltage stage begins at full power, without a curve that says it."""


def taper_of(chemistry: Chemistry) -> tuple[tuple[float, float], ...]:
    """DC power over the state of charge (%), as a share of the greatest.

    At the constant voltage ``U``, which is the open-circuit voltage of the full battery, the
    power is ``U (U - OCV) / R``: it falls as the open-circuit voltage rises.
    """
    from_percent = _CV_FROM_PERCENT.get(chemistry)
    if from_percent is None:
        return _USUAL
    shape = OCV_SHAPES[chemistry]
    highest = shape[-1][1]
    headroom = highest - open_circuit_share(chemistry, from_percent)
    falling = [(soc, (highest - share) / headroom) for soc, share in shape if soc > from_percent]
    return ((0.0, 1.0), (from_percent, 1.0), *falling)


__all__ = ["taper_of"]
