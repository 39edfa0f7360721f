"""The session ledger: what really happened in each transaction."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "session_ledgers",
        sa.Column("charger_id", sa.Integer(), nullable=False),
        sa.Column("local_transaction_id", sa.BigInteger(), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["charger_id"],
            ["chargers.id"],
            name=op.f("fk_session_ledgers_charger_id_chargers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "charger_id", "local_transaction_id", name=op.f("pk_session_ledgers")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "session_ledger_pages",
        sa.Column("charger_id", sa.Integer(), nullable=False),
        sa.Column("local_transaction_id", sa.BigInteger(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["charger_id"],
            ["chargers.id"],
            name=op.f("fk_session_ledger_pages_charger_id_chargers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "charger_id",
            "local_transaction_id",
            "page",
            name=op.f("pk_session_ledger_pages"),
        ),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("session_ledger_pages")
    op.drop_table("session_ledgers")
