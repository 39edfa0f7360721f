"""What passes over the wire, told to whoever watches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Direction = Literal["received", "sent"]


@dataclass(frozen=True, slots=True)
class WireMessage:
    """One text frame, as the central system sees it: ``received`` is from the charger."""

    charge_point_id: str
    direction: Direction
    text: str


@dataclass(frozen=True, slots=True)
class Violation:
    """A frame of a charger that breaks OCPP 1.6: ``reason`` says how."""

    charge_point_id: str
    reason: str
    text: str


WireListener = Callable[[WireMessage], None]
ViolationListener = Callable[[Violation], None]
