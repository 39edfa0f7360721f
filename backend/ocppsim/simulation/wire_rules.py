"""What must hold on every wire of every charge point, whatever happens: a running check.

:class:`WireRules` is shown each frame in the order in which it passed and collects what broke
a rule of OCPP. It knows nothing of the insides of the charge point.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, cast

import msgspec

from ocppsim.protocol.errors import CallFailure, ResponseViolation
from ocppsim.protocol.frames import MAXIMUM_MESSAGE_ID_LENGTH
from ocppsim.protocol.v16.actions import ACTIONS
from ocppsim.protocol.v16.codec import (
    decode_request,
    decode_response,
    decode_response_lenient,
    encode,
)

from .central_system import FrameRecord
from .transaction_rules import TransactionRules

_ERROR_CODES = frozenset(failure.code for failure in CallFailure.__subclasses__())

_CLOCK_TOLERANCE_S = 1e-6

_CONNECTOR_ZERO = frozenset({"Available", "Unavailable", "Faulted"})

_FORBIDDEN_TRANSITIONS = frozenset(
    {
        ("Available", "Finishing"),  # A6
        ("Preparing", "Reserved"),  # B7
        ("Charging", "Preparing"),  # C2
        ("Charging", "Reserved"),  # C7
        ("SuspendedEV", "Preparing"),  # D2
        ("SuspendedEV", "Reserved"),  # D7
        ("SuspendedEVSE", "Preparing"),  # E2
        ("SuspendedEVSE", "Reserved"),  # E7
        ("Finishing", "Charging"),  # F3
        ("Finishing", "SuspendedEV"),  # F4
        ("Finishing", "SuspendedEVSE"),  # F5
        ("Finishing", "Reserved"),  # F7
        ("Reserved", "Charging"),  # G3
        ("Reserved", "SuspendedEV"),  # G4
        ("Reserved", "SuspendedEVSE"),  # G5
        ("Reserved", "Finishing"),  # G6
        ("Unavailable", "Finishing"),  # H6
        ("Unavailable", "Reserved"),  # H7
    }
)
"""1.6 ed.2 §4.9: what its table of transitions does not contain.

B8 (Preparing to Unavailable) is missing there too, but ChangeAvailability can ask for it.
"""


_FILE_STATUSES = frozenset({"DiagnosticsStatusNotification", "FirmwareStatusNotification"})


class _OpenCall(msgspec.Struct, frozen=True):
    action: str
    at_s: float


class WireRules:
    """The rules, and in ``violations`` whatever broke one, in words.

    ``message_timeout_s`` is what the charge point waits for an answer before it may send its
    next CALL. ``connector_count`` is the highest connector id that may appear.
    """

    def __init__(self, connector_count: int, *, message_timeout_s: float = 30.0) -> None:
        self.message_timeout_s = message_timeout_s
        self.transactions = TransactionRules()
        self.registration: str | None = None
        self._connector_count = connector_count
        self._broken: list[str] = []
        self._ids: set[str] = set()
        self._own: dict[str, _OpenCall] = {}
        self._theirs: dict[str, _OpenCall] = {}
        self._in_flight: str | None = None
        self._boot_wait_until_s = 0.0
        self._triggered: Counter[str] = Counter()
        self._statuses: dict[int, str] = {}
        self._skips_statuses = False

    @property
    def violations(self) -> list[str]:
        """What broke a rule so far, CALLs of the CSMS that got no answer included."""
        unanswered = [
            f"{call.at_s:.3f} s: {call.action} ({message_id}) was not answered"
            for message_id, call in self._theirs.items()
        ]
        return self._broken + self.transactions.broken + unanswered

    def link_up(self) -> None:
        """A new connection: message ids may start anew, statuses be reported again."""
        self._forget_connection()

    def link_down(self) -> None:
        self._forget_connection()

    def booted(self) -> None:
        """The charge point starts anew: it must register, and may report any status."""
        self.registration = None
        self._boot_wait_until_s = 0.0
        self._triggered.clear()
        self._statuses.clear()

    def saw(self, record: FrameRecord) -> None:
        """The next frame, in either direction."""
        if record.sender == "central_system":
            self._saw_central_system(record)
        else:
            self._saw_charge_point(record)

    def sent_without_link(self, text: bytes, at_s: float) -> None:
        """The charge point sent a text that no link could carry."""
        self._broken.append(f"{at_s:.3f} s: sent without a link: {text.decode()[:200]}")

    # --- the CSMS -------------------------------------------------------------------------

    def _saw_central_system(self, record: FrameRecord) -> None:
        if record.kind == "CALL":
            self._theirs_came(record)
        elif record.kind and record.message_id == self._in_flight:
            self._in_flight = None
            call = self._own.pop(record.message_id)
            if record.at_s >= call.at_s + self.message_timeout_s - _CLOCK_TOLERANCE_S:
                return  # the charge point has given up waiting
            members = _members(record)
            if record.kind == "CALLRESULT" and members is not None:
                if call.action == "BootNotification":
                    self._registered(record.at_s, members)
                if _fits(call.action, members):
                    self.transactions.answered(record.message_id, members)

    def _theirs_came(self, record: FrameRecord) -> None:
        if len(record.message_id) > MAXIMUM_MESSAGE_ID_LENGTH or record.message_id in self._theirs:
            return
        if self.registration in {None, "Rejected"}:
            return
        self._theirs[record.message_id] = _OpenCall(record.action, record.at_s)
        members = _members(record) or {}
        if record.action in {"TriggerMessage", "ExtendedTriggerMessage"}:
            # 1.6 ed.2 §5.17: without a connector all of them send
            whole = "connectorId" not in members
            requested = str(members.get("requestedMessage"))
            of_each = whole and requested in {"MeterValues", "StatusNotification"}
            self._triggered[requested] += self._connector_count + 1 if of_each else 1
        elif str(members.get("key")).lower() == "minimumstatusduration":
            # Short statuses are not reported then, so the reported ones may jump.
            self._skips_statuses = True

    def _registered(self, at_s: float, members: dict[str, Any]) -> None:
        status = members.get("status")
        if status not in {"Accepted", "Pending", "Rejected"}:
            return
        self.registration = status
        interval = members.get("interval", 0)
        if isinstance(interval, int) and status != "Accepted":
            # 1.6 ed.2 §4.2: the minimum wait before the next BootNotification
            self._boot_wait_until_s = at_s + interval

    # --- the charge point -----------------------------------------------------------------

    def _saw_charge_point(self, record: FrameRecord) -> None:
        match record.kind:
            case "CALL":
                self._call(record)
            case "CALLRESULT":
                self._result(record)
            case "CALLERROR":
                self._error(record)
            case _:
                self._broke(record, "is no frame")

    def _call(self, record: FrameRecord) -> None:
        message_id = record.message_id
        if len(message_id) > MAXIMUM_MESSAGE_ID_LENGTH:
            self._broke(record, "has a message id of more than 36 characters")
        if message_id in self._ids:
            self._broke(record, "has a message id that was used before")
        self._ids.add(message_id)
        self._check_shape(record, 4)
        if self._in_flight is not None:
            open_call = self._own[self._in_flight]
            if record.at_s < open_call.at_s + self.message_timeout_s - _CLOCK_TOLERANCE_S:
                self._broke(record, f"was sent while {open_call.action} was not answered")
        self._own[message_id] = _OpenCall(record.action, record.at_s)
        self._in_flight = message_id
        self._check_registration(record)
        self._check_request(record)

    def _check_request(self, record: FrameRecord) -> None:
        action = ACTIONS.get(record.action)
        if action is None or not action.sent_by_charge_point:
            self._broke(record, "is no action that a charge point sends")
            return
        try:
            decode_request(record.action, msgspec.json.encode(record.payload))
        except CallFailure as failure:
            self._broke(record, f"breaks its schema: {failure.description}")
            return
        if record.payload.get("connectorId", 0) > self._connector_count:
            self._broke(record, "names a connector that is not there")
        if record.action == "StatusNotification":
            self._check_status(record)
        elif record.action in _FILE_STATUSES and record.payload["status"] == "Idle":
            # While Pending the registration rule has taken the trigger already
            pending = self.registration == "Pending"
            if not pending and not self._took_trigger(record.action):
                self._broke(record, "says Idle although nobody asked")
        self.transactions.sent(record)

    def _check_registration(self, record: FrameRecord) -> None:
        if record.action == "BootNotification":
            if self._took_trigger("BootNotification"):
                return
            if self.registration == "Accepted":
                self._broke(record, "although the charge point is registered")
            elif record.at_s < self._boot_wait_until_s - _CLOCK_TOLERANCE_S:
                self._broke(record, "before the interval was over")
        elif self.registration == "Accepted":
            return
        elif self.registration != "Pending" or not self._took_trigger(record.action):
            self._broke(record, f"while the registration is {self.registration}")

    def _took_trigger(self, action: str) -> bool:
        """Whether the CSMS has asked for one more message of that kind."""
        asked = self._triggered[action] > 0
        if asked:
            self._triggered[action] -= 1
        return asked

    def _check_status(self, record: FrameRecord) -> None:
        connector_id: int = record.payload["connectorId"]
        status: str = record.payload["status"]
        if connector_id == 0 and status not in _CONNECTOR_ZERO:
            self._broke(record, f"reports connector 0 as {status}")
        before = self._statuses.get(connector_id)
        forbidden = (before, status) in _FORBIDDEN_TRANSITIONS
        if forbidden and not self._skips_statuses:
            self._broke(record, f"connector {connector_id} went from {before} to {status}")
        if self.registration == "Accepted":
            self._statuses[connector_id] = status
        else:  # Nothing that follows is reported until it is asked for again, or accepted
            self._statuses.pop(connector_id, None)

    def _result(self, record: FrameRecord) -> None:
        self._check_shape(record, 3)
        call = self._take_theirs(record)
        if call is None or call.action not in ACTIONS:
            return
        try:
            response = decode_response(call.action, msgspec.json.encode(record.payload))
        except ResponseViolation as violation:
            self._broke(record, f"breaks its schema: {violation.description}")
            return
        if msgspec.json.decode(encode(response)) != record.payload:
            self._broke(record, "holds more than its schema knows")

    def _error(self, record: FrameRecord) -> None:
        self._check_shape(record, 5)
        frame: list[Any] = msgspec.json.decode(record.text)
        if record.error_code not in _ERROR_CODES:
            self._broke(record, "has an unknown error code")
        if not isinstance(frame[3], str) or not isinstance(frame[4], dict):
            self._broke(record, "has a description that is no text, or details that are no object")
        # A CALL whose id is too long or a repetition is refused without ever being open.
        self._theirs.pop(record.message_id, None)

    def _take_theirs(self, record: FrameRecord) -> _OpenCall | None:
        call = self._theirs.pop(record.message_id, None)
        if self.registration == "Rejected":
            # 1.6 ed.2 §4.2: a rejected charge point does not respond.
            self._broke(record, "although the registration is Rejected")
        elif call is None and self.registration is not None:
            self._broke(record, "answers no CALL, or one that is answered already")
        return call

    def _check_shape(self, record: FrameRecord, length: int) -> None:
        if len(msgspec.json.decode(record.text, type=list[Any])) != length:
            self._broke(record, f"does not have {length} elements")

    def _forget_connection(self) -> None:
        self._ids.clear()
        self._own.clear()
        self._theirs.clear()
        self._in_flight = None
        self._statuses.clear()
        self.transactions.connection_lost()

    def _broke(self, record: FrameRecord, rule: str) -> None:
        name = record.action or record.text.decode(errors="replace")[:60]
        self._broken.append(f"{record.at_s:.3f} s: {name} ({record.message_id}) {rule}")


def _members(record: FrameRecord) -> dict[str, Any] | None:
    """The payload of a frame if it is an object."""
    payload: object = record.payload
    return cast("dict[str, Any]", payload) if isinstance(payload, dict) else None


def _fits(action: str, members: dict[str, Any]) -> bool:
    """Whether an answer of the CSMS tells what is needed, its blemishes aside."""
    if action not in ACTIONS:
        return False
    return decode_response_lenient(action, msgspec.json.encode(members))[0] is not None
