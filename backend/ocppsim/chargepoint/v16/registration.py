"""BootNotification and what the CSMS's answer allows (1.6 ed.2 §4.2)."""

from __future__ import annotations

from ocppsim.chargepoint.notifications import RegistrationChanged
from ocppsim.protocol.v16.core import BootNotificationRequest, BootNotificationResponse
from ocppsim.protocol.v16.date_time import parse_date_time
from ocppsim.protocol.v16.enums import RegistrationStatus

from .caller import Caller, CallFailed, OwnCall
from .core import Core

_RETRY = "boot-retry"
OWN_WAIT_S = 30.0
"""The wait after Pending or Rejected with interval 0 (BOOT-09), and the first after no answer."""
LONGEST_WAIT_S = 300.0
_MOST_DOUBLINGS = 8
_LONGEST_INTERVAL_S = 2**31 - 1
"""JSON knows larger integers, but none that a clock could count to."""


class Registration:
    """Whether the CSMS has accepted this boot; it outlives the connection (BOOT-26)."""

    __slots__ = ("_caller", "_core", "_due", "_failures", "status")

    def __init__(self, core: Core, caller: Caller) -> None:
        self._core = core
        self._caller = caller
        self._due = True
        self._failures = 0
        self.status: RegistrationStatus | None = None

    @property
    def accepted(self) -> bool:
        """Registered in this boot, connected or not."""
        return self.status is RegistrationStatus.Accepted

    def link_up(self) -> None:
        """Boot if that is due; a mere reconnect needs no BootNotification (OCPP-J §5.4)."""
        if self.accepted:
            self._caller.open = True
            self._core.occasions.resumed()
        elif self._due:
            self._send()

    def trigger(self) -> None:
        """Boot again before the interval is over, because the CSMS asks for it (BOOT-10)."""
        if not self._caller.is_waiting("BootNotification"):
            self._send()

    def _send(self) -> None:
        self._due = False
        self._core.timers.cancel(_RETRY)
        identity = self._core.identity
        request = BootNotificationRequest(
            charge_point_vendor=identity.charge_point_vendor,
            charge_point_model=identity.charge_point_model,
            charge_point_serial_number=identity.charge_point_serial_number,
            charge_box_serial_number=identity.charge_box_serial_number,
            firmware_version=identity.firmware_version,
            iccid=identity.iccid,
            imsi=identity.imsi,
            meter_type=identity.meter_type,
            meter_serial_number=identity.meter_serial_number,
        )
        self._caller.call_privileged(
            OwnCall("BootNotification", request, self._answered, self._failed)
        )

    def _answered(self, response: BootNotificationResponse) -> None:
        self._failures = 0
        self.status = response.status
        interval_s = min(response.interval, _LONGEST_INTERVAL_S)
        if self.accepted:
            # BOOT-07; a readable currentTime is part of a valid answer only
            self._take_time(response.current_time)
            if interval_s > 0:
                # AMB-1: the interval overrides the key; 0 keeps what is configured
                self._core.configuration.record("HeartbeatInterval", str(interval_s))
            self._caller.open = True
        else:
            self._retry_in(interval_s if interval_s > 0 else OWN_WAIT_S)
        self._core.notify(RegistrationChanged(response.status.value))
        if self.accepted:
            self._core.occasions.accepted()

    def _take_time(self, text: str) -> None:
        try:
            wall_s = parse_date_time(text)
        except ValueError:
            return
        self._core.take_csms_time(wall_s)

    def _failed(self, failure: CallFailed) -> None:
        if failure.kind == "lost":
            self._due = True
            return
        # BOOT-19: stay silent otherwise and repeat with back-off
        self._retry_in(min(LONGEST_WAIT_S, OWN_WAIT_S * 2**self._failures))
        self._failures = min(self._failures + 1, _MOST_DOUBLINGS)

    def _retry_in(self, wait_s: float) -> None:
        self._core.timers.set(_RETRY, self._core.now_s + wait_s, self._retry)

    def _retry(self) -> None:
        if self._caller.online:
            self._send()
        else:
            self._due = True
