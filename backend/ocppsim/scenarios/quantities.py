"""The values that plans are written with: durations, times, and numbers that are drawn."""

from __future__ import annotations

import re
from math import inf, isfinite
from random import Random
from typing import Annotated, Any, Self, cast

import msgspec
from pydantic import BeforeValidator, Field, model_validator

from ocppsim.protocol.v16.date_time import parse_date_time

from .part import Number, Part
from .plan_fault import Misplaced

DAY_S = 86_400.0
HOUR_S = 3_600.0
_YEAR_1_S, _YEAR_9998_S = -62_135_596_800.0, 253_339_228_800.0
_MOST_DRAWS = 10_000

_DURATION = re.compile(
    r"(?:([0-9]+(?:\.[0-9]+)?)d)?\s*(?:([0-9]+(?:\.[0-9]+)?)h)?\s*"
    r"(?:([0-9]+(?:\.[0-9]+)?)(?:min|m))?\s*(?:([0-9]+(?:\.[0-9]+)?)s)?"
)
_PLAIN_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?")
_UNITS_S = (DAY_S, HOUR_S, 60.0, 1.0)


def parse_duration(value: object) -> float:
    """Seconds of ``7d``, ``24h``, ``1h30m``, ``90 min`` or a number; else ``ValueError``."""
    if isinstance(value, str) and _PLAIN_NUMBER.fullmatch(value.strip()):
        value = float(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        seconds = _as_float(value)
    elif isinstance(value, str) and value.strip() and (parts := _duration_parts(value)):
        seconds = sum(float(part or 0) * unit for part, unit in zip(parts, _UNITS_S, strict=True))
    else:
        raise ValueError(f"a duration is like 24h, 1h30m, 7d or a number of seconds, not {value!r}")
    if not isfinite(seconds) or seconds < 0.0:
        raise ValueError("a duration is 0 or above")
    return seconds


def _duration_parts(text: str) -> tuple[str | None, ...] | None:
    match = _DURATION.fullmatch(re.sub(r"(?<=[0-9])\s+(?=[a-z])", "", text.strip().lower()))
    return None if match is None else match.groups()


class PlanTime(msgspec.Struct, frozen=True):
    """A time in a plan: so long after the start, at a time of the day, or an instant."""

    kind: str
    seconds: float

    def after(self, start_epoch_s: float) -> float:
        """Seconds after the start; a time of the day is the next one from the start on."""
        if self.kind == "instant":
            return self.seconds - start_epoch_s
        if self.kind == "clock":
            return (self.seconds - start_epoch_s) % DAY_S
        return self.seconds


def parse_plan_time(value: object) -> PlanTime:
    """``08:15`` (UTC), ``1d2h`` after the start, or an ISO 8601 date-time; else ``ValueError``."""
    if isinstance(value, PlanTime):
        return value
    if isinstance(value, str):
        if (clock := _CLOCK.fullmatch(value.strip())) is not None:
            hours, minutes, seconds = (int(part or 0) for part in clock.groups())
            return PlanTime("clock", hours * HOUR_S + minutes * 60.0 + seconds)
        if "-" in value:
            return PlanTime("instant", parse_instant(value))
    try:
        return PlanTime("after", parse_duration(value))
    except ValueError:
        raise ValueError(
            f"a time is like 08:15, 1h30m (after the start) or 2026-03-02T08:15:00Z, not {value!r}"
        ) from None


def parse_instant(value: object) -> float:
    """Unix seconds of an ISO 8601 date or date-time; without a zone it is UTC.

    Raises ``ValueError``, also outside of the years 1 to 9997: what is simulated ends later.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _within_calendar(_as_float(value))
    text = value.strip().replace(" ", "T", 1) if isinstance(value, str) else repr(value)
    return _within_calendar(parse_date_time(text if "T" in text else f"{text}T00:00:00Z"))


def _within_calendar(epoch_s: float) -> float:
    if not _YEAR_1_S <= epoch_s < _YEAR_9998_S:
        raise ValueError("a date-time is in the years 1 to 9997")
    return epoch_s


def _as_float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return inf


Duration = Annotated[
    float,
    BeforeValidator(parse_duration, json_schema_input_type=str | float),
]
Instant = Annotated[float, BeforeValidator(parse_instant, json_schema_input_type=str)]
Time = Annotated[
    PlanTime,
    BeforeValidator(parse_plan_time, json_schema_input_type=str | float),
]


class Normal(Part):
    """The normal distribution, drawn again until it is within its bounds."""

    mean: Number
    deviation: Annotated[Number, Field(gt=0)]
    low: Number | None = None
    high: Number | None = None

    @model_validator(mode="after")
    def _bounds(self) -> Self:
        low = -float("inf") if self.low is None else self.low
        high = float("inf") if self.high is None else self.high
        if low >= high:
            raise ValueError("low must be below high")
        if not low - 3.0 * self.deviation <= self.mean <= high + 3.0 * self.deviation:
            raise ValueError("the mean is too far outside of low and high")
        return self


class Distribution(Part):
    """A number, or how it is drawn: exactly one of the fields."""

    uniform: tuple[Number, Number] | None = Field(
        default=None, description="[low, high]: all between them alike."
    )
    normal: Normal | None = Field(
        default=None, description="{mean, deviation, low, high}: a bell, cut off at the bounds."
    )
    triangular: tuple[Number, Number, Number] | None = Field(
        default=None, description="[low, mode, high]."
    )
    choice: tuple[Number, ...] | None = Field(
        default=None, min_length=1, description="[a, b, …]: one of them; a number means just it."
    )

    @model_validator(mode="before")
    @classmethod
    def _plain_number(cls, value: Any) -> Any:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return {"choice": [value]}
        if isinstance(value, dict):
            return cast("dict[str, Any]", value)
        raise ValueError(
            f"it must be a number, or how it is drawn: {{uniform: [low, high]}}, not {value!r}"
        )

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        given = [name for name in type(self).model_fields if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError("give exactly one of uniform, normal, triangular and choice")
        for name in ("uniform", "triangular"):
            values = cast("tuple[float, ...] | None", getattr(self, name))
            if values is not None and list(values) != sorted(values):
                raise Misplaced("the numbers must rise", name)
        return self

    @property
    def bounds(self) -> tuple[float, float]:
        """Nothing below and nothing above it is ever drawn."""
        if self.normal is not None:
            low, high = self.normal.low, self.normal.high
            infinity = float("inf")
            return (-infinity if low is None else low), (infinity if high is None else high)
        values = self.uniform or self.triangular or self.choice or ()
        return min(values), max(values)

    def draw(self, random: Random) -> float:
        """A number."""
        if self.uniform is not None:
            return random.uniform(*self.uniform)
        if self.triangular is not None:
            low, mode, high = self.triangular
            return random.triangular(low, high, mode)
        if self.normal is not None:
            low, high = self.bounds
            value = self.normal.mean
            for _ in range(_MOST_DRAWS):
                value = random.gauss(self.normal.mean, self.normal.deviation)
                if low <= value <= high:
                    return value
            return min(max(value, low), high)  # the bounds are too narrow to be hit
        values = self.choice or (0.0,)
        return values[random.randrange(len(values))]


__all__ = [
    "DAY_S",
    "HOUR_S",
    "Distribution",
    "Duration",
    "Instant",
    "Normal",
    "PlanTime",
    "Time",
    "parse_duration",
    "parse_instant",
    "parse_plan_time",
]
