"""What a charger looks like in a terminal."""

from __future__ import annotations

import json

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from ocppsim.chargepoint.errors import InvalidSetting
from ocppsim.chargepoint.notifications import CallAnswered
from ocppsim.runtime.live_charger import LiveCharger
from ocppsim.runtime.snapshots import ConnectorSnapshot


def status_table(charger: LiveCharger) -> RenderableType:
    """The link, and a line a connector."""
    snapshot = charger.snapshot()
    link = snapshot.connection.state
    if snapshot.connection.last_error is not None and link != "connected":
        link += f" ({snapshot.connection.last_error})"
    registration = f", {snapshot.registration}" if snapshot.registration is not None else ""
    table = Table(
        title=f"{snapshot.charge_point_id}: {link}{registration}, "
        f"{snapshot.queued_messages} queued",
        title_justify="left",
        title_style="",
    )
    columns = ("connector", "status", "cable", "transaction", "tag", "power", "energy", "SoC")
    for column in columns:
        table.add_column(column)
    for connector in snapshot.connectors:
        table.add_row(*_connector_row(connector))
    return table


def _connector_row(connector: ConnectorSnapshot) -> list[str]:
    status = connector.status
    if connector.error_code != "NoError":
        status += f" ({connector.error_code})"
    transaction = ""
    if connector.transaction is not None:
        number = connector.transaction.transaction_id
        transaction = f"{'?' if number is None else number} {connector.transaction.state}"
    meter = connector.meter
    return [
        str(connector.connector_id),
        status,
        connector.cable,
        transaction,
        connector.id_tag or "",
        f"{meter.power_w / 1000:.2f} kW",
        f"{meter.energy_wh / 1000:.3f} kWh",
        "" if meter.soc_percent is None else f"{meter.soc_percent:.1f} %",
    ]


def configuration_table(charger: LiveCharger, key: str | None) -> RenderableType:
    """All keys, or one; raises ``InvalidSetting`` where there is none of that name."""
    entries = [e for e in charger.configuration() if key is None or e.key == key]
    if not entries:
        raise InvalidSetting(f"there is no configuration key {key}")
    if key is not None:
        return Text(f"{key} = {entries[0].value}")
    table = Table("key", "value", "")
    for entry in entries:
        table.add_row(entry.key, entry.value or "", "read-only" if entry.readonly else "")
    return table


def outcome_text(answer: CallAnswered) -> Text:
    """The answer to a CALL that the operator sent."""
    match answer.outcome:
        case "result":
            return Text(json.dumps(answer.payload, ensure_ascii=False), style="green")
        case "error":
            return Text(f"{answer.error_code} {answer.error_description or ''}".rstrip(), "red")
        case "timeout":
            return Text("no answer in time", "red")
        case _:
            return Text("the connection went down before the answer", "red")
