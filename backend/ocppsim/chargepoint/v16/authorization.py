"""May this tag charge? Online, offline, from the cache (1.6 ed.2 §3.4, §3.5, §4.1)."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from ocppsim.protocol.v16.core import AuthorizeRequest, AuthorizeResponse
from ocppsim.protocol.v16.datatypes import IdTagInfo
from ocppsim.protocol.v16.enums import AuthorizationStatus

from .authorization_cache import AuthorizationCache
from .caller import Caller, CallFailed, OwnCall
from .core import Core


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
    """Judges tags; the answer may come in the same step or when the CSMS has answered."""

    __slots__ = ("_caller", "_core", "cache")

    def __init__(self, core: Core, caller: Caller) -> None:
        self._core = core
        self._caller = caller
        self.cache = AuthorizationCache(core)

    def authorize(self, id_tag: str, decide: Callable[[Decision], None]) -> None:
        """Call ``decide`` once with the judgement of a presented tag."""
        if not self._caller.open:
            decide(self._offline(id_tag))
            return
        if self._core.configuration.flag("LocalPreAuthorize"):
            local = self._cached(id_tag)
            if local is not None and local.accepted:
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
        """What the CSMS says of a tag in any answer goes to the cache."""
        self.cache.learn(id_tag, info)

    def known_parent(self, id_tag: str) -> str | None:
        """The parent of a tag as far as the cache knows it."""
        cached = self.cache.find(id_tag)
        return cached.parent_id_tag if cached else None

    def _without_answer(self, id_tag: str, failure: CallFailed) -> Decision:
        # AMB-5: a CALLERROR refuses, silence is as good as being offline
        if failure.kind in ("timeout", "lost", "overflow"):
            return self._offline(id_tag)
        return Decision(
            id_tag,
            AuthorizationStatus.Invalid,
            reason=f"the CSMS could not process Authorize: {failure.code or failure.description}",
        )

    def _cached(self, id_tag: str) -> Decision | None:
        cached = self.cache.find(id_tag)
        if cached is None:
            return None
        status = cached.status_at(self._core.clock.wall_s(self._core.now_s))
        reason = None
        if status is not AuthorizationStatus.Accepted:
            reason = f"the authorization cache says {status.value}"
        return Decision(id_tag, status, cached.parent_id_tag, reason)

    def _offline(self, id_tag: str) -> Decision:
        configuration = self._core.configuration
        local = self._cached(id_tag)
        if local is not None:
            if local.accepted and not configuration.flag("LocalAuthorizeOffline"):
                reason = "offline, and LocalAuthorizeOffline is false"
                return Decision(id_tag, AuthorizationStatus.Invalid, reason=reason)
            return local
        if configuration.flag("AllowOfflineTxForUnknownId"):
            return Decision(id_tag, AuthorizationStatus.Accepted)
        reason = "offline, the tag is unknown, and AllowOfflineTxForUnknownId is false"
        return Decision(id_tag, AuthorizationStatus.Invalid, reason=reason)


def _judged(id_tag: str, info: IdTagInfo) -> Decision:
    reason = None
    if info.status is not AuthorizationStatus.Accepted:
        reason = f"the CSMS answered {info.status.value}"
    return Decision(id_tag, info.status, info.parent_id_tag, reason)


def same_tag(one: str | None, other: str | None) -> bool:
    """IdTokens are CiStrings (1.6 ed.2 §7.28); an absent one equals nothing."""
    return one is not None and other is not None and one.lower() == other.lower()
