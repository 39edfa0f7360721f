"""Firmware updates in random worlds: cuts, restarts and failures in any stage of one."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ocppsim.chargepoint.controller import ChargePointIdentity
from ocppsim.chargepoint.errors import IllegalAction
from ocppsim.chargepoint.v16.charge_point import ChargePoint
from ocppsim.protocol.v16.date_time import format_date_time
from ocppsim.simulation.central_system import CentralSystem
from ocppsim.simulation.definition import ChargerDefinition, ConnectorDefinition
from ocppsim.simulation.virtual_bench import VirtualBench

WORLDS = int(os.environ.get("RANDOM_WORLDS", "300"))

FINALS = {"DownloadFailed", "InstallationFailed", "Installed"}
LEGAL = {
    "": {"Downloading"},
    # What happens while the CSMS cannot be told may be skipped
    "Downloading": {"Downloading", "Downloaded", "Installing", *FINALS},
    "Downloaded": {"Downloading", "Installing", "InstallationFailed", "Installed"},
    "Installing": {"InstallationFailed", "Installed"},
    "DownloadFailed": {"Downloading"},
    "InstallationFailed": {"Downloading"},
    "Installed": {"Downloading"},
}


class World:
    """A charger with two connectors, and how many updates should come to an end."""

    def __init__(self, behaviour: dict[str, str]) -> None:
        self.bench = VirtualBench(
            ChargerDefinition(
                charger_id=1,
                location_id=1,
                charger_name="Charger",
                connection_url="ws://csms.example/ocpp",
                identity=ChargePointIdentity("CP001", "Vendor", "Model", "1.0.0"),
                connectors=(ConnectorDefinition(), ConnectorDefinition(cable="tethered")),
                behaviour=behaviour,
            ),
            CentralSystem(clock_epoch_s=VirtualBench.EPOCH_S),
            ChargePoint,
        )
        self.expected = 0

    def update(self, wait_s: float, scheme: str, retries: int | None) -> None:
        bench = self.bench
        if not bench.linked:
            return
        under_way = "firmware-update" in bench.charger.durable.cells
        date = format_date_time(VirtualBench.EPOCH_S + bench.now_s + wait_s)
        location = f"{scheme}://files.example/charger-{self.expected}.0.bin"
        more: dict[str, Any] = {} if retries is None else {"retries": retries, "retryInterval": 7}
        sent = bench.central_system.call(
            "UpdateFirmware", {"location": location, "retrieveDate": date, **more}
        )
        bench.settle()
        # One under way is replaced, or the new one is ignored
        if sent.answered and not under_way:
            self.expected += 1

    def diagnose(self) -> None:
        if self.bench.linked:
            self.bench.ask("GetDiagnostics", {"location": "ftp://files.example/"})

    def reset(self, kind: str) -> None:
        if self.bench.linked:
            self.bench.ask("Reset", {"type": kind})

    def attempt(self, deed: Callable[[VirtualBench], object]) -> None:
        try:
            deed(self.bench)
        except (IllegalAction, LookupError):
            return

    def come_to_rest(self) -> None:
        bench = self.bench
        bench.restore_link()
        bench.power_on()
        bench.advance(60)
        for connector_id in (1, 2):
            self.attempt(lambda bench, n=connector_id: bench.stop_button(n))
        bench.advance(20_000)


def deeds() -> st.SearchStrategy[Callable[[World], object]]:
    outcome = st.sampled_from(["ok", "fail", None])
    connectors = st.sampled_from([1, 2])
    update = st.builds(
        lambda wait_s, scheme, retries: lambda world: world.update(wait_s, scheme, retries),
        st.sampled_from([-5.0, -5.0, 20.0, 300.0]),
        st.sampled_from(["ftp", "https", "https", "gopher"]),
        st.sampled_from([None, 0, 2]),
    )
    wait = st.builds(
        lambda duration_s: lambda world: world.bench.advance(duration_s),
        st.sampled_from([0.5, 1.0, 3.0, 3.0, 5.0, 20.0, 100.0]),
    )
    return st.one_of(
        update,
        update,
        update,
        wait,
        wait,
        wait,
        st.just(lambda world: world.diagnose()),
        st.builds(
            lambda download, install, upload, duration_s: (
                lambda world: world.bench.files(
                    download=download, install=install, upload=upload, duration_s=duration_s
                )
            ),
            outcome,
            outcome,
            outcome,
            st.sampled_from([None, 0.0, 15.0]),
        ),
        st.just(lambda world: world.bench.cut_link()),
        st.just(lambda world: world.bench.restore_link()),
        st.just(lambda world: world.bench.restore_link()),
        st.just(lambda world: world.bench.power_cycle(5.0)),
        st.just(lambda world: world.bench.crash(3.0)),
        st.builds(lambda kind: lambda world: world.reset(kind), st.sampled_from(["Soft", "Hard"])),
        st.builds(
            lambda n: lambda world: world.attempt(lambda bench: bench.start("TAG", n)), connectors
        ),
        st.builds(
            lambda n: lambda world: world.attempt(lambda bench: bench.stop_button(n)), connectors
        ),
        st.builds(
            lambda n: lambda world: world.attempt(lambda bench: bench.drive_away(n)), connectors
        ),
    )


@settings(max_examples=WORLDS, deadline=None)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "power_loss": st.just("resume"),
            "reset": st.just("fails"),
            "hard_reset": st.just("stop_after_boot"),
            "inoperative_while_occupied": st.just("at_unplug"),
            "firmware_installed": st.just("before_reboot"),
        },
    ),
    st.lists(deeds(), min_size=10, max_size=40),
)
def test_every_update_ends_once_and_leaves_a_charger_that_serves(
    behaviour: dict[str, str], plan: list[Callable[[World], object]]
):
    world = World(behaviour)
    for deed in plan:
        deed(world)
    world.come_to_rest()
    bench = world.bench

    heard = [note["status"] for note in bench.sent("FirmwareStatusNotification")]
    for before, after in zip(["", *heard], heard, strict=False):
        assert after in LEGAL[before], heard
    assert sum(status in FINALS for status in heard) == world.expected, heard

    uploads = [note["status"] for note in bench.sent("DiagnosticsStatusNotification")]
    assert uploads[-1:] != ["Uploading"]
    assert not uploads or uploads[0] == "Uploading"

    for connector_id in (1, 2):
        assert bench.status(connector_id) not in {"Unavailable", "Charging"}
    assert "firmware-update" not in bench.charger.durable.cells
    assert "diagnostics-upload" not in bench.charger.durable.cells
    assert bench.rules.transactions.unstopped() == []
    assert bench.violations == []
