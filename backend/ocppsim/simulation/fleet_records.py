"""What a run of many chargers writes down: the truth of the meters, the sessions, the messages.

The rows are plain values in the order of their columns; what becomes of them (a file, a list in a
test) is the business of the :class:`Recorder`. Times are Unix seconds.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol


class MeterRow(NamedTuple):
    """One connector at one instant, as it is and not as a MeterValues tells it.

    ``status`` is that of the charger, also while it is offline, and empty without power.
    ``offered_power_w`` and ``offered_current_a`` (a phase) are what the vehicle may take, 0
    with the contactor open. The currents of the phases are None for DC and for phases that the
    connector does not have; ``soc_percent`` is None without a vehicle.
    """

    time: float
    charger: str
    connector: int
    status: str
    power_w: float
    energy_wh: float
    voltage_v: float
    current_a: float
    current_l1_a: float | None
    current_l2_a: float | None
    current_l3_a: float | None
    soc_percent: float | None
    offered_power_w: float
    offered_current_a: float


class SessionRow(NamedTuple):
    """One visit of a vehicle, written when it has left, at the end for those still there.

    ``outcome`` is ``charged`` (it had a transaction), ``refused`` (its tag was), ``no_transaction``
    (plugged in, but none began), ``turned_away`` (no connector was free) or ``unfinished`` (it was
    still there at the end). ``energy_wh`` is what the register rose while it was plugged in,
    ``peak_power_w`` the highest power of all samples and of the ends of the transaction.
    """

    session: int
    charger: str | None
    connector: int | None
    vehicle: str
    id_tag: str
    outcome: str
    plugged_in: float
    started: float | None
    stopped: float | None
    plugged_out: float | None
    transaction_id: int | None
    stop_reason: str | None
    energy_wh: float
    soc_begin_percent: float
    soc_end_percent: float
    peak_power_w: float


class MessageRow(NamedTuple):
    """One OCPP frame; ``direction`` is ``sent`` by the charger or ``received`` by it.

    ``kind`` is ``CALL``, ``CALLRESULT``, ``CALLERROR``, or empty for a text that is no frame.
    ``payload`` is JSON; of a CALLERROR it is its code and description.
    """

    time: float
    charger: str
    direction: str
    kind: str
    action: str
    message_id: str
    payload: str


class SiteRow(NamedTuple):
    """The whole site at one instant: what charges, what the charging takes, and from where.

    The currents are the chargers' on the phases of the supply, after the phase rotation of each;
    DC counts as a balanced load at nominal voltage. ``grid_power_w`` is what comes from the grid,
    below 0 what goes there.
    """

    time: float
    charging_power_w: float
    charging_sessions: int
    plugged_in_vehicles: int
    charging_l1_a: float
    charging_l2_a: float
    charging_l3_a: float
    base_load_w: float
    pv_w: float
    grid_power_w: float


class Recorder(Protocol):
    """Takes the rows of a run as they come, each kind in the order of time.

    Sessions come in the order in which they end.
    """

    def meter(self, row: MeterRow, /) -> None: ...

    def session(self, row: SessionRow, /) -> None: ...

    def message(self, row: MessageRow, /) -> None: ...

    def site(self, row: SiteRow, /) -> None: ...


class FleetTotals:
    """What a run comes to so far."""

    __slots__ = (
        "energy_wh",
        "messages",
        "missed_calls",
        "outcomes",
        "peak_at_s",
        "peak_power_w",
        "sessions",
        "transactions",
    )

    def __init__(self) -> None:
        self.sessions = 0
        self.transactions = 0
        self.energy_wh = 0.0
        self.messages = 0
        self.missed_calls = 0
        self.peak_power_w = 0.0
        self.peak_at_s: float | None = None
        self.outcomes: dict[str, int] = {}


__all__ = [
    "FleetTotals",
    "MessageRow",
    "MeterRow",
    "Recorder",
    "SessionRow",
    "SiteRow",
]
