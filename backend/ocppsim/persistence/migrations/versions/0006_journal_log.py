"""The log of the journal: what the tables of the journal take in once in a while."""

from typing import Any

import msgspec
import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_Entry = tuple[
    set[int],
    dict[int, int],
    dict[int, int],
    list[tuple[int, int, bytes]],
    dict[str, dict[int, bytes | None]],
]


def upgrade() -> None:
    op.create_table(
        "journal_log",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            autoincrement=False,
        ),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_log")),
    )


def downgrade() -> None:
    # Without the log, what it holds must stand in the tables.
    connection = op.get_bind()
    chargers = set(connection.scalars(sa.text("SELECT id FROM chargers")))
    log = connection.scalars(sa.text("SELECT body FROM journal_log ORDER BY id")).all()
    for body in log:
        _take_in(msgspec.msgpack.decode(body, type=_Entry), chargers, connection.execute)
    op.drop_table("journal_log")


def _take_in(entry: _Entry, chargers: set[int], execute: Any) -> None:
    forgotten, used, retired, messages, cells = entry
    for charger_id in forgotten & chargers:
        execute(_KEEP_HIGHEST, {"charger": charger_id})
        execute(_FORGET_MESSAGES, {"charger": charger_id})
        execute(_FORGET_CELLS, {"charger": charger_id})
    for charger_id, sequence in used.items():
        if charger_id in chargers:
            execute(_SET_WATERMARK, {"charger": charger_id, "sequence": sequence})
    for charger_id, sequence in retired.items():
        if charger_id in chargers:
            execute(_RETIRE, {"charger": charger_id, "sequence": sequence})
            execute(_SET_WATERMARK, {"charger": charger_id, "sequence": sequence})
    for charger_id, sequence, body in messages:
        if charger_id in chargers and sequence > retired.get(charger_id, 0):
            values = {"charger": charger_id, "sequence": sequence, "body": body}
            execute(_STORE_MESSAGE, values)
    for key, of_key in cells.items():
        for charger_id, content in of_key.items():
            if content is None:
                execute(_REMOVE_CELL, {"charger": charger_id, "key": key})
            elif charger_id in chargers:
                execute(_STORE_CELL, {"charger": charger_id, "key": key, "body": content})


_RAISE_WATERMARK = (
    "ON CONFLICT (charger_id) DO UPDATE SET retired_up_to = excluded.retired_up_to "
    "WHERE excluded.retired_up_to > journal_watermark.retired_up_to"
)
_KEEP_HIGHEST = sa.text(
    "INSERT INTO journal_watermark (charger_id, retired_up_to) "
    "SELECT charger_id, max(sequence) FROM journal_message WHERE charger_id = :charger "
    f"GROUP BY charger_id {_RAISE_WATERMARK}"
)
_FORGET_MESSAGES = sa.text("DELETE FROM journal_message WHERE charger_id = :charger")
_FORGET_CELLS = sa.text("DELETE FROM journal_cell WHERE charger_id = :charger")
_RETIRE = sa.text(
    "DELETE FROM journal_message WHERE charger_id = :charger AND sequence <= :sequence"
)
_SET_WATERMARK = sa.text(
    "INSERT INTO journal_watermark (charger_id, retired_up_to) VALUES (:charger, :sequence) "
    f"{_RAISE_WATERMARK}"
)
_STORE_MESSAGE = sa.text(
    "INSERT INTO journal_message (charger_id, sequence, body) "
    "VALUES (:charger, :sequence, :body) "
    "ON CONFLICT (charger_id, sequence) DO UPDATE SET body = excluded.body"
)
_STORE_CELL = sa.text(
    "INSERT INTO journal_cell (charger_id, key, body) VALUES (:charger, :key, :body) "
    "ON CONFLICT (charger_id, key) DO UPDATE SET body = excluded.body"
)
_REMOVE_CELL = sa.text("DELETE FROM journal_cell WHERE charger_id = :charger AND key = :key")
