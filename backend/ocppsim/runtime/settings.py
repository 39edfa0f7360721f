"""What the composition root may choose about the shell."""

from __future__ import annotations

import msgspec

from ocppsim.simulation.session_ledger import DEFAULT_INTERVAL_S

from .message_log import DEFAULT_BYTES


class RuntimeSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Waits are in real time.

    ``apply_csms_time``: chargers set their clock by the CSMS's currentTime.
    ``max_concurrent_connects`` bounds the handshakes under way with one CSMS,
    ``max_concurrent_transfers`` the files that all chargers together exchange at a time.
    ``start_wait_s``: how long a start (or stop) waits for the CSMS before it is reported as
    queued; ``ready_wait_s``: how long it lets a connection come up before. ``call_guard_s`` ends
    the wait for the answer to a CALL of the operator should the charge point never say what
    became of it. ``ledger_interval_s`` is the length of the clock-aligned intervals of the session
    ledger, in simulated time. ``seed`` makes runs repeatable.
    """

    apply_csms_time: bool = True
    connect_timeout_s: float = 20.0
    handshake_timeout_s: float = 10.0
    back_off_min_s: float = 1.0
    back_off_max_s: float = 30.0
    stable_connection_s: float = 10.0
    pong_wait_s: float = 20.0
    max_concurrent_connects: int = 64
    max_concurrent_transfers: int = 8
    message_log_bytes: int = DEFAULT_BYTES
    start_wait_s: float = 30.0
    ready_wait_s: float = 10.0
    call_guard_s: float = 300.0
    ledger_interval_s: float = DEFAULT_INTERVAL_S
    seed: int = 0


__all__ = ["RuntimeSettings"]
