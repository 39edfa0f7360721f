"""The bench in virtual time: what a person does to a charger, one line a deed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from ocppsim.chargepoint.controller import ControllerFactory
from ocppsim.chargepoint.durable_state import DurableState
from ocppsim.chargepoint.identifiers import ConnectorId

from .central_system import CentralSystem, Payload, SentCall
from .definition import ChargerDefinition
from .plant import PlugSide
from .resolved_vehicle import DEFAULT_VEHICLE, ResolvedVehicle
from .virtual import VirtualRun


class VirtualBench(VirtualRun):
    """A :class:`VirtualRun` with the deeds of the bench and the questions of a test.

    Whatever is done, everything that follows from it at the same instant has happened when
    the method returns. Errors of the bench are raised as the charger raises them.
    """

    EPOCH_S = 1_767_225_600.0
    """What the clocks show at second 0: 2026-01-01T00:00:00Z."""

    def __init__(
        self,
        definition: ChargerDefinition,
        central_system: CentralSystem,
        controller_factory: ControllerFactory,
        *,
        durable: DurableState | None = None,
        clock_epoch_s: float = EPOCH_S,
        seed: int = 0,
        link: bool = True,
        vehicle: ResolvedVehicle = DEFAULT_VEHICLE,
        may_transfer: Callable[[str], bool] = lambda _location: False,
    ) -> None:
        self.vehicle = vehicle
        super().__init__(
            definition,
            central_system,
            controller_factory,
            lambda _id_tag: self.vehicle,
            durable=durable,
            clock_epoch_s=clock_epoch_s,
            seed=seed,
            link=link,
            may_transfer=may_transfer,
        )

    # --- the user -------------------------------------------------------------------------

    def plug_in(
        self,
        connector_id: int = 1,
        *,
        soc_percent: float | None = None,
        lock_fails: bool = False,
    ) -> None:
        self.act(
            lambda charger, now: charger.plug_in(
                ConnectorId(connector_id),
                self.vehicle,
                now,
                soc_percent=soc_percent,
                lock_fails=lock_fails,
            )
        )

    def unplug(self, connector_id: int = 1, side: PlugSide = "ev") -> None:
        self.act(lambda charger, now: charger.unplug(ConnectorId(connector_id), side, now))

    def drive_away(self, connector_id: int = 1) -> None:
        """Takes the cable out at both ends."""
        if self.charger.plant.cable(ConnectorId(connector_id)) == "vehicle":
            self.unplug(connector_id, "ev")
        if self.charger.plant.cable(ConnectorId(connector_id)) == "socket":
            self.unplug(connector_id, "charger")

    def tag(self, id_tag: str, connector_id: int | None = 1) -> None:
        """Shows a tag to the reader of a connector, or to the shared one."""
        where = None if connector_id is None else ConnectorId(connector_id)
        self.act(lambda charger, now: charger.present_id_tag(id_tag, where, now))

    def ev_draws(self, draws: bool, connector_id: int = 1) -> None:
        self.act(lambda charger, now: charger.set_ev_draws(ConnectorId(connector_id), draws, now))

    def jam_lock(self, jammed: bool, connector_id: int = 1) -> None:
        self.act(lambda charger, now: charger.jam_lock(ConnectorId(connector_id), jammed, now))

    def stop_button(self, connector_id: int = 1) -> None:
        self.act(lambda charger, now: charger.press_stop_button(ConnectorId(connector_id), now))

    def emergency_stop(self) -> None:
        self.act(lambda charger, now: charger.press_emergency_stop(now))

    def start(self, id_tag: str = "TAG", connector_id: int = 1) -> int:
        """Plugs in, shows the tag, and returns the transaction id that the CSMS gave.

        Raises ``LookupError`` when no transaction began.
        """
        before = self.central_system.next_transaction_id
        self.plug_in(connector_id)
        self.tag(id_tag, connector_id)
        if self.central_system.next_transaction_id == before:
            raise LookupError("the transaction did not start")
        return before

    # --- the world ------------------------------------------------------------------------

    def raise_fault(self, error_code: str, connector_id: int = 1, **more: str) -> None:
        self.act(
            lambda charger, now: charger.raise_fault(
                ConnectorId(connector_id), error_code, now, **more
            )
        )

    def clear_fault(self, connector_id: int = 1) -> None:
        self.act(lambda charger, now: charger.clear_fault(ConnectorId(connector_id), now))

    def power_off(self) -> None:
        self.act(lambda charger, now: charger.power_off(now))

    def power_on(self) -> None:
        self.act(lambda charger, now: charger.power_on(now))

    def power_cycle(self, down_s: float = 10.0) -> None:
        """Takes the mains away for so long, and waits until the charger has booted."""
        self.power_off()
        self.advance(down_s)
        self.power_on()
        self.wait_for(lambda: self.charger.wants_link, limit_s=60.0)

    def restart(self) -> None:
        """The software starts anew by itself; waits until the charger has booted."""
        self.act(lambda charger, now: charger.restart(now))
        self.wait_for(lambda: self.charger.wants_link, limit_s=60.0)

    def files(self, **outcomes: Any) -> None:
        """Sets how transfers and installations go; names as in ``FileOutcomes``."""
        changed = msgspec.structs.replace(self.charger.file_outcomes, **outcomes)
        self.act(lambda charger, _now: charger.set_file_outcomes(changed))

    def set_clock(self, offset_s: float) -> None:
        """Sets the real-time clock wrong by so much."""
        self.rules.transactions.clock_moved()
        real_epoch_s = self.EPOCH_S + self.now_s
        self.act(lambda charger, now: charger.set_clock_offset(offset_s, real_epoch_s, now))

    # --- the operators --------------------------------------------------------------------

    def ask(self, action: str, payload: Payload | None = None) -> SentCall:
        """The CSMS sends a CALL; the answer is there when this returns, if there is one."""
        sent = self.central_system.call(action, payload or {})
        self.settle()
        return sent

    def hear(self, text: bytes | str) -> None:
        """The CSMS sends a text, whatever it is."""
        self.central_system.send_text(text)
        self.settle()

    def configure(self, **values: str) -> None:
        """The CSMS sets configuration keys; raises ``ValueError`` unless all are Accepted."""
        for key, value in values.items():
            answer = self.ask("ChangeConfiguration", {"key": key, "value": value})
            if answer.status != "Accepted":
                raise ValueError(f"{key}={value} was answered with {answer}")

    def configured(self, key: str) -> str | None:
        """What GetConfiguration says of one key."""
        answer = self.ask("GetConfiguration", {"key": [key]})
        entries: list[dict[str, Any]] = (answer.payload or {}).get("configurationKey", [])
        return entries[0].get("value") if entries else None

    def set_configuration(self, **values: str) -> None:
        """The operator of the simulator sets keys, read-only ones too."""
        self.act(lambda charger, now: charger.set_configuration(values, now))

    # --- questions ------------------------------------------------------------------------

    def sent(self, action: str, since_s: float = 0.0) -> list[Payload]:
        """What the charge point sent with this action, in order."""
        return self.central_system.payloads(action, since_s)

    def statuses(self, connector_id: int = 1, since_s: float = 0.0) -> list[str]:
        """The statuses reported for a connector, in order."""
        return self.central_system.statuses(connector_id, since_s)

    def status(self, connector_id: int = 1) -> str:
        """The status last reported for a connector."""
        return self.statuses(connector_id)[-1]

    def actions(self, since: int = 0) -> list[str]:
        """The actions that the charge point called, in order, after so many frames."""
        return [
            record.action
            for record in self.central_system.records[since:]
            if record.sender == "charge_point" and record.kind == "CALL"
        ]

    def wait_for(self, condition: Callable[[], object], limit_s: float = 86_400.0) -> None:
        """Lets time pass until something holds; ``TimeoutError`` when it never does."""
        if not self.advance_until(lambda: bool(condition()), limit_s):
            raise TimeoutError(f"it did not come within {limit_s} s")
