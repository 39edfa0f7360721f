"""Where the chargers of a plan connect to in a live run, and how they come and go."""

from __future__ import annotations

from typing import Annotated, Any, Self, cast
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from ocppsim.simulation.definition import TlsDefinition
from ocppsim.transport.diagnosis import ConnectFailed
from ocppsim.transport.tls import tls_context
from ocppsim.transport.url import InvalidUrl, target_url

from .part import Number, Part, Whole, one_is_a_list
from .plan_fault import Misplaced
from .quantities import Duration

LONGEST_RAMP_S = 30 * 86_400.0

Pem = Annotated[str, StringConstraints(min_length=1, max_length=1_000_000)]
Password = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class RampPlan(Part):
    """How many chargers come (or go) when: one after the other at the same distance, or in groups.

    A duration alone means ``over``.
    """

    over: Annotated[Duration, Field(le=LONGEST_RAMP_S)] | None = Field(
        default=None, description="How long it takes for all; default: 0."
    )
    per_second: Annotated[Number, Field(gt=0, le=1_000_000)] | None = Field(
        default=None, description="So many a second; instead of `over`."
    )
    at_a_time: Annotated[Whole, Field(ge=1)] = Field(
        default=1, description="So many at the same instant."
    )

    @model_validator(mode="before")
    @classmethod
    def _plain_duration(cls, value: Any) -> Any:
        if isinstance(value, dict):
            return cast("dict[str, Any]", value)
        return {"over": value}

    @model_validator(mode="after")
    def _one_pace(self) -> Self:
        if self.over is not None and self.per_second is not None:
            raise ValueError("give either over or per_second")
        return self

    def offset_s(self, index: int, count: int) -> float:
        """When the charger of that index (from 0) of so many comes, seconds after the first."""
        first_of_group = index - index % self.at_a_time
        if self.per_second is not None:
            return first_of_group / self.per_second
        return first_of_group * (self.over or 0.0) / max(1, count)

    def length_s(self, count: int) -> float:
        """When all are there (or gone)."""
        if self.per_second is not None:
            return self.offset_s(max(0, count - 1), count)
        return self.over or 0.0


class TlsPlan(Part):
    """How the connections are secured."""

    ca_pem: Pem | None = Field(default=None, description="Trusted instead of the system's own CAs.")
    client_cert_pem: Pem | None = Field(default=None, description="The client's certificate.")
    client_key_pem: Pem | None = Field(default=None, description="Its private key, in the clear.")
    verify: bool = Field(default=True, description="false: any certificate of the CSMS will do.")

    @model_validator(mode="after")
    def _usable(self) -> Self:
        if (self.client_cert_pem is None) != (self.client_key_pem is None):
            raise ValueError("client_cert_pem and client_key_pem come together")
        if "ENCRYPTED" in (self.client_key_pem or ""):
            raise Misplaced("the private key must not be encrypted", "client_key_pem")
        if self.ca_pem is not None or self.client_cert_pem is not None:
            try:
                tls_context(self.definition)
            except ConnectFailed as error:
                raise ValueError(str(error).removeprefix("TLS: ")) from None
        return self

    @property
    def definition(self) -> TlsDefinition:
        """The same, as chargers have it."""
        return TlsDefinition(
            self.ca_pem, self.client_cert_pem, self.client_key_pem, verify=self.verify
        )


class LivePlan(Part):
    """A run against a real CSMS, with ``ocppsim fleet run``."""

    csms_urls: Annotated[tuple[str, ...], BeforeValidator(one_is_a_list)] = Field(
        default=(),
        description="`ws://` or `wss://`; the charge point id is appended. Of several the first"
        " charger of the plan takes the first, the second the second, and so on in turn.",
    )
    basic_auth_password: Password | None = Field(
        default=None,
        description="The AuthorizationKey of all chargers: text, or 40 hex digits for 20 bytes."
        " `{id}` in it stands for the charge point id.",
    )
    security_profile: Annotated[Whole, Field(ge=0, le=3)] = Field(
        default=0,
        description="0: none; 1: Basic auth; 2: Basic auth over TLS; 3: client certificate.",
    )
    tls: TlsPlan = Field(default=TlsPlan(), description="How the connections are secured.")
    ramp_up: RampPlan = Field(
        default=RampPlan(),
        description="How the chargers come: a duration, or the fields below; default: at once.",
    )
    ramp_down: RampPlan = Field(
        default=RampPlan(),
        description="How they go after `duration`: drivers leave, what is queued is delivered, and"
        " the charger disconnects.",
    )
    settle: Annotated[Duration, Field(le=3600)] = Field(
        default=30.0,
        description="How long a charger that goes may take until all it has to say is confirmed.",
    )

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        for place, url in enumerate(self.csms_urls):
            problem = csms_url_problem(url)
            if problem is not None:
                raise Misplaced(problem, "csms_urls", place)
            if self.security_profile >= 2 and not url.lower().startswith("wss:"):
                raise Misplaced(
                    f"security profile {self.security_profile} wants wss://", "csms_urls", place
                )
        if self.security_profile in {1, 2} and self.basic_auth_password is None:
            raise ValueError(
                f"security profile {self.security_profile} wants a basic_auth_password"
            )
        if self.security_profile == 3 and self.tls.client_cert_pem is None:
            raise ValueError("security profile 3 wants tls.client_cert_pem and client_key_pem")
        return self


def csms_url_problem(url: str) -> str | None:
    """Why chargers cannot connect to that endpoint; None where they can try."""
    if not url or any(character.isspace() or not character.isprintable() for character in url):
        return f"a URL has no blanks, not {url!r}"
    try:
        target = target_url(url, "CP")
        target.host.encode("idna")
        port = urlsplit(url).port
    except InvalidUrl as error:
        return f"{str(error).removeprefix('URL: ')}, not {url!r}"
    except UnicodeError:
        return f"the host of {url!r} cannot be a name"
    if target.user is not None or target.password is not None:
        return "the URL must not hold a password; that is basic_auth_password"
    if "#" in url:
        return "a WebSocket URL has no fragment (#)"  # RFC 6455 §3
    return "the URL has port 0" if port == 0 else None


__all__ = ["LivePlan", "RampPlan", "TlsPlan", "csms_url_problem"]
