"""The data types that messages of OCPP 1.6 share (1.6 ed.2 §7, security whitepaper §6).

Attributes are the standard's field names in snake case; on the wire they are in camel case.
Optional fields are None when absent, and absent when None. Instances are values: what was
decoded satisfies the standard's lengths, enumerations and formats.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from .date_time import DATE_TIME_PATTERN
from .enums import (
    AuthorizationStatus,
    ChargingProfileKindType,
    ChargingProfilePurposeType,
    ChargingRateUnitType,
    HashAlgorithm,
    Location,
    Measurand,
    Phase,
    ReadingContext,
    RecurrencyKindType,
    UnitOfMeasure,
    ValueFormat,
)

CiString20 = Annotated[str, Meta(max_length=20)]
CiString25 = Annotated[str, Meta(max_length=25)]
CiString50 = Annotated[str, Meta(max_length=50)]
CiString255 = Annotated[str, Meta(max_length=255)]
CiString500 = Annotated[str, Meta(max_length=500)]
IdToken = CiString20
"""Compared without regard to case (1.6 ed.2 §7.28)."""

String40 = Annotated[str, Meta(max_length=40)]
String128 = Annotated[str, Meta(max_length=128)]
String512 = Annotated[str, Meta(max_length=512)]
String800 = Annotated[str, Meta(max_length=800)]
String5500 = Annotated[str, Meta(max_length=5500)]
String10000 = Annotated[str, Meta(max_length=10000)]

OcppDateTime = Annotated[str, Meta(pattern=DATE_TIME_PATTERN)]
"""ISO 8601, kept as it was written; see :mod:`.date_time` for its value."""

AnyUri = Annotated[str, Meta(pattern=r"\A[A-Za-z][A-Za-z0-9+.-]*:[^\s\x00-\x1f]*\Z")]
"""An absolute URI, judged by its scheme and by the absence of blanks."""

_TENTH_TOLERANCE = 1e-6


class Message(
    msgspec.Struct,
    frozen=True,
    gc=False,
    rename="camel",
    omit_defaults=True,
    forbid_unknown_fields=True,
):
    """Base of all payloads and of the objects in them."""


class Request(Message, frozen=True, gc=False):
    """Base of the payloads of a CALL."""


class Response(Message, frozen=True, gc=False):
    """Base of the payloads of a CALLRESULT."""


class IdTagInfo(Message, frozen=True, gc=False):
    """Status of an identifier (1.6 ed.2 §7.27)."""

    status: AuthorizationStatus
    expiry_date: OcppDateTime | None = None
    parent_id_tag: IdToken | None = None


class AuthorizationData(Message, frozen=True, gc=False):
    """An entry of a local list update; without info it is a deletion (1.6 ed.2 §7.1)."""

    id_tag: IdToken
    id_tag_info: IdTagInfo | None = None


class KeyValue(Message, frozen=True, gc=False):
    """A configuration key as GetConfiguration reports it (1.6 ed.2 §7.29)."""

    key: CiString50
    readonly: bool
    value: CiString500 | None = None


class SampledValue(Message, frozen=True, gc=False):
    """One measured value; what is absent has the standard's default (1.6 ed.2 §7.43)."""

    value: str
    context: ReadingContext | None = None
    format: ValueFormat | None = None
    measurand: Measurand | None = None
    phase: Phase | None = None
    location: Location | None = None
    unit: UnitOfMeasure | None = None


class MeterValue(Message, frozen=True, gc=False):
    """Values that were sampled at the same instant (1.6 ed.2 §7.33)."""

    timestamp: OcppDateTime
    sampled_value: Annotated[list[SampledValue], Meta(min_length=1)]


def _require_one_decimal(name: str, number: float | None) -> None:
    """``ValueError`` unless a number has at most one digit after the point (1.6 ed.2 §7.14).

    The exact remainder modulo 0.1 is of no use: in binary floating point 8.1 is no multiple
    of 0.1.
    """
    if number is not None and abs(round(number, 1) - number) > _TENTH_TOLERANCE:
        raise ValueError(f"{name} has more than one digit after the point")


class ChargingSchedulePeriod(Message, frozen=True, gc=False):
    """A limit from ``start_period`` seconds on, in the schedule's unit (1.6 ed.2 §7.14)."""

    start_period: int
    limit: float
    number_phases: int | None = None

    def __post_init__(self) -> None:
        _require_one_decimal("limit", self.limit)


class ChargingSchedule(Message, frozen=True, gc=False):
    """Limits over time (1.6 ed.2 §7.13); ``duration`` in seconds."""

    charging_rate_unit: ChargingRateUnitType
    charging_schedule_period: Annotated[list[ChargingSchedulePeriod], Meta(min_length=1)]
    duration: int | None = None
    start_schedule: OcppDateTime | None = None
    min_charging_rate: float | None = None

    def __post_init__(self) -> None:
        _require_one_decimal("minChargingRate", self.min_charging_rate)


class ChargingProfile(Message, frozen=True, gc=False):
    """A schedule with its place in the stack (1.6 ed.2 §7.8)."""

    charging_profile_id: int
    stack_level: Annotated[int, Meta(ge=0)]
    charging_profile_purpose: ChargingProfilePurposeType
    charging_profile_kind: ChargingProfileKindType
    charging_schedule: ChargingSchedule
    transaction_id: int | None = None
    recurrency_kind: RecurrencyKindType | None = None
    valid_from: OcppDateTime | None = None
    valid_to: OcppDateTime | None = None


class CertificateHashData(Message, frozen=True, gc=False):
    """What identifies an installed certificate (security whitepaper §6.1)."""

    hash_algorithm: HashAlgorithm
    issuer_name_hash: String128
    issuer_key_hash: String128
    serial_number: String40


class Firmware(Message, frozen=True, gc=False):
    """A signed firmware image and when to get it (security whitepaper §6.7)."""

    location: String512
    retrieve_date_time: OcppDateTime
    signing_certificate: String5500
    signature: String800
    install_date_time: OcppDateTime | None = None


class LogParameters(Message, frozen=True, gc=False):
    """Which log entries go where (security whitepaper §6.12)."""

    remote_location: String512
    oldest_timestamp: OcppDateTime | None = None
    latest_timestamp: OcppDateTime | None = None
