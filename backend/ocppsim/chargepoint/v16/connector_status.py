"""The status table A1..I9 (1.6 ed.2 §4.9, errata 3.19-3.21) and how a status follows from facts."""

from __future__ import annotations

from dataclasses import dataclass

from ocppsim.protocol.v16.enums import ChargePointStatus

_ROWS = {
    "A": ChargePointStatus.Available,
    "B": ChargePointStatus.Preparing,
    "C": ChargePointStatus.Charging,
    "D": ChargePointStatus.SuspendedEV,
    "E": ChargePointStatus.SuspendedEVSE,
    "F": ChargePointStatus.Finishing,
    "G": ChargePointStatus.Reserved,
    "H": ChargePointStatus.Unavailable,
    "I": ChargePointStatus.Faulted,
}
_COLUMNS = dict(zip("123456789", _ROWS.values(), strict=True))

_LEGAL = {
    "A": "2345789",
    "B": "134569",
    "C": "145689",
    "D": "135689",
    "E": "134689",
    "F": "1289",
    "G": "1289",
    "H": "123459",
    "I": "12345678",
}

TRANSITIONS: dict[tuple[ChargePointStatus, ChargePointStatus], str] = {
    (_ROWS[row], _COLUMNS[column]): row + column
    for row, columns in _LEGAL.items()
    for column in columns
} | {
    # Not in the table, yet ChangeAvailability can arrive while Preparing (AMB-3)
    (ChargePointStatus.Preparing, ChargePointStatus.Unavailable): "B8",
}
"""Legal changes of a connector's status and their names."""


@dataclass(slots=True)
class ConnectorFacts:
    """What the status of a connector follows from."""

    faulted: bool
    in_transaction: bool
    energy_permitted: bool
    """The EVSE is willing and ready to deliver: no limit of 0, no refused tag."""
    vehicle_connected: bool
    ev_draws: bool
    operative: bool
    finishing: bool
    preparing: bool
    reserved: bool = False
    """Kept for somebody who has not come yet, whatever a stranger plugs in (AMB-31)."""


def status_of(facts: ConnectorFacts) -> ChargePointStatus:
    """The one status that describes the facts; a fault covers whatever is below it."""
    if facts.faulted:
        return ChargePointStatus.Faulted
    if facts.in_transaction:
        # 1.6 ed.2 §4.9: when both sides suspend, SuspendedEVSE is reported
        if not facts.energy_permitted:
            return ChargePointStatus.SuspendedEVSE
        if not (facts.vehicle_connected and facts.ev_draws):
            return ChargePointStatus.SuspendedEV
        return ChargePointStatus.Charging
    if not facts.operative:
        return ChargePointStatus.Unavailable
    if facts.reserved:
        return ChargePointStatus.Reserved
    if facts.finishing:
        return ChargePointStatus.Finishing
    if facts.preparing:
        return ChargePointStatus.Preparing
    return ChargePointStatus.Available
