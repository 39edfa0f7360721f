"""What REST serves: locations, chargers, EVSEs, vehicles, transactions."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "locations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_locations")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "chargers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("charge_point_id", sa.String(length=48), nullable=False),
        sa.Column("charger_name", sa.Text(), nullable=False),
        sa.Column("connection_url", sa.Text(), nullable=False),
        sa.Column("charge_point_vendor", sa.Text(), nullable=False),
        sa.Column("charge_point_model", sa.Text(), nullable=False),
        sa.Column("firmware_version", sa.Text(), nullable=True),
        sa.Column("charge_point_serial_number", sa.Text(), nullable=True),
        sa.Column("charge_box_serial_number", sa.Text(), nullable=True),
        sa.Column("iccid", sa.Text(), nullable=True),
        sa.Column("imsi", sa.Text(), nullable=True),
        sa.Column("meter_serial_number", sa.Text(), nullable=True),
        sa.Column("meter_type", sa.Text(), nullable=True),
        sa.Column("ocpp_version", sa.Text(), nullable=False),
        sa.Column("security_profile", sa.Integer(), nullable=False),
        sa.Column("basic_auth_password", sa.Text(), nullable=True),
        sa.Column("tls_ca_pem", sa.Text(), nullable=True),
        sa.Column("tls_client_cert_pem", sa.Text(), nullable=True),
        sa.Column("tls_client_key_pem", sa.Text(), nullable=True),
        sa.Column("tls_verify", sa.Boolean(), nullable=False),
        sa.Column("auto_plug_in", sa.Boolean(), nullable=False),
        sa.Column("desired_connection", sa.Text(), nullable=False),
        sa.Column("behaviour", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["location_id"],
            ["locations.id"],
            name=op.f("fk_chargers_location_id_locations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chargers")),
        sa.UniqueConstraint("charge_point_id", name=op.f("uq_chargers_charge_point_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_chargers_location_id"), "chargers", ["location_id"], unique=False)
    op.create_table(
        "vehicles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("battery_capacity_kwh", sa.Double[float](), nullable=False),
        sa.Column("model_id", sa.Text(), nullable=True),
        sa.Column("ac_phases", sa.Integer(), nullable=True),
        sa.Column("ac_max_power_kw", sa.Double[float](), nullable=True),
        sa.Column("dc_max_power_kw", sa.Double[float](), nullable=True),
        sa.Column("dc_charging_curve", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["location_id"],
            ["locations.id"],
            name=op.f("fk_vehicles_location_id_locations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vehicles")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_vehicles_location_id"), "vehicles", ["location_id"], unique=False)
    op.create_table(
        "configuration_values",
        sa.Column("charger_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["charger_id"],
            ["chargers.id"],
            name=op.f("fk_configuration_values_charger_id_chargers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("charger_id", "key", name=op.f("pk_configuration_values")),
    )
    op.create_table(
        "connector_availability",
        sa.Column("charger_id", sa.Integer(), nullable=False),
        sa.Column("connector_id", sa.Integer(), nullable=False),
        sa.Column("operative", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["charger_id"],
            ["chargers.id"],
            name=op.f("fk_connector_availability_charger_id_chargers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "charger_id", "connector_id", name=op.f("pk_connector_availability")
        ),
    )
    op.create_table(
        "evses",
        sa.Column("charger_id", sa.Integer(), nullable=False),
        sa.Column("evse_id", sa.Integer(), nullable=False),
        sa.Column("connector_id", sa.Integer(), nullable=False),
        sa.Column("power_type", sa.Text(), nullable=False),
        sa.Column("max_power_w", sa.Double[float](), nullable=False),
        sa.Column("phases", sa.Integer(), nullable=False),
        sa.Column("cable", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["charger_id"],
            ["chargers.id"],
            name=op.f("fk_evses_charger_id_chargers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("charger_id", "evse_id", "connector_id", name=op.f("pk_evses")),
    )
    op.create_table(
        "transactions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("charger_id", sa.Integer(), nullable=False),
        sa.Column("local_transaction_id", sa.BigInteger(), nullable=False),
        sa.Column("transaction_id", sa.BigInteger(), nullable=True),
        sa.Column("connector_id", sa.Integer(), nullable=False),
        sa.Column("id_tag", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("meter_start_wh", sa.BigInteger(), nullable=False),
        sa.Column("started_at_s", sa.Double[float](), nullable=False),
        sa.Column("meter_stop_wh", sa.BigInteger(), nullable=True),
        sa.Column("stopped_at_s", sa.Double[float](), nullable=True),
        sa.Column("stop_reason", sa.Text(), nullable=True),
        sa.Column("id_tag_status", sa.Text(), nullable=True),
        sa.Column("vehicle_id", sa.Integer(), nullable=True),
        sa.Column("energy_wh", sa.Double[float](), nullable=True),
        sa.ForeignKeyConstraint(
            ["charger_id"],
            ["chargers.id"],
            name=op.f("fk_transactions_charger_id_chargers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transactions")),
        sa.UniqueConstraint(
            "charger_id",
            "local_transaction_id",
            name=op.f("uq_transactions_charger_id_local_transaction_id"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "vehicle_id_tags",
        sa.Column("vehicle_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id_tag", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["vehicle_id"],
            ["vehicles.id"],
            name=op.f("fk_vehicle_id_tags_vehicle_id_vehicles"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("vehicle_id", "position", name=op.f("pk_vehicle_id_tags")),
    )


def downgrade() -> None:
    op.drop_table("vehicle_id_tags")
    op.drop_table("transactions")
    op.drop_table("evses")
    op.drop_table("connector_availability")
    op.drop_table("configuration_values")
    op.drop_index(op.f("ix_vehicles_location_id"), table_name="vehicles")
    op.drop_table("vehicles")
    op.drop_index(op.f("ix_chargers_location_id"), table_name="chargers")
    op.drop_table("chargers")
    op.drop_table("locations")
