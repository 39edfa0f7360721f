"""Reset: end the transactions, let the CSMS know, restart (1.6 ed.2 §5.14)."""

from __future__ import annotations

from ocppsim.chargepoint.effects import Reboot
from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.protocol.v16.core import ResetRequest, ResetResponse
from ocppsim.protocol.v16.enums import ChargePointErrorCode, Reason, ResetStatus, ResetType

from .caller import Caller
from .connector import Connector
from .core import Core
from .metering import WHOLE_CHARGE_POINT
from .outbox import Outbox
from .status_reporter import StatusReporter
from .transactions import Transactions
from .whole_charge_point import WholeChargePoint

_TIMER = "reset"
_GRACE_S = {ResetType.Soft: 10.0, ResetType.Hard: 3.0}
"""How long the restart waits for the last messages to be answered; then the queue keeps them."""
_RETRY_S = 10.0
_REASONS = {ResetType.Soft: Reason.SoftReset, ResetType.Hard: Reason.HardReset}


class Reset:
    """Restarts the charge point; :meth:`progress` is asked after every step."""

    __slots__ = (
        "_at_once",
        "_caller",
        "_connectors",
        "_core",
        "_failures",
        "_outbox",
        "_reason",
        "_reporter",
        "_transactions",
        "_whole",
    )

    def __init__(
        self,
        core: Core,
        caller: Caller,
        outbox: Outbox,
        transactions: Transactions,
        whole: WholeChargePoint,
        reporter: StatusReporter,
        connectors: dict[ConnectorId, Connector],
    ) -> None:
        self._core = core
        self._caller = caller
        self._outbox = outbox
        self._transactions = transactions
        self._whole = whole
        self._reporter = reporter
        self._connectors = connectors
        self._reason: Reason | None = None
        self._at_once = False
        self._failures = 0

    @property
    def is_under_way(self) -> bool:
        """Whether a restart is about to come."""
        return self._whole.restarting

    def request(self, request: ResetRequest) -> ResetResponse:
        """Stop every transaction; the restart follows when the CSMS knows, or soon anyway."""
        if self._whole.restarting:
            return ResetResponse(status=ResetStatus.Rejected)
        reason = _REASONS[request.type]
        if request.type is ResetType.Hard and (
            self._core.behaviour("hard_reset") == "stop_after_boot"
        ):
            # AMB-12: the boot finds what was running, and ends it with the same reason
            self._whole.restarting = True
            self._reason = reason
            self._at_once = True
        else:
            self._begin(reason, _GRACE_S[request.type])
        return ResetResponse(status=ResetStatus.Accepted)

    def restart(self, reason: Reason) -> None:
        """Restart for a purpose of the charge point's own, as a soft reset does.

        That works also where a reset that the CSMS asked for does not.
        """
        if not self._whole.restarting or self._core.behaviour("reset") == "fails":
            self._begin(reason, _GRACE_S[ResetType.Soft])

    def _begin(self, reason: Reason, grace_s: float) -> None:
        self._whole.restarting = True
        self._reason = reason
        self._at_once = False
        for connector in self._connectors.values():
            if connector.transaction is not None:
                # AMB-12: at once if possible, after the boot otherwise
                self._transactions.stop(connector, reason)
        self._core.timers.set(_TIMER, self._core.now_s + grace_s, self._restart)

    def progress(self) -> bool:
        """Restart as soon as nothing is left to be told, or nobody is there to be told.

        Returns whether there may be something to do at the end of the next step, too.
        """
        if self._reason is None:
            return False
        if self._at_once or not self._caller.open or (self._caller.idle and len(self._outbox) == 0):
            self._restart()
        return True

    def _restart(self) -> None:
        reason, self._reason = self._reason, None
        self._core.timers.cancel(_TIMER)
        if reason is None:
            return
        if reason in _REASONS.values() and self._core.behaviour("reset") == "fails":
            self._retry()
        else:
            self._core.effects.append(Reboot(reason.value))

    def _retry(self) -> None:
        """A reset that does not work is tried again ResetRetries times (1.6 ed.2 §9.1.22)."""
        if self._failures < self._core.configuration.number("ResetRetries"):
            self._failures += 1
            self._core.timers.set(_TIMER, self._core.now_s + _RETRY_S, self._retry)
            return
        self._failures = 0
        self._at_once = False
        self._whole.restarting = False
        self._reporter.report_passing(
            WHOLE_CHARGE_POINT, ChargePointErrorCode.ResetFailure, "the reset did not succeed"
        )
        self._core.occasions.reset_given_up()
