"""What a run of a plan writes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from .part import Number, Part


class OutputPlan(Part):
    """What is written, and how often is looked."""

    directory: Annotated[str, StringConstraints(pattern=r"^[^\x00]+$")] | None = Field(
        default=None, description="Default: the name of the plan's file and `-out`."
    )
    format: Literal["csv", "parquet"] = Field(default="csv", description="`csv` or `parquet`.")
    interval_s: Annotated[Number, Field(ge=1, le=86_400)] = Field(
        default=60.0, description="How often meters and site are looked at."
    )
    meters: bool = Field(default=True, description="Write `meters`.")
    messages: bool = Field(default=True, description="Write `messages`.")


__all__ = ["OutputPlan"]
