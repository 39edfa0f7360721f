"""The session ledger over REST."""

from __future__ import annotations

import csv
import io
import json

import pytest

from ocppsim.api.csms_records import read_csms_records
from ocppsim.api.ledger_streams import chosen_format

from .conftest import Api, Csms, until


async def charge(api: Api, csms: Csms, charge_point_id: str = "CP1") -> int:
    """One session from plug to stop; our number of it."""
    await api.charger(charge_point_id, connection_url=csms.url, auto_connect=True)
    started = await api.post(
        f"/api/chargers/{charge_point_id}/transactions/start",
        json={"connector_id": 1, "id_tag": "TAG"},
    )
    assert started.status_code == 200, started.text
    return started.json()["local_transaction_id"]


async def stop(api: Api, charge_point_id: str = "CP1") -> None:
    stopped = await api.post(
        f"/api/chargers/{charge_point_id}/transactions/stop", json={"connector_id": 1}
    )
    assert stopped.status_code == 200, stopped.text


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


async def test_the_ledger_of_a_running_transaction_is_of_this_moment(api: Api, csms: Csms):
    number = await charge(api, csms)
    answer = await api.get(f"/api/chargers/CP1/transactions/{number}/ledger")
    assert answer.status_code == 200, answer.text
    ledger = answer.json()
    assert ledger["transaction"]["state"] == "running"
    assert ledger["transaction"]["stopped_at"] is None
    assert ledger["interval_s"] == 900.0
    (interval,) = ledger["intervals"]
    assert interval["peak_power_w"] > 0.0
    assert interval["register_to_wh"] >= interval["register_from_wh"]
    (message,) = ledger["messages"]
    assert (message["action"], message["outcome"]) == ("StartTransaction", "acknowledged")


async def test_the_ledger_of_a_stopped_transaction_adds_up(api: Api, csms: Csms):
    number = await charge(api, csms)
    await stop(api)
    ledger = (await api.get(f"/api/chargers/CP1/transactions/{number}/ledger")).json()
    entry = ledger["transaction"]
    assert entry["state"] == "stopped"
    assert ledger["intervals"][0]["register_from_wh"] == entry["register_start_wh"]
    assert ledger["intervals"][-1]["register_to_wh"] == entry["register_stop_wh"]
    actions = [message["action"] for message in ledger["messages"]]
    assert actions == ["StartTransaction", "StopTransaction"]
    assert entry["messages_acknowledged"] == 2
    for name in ("intervals", "messages"):
        table = await api.get(f"/api/chargers/CP1/transactions/{number}/ledger/{name}.csv")
        assert len(rows_of(table.text)) == len(ledger[name])
        disposition = table.headers["content-disposition"]
        assert disposition == f'attachment; filename="CP1-{number}-{name}.csv"'


async def test_all_transactions_come_as_json_csv_and_lines(api: Api, csms: Csms):
    await charge(api, csms)
    await stop(api)
    listed = await api.get("/api/transactions/ledger")
    assert listed.headers["content-type"] == "application/json"
    (row,) = listed.json()
    as_csv = await api.get("/api/transactions/ledger", headers={"Accept": "text/csv"})
    assert as_csv.headers["content-type"].startswith("text/csv")
    (cells,) = rows_of(as_csv.text)
    assert list(cells) == list(row)
    assert float(cells["energy_wh"]) == row["energy_wh"]
    assert cells["id_tag"] == "TAG"
    lines = await api.get("/api/transactions/ledger?format=ndjson")
    assert json.loads(lines.text) == row
    assert (await api.get("/api/transactions/ledger?id_tag=OTHER")).json() == []
    assert (await api.get("/api/transactions/ledger?from=2100-01-01T00:00:00Z")).json() == []
    assert (await api.get("/api/transactions/ledger?from=2100-01-01")).json() == []
    within = await api.get("/api/transactions/ledger?from=2026-01-01&to=2100-01-01")
    assert len(within.json()) == 1
    assert len(rows_of((await api.get("/api/transactions/ledger/intervals.csv")).text)) >= 1
    assert len(rows_of((await api.get("/api/transactions/ledger/messages.csv")).text)) == 2


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("text/csv;q=0.1, application/json", "json"),
        ("application/x-ndjson; q=0.9, text/csv", "csv"),
        ("text/csv, application/json", "csv"),
        ("text/csv;q=0", "json"),
        ("image/png", "json"),
        ("text/csv;q=much", "csv"),
        (None, "json"),
    ],
)
def test_a_reader_gets_the_format_that_it_likes_best(accept: str | None, chosen: str):
    assert chosen_format(None, accept) == chosen


async def test_what_is_not_there_or_cannot_be_is_a_problem(api: Api):
    await api.charger("CP1")
    assert (await api.get("/api/chargers/CP1/transactions/5/ledger")).status_code == 404
    assert (await api.get("/api/chargers/CP1/transactions/-5/ledger")).status_code == 404
    huge = 10**30
    assert (await api.get(f"/api/chargers/CP1/transactions/{huge}/ledger")).status_code == 404
    assert (await api.get("/api/chargers/NONE/transactions/5/ledger")).status_code == 404
    for wrong, hint in (("yesterday", "2026-01-31"), ("2026-02-30", "in UTC"), ("", "ISO 8601")):
        answer = await api.get(f"/api/transactions/ledger?from={wrong}")
        assert answer.status_code == 422
        assert hint in answer.json()["detail"]
    answer = await api.get("/api/transactions/ledger?to=2026-01-31T12:00:00+01:00")
    assert "%2B" in answer.json()["detail"]
    assert (await api.get("/api/transactions/ledger?format=xlsx")).status_code == 422


async def test_the_records_of_a_csms_are_held_against_the_truth(api: Api, csms: Csms):
    await charge(api, csms)
    await stop(api)
    (row,) = (await api.get("/api/transactions/ledger")).json()
    table = "transaction_id,energy_kWh,start_time\r\n"
    good = f"{table}{row['transaction_id']},{row['energy_wh'] / 1000},{row['reported_started_at']}"
    report = (
        await api.post("/api/transactions/reconcile", files={"file": ("cdr.csv", good)})
    ).json()
    assert report == {"compared": 1, "agreeing": 1, "differences": [], "unread": []}
    bad = [{"transaction_id": row["transaction_id"], "energy_wh": 9e6}, {"transaction_id": "x"}]
    report = (
        await api.post("/api/transactions/reconcile", files={"file": ("cdr.json", json.dumps(bad))})
    ).json()
    assert [one["kind"] for one in report["differences"]] == ["energy_wh"]
    assert [one["row"] for one in report["unread"]] == [2]
    nothing = await api.post("/api/transactions/reconcile", files={"file": ("cdr.csv", "")})
    assert nothing.status_code == 422


def test_records_are_read_as_spreadsheets_and_databases_write_them():
    table = (
        "\ufeffTransaction ID;Energy Wh;Energy (kWh);Start Time\r\n"
        "7;;11.5;2026-01-01 11:00:00 +01:00\r\n"
        "8.0;11500;;2026-01-01 10:00:00 UTC\r\n"
        "9;;11,5;2026-01-01T10:00:00Z\r\n"
        "10;;11.5;01/02/2026 10:00\r\n"
        "11.5;;11.5;2026-01-01T10:00:00Z\r\n"
        "12;;11.5;9999-12-31T23:59:59-01:00\r\n"
    )
    records, unread = read_csms_records(table.encode())
    assert [record.transaction_id for record in records] == [7, 8]
    assert {record.started_at_s for record in records} == {1_767_261_600.0}
    assert {record.energy_wh for record in records} == {11_500.0}
    assert [one.row for one in unread] == [3, 4, 5, 6]
    assert "energy_kwh" in unread[0].error
    assert "01/02/2026 10:00" in unread[1].error


async def test_what_the_csms_does_not_answer_is_pending(api: Api, csms: Csms):
    number = await charge(api, csms)
    assert (await api.post("/api/chargers/CP1/go-offline")).status_code == 204
    stopped = await api.post("/api/chargers/CP1/connectors/1/stop-button")
    assert stopped.status_code == 202

    async def is_pending() -> bool:
        ledger = (await api.get(f"/api/chargers/CP1/transactions/{number}/ledger")).json()
        last = ledger["messages"][-1]
        return (last["action"], last["outcome"]) == ("StopTransaction", "pending")

    await until(is_pending)
