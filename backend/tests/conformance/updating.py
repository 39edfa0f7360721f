"""What the tests of firmware updates have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ocppsim.protocol.v16.date_time import format_date_time
from ocppsim.simulation.virtual_bench import VirtualBench

BenchFactory = Callable[..., VirtualBench]
Cut = Callable[[VirtualBench], None]

LOCATION = "ftp://user:secret@files.example:2121/firmware/charger-2.1.0.bin"
WHOLE_WAY = ["Downloading", "Downloaded", "Installing", "Installed"]


def update(
    bench: VirtualBench, wait_s: float = -60.0, location: str = LOCATION, **more: Any
) -> dict[str, Any]:
    """Asks for an update to be retrieved so many seconds from now; returns the answer."""
    date = format_date_time(VirtualBench.EPOCH_S + bench.now_s + wait_s)
    answer = bench.ask("UpdateFirmware", {"location": location, "retrieveDate": date, **more})
    assert answer.payload is not None
    return answer.payload


def progress(bench: VirtualBench, since_s: float = 0.0) -> list[str]:
    """The firmware statuses that the CSMS heard, in order."""
    return [note["status"] for note in bench.sent("FirmwareStatusNotification", since_s)]


def times(bench: VirtualBench) -> list[float]:
    return [call.at_s for call in bench.central_system.calls("FirmwareStatusNotification")]


def power_cut(bench: VirtualBench) -> None:
    bench.power_cycle(5.0)


def kill(bench: VirtualBench) -> None:
    bench.crash(down_s=5.0)


def soft_reset(bench: VirtualBench) -> None:
    assert bench.ask("Reset", {"type": "Soft"}).status == "Accepted"


def hard_reset(bench: VirtualBench) -> None:
    assert bench.ask("Reset", {"type": "Hard"}).status == "Accepted"


CUTS = pytest.mark.parametrize("cut", [power_cut, kill, soft_reset, hard_reset])
