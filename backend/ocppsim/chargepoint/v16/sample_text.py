"""MeterValues as text, from templates: what most messages of a fleet are (1.6 ed.2 §6.31).

The text is, byte for byte, what encoding the messages' objects gives, at a fraction of the cost.
"""

from __future__ import annotations

from functools import lru_cache

from ocppsim.protocol.v16.codec import encode
from ocppsim.protocol.v16.datatypes import SampledValue
from ocppsim.protocol.v16.enums import (
    Location,
    Measurand,
    Phase,
    ReadingContext,
    UnitOfMeasure,
)


@lru_cache(maxsize=1024)
def sampled_value_template(
    measurand: Measurand,
    decimals: int,
    context: ReadingContext,
    phase: Phase | None,
    location: Location | None,
    unit: UnitOfMeasure | None,
) -> str:
    """A SampledValue as JSON, to be completed with ``%`` and the number."""
    value = SampledValue(
        value="@", context=context, measurand=measurand, phase=phase, location=location, unit=unit
    )
    # The numbers that are written without decimals are whole ones
    number = f"%.{decimals}f" if decimals else "%d"
    return encode(value).decode().replace('"@"', f'"{number}"', 1)


def as_text(value: SampledValue) -> str:
    """A SampledValue as JSON."""
    return encode(value).decode()


def meter_values_text(
    connector_id: int, stamp: str, sampled_values: str, transaction_id: int | None
) -> str:
    """A MeterValues.req of one instant; without a ``transaction_id`` it has none.

    ``sampled_values`` are one or more as JSON, with commas between them.
    """
    end = "}" if transaction_id is None else f',"transactionId":{transaction_id}}}'
    return (
        f'{{"connectorId":{connector_id},"meterValue":[{{"timestamp":"{stamp}",'
        f'"sampledValue":[{sampled_values}]}}]{end}'
    )
