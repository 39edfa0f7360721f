"""When a charge point has nothing to do but to send samples, and what it knows afterwards."""

from __future__ import annotations

from .connector import Connector
from .parts import Parts
from .steady_sampling import SteadySampling


def begin(parts: Parts, until_s: float) -> SteadySampling | None:
    """The samples of the one transaction that runs, up to ``until_s`` at most.

    None where more is to do, or will be soon.
    """
    connector = _only_in_transaction(parts)
    if connector is None or connector.transaction is None or not parts.caller.may_flow:
        return None
    core = parts.core
    transaction = connector.transaction
    queue = parts.outbox.steady_queue(transaction.local_id)
    if queue is None:
        return None
    until_s = min(
        until_s, parts.smart_charging.stays_until_s, parts.metering.others_due_s(connector)
    )
    metering = parts.metering.steady_samples(connector, until_s)
    if metering is None or metering.interval_s > parts.caller.timeout_s:
        return None
    id_prefix, id_number = parts.session.last_id
    steady = SteadySampling(
        metering.meter,
        metering.plan,
        parts.caller.sink,
        now_s=core.now_s,
        cell_key=metering.cell_key,
        connector_id=connector.connector_id,
        local_id=transaction.local_id,
        transaction_id=queue.transaction_id,
        epoch_s=core.clock.epoch_s,
        started_s=transaction.started_s,
        interval_s=metering.interval_s,
        timeout_s=parts.caller.timeout_s,
        sample_s=metering.sample_s,
        until_s=until_s,
        sequence=queue.sequence,
        persisted_to=queue.persisted_to,
        id_prefix=id_prefix,
        id_number=id_number,
        run=queue.run,
    )
    if steady.around_register is not None:
        parts.outbox.keep_text(steady.around_register)
    return steady


def end(parts: Parts, steady: SteadySampling) -> None:
    """Go on from where the samples have got to."""
    core = parts.core
    core.now_s = max(core.now_s, steady.last_s)
    core.real_s = max(core.real_s, steady.last_s)
    parts.session.continue_from(steady.id_number)
    parts.metering.end_steady(parts.connectors[steady.connector_id], steady)
    parts.outbox.end_steady(steady)


def _only_in_transaction(parts: Parts) -> Connector | None:
    found: Connector | None = None
    for connector in parts.connectors.values():
        if connector.transaction is not None:
            if found is not None:
                return None
            found = connector
    return found


__all__ = ["begin", "end"]
