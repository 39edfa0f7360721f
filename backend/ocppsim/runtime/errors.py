"""What can go wrong when the shell is asked for something.

RuntimeFault
├── UnknownCharger      no charger of that charge point id is live (REST: 404)
├── UnusableCharger     its stored state cannot be used, so it is not live (REST: 409)
├── UnknownOperation    no such bulk operation, or it is forgotten by now (REST: 404)
├── UnknownVehicle      the location has no such vehicle (REST: 422)
├── DuplicateCharger    a charger of that charge point id is live already (REST: 409)
└── NotConnected        nothing can be sent: there is no link to the CSMS (REST: 409)
"""

from __future__ import annotations


class RuntimeFault(Exception):
    """Base of the errors of the shell; the text is meant for the operator."""


class UnknownCharger(RuntimeFault):
    """No charger of that charge point id is live."""

    def __init__(self, charge_point_id: str) -> None:
        super().__init__(f"there is no charger {charge_point_id!r}")
        self.charge_point_id = charge_point_id


class UnusableCharger(RuntimeFault):
    """A charger is stored, but with a state from which it cannot be brought to life."""

    def __init__(self, charge_point_id: str, reason: str) -> None:
        super().__init__(
            f"the stored state of charger {charge_point_id!r} cannot be used ({reason});"
            " all that can be done is to delete it"
        )
        self.charge_point_id = charge_point_id


class UnknownOperation(RuntimeFault):
    """No such bulk operation, or it is forgotten by now."""

    def __init__(self, operation_id: str) -> None:
        super().__init__(f"there is no operation {operation_id!r}")
        self.operation_id = operation_id


class UnknownVehicle(RuntimeFault):
    """The location of the charger has no vehicle of that number."""

    def __init__(self, vehicle_id: int) -> None:
        super().__init__(f"there is no vehicle {vehicle_id} at the location of this charger")
        self.vehicle_id = vehicle_id


class DuplicateCharger(RuntimeFault):
    """A charger of that charge point id is live already."""

    def __init__(self, charge_point_id: str) -> None:
        super().__init__(f"there is a charger {charge_point_id!r} already")
        self.charge_point_id = charge_point_id


class NotConnected(RuntimeFault):
    """Nothing can be sent: there is no link to the CSMS."""

    def __init__(self, charge_point_id: str) -> None:
        super().__init__(f"charger {charge_point_id!r} is not connected to its CSMS")
        self.charge_point_id = charge_point_id


__all__ = [
    "DuplicateCharger",
    "NotConnected",
    "RuntimeFault",
    "UnknownCharger",
    "UnknownOperation",
    "UnknownVehicle",
    "UnusableCharger",
]
