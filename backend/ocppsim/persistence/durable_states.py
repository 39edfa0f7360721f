"""What a charger still knew when the program ended, for the next start."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from ocppsim.chargepoint.durable_state import DurableState
from ocppsim.chargepoint.identifiers import ConnectorId

from .id_selection import only_of
from .journal_reading import read_journal
from .schema import ConfigurationValueRow, ConnectorAvailabilityRow
from .shared_values import SharedValues


def load_durable_states(session: Session, charger_ids: Sequence[int]) -> dict[int, DurableState]:
    """The durable state of each of the chargers (empty where nothing is stored).

    Five queries, however many chargers: configuration, availability and the journal.
    """
    shared = SharedValues()
    same = shared.same
    all_operative: Mapping[ConnectorId, bool] = {}
    configuration: defaultdict[int, dict[str, str]] = defaultdict(dict)
    for charger_id, key, value in only_of(
        session,
        select(
            ConfigurationValueRow.charger_id,
            ConfigurationValueRow.key,
            ConfigurationValueRow.value,
        ),
        ConfigurationValueRow.charger_id,
        charger_ids,
    ):
        configuration[charger_id][same(key)] = same(value)
    availability: defaultdict[int, dict[ConnectorId, bool]] = defaultdict(dict)
    for charger_id, connector_id in only_of(
        session,
        select(ConnectorAvailabilityRow.charger_id, ConnectorAvailabilityRow.connector_id).where(
            ConnectorAvailabilityRow.operative.is_(False)
        ),
        ConnectorAvailabilityRow.charger_id,
        charger_ids,
    ):
        availability[charger_id][ConnectorId(connector_id)] = False
    return {
        charger_id: DurableState(
            # Of most chargers of a fleet they are the same
            configuration=shared.same_texts(configuration[charger_id]),
            availability=availability.get(charger_id, all_operative),
            cells=content.cells,
            messages=content.messages,
            next_sequence=content.next_sequence,
        )
        for charger_id, content in read_journal(session, charger_ids).items()
    }
