"""The diagnostics of a charger: one JSON object a line, each with its ``kind``."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import msgspec

from ocppsim import __version__
from ocppsim.chargepoint.controller import ConfigurationEntry

from .clock import iso_utc
from .message_log import MessageLog, view
from .snapshots import ChargerSnapshot

_PIECE_LINES = 200
"""After so many lines the other chargers get their turn."""

_SAID = (
    "charge_point_id",
    "charge_point_vendor",
    "charge_point_model",
    "firmware_version",
    "charge_point_serial_number",
    "charge_box_serial_number",
    "iccid",
    "imsi",
    "meter_serial_number",
    "meter_type",
    "ocpp_version",
    "security_profile",
    "connection",
    "registration",
    "status",
    "error_code",
    "info",
    "power_w",
    "energy_wh",
    "queued_messages",
)
"""What a charge point says of itself, of all that the simulator knows."""


async def diagnostics_file(
    snapshot: ChargerSnapshot,
    configuration: list[ConfigurationEntry],
    log: MessageLog,
    charger_id: int,
    *,
    now_s: float,
    from_s: float | None,
    to_s: float | None,
) -> AsyncIterator[bytes]:
    """The lines, in pieces: charge point, connectors, configuration, then the message log.

    The messages are those from ``from_s`` to ``to_s``, which are Unix seconds of the charge
    point's clock, as their timestamps are; the true time is ``now_s``. No secret is in it:
    neither the AuthorizationKey nor a password in a URL.
    """
    encoder = msgspec.json.Encoder()
    piece: list[bytes] = []
    for line in _lines(snapshot, configuration, log, charger_id, now_s, from_s, to_s):
        piece.append(encoder.encode(line))
        if len(piece) == _PIECE_LINES:
            yield b"\n".join(piece) + b"\n"
            piece.clear()
            await asyncio.sleep(0)
    yield b"".join(line + b"\n" for line in piece)


def _lines(
    snapshot: ChargerSnapshot,
    configuration: list[ConfigurationEntry],
    log: MessageLog,
    charger_id: int,
    now_s: float,
    from_s: float | None,
    to_s: float | None,
) -> Iterator[dict[str, Any]]:
    offset_s = snapshot.clock_offset_s
    time_scale = snapshot.time_scale_in_force

    # What its clock showed at a true time, and the other way round, if its pace was the
    # present one since

    def shown_s(true_s: float) -> float:
        return true_s + offset_s - (now_s - true_s) * (time_scale - 1)

    def true_time_s(wall_s: float | None) -> float | None:
        if wall_s is None:
            return None
        return wall_s - offset_s + (now_s + offset_s - wall_s) * (1 - 1 / time_scale)

    yield {
        "kind": "charge_point",
        "made_by": f"ocppsim {__version__}",
        "timestamp": iso_utc(now_s + offset_s),
        "from": None if from_s is None else iso_utc(from_s),
        "to": None if to_s is None else iso_utc(to_s),
        **{name: getattr(snapshot, name) for name in _SAID},
    }
    for connector in snapshot.connectors:
        yield {"kind": "connector", **msgspec.structs.asdict(connector)}
    for entry in configuration:
        yield {
            "kind": "configuration",
            "key": entry.key,
            "value": entry.value,
            "readonly": entry.readonly,
        }
    messages = log.between(charger_id, true_time_s(from_s), true_time_s(to_s))
    for read in messages:
        message = view(read)
        yield {
            "kind": "message",
            "timestamp": iso_utc(shown_s(read.record.timestamp_s)),
            "direction": message.direction,
            "type": message.kind,
            "action": message.action,
            "message_id": message.message_id,
            "payload": message.payload,
            "latency_ms": message.latency_ms,
            "violation": message.violation,
        }


__all__ = ["diagnostics_file"]
