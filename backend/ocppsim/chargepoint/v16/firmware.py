"""UpdateFirmware: fetch at the right time, install when idle, reboot, tell (1.6 ed.2 §5.19)."""

from __future__ import annotations

from collections.abc import Container
from typing import Literal

import msgspec

from ocppsim.chargepoint.effects import InstallFirmware, StartDownload
from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.protocol.v16.date_time import parse_date_time
from ocppsim.protocol.v16.enums import FirmwareStatus, Reason
from ocppsim.protocol.v16.firmware import (
    FirmwareStatusNotificationRequest,
    UpdateFirmwareRequest,
    UpdateFirmwareResponse,
)

from .availability import Availability
from .caller import Caller
from .connector import Connector
from .core import Core
from .outbox import Outbox
from .progress_reporter import IDLE, PROFILE, ProgressReporter, stored_as
from .reset import Reset
from .transfers import Attempts, RetryPlan, Transfers, is_usable

_ACTION = "FirmwareStatusNotification"
_CELL = "firmware-update"
_RETRIEVE = "firmware-retrieve"
_RETRY = "firmware-retry"
_INSTALL = "firmware-install"
_FINALS = frozenset(
    {
        FirmwareStatus.DownloadFailed.value,
        FirmwareStatus.InstallationFailed.value,
        FirmwareStatus.Installed.value,
    }
)
_GRACE_S = 60.0
"""How long an installation waits at most for the CSMS to hear that the transactions are over."""

Stage = Literal["scheduled", "downloading", "downloaded", "installing", "installed"]
"""Downloaded: it waits for the transactions. Installed: the reboot has to come first."""


class _Update(msgspec.Struct, frozen=True):
    """An update under way; ``retrieve_at_s`` in Unix seconds of the charge point's clock."""

    stage: Stage
    location: str
    retrieve_at_s: float
    plan: RetryPlan
    version_before: str | None = None


class Firmware:
    """One update at a time; a new one replaces it until its installation begins (AMB-35).

    Progress is stored. After a boot an update that was scheduled or downloading starts over,
    one that was downloaded goes on, and an installation that was interrupted has failed.
    """

    __slots__ = (
        "_attempts",
        "_availability",
        "_caller",
        "_connectors",
        "_core",
        "_outbox",
        "_progress",
        "_reset",
        "_transfers",
        "_update",
    )

    def __init__(
        self,
        core: Core,
        caller: Caller,
        outbox: Outbox,
        transfers: Transfers,
        availability: Availability,
        reset: Reset,
        connectors: dict[ConnectorId, Connector],
    ) -> None:
        self._core = core
        self._caller = caller
        self._outbox = outbox
        self._transfers = transfers
        self._availability = availability
        self._reset = reset
        self._connectors = connectors
        self._attempts = Attempts(core, caller, transfers, _RETRY)
        self._progress = ProgressReporter(
            core,
            caller,
            _ACTION,
            lambda status: FirmwareStatusNotificationRequest(status=FirmwareStatus(status)),
            _FINALS,
        )
        body = core.durable.cells.get(_CELL)
        self._update = None if body is None else msgspec.json.decode(body, type=_Update)

    @staticmethod
    def has_stored(cells: Container[str]) -> bool:
        """Whether something of an update was stored that a boot has to take up."""
        return _CELL in cells or stored_as(_ACTION) in cells

    @property
    def status(self) -> str:
        """The latest FirmwareStatus, Idle where there was none since the boot."""
        return self._progress.status

    def boot(self) -> None:
        """Go on with what was under way; the connectors are up."""
        self.profile_changed()
        update = self._update
        if update is None:
            return
        match update.stage:
            case "scheduled":
                self.await_retrieve_date()
            case "downloading":
                self._download(update)
            case "downloaded":
                self._downloaded(update)
            case "installing":
                # Whatever the power loss left of the installation shows in the version
                changed = self._core.identity.firmware_version != update.version_before
                status = FirmwareStatus.Installed if changed else FirmwareStatus.InstallationFailed
                self._finish(status)
            case "installed":
                # FW-10, FW-11
                self._finish(FirmwareStatus.Installed)

    def resume(self) -> None:
        """The CSMS can be reached again."""
        self._progress.resume()
        self._attempts.resume()

    def trigger(self) -> None:
        """TriggerMessage: tell the present status, Idle when nothing is fetched or installed."""
        update = self._update
        self._progress.trigger(busy=update is not None and update.stage != "scheduled")

    def request(self, request: UpdateFirmwareRequest) -> UpdateFirmwareResponse:
        """UpdateFirmware."""
        update = self._update
        if update is None or update.stage not in ("installing", "installed"):
            self._give_up()
            self._keep(
                _Update(
                    "scheduled",
                    request.location,
                    parse_date_time(request.retrieve_date),
                    RetryPlan.of(request.retries, request.retry_interval),
                )
            )
            self.await_retrieve_date()
        return UpdateFirmwareResponse()

    def await_retrieve_date(self) -> None:
        """FW-02: not before; the clock may have been moved meanwhile."""
        update = self._update
        if update is None or update.stage != "scheduled":
            return
        at_s = update.retrieve_at_s - self._core.clock.epoch_s
        if at_s <= self._core.now_s:
            self._core.timers.cancel(_RETRIEVE)
            self._download(update)
        else:
            self._core.timers.set(_RETRIEVE, at_s, self.await_retrieve_date)

    def _download(self, update: _Update) -> None:
        self._keep(msgspec.structs.replace(update, stage="downloading"))
        location = update.location
        protocols = self._core.configuration.text("SupportedFileTransferProtocols")
        self._attempts.begin(
            (lambda ticket: StartDownload(ticket, location))
            if is_usable(location, protocols)
            else None,
            update.plan,
            lambda: self._report(FirmwareStatus.Downloading),
            self._download_ended,
        )

    def _download_ended(self, succeeded: bool) -> None:
        update = self._update
        assert update is not None
        if not succeeded:
            self._finish(FirmwareStatus.DownloadFailed)
            return
        self._report(FirmwareStatus.Downloaded)
        self._downloaded(update)

    def _downloaded(self, update: _Update) -> None:
        """FW-08: nobody may begin to charge any more; who charges may finish."""
        self._keep(msgspec.structs.replace(update, stage="downloaded"))
        self._progress.status = FirmwareStatus.Downloaded.value
        self._availability.take_out_of_service()
        self.install_when_idle()

    def settle(self) -> bool:
        """At the end of a step: the CSMS may have heard what the installation waited for.

        Returns whether there may be something to do at the end of the next step, too.
        """
        if self._update is None:
            return False
        if self._core.timers.is_set(_INSTALL) and not self._owes_messages:
            self._install()
        return True

    @property
    def _owes_messages(self) -> bool:
        return self._caller.open and self._outbox.is_delivering

    def install_when_idle(self) -> None:
        """No transaction is left that the installation would have to wait for."""
        if not self._owes_messages:
            self._install()
        elif not self._core.timers.is_set(_INSTALL):
            # 1.6 ed.2 §5.19: first the CSMS hears that the transactions are over
            self._core.timers.set(_INSTALL, self._core.now_s + _GRACE_S, self._install)

    def _install(self) -> None:
        self._core.timers.cancel(_INSTALL)
        update = self._update
        if update is None or update.stage != "downloaded" or self._reset.is_under_way:
            return
        if any(connector.transaction is not None for connector in self._connectors.values()):
            return
        location = update.location
        self._keep(
            msgspec.structs.replace(
                update, stage="installing", version_before=self._core.identity.firmware_version
            )
        )
        self._report(FirmwareStatus.Installing)
        self._transfers.start(
            lambda ticket: InstallFirmware(ticket, location), self._installation_ended
        )

    def _installation_ended(self, succeeded: bool) -> None:
        update = self._update
        assert update is not None
        if not succeeded:
            self._finish(FirmwareStatus.InstallationFailed)
            self._availability.return_to_service()
            return
        if self._core.behaviour("firmware_installed") == "before_reboot":
            self._finish(FirmwareStatus.Installed)
        else:
            self._keep(msgspec.structs.replace(update, stage="installed"))
        self._reset.restart(Reason.Reboot)

    def profile_changed(self) -> None:
        """Without the profile there are no updates; an installation that began goes on."""
        update = self._update
        began = update is not None and update.stage in ("installing", "installed")
        if not began and not self._core.configuration.has_profile(PROFILE):
            self._give_up()

    def _give_up(self) -> None:
        """A new update comes instead, or none may: the old one has no outcome."""
        self._attempts.cancel()
        self._core.timers.cancel(_RETRIEVE)
        self._core.timers.cancel(_INSTALL)
        if self._update is not None:
            self._keep(None)
            self._progress.status = IDLE
            self._availability.return_to_service()

    def _finish(self, status: FirmwareStatus) -> None:
        # In this order: a crash between the two tells the outcome twice rather than never
        self._report(status)
        self._keep(None)

    def _report(self, status: FirmwareStatus) -> None:
        self._progress.report(status.value)

    def _keep(self, update: _Update | None) -> None:
        self._update = update
        self._core.put_cell(_CELL, update)
