"""The charge point's own CALLs: who may send what, in which order, one at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import msgspec

from ocppsim.chargepoint.call_sink import CallSink
from ocppsim.chargepoint.effects import SendText
from ocppsim.chargepoint.notifications import ViolationSeen
from ocppsim.protocol.frames import EMPTY
from ocppsim.protocol.rpc import ErrorReceived, OutgoingCall, ResultReceived, RpcSession
from ocppsim.protocol.v16.codec import EMPTY_RESPONSES, decode_response_lenient

from .core import Core

QUEUE_BOUND = 200
"""Beyond it the oldest waiting message that is no transaction message is given up."""


class CallFailed(msgspec.Struct, frozen=True, gc=False):
    """Why a CALL of ours has no usable answer.

    ``kind``: ``error`` (CALLERROR), ``timeout``, ``lost`` (the link went down), ``violation``
    (an answer that cannot be used) or ``overflow`` (given up before it was sent).
    """

    kind: str
    code: str = ""
    description: str = ""


class OwnCall:
    """One CALL and what to do with its answer; ``raw`` answers come undecoded.

    ``violation`` says how the request breaks the standard, where the operator wants it so.
    """

    __slots__ = (
        "action",
        "message_id",
        "on_failure",
        "on_response",
        "raw",
        "request",
        "violation",
    )

    def __init__(
        self,
        action: str,
        request: msgspec.Struct | bytes,
        on_response: Callable[[Any], None],
        on_failure: Callable[[CallFailed], None],
        *,
        raw: bool = False,
        violation: str | None = None,
    ) -> None:
        self.action = action
        self.request = request
        self.on_response = on_response
        self.on_failure = on_failure
        self.raw = raw
        self.violation = violation
        self.message_id = ""
        """The id under which it went out last."""


class TransactionCalls(Protocol):
    """Where the transaction messages come from."""

    def next_call(self) -> OwnCall | None:
        """The one that may go now, if one may."""
        ...


class _NoCalls:
    def next_call(self) -> OwnCall | None:
        return None


_NO_CALLS = _NoCalls()


class Caller:
    """Sends one CALL after the other (OCPP-J §4.1.1) over the link that is up.

    Three sources, in this order: privileged CALLs (BootNotification, what the operator
    sends), ordinary messages, which overtake (1.6 ed.2 §3.7) the transaction messages of
    ``transaction_calls``. The last two flow only while ``open``: registered and online.
    """

    __slots__ = (
        "_core",
        "_ordinary",
        "_privileged",
        "_session",
        "_sink",
        "_timeout_of",
        "_timeout_s",
        "held",
        "online",
        "open",
        "transaction_calls",
    )

    def __init__(self, core: Core, session: RpcSession, call_sink: CallSink | None = None) -> None:
        self._core = core
        self._session = session
        self._sink = call_sink
        self._timeout_of = -1
        self._timeout_s = 1
        # They are short and mostly empty, and there is but one empty tuple
        self._privileged: tuple[OwnCall, ...] = ()
        self._ordinary: tuple[OwnCall, ...] = ()
        self.online = False
        self.open = False
        self.held = False
        """While a CALL of the CSMS is being handled: its answer goes before anything of ours."""
        self.transaction_calls: TransactionCalls = _NO_CALLS

    @property
    def is_crowded(self) -> bool:
        """So many privileged CALLs wait that no more are taken, but for BootNotification."""
        return len(self._privileged) >= QUEUE_BOUND

    @property
    def sink(self) -> CallSink | None:
        """Who is told what becomes of CALLs."""
        return self._sink

    @property
    def timeout_s(self) -> int:
        """How long an answer is waited for (MessageTimeout)."""
        configuration = self._core.configuration
        if configuration.version != self._timeout_of:
            self._timeout_of = configuration.version
            self._timeout_s = max(1, configuration.number("MessageTimeout"))
        return self._timeout_s

    @property
    def may_flow(self) -> bool:
        """Whether transaction messages may go out now, and nothing else waits to."""
        return self.online and self.open and not self.held and self.idle

    @property
    def idle(self) -> bool:
        """Nothing waits to be sent or answered, transaction messages aside."""
        return self._session.in_flight is None and not (self._privileged or self._ordinary)

    def call(self, call: OwnCall) -> None:
        """Send as soon as it may be sent; when the link is lost the call has failed."""
        if len(self._ordinary) >= QUEUE_BOUND:
            oldest = self._ordinary[0]
            self._ordinary = self._ordinary[1:]
            oldest.on_failure(CallFailed("overflow"))
        self._ordinary = (*self._ordinary, call)
        self.pump()

    def call_triggered(self, call: OwnCall) -> None:
        """Send what the CSMS asked for: in its turn, but also where nothing else may go yet.

        Where it asks for more and more and answers nothing, the call has failed.
        """
        if self.open:
            self.call(call)
        elif self.is_crowded:
            call.on_failure(CallFailed("overflow"))
        else:
            self.call_privileged(call)

    def call_privileged(self, call: OwnCall) -> None:
        """Send before all others and whatever the registration is."""
        self._privileged = (*self._privileged, call)
        self.pump()

    def is_waiting(self, action: str) -> bool:
        """Whether a CALL of that action waits or is in flight."""
        in_flight = self._session.in_flight
        return (in_flight is not None and in_flight.action == action) or any(
            call.action == action for call in (*self._privileged, *self._ordinary)
        )

    def pump(self) -> None:
        """Send the next CALL if one may go out now."""
        session = self._session
        if session.in_flight is not None or not self.online or self.held:
            return
        if self._privileged:
            call = self._privileged[0]
            self._privileged = self._privileged[1:]
        elif not self.open:
            return
        elif self._ordinary:
            call = self._ordinary[0]
            self._ordinary = self._ordinary[1:]
        else:
            call = self.transaction_calls.next_call()
            if call is None:
                return
        core = self._core
        text = session.call(call.action, call.request, call, self.timeout_s, core.real_s)
        in_flight = session.in_flight
        assert in_flight is not None
        call.message_id = in_flight.message_id
        core.effects.append(SendText(text, call.violation))

    def resume(self, call: OwnCall, sent_real_s: float, deadline_real_s: float) -> str:
        """A CALL was sent in another way and waits for its answer; returns its id."""
        in_flight = self._session.await_answer(call.action, call, sent_real_s, deadline_real_s)
        return in_flight.message_id

    def resolve(self, answer: ResultReceived | ErrorReceived) -> None:
        """The CALL in flight was answered."""
        call = answer.call.context
        assert isinstance(call, OwnCall)
        sink = self._sink
        if isinstance(answer, ErrorReceived):
            if sink is not None:
                sink.failed(answer.call.action, "error", answer.code)
            call.on_failure(CallFailed("error", answer.code, answer.description))
        elif call.raw:
            if sink is not None:
                sink.answered(answer.call.action, self._core.real_s - answer.call.sent_at_s)
            call.on_response(answer.payload)
        else:
            response, violation = decode_response_lenient(call.action, answer.payload)
            if violation is not None:
                self._core.notify(ViolationSeen(violation, answer.call.message_id))
            if response is None:
                if sink is not None:
                    sink.failed(answer.call.action, "violation", "")
                call.on_failure(CallFailed("violation", description=violation or ""))
            else:
                if sink is not None:
                    sink.answered(answer.call.action, self._core.real_s - answer.call.sent_at_s)
                call.on_response(response)
        self.pump()

    def resolve_empty(self, answered: OutgoingCall) -> None:
        """The CALL in flight was answered by a CALLRESULT without a field."""
        call = answered.context
        assert isinstance(call, OwnCall)
        response = EMPTY_RESPONSES.get(call.action)
        if response is None or call.raw:
            self.resolve(ResultReceived(answered, EMPTY))
            return
        if self._sink is not None:
            self._sink.answered(call.action, self._core.real_s - answered.sent_at_s)
        call.on_response(response)
        self.pump()

    def expire(self) -> None:
        """Give up the CALL in flight if it waited too long (OCPP-J §4.1.1, errata 3.82)."""
        expired = self._session.expire(self._core.real_s)
        if expired is not None:
            call = expired.context
            assert isinstance(call, OwnCall)
            if self._sink is not None:
                self._sink.failed(expired.action, "timeout", "")
            call.on_failure(CallFailed("timeout"))
            self.pump()

    def link_up(self) -> None:
        """Calls may go out again; who may send what is up to ``open``."""
        self.online = True

    def link_down(self) -> None:
        """Everything that waits or is in flight is lost; transaction messages stay queued."""
        self.online = False
        self.open = False
        in_flight = self._session.reset()
        lost = [*self._privileged, *self._ordinary]
        self._privileged = self._ordinary = ()
        if in_flight is not None:
            assert isinstance(in_flight.context, OwnCall)
            if self._sink is not None:
                self._sink.failed(in_flight.action, "lost", "")
            lost.insert(0, in_flight.context)
        for call in lost:
            call.on_failure(CallFailed("lost"))
