"""What a charge point must not lose: the journal."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "journal_cell",
        sa.Column("charger_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["charger_id"],
            ["chargers.id"],
            name=op.f("fk_journal_cell_charger_id_chargers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("charger_id", "key", name=op.f("pk_journal_cell")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "journal_message",
        sa.Column("charger_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["charger_id"],
            ["chargers.id"],
            name=op.f("fk_journal_message_charger_id_chargers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("charger_id", "sequence", name=op.f("pk_journal_message")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "journal_watermark",
        sa.Column("charger_id", sa.Integer(), nullable=False),
        sa.Column("retired_up_to", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["charger_id"],
            ["chargers.id"],
            name=op.f("fk_journal_watermark_charger_id_chargers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("charger_id", name=op.f("pk_journal_watermark")),
    )


def downgrade() -> None:
    op.drop_table("journal_watermark")
    op.drop_table("journal_message")
    op.drop_table("journal_cell")
