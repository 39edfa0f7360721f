"""Fleet runs: load tests of a CSMS, each in a process of its own."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from .base import Answer, Body, UtcTime

FleetRunState = Literal[
    "starting", "running", "ramping_down", "passed", "failed", "broken_off", "died"
]
"""passed, failed: its thresholds; broken_off: ended before its time; died: without a result."""

LONGEST_PLAN = 1_000_000


class FleetRunOrder(Body):
    """A plan (docs/simulate.md, docs/fleet.md), and what stands instead of what it says."""

    plan: Annotated[str, StringConstraints(max_length=LONGEST_PLAN)] = Field(
        description="The YAML text. It must not name files (`traces`)."
    )
    csms_urls: list[Annotated[str, StringConstraints(max_length=2000)]] | None = Field(
        default=None, min_length=1, max_length=1000, description="Instead of the plan's."
    )
    duration: Annotated[str, StringConstraints(max_length=50)] | None = Field(
        default=None, description="Instead of the plan's: `10m`, `2h`, or seconds."
    )
    seed: int | None = Field(default=None, ge=0, le=2**53 - 1, description="Instead of the plan's.")
    processes: int = Field(
        default=1, ge=1, le=256, description="Spread the chargers over so many processes."
    )


class FleetRunPreview(Answer):
    """What a plan comes to."""

    name: str
    chargers: int
    connectors: int
    duration_s: float
    csms_urls: list[str]
    visits: int
    seed: int


class FleetLatency(Answer):
    """How long answers of the CSMS took, in milliseconds."""

    p50: float
    p95: float
    p99: float


class FleetRunPoint(Answer):
    """A span of a run, in seconds after its start; the counts of chargers are means over it."""

    from_s: float
    to_s: float
    there: float = Field(description="Chargers that the ramps have brought.")
    connected: float
    plugged_in: float
    charging: float
    transactions: float
    sent_per_s: float
    received_per_s: float
    failed: int = Field(description="CALLs without a usable answer.")
    sessions: int = Field(description="Visits that ended.")
    energy_wh: float = Field(description="What they charged.")
    latency_ms: FleetLatency | None = Field(description="Null where nothing was answered.")
    loop_lag_ms: float = Field(description="How late the simulator itself was, at most.")


class FleetThreshold(Answer):
    """A threshold of the plan, in words, and whether it holds."""

    line: str
    holds: bool


class FleetRun(Answer):
    """A fleet run as it is now."""

    id: str
    name: str
    state: FleetRunState
    began_at: UtcTime
    ended_at: UtcTime | None
    chargers: int
    connectors: int
    planned_s: float
    elapsed_s: float = Field(description="From the first charger's coming on.")
    csms_urls: list[str]
    seed: int
    error: str | None = Field(description="Why it came to no result.")
    thresholds: list[FleetThreshold] = Field(description="Empty before the end.")
    sessions: int = Field(description="Visits of vehicles that have ended.")
    energy_wh: float = Field(description="What they charged.")
    latest: FleetRunPoint | None = Field(description="The last second, while it runs.")


class FleetFailure(Answer):
    """What went wrong how often: a CALL of an action, or, without one, a connection."""

    action: str | None
    kind: str
    count: int


class FleetActionLatency(FleetLatency):
    """How many CALLs of an action were answered, and how long that took."""

    action: str
    count: int


class FleetRunProgress(Answer):
    """The course of a run in at most 720 points, and what went wrong and how long answers took.

    Points are a second long at first, and become longer as the run does. Of what is asked for
    with `after_s` the first point takes the place of all earlier ones that begin with it or later.
    """

    points: list[FleetRunPoint]
    failures: list[FleetFailure]
    latencies: list[FleetActionLatency]
    latency_ms: FleetLatency | None = Field(
        description="Of all CALLs together; null where nothing was answered."
    )
