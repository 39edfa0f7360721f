"""What the tests of reservations have in common."""

from __future__ import annotations

from collections.abc import Callable

from ocppsim.protocol.v16.date_time import format_date_time
from ocppsim.simulation.virtual_bench import VirtualBench

BenchFactory = Callable[..., VirtualBench]
Story = Callable[[VirtualBench], object]

GROUP = {"status": "Accepted", "parentIdTag": "GROUP"}


def reserve(
    bench: VirtualBench,
    reservation_id: int = 7,
    connector_id: int = 1,
    id_tag: str = "HOLDER",
    *,
    for_s: float = 3600.0,
    parent: str | None = None,
) -> str | None:
    """ReserveNow that expires in so many seconds; returns the answer's status."""
    expiry = format_date_time(bench.EPOCH_S + bench.now_s + for_s)
    request: dict[str, object] = {
        "connectorId": connector_id,
        "expiryDate": expiry,
        "idTag": id_tag,
        "reservationId": reservation_id,
    }
    if parent is not None:
        request["parentIdTag"] = parent
    return bench.ask("ReserveNow", request).status


def cancel(bench: VirtualBench, reservation_id: int = 7) -> str | None:
    return bench.ask("CancelReservation", {"reservationId": reservation_id}).status


def availability(bench: VirtualBench, connector_id: int, kind: str) -> str | None:
    return bench.ask("ChangeAvailability", {"connectorId": connector_id, "type": kind}).status


def remote_start(bench: VirtualBench, id_tag: str, connector_id: int | None = None) -> str | None:
    request: dict[str, object] = {"idTag": id_tag}
    if connector_id is not None:
        request["connectorId"] = connector_id
    return bench.ask("RemoteStartTransaction", request).status


def started(bench: VirtualBench) -> list[tuple[int, str, int | None]]:
    """Connector, tag and reservation of every transaction that began."""
    return [
        (call["connectorId"], call["idTag"], call.get("reservationId"))
        for call in bench.sent("StartTransaction")
    ]
