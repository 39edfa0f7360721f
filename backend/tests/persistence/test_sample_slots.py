"""Samples that are kept beside the database are found by the next start, whatever came between."""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ocppsim
from ocppsim.chargepoint.durable_state import StoredMessage
from ocppsim.chargepoint.sample_form import SampleForm, register_cell
from ocppsim.persistence import BackgroundWriter, Database, Journal, chargers
from ocppsim.persistence import sample_slots as module
from ocppsim.persistence.sample_slots import SUFFIX, KeptSample, LeftSamples, SampleSlots
from ocppsim.persistence.writing_connection import WriteFailed, WritingConnection

from .conftest import add_chargers

FORM = SampleForm("meter-1", '["MeterValues",7,true,[1,', "],", "]")

CHILD = """
import sys
from pathlib import Path
from ocppsim.chargepoint.sample_form import SampleForm
from ocppsim.persistence.sample_slots import SampleSlots

slots = SampleSlots(Path(sys.argv[1]))
mine = [slots.begin(number, SampleForm("meter-1", "b", "m", "e")) for number in range(1, 4)]
for sequence in range(1, 10_000_000):
    for slot in mine:
        slots.keep(slot, sequence, sequence * 1.5, sequence * 0.25)
        slots.retire(slot, sequence - 1)
    if sequence % 1000 == 0:
        print(sequence, flush=True)
"""


def path_of(database: Database) -> Path:
    assert database.url.database is not None
    return Path(database.url.database + SUFFIX)


def left(path: Path) -> list[KeptSample]:
    samples = LeftSamples(path)
    try:
        return samples.read()
    finally:
        samples.close()


@pytest.fixture
def charger_id(sqlite_database: Database) -> int:
    return add_chargers(sqlite_database, 1)[0]


@pytest.fixture
def journal(sqlite_database: Database) -> Iterator[Journal]:
    journal = Journal(sqlite_database)
    journal.recover()
    journal.start(lambda _committed: None)
    yield journal
    journal.close()


def killed(journal: Journal) -> None:
    """What the process of a journal has kept is all that is left of it."""
    samples = journal.samples
    assert samples is not None
    journal.samples = None
    samples.close(remove=False)


def test_what_was_kept_survives_kill_9(tmp_path: Path) -> None:
    path = tmp_path / "x.db-samples"
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(path)],
        stdout=subprocess.PIPE,
        text=True,
        cwd="/",
        env={"PYTHONPATH": str(Path(ocppsim.__file__).parents[1]), "PATH": "/usr/bin:/bin"},
    )
    assert child.stdout is not None
    told = 0
    for line in child.stdout:
        told = int(line)
        if told >= 20_000:
            child.send_signal(signal.SIGKILL)
            break
    child.stdout.close()
    assert child.wait() == -signal.SIGKILL
    found = left(path)
    assert [kept.charger_id for kept in found] == [1, 2, 3]
    for kept in found:
        assert kept.sequence >= told
        assert kept.register_wh == kept.sequence * 1.5
        assert kept.wall_s == kept.sequence * 0.25
        assert kept.sequence - 2 <= kept.retired <= kept.sequence


def test_an_orderly_end_leaves_no_file(sqlite_database: Database, journal: Journal) -> None:
    assert path_of(sqlite_database).exists()
    journal.close()
    assert not path_of(sqlite_database).exists()


def test_the_next_start_finds_the_last_sample_in_the_journal(
    sqlite_database: Database, journal: Journal, charger_id: int
) -> None:
    journal.append(charger_id, 4, b"in the journal")
    journal.put_cell(charger_id, "meter-1", b"old")
    journal.put_cell(charger_id, "other", b"stays")
    assert journal.flush()
    assert journal.samples is not None
    slot = journal.samples.begin(charger_id, FORM)
    for sequence in (5, 6):
        journal.samples.retire(slot, sequence - 1)
        journal.samples.keep(slot, sequence, sequence + 0.75, sequence * 10.5)
    killed(journal)

    again = Journal(sqlite_database)
    for _ in range(2):  # the second time there is nothing to do
        again.recover()
        assert not path_of(sqlite_database).exists()
        content = again.load([charger_id])[charger_id]
        assert content.messages == [StoredMessage(6, b'["MeterValues",7,true,[1,6],63.0]')]
        assert content.cells == {"meter-1": register_cell(6.75, 63.0), "other": b"stays"}
        assert content.next_sequence == 7


def test_another_name_of_the_database_leads_to_the_same_samples(
    sqlite_database: Database, journal: Journal, charger_id: int, tmp_path: Path
) -> None:
    assert journal.samples is not None
    journal.samples.keep(journal.samples.begin(charger_id, FORM), 1, 1.0, 1.0)
    killed(journal)
    other = tmp_path / "elsewhere.db"
    other.symlink_to(str(sqlite_database.url.database))
    database = Database(f"sqlite:///{other}")
    again = Journal(database)
    again.recover()
    assert len(again.load([charger_id])[charger_id].messages) == 1
    database.close()


def test_taking_it_in_once_more_changes_nothing(
    sqlite_database: Database, journal: Journal, charger_id: int
) -> None:
    assert journal.samples is not None
    journal.samples.keep(journal.samples.begin(charger_id, FORM), 3, 1.5, 2.5)
    killed(journal)
    path = path_of(sqlite_database)
    content = path.read_bytes()
    again = Journal(sqlite_database)
    again.recover()
    first = again.load([charger_id])
    path.write_bytes(content)
    again.recover()
    assert again.load([charger_id]) == first
    assert len(first[charger_id].messages) == 1


def test_an_answered_sample_is_not_sent_again(
    sqlite_database: Database, journal: Journal, charger_id: int
) -> None:
    journal.append(charger_id, 2, b"was in the journal when its turn came")
    assert journal.flush()
    assert journal.samples is not None
    slot = journal.samples.begin(charger_id, FORM)
    journal.samples.retire(slot, 2)
    killed(journal)
    again = Journal(sqlite_database)
    again.recover()
    content = again.load([charger_id])[charger_id]
    assert content.messages == []
    assert content.next_sequence == 3


def test_what_the_journal_was_told_since_is_not_set_back(
    sqlite_database: Database, journal: Journal, charger_id: int
) -> None:
    assert journal.samples is not None
    slot = journal.samples.begin(charger_id, FORM)
    journal.samples.keep(slot, 8, 100.5, 50.0)
    # As at the end of the short way, and then a stop
    journal.put_cell(charger_id, "meter-1", b"newer")
    journal.append(charger_id, 8, b"the sample")
    journal.append(charger_id, 9, b"the stop")
    assert journal.flush()
    killed(journal)
    again = Journal(sqlite_database)
    again.recover()
    content = again.load([charger_id])[charger_id]
    assert [message.body for message in content.messages] == [b"the sample", b"the stop"]
    assert content.cells == {"meter-1": b"newer"}


def test_a_charger_that_was_deleted_meanwhile_is_passed_over(
    sqlite_database: Database, journal: Journal
) -> None:
    gone, stays = add_chargers(sqlite_database, 2)
    assert journal.samples is not None
    for charger_id in (gone, stays):
        journal.samples.keep(journal.samples.begin(charger_id, FORM), 1, 1.0, 1.0)
    killed(journal)
    with sqlite_database.transaction() as session:
        chargers.delete(session, "CP001")
    again = Journal(sqlite_database)
    again.recover()
    assert len(again.load([stays])[stays].messages) == 1
    assert not path_of(sqlite_database).exists()


def test_a_file_of_another_kind_is_set_aside(
    sqlite_database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    path = path_of(sqlite_database)
    path.write_bytes(b"something else")
    Journal(sqlite_database).recover()
    aside = path.with_name(f"{path.name}.unreadable")
    assert aside.read_bytes() == b"something else"
    assert not path.exists()
    assert "cannot be read, and is" in caplog.text


def test_a_damaged_slot_does_not_keep_the_program_from_starting(
    sqlite_database: Database, journal: Journal, charger_id: int
) -> None:
    assert journal.samples is not None
    journal.samples.keep(journal.samples.begin(charger_id, FORM), 1, 1.0, 1.0)
    killed(journal)
    path = path_of(sqlite_database)
    path.write_bytes(path.read_bytes().replace(b"meter-1", bytes(7)).replace(b"\x1f", b" "))
    Journal(sqlite_database).recover()
    assert not path.exists()
    assert path.with_name(f"{path.name}.unreadable").exists()


def test_a_slot_that_is_begun_is_whole_or_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "samples"
    slots = SampleSlots(path)
    slot = slots.begin(1, FORM)
    slots.keep(slot, 5, 1.0, 1.0)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "_pack_number", die)
    for reused in (slot, 0):
        with pytest.raises(KeyboardInterrupt):
            slots.begin(2, FORM, reused)
    slots.close(remove=False)
    assert left(path) == []
    content = path.read_bytes()
    assert content.count(FORM.before.encode()) == 2  # the form was there before the charger


def test_two_processes_do_not_share_the_file(
    sqlite_database: Database,
    journal: Journal,
    charger_id: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    second = Journal(sqlite_database)
    second.recover()
    assert "another process is at work on sqlite:///" in caplog.text
    second.start(lambda _committed: None)
    assert second.samples is None
    second.append(charger_id, 1, b"goes on with commits")
    assert second.flush()
    second.close()
    assert path_of(sqlite_database).exists()
    assert journal.samples is not None


def test_samples_that_nobody_took_in_are_not_written_over(
    sqlite_database: Database, journal: Journal, charger_id: int
) -> None:
    assert journal.samples is not None
    journal.samples.keep(journal.samples.begin(charger_id, FORM), 1, 1.0, 1.0)
    killed(journal)
    careless = Journal(sqlite_database)
    careless.start(lambda _committed: None)
    assert careless.samples is None
    careless.close()
    (kept,) = left(path_of(sqlite_database))
    assert kept.sequence == 1


def test_where_a_commit_promises_more_samples_are_committed(sqlite_url: str) -> None:
    database = Database(sqlite_url, synchronous="full")
    database.upgrade()
    journal = Journal(database)
    journal.start(lambda _committed: None)
    assert journal.samples is None
    journal.close()
    database.close()


def test_the_file_stays_where_the_database_was_not_told_everything(
    sqlite_database: Database, charger_id: int
) -> None:
    def fail(_database: Database) -> WritingConnection:
        raise WriteFailed("the disk is gone")

    journal = Journal(sqlite_database, writer=BackgroundWriter(sqlite_database, connect=fail))
    journal.start(lambda _committed: None)
    assert journal.samples is not None
    journal.samples.keep(journal.samples.begin(charger_id, FORM), 1, 1.0, 1.0)
    journal.append(charger_id, 1, b"x")
    journal.close(timeout_s=0.1)
    (kept,) = left(path_of(sqlite_database))
    assert kept.sequence == 1


def test_without_locks_samples_go_into_the_journal(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "_fcntl", None)
    journal = Journal(sqlite_database)
    journal.recover()
    assert caplog.records == []
    journal.start(lambda _committed: None)
    assert journal.samples is None
    journal.close()


def test_there_is_a_slot_for_each_of_many_chargers(tmp_path: Path) -> None:
    slots = SampleSlots(tmp_path / "samples")
    taken = [slots.begin(number, FORM) for number in range(1, 2001)]
    for sequence, slot in enumerate(taken, start=1):
        slots.keep(slot, sequence, 0.5 * sequence, 2.0)
    assert slots.begin(5, FORM, taken[4]) == taken[4]
    slots.close(remove=False)
    found = left(tmp_path / "samples")
    assert [kept.charger_id for kept in found] == list(range(1, 2001))
    assert [kept.register_wh for kept in found if kept.charger_id != 5] == [
        0.5 * sequence for sequence in range(1, 2001) if sequence != 5
    ]
    assert found[4] == KeptSample(5, 0, 0, 0.0, 0.0, FORM)


def test_a_form_that_does_not_fit_has_no_slot(tmp_path: Path) -> None:
    slots = SampleSlots(tmp_path / "samples")
    assert slots.begin(1, FORM._replace(before="x" * 64)) == 0
    slots.close(remove=True)


def test_a_full_disk_costs_only_the_slots_to_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(_slots: SampleSlots, _size: int) -> None:
        raise OSError(28, "No space left on device")

    slots = SampleSlots(tmp_path / "samples")
    monkeypatch.setattr(SampleSlots, "_grown", full)
    taken = [slots.begin(number, FORM) for number in range(1, 513)]
    assert taken[-2:] == [510 * 128 + 128, 0]
    assert "cannot grow" in caplog.text
    slots.keep(taken[0], 1, 1.0, 1.0)
    slots.close(remove=True)


@given(
    st.lists(
        st.tuples(st.floats(0, 1e12), st.floats(0, 4e9), st.booleans()), min_size=1, max_size=20
    ),
    st.integers(1, 2**62),
)
def test_a_slot_tells_the_last_sample_whatever_came_before(
    tmp_path_factory: pytest.TempPathFactory,
    samples: list[tuple[float, float, bool]],
    first: int,
) -> None:
    path = tmp_path_factory.mktemp("slots") / "samples"
    slots = SampleSlots(path)
    slot = slots.begin(3, FORM)
    retired = 0
    for sequence, (register_wh, wall_s, is_answered) in enumerate(samples, start=first):
        slots.keep(slot, sequence, register_wh, wall_s)
        if is_answered:
            retired = sequence
            slots.retire(slot, sequence)
    slots.close(remove=False)
    register_wh, wall_s, _ = samples[-1]
    last = first + len(samples) - 1
    assert left(path) == [KeptSample(3, retired, last, register_wh, wall_s, FORM)]
