"""GetDiagnostics: one file, uploaded to where the CSMS wants it (1.6 ed.2 §5.9)."""

from __future__ import annotations

import re
from collections.abc import Container

from ocppsim.chargepoint.effects import StartUpload
from ocppsim.protocol.v16.date_time import parse_date_time
from ocppsim.protocol.v16.enums import DiagnosticsStatus
from ocppsim.protocol.v16.firmware import (
    DiagnosticsStatusNotificationRequest,
    GetDiagnosticsRequest,
    GetDiagnosticsResponse,
)

from .caller import Caller
from .core import Core
from .progress_reporter import IDLE, PROFILE, ProgressReporter, stored_as
from .transfers import Attempts, RetryPlan, Transfers, is_usable

_ACTION = "DiagnosticsStatusNotification"
_CELL = "diagnostics-upload"
_RETRY = "diagnostics-retry"
_FINALS = frozenset({DiagnosticsStatus.Uploaded.value, DiagnosticsStatus.UploadFailed.value})
_NOT_IN_FILE_NAMES = re.compile(r"[^A-Za-z0-9._-]")


class Diagnostics:
    """One upload at a time: a new GetDiagnostics replaces the one under way.

    That an upload is under way is stored: a restart ends it, and the CSMS hears UploadFailed.
    """

    __slots__ = ("_attempts", "_core", "_progress")

    def __init__(self, core: Core, caller: Caller, transfers: Transfers) -> None:
        self._core = core
        self._attempts = Attempts(core, caller, transfers, _RETRY)
        self._progress = ProgressReporter(
            core,
            caller,
            _ACTION,
            lambda status: DiagnosticsStatusNotificationRequest(status=DiagnosticsStatus(status)),
            _FINALS,
        )

    @staticmethod
    def has_stored(cells: Container[str]) -> bool:
        """Whether something of an upload was stored that a boot has to take up."""
        return _CELL in cells or stored_as(_ACTION) in cells

    @property
    def status(self) -> str:
        """The latest DiagnosticsStatus, Idle where there was none since the boot."""
        return self._progress.status

    def boot(self) -> None:
        """An upload that the restart interrupted has failed."""
        if self._is_under_way:
            self._ended(succeeded=False)

    def resume(self) -> None:
        """The CSMS can be reached again."""
        self._progress.resume()
        self._attempts.resume()

    def trigger(self) -> None:
        """TriggerMessage: tell the present status, Idle when nothing is being uploaded."""
        self._progress.trigger(busy=self._is_under_way)

    @property
    def _is_under_way(self) -> bool:
        return _CELL in self._core.durable.cells

    def request(self, request: GetDiagnosticsRequest) -> GetDiagnosticsResponse:
        """GetDiagnostics."""
        core = self._core
        from_s = _unix_s(request.start_time)
        to_s = _unix_s(request.stop_time)
        now_s = core.clock.wall_s(core.now_s)
        nothing_yet = from_s is not None and from_s > now_s
        if nothing_yet or (from_s is not None and to_s is not None and to_s < from_s):
            # DIAG-01: there is nothing of that time to be uploaded
            return GetDiagnosticsResponse()
        location = request.location
        file_name = self._file_name()
        protocols = core.configuration.text("SupportedFileTransferProtocols")
        core.put_cell(_CELL, file_name)
        self._attempts.begin(
            (lambda ticket: StartUpload(ticket, location, file_name, from_s, to_s))
            if is_usable(location, protocols)
            else None,
            RetryPlan.of(request.retries, request.retry_interval),
            lambda: self._progress.report(DiagnosticsStatus.Uploading.value),
            lambda succeeded: self._ended(succeeded=succeeded),
        )
        return GetDiagnosticsResponse(file_name=file_name)

    def profile_changed(self) -> None:
        """Without the profile nothing is uploaded."""
        if not self._core.configuration.has_profile(PROFILE):
            self._attempts.cancel()
            self._core.put_cell(_CELL, None)
            self._progress.status = IDLE

    def _ended(self, *, succeeded: bool) -> None:
        status = DiagnosticsStatus.Uploaded if succeeded else DiagnosticsStatus.UploadFailed
        # In this order: a crash between the two tells the outcome twice rather than never
        self._progress.report(status.value)
        self._core.put_cell(_CELL, None)

    def _file_name(self) -> str:
        core = self._core
        charge_point = _NOT_IN_FILE_NAMES.sub("-", core.identity.charge_point_id)
        moment = re.sub(r"[-:]", "", core.stamp()[:19])
        return f"{charge_point}-diagnostics-{moment}Z.log"


def _unix_s(date_time: str | None) -> float | None:
    return None if date_time is None else parse_date_time(date_time)
