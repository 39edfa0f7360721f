"""May this tag charge? Online, offline, from list and cache (1.6 ed.2 §3.4, §3.5, §4.1)."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from ocppsim.protocol.v16.core import AuthorizeRequest, AuthorizeResponse
from ocppsim.protocol.v16.datatypes import IdTagInfo
from ocppsim.protocol.v16.enums import AuthorizationStatus, ChargePointErrorCode

from .authorization_cache import AuthorizationCache
from .caller import Caller, CallFailed, OwnCall
from .core import Core
from .local_auth_list import LocalAuthList
from .metering import WHOLE_CHARGE_POINT
from .status_reporter import StatusReporter
from .validity import VALID

LONGEST_INFO = 50
"""Characters of the info of a StatusNotification (1.6 ed.2 §6.47)."""


class Decision(msgspec.Struct, frozen=True, gc=False):
    """The judgement of a tag; ``reason`` is a sentence where it is refused."""

    id_tag: str
    status: AuthorizationStatus
    parent_id_tag: str | None = None
    reason: str | None = None

    @property
    def accepted(self) -> bool:
        """Whether the tag may charge."""
        return self.status is AuthorizationStatus.Accepted


class Authorizer:
    """Judges tags; the answer may come in the same step or when the CSMS has answered.

    Of what is known here the local list has the first word and the cache the second
    (1.6 ed.2 §3.5.3).
    """

    __slots__ = ("_caller", "_core", "_local_list", "_reporter", "cache")

    def __init__(
        self,
        core: Core,
        caller: Caller,
        reporter: StatusReporter,
        cache: AuthorizationCache,
        local_list: LocalAuthList,
    ) -> None:
        self._core = core
        self._caller = caller
        self._reporter = reporter
        self._local_list = local_list
        self.cache = cache

    def authorize(
        self, id_tag: str, decide: Callable[[Decision], None], *, ask: bool = False
    ) -> None:
        """Call ``decide`` once with the judgement of a presented tag.

        With ``ask`` what is known here does not spare the question (RSV-12).
        """
        if not self._caller.open:
            decide(self._offline(id_tag))
            return
        if not ask and self._core.configuration.flag("LocalPreAuthorize"):
            local = self._pre_authorized(id_tag)
            if local is not None:
                # AUT-23: neither wait for nor send Authorize
                decide(local)
                return

        def answered(response: AuthorizeResponse) -> None:
            self.learn(id_tag, response.id_tag_info)
            decide(_judged(id_tag, response.id_tag_info))

        def failed(failure: CallFailed) -> None:
            decide(self._without_answer(id_tag, failure))

        self._caller.call(OwnCall("Authorize", AuthorizeRequest(id_tag=id_tag), answered, failed))

    def learn(self, id_tag: str, info: IdTagInfo) -> None:
        """What the CSMS says of a tag in any answer: to the cache, or against the list."""
        listed = self._local_list.find(id_tag)
        if listed is None:
            self.cache.learn(id_tag, info)
            return
        # AUT-17: a tag of the list is not cached, and only SendLocalList changes its entry
        status = listed.status_at(self._wall_s)
        if _validity(status) is not _validity(info.status):
            self._reporter.report_passing(
                WHOLE_CHARGE_POINT,
                ChargePointErrorCode.LocalListConflict,
                f"{id_tag}: {_validity(status).value}, CSMS: {info.status.value}"[:LONGEST_INFO],
            )

    def known_parent(self, id_tag: str) -> str | None:
        """The parent of a tag as far as the list, or else the cache, knows it."""
        known = self._local_list.find(id_tag) or self.cache.find(id_tag)
        return known.parent_id_tag if known else None

    @property
    def _wall_s(self) -> float:
        return self._core.clock.wall_s(self._core.now_s)

    def _without_answer(self, id_tag: str, failure: CallFailed) -> Decision:
        # AMB-5: a CALLERROR refuses; silence is as good as being offline, or refuses too
        if failure.kind == "lost":
            return self._offline(id_tag)
        if failure.kind in ("timeout", "overflow"):
            if self._core.behaviour("authorize_timeout") == "offline_rules":
                return self._offline(id_tag)
            return _refused(id_tag, "the CSMS did not answer Authorize")
        said = failure.code or failure.description
        return _refused(id_tag, f"the CSMS could not process Authorize: {said}")

    def _local(self, id_tag: str) -> Decision | None:
        """What the list, or else the cache, says of a tag now."""
        listed = self._local_list.find(id_tag)
        known = listed or self.cache.find(id_tag)
        if known is None:
            return None
        status = known.status_at(self._wall_s)
        reason = None
        if status is not AuthorizationStatus.Accepted:
            where = "the local list" if listed else "the authorization cache"
            reason = f"{where} says {status.value}"
        return Decision(id_tag, status, known.parent_id_tag, reason)

    def _pre_authorized(self, id_tag: str) -> Decision | None:
        local = self._local(id_tag)
        if local is None or local.accepted:
            return local
        if local.status is AuthorizationStatus.ConcurrentTx and self._local_list.find(id_tag):
            # 1.6 ed.2 §3.5.2: in the list that marks a valid identifier; offline, §3.5.4 wants
            # Accepted
            return Decision(id_tag, AuthorizationStatus.Accepted, local.parent_id_tag)
        return None

    def _offline(self, id_tag: str) -> Decision:
        configuration = self._core.configuration
        local = self._local(id_tag)
        if local is not None:
            if local.accepted and not configuration.flag("LocalAuthorizeOffline"):
                return _refused(id_tag, "offline, and LocalAuthorizeOffline is false")
            return local
        if configuration.flag("AllowOfflineTxForUnknownId"):
            return Decision(id_tag, AuthorizationStatus.Accepted)
        reason = "offline, the tag is unknown, and AllowOfflineTxForUnknownId is false"
        return _refused(id_tag, reason)


def _refused(id_tag: str, reason: str) -> Decision:
    return Decision(id_tag, AuthorizationStatus.Invalid, reason=reason)


def _validity(status: AuthorizationStatus) -> AuthorizationStatus:
    """Valid, expired, blocked or blacklisted (1.6 ed.2 §3.5.2)."""
    return AuthorizationStatus.Accepted if status in VALID else status


def _judged(id_tag: str, info: IdTagInfo) -> Decision:
    reason = None
    if info.status is not AuthorizationStatus.Accepted:
        reason = f"the CSMS answered {info.status.value}"
    # Some CSMSs send an empty parent for none; its bearers are no group (1.6 ed.2 §3.10)
    return Decision(id_tag, info.status, info.parent_id_tag or None, reason)


def same_tag(one: str | None, other: str | None) -> bool:
    """IdTokens are CiStrings (1.6 ed.2 §7.28); an absent one equals nothing."""
    return one is not None and other is not None and one.lower() == other.lower()
