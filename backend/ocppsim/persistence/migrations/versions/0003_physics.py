"""Sites, the hardware of chargers beyond their connectors, traits of vehicles, time scales."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# What was stored before has none of it, and runs in real time
_NOTHING = sa.text("'{}'")
_REAL_TIME = sa.text("1")


def upgrade() -> None:
    with op.batch_alter_table("locations", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.add_column(
            sa.Column("time_scale", sa.Double(), nullable=False, server_default=_REAL_TIME)
        )
        table.add_column(sa.Column("site", sa.JSON(), nullable=True))
    with op.batch_alter_table("chargers", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.add_column(sa.Column("template_id", sa.Text(), nullable=True))
        table.add_column(
            sa.Column("time_scale", sa.Double(), nullable=False, server_default=_REAL_TIME)
        )
        table.add_column(sa.Column("hardware", sa.JSON(), nullable=False, server_default=_NOTHING))
    with op.batch_alter_table("vehicles", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.add_column(sa.Column("traits", sa.JSON(), nullable=False, server_default=_NOTHING))
    for name, column in _FILLED:
        with op.batch_alter_table(name, table_kwargs={"sqlite_autoincrement": True}) as table:
            table.alter_column(column, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("vehicles", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.drop_column("traits")
    with op.batch_alter_table("chargers", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.drop_column("hardware")
        table.drop_column("time_scale")
        table.drop_column("template_id")
    with op.batch_alter_table("locations", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.drop_column("site")
        table.drop_column("time_scale")


_FILLED = (
    ("locations", "time_scale"),
    ("chargers", "time_scale"),
    ("chargers", "hardware"),
    ("vehicles", "traits"),
)
