"""The promise of the journal: what was told as committed survives the death of the process."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import ocppsim
from ocppsim.persistence import Database, Journal

from .conftest import add_chargers

CHILD = """
import sys
from ocppsim.persistence import Database, Journal

url, *numbers = sys.argv[1:]
journal = Journal(Database(url))

def tell(entries):
    for charger_id, sequence in entries:
        print(charger_id, sequence)
    sys.stdout.flush()

journal.start(tell)
sequence = 0
while True:
    sequence += 1
    for number in map(int, numbers):
        journal.append(number, sequence, b"message %d" % sequence)
        journal.put_cell(number, "last", b"%d" % sequence)
    if sequence % 50 == 0:
        for number in map(int, numbers):
            journal.retire(number, sequence - 40)
        journal.flush()
"""


def test_what_was_told_as_committed_survives_kill_9(database: Database, database_url: str) -> None:
    numbers = add_chargers(database, 3)
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, database_url, *map(str, numbers)],
        stdout=subprocess.PIPE,
        text=True,
        cwd="/",
        env={"PYTHONPATH": str(Path(ocppsim.__file__).parents[1]), "PATH": "/usr/bin:/bin"},
    )
    assert child.stdout is not None
    lines: list[str] = []
    for line in child.stdout:
        lines.append(line)
        if len(lines) == 60:
            child.send_signal(signal.SIGKILL)
            break
    lines += child.stdout.read().splitlines(keepends=True)  # told before it died
    assert child.wait() == -signal.SIGKILL
    child.stdout.close()

    told: dict[int, int] = {}
    for line in lines:
        if line.endswith("\n"):
            charger_id, sequence = map(int, line.split())
            told[charger_id] = max(told.get(charger_id, 0), sequence)
    assert set(told) == set(numbers)
    for charger_id, content in Journal(database).load(numbers).items():
        sequences = [message.sequence for message in content.messages]
        assert sequences[-1] >= told[charger_id]
        assert sequences == list(range(sequences[0], sequences[-1] + 1))
        assert sequences[0] <= max(told[charger_id] - 40, 0) + 51
        assert content.next_sequence == sequences[-1] + 1
        assert int(content.cells["last"]) == sequences[-1] or (
            # the batch may have been cut between append and put_cell of one charger
            int(content.cells["last"]) == sequences[-1] - 1
        )
        assert all(each.body == b"message %d" % each.sequence for each in content.messages)
