"""The tables, as SQLAlchemy sees them; ``migrations/`` brings a database to this shape.

The journal's tables and the rows that ``config_sync`` keeps are written with raw SQL; they
stand here so that there is one account of the schema, which a test compares with what the
migrations make.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Double,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

CHARGE_POINT_ID_LENGTH = 48

# SQLite gives the id of a deleted last row to the next one unless told not to; a write that is
# still on its way for a deleted charger must never find another one under its id.
NEVER_REUSE_IDS = {"sqlite_autoincrement": True}

# Kept in one tree by primary key: half the work for rows that come and go all the time.
CLUSTERED = {"sqlite_with_rowid": False}


class Base(DeclarativeBase):
    """Base of all tables."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)


class LocationRow(Base):
    """A place with chargers and the vehicles that charge there."""

    __tablename__ = "locations"
    __table_args__ = NEVER_REUSE_IDS

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    time_scale: Mapped[float] = mapped_column(Double)
    site: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class ChargerRow(Base):
    """A charger; the columns are the fields of ``ChargerDefinition`` and its parts."""

    __tablename__ = "chargers"
    __table_args__ = NEVER_REUSE_IDS

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    location_id: Mapped[int] = mapped_column(
        ForeignKey("locations.id", ondelete="CASCADE"), index=True
    )
    charge_point_id: Mapped[str] = mapped_column(String(CHARGE_POINT_ID_LENGTH), unique=True)
    charger_name: Mapped[str] = mapped_column(Text)
    connection_url: Mapped[str] = mapped_column(Text)
    charge_point_vendor: Mapped[str] = mapped_column(Text)
    charge_point_model: Mapped[str] = mapped_column(Text)
    firmware_version: Mapped[str | None] = mapped_column(Text)
    charge_point_serial_number: Mapped[str | None] = mapped_column(Text)
    charge_box_serial_number: Mapped[str | None] = mapped_column(Text)
    iccid: Mapped[str | None] = mapped_column(Text)
    imsi: Mapped[str | None] = mapped_column(Text)
    meter_serial_number: Mapped[str | None] = mapped_column(Text)
    meter_type: Mapped[str | None] = mapped_column(Text)
    ocpp_version: Mapped[str] = mapped_column(Text)
    security_profile: Mapped[int] = mapped_column(Integer)
    basic_auth_password: Mapped[str | None] = mapped_column(Text)
    tls_ca_pem: Mapped[str | None] = mapped_column(Text)
    tls_client_cert_pem: Mapped[str | None] = mapped_column(Text)
    tls_client_key_pem: Mapped[str | None] = mapped_column(Text)
    tls_verify: Mapped[bool] = mapped_column(Boolean)
    auto_plug_in: Mapped[bool] = mapped_column(Boolean)
    desired_connection: Mapped[str] = mapped_column(Text)
    behaviour: Mapped[dict[str, str]] = mapped_column(JSON)
    template_id: Mapped[str | None] = mapped_column(Text)
    time_scale: Mapped[float] = mapped_column(Double)
    hardware: Mapped[dict[str, Any]] = mapped_column(JSON)


class EvseRow(Base):
    """The hardware of one connector of an EVSE.

    OCPP 1.6 numbers connectors through the whole charger (1..N) and knows no EVSEs: there the
    EVSE of connector n is n.
    """

    __tablename__ = "evses"

    charger_id: Mapped[int] = mapped_column(
        ForeignKey("chargers.id", ondelete="CASCADE"), primary_key=True
    )
    evse_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    connector_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    power_type: Mapped[str] = mapped_column(Text)
    max_power_w: Mapped[float] = mapped_column(Double)
    phases: Mapped[int] = mapped_column(Integer)
    cable: Mapped[str] = mapped_column(Text)


class VehicleRow(Base):
    """A vehicle that charges at a location."""

    __tablename__ = "vehicles"
    __table_args__ = NEVER_REUSE_IDS

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    location_id: Mapped[int] = mapped_column(
        ForeignKey("locations.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(Text)
    battery_capacity_kwh: Mapped[float] = mapped_column(Double)
    model_id: Mapped[str | None] = mapped_column(Text)
    ac_phases: Mapped[int | None] = mapped_column(Integer)
    ac_max_power_kw: Mapped[float | None] = mapped_column(Double)
    dc_max_power_kw: Mapped[float | None] = mapped_column(Double)
    dc_charging_curve: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    traits: Mapped[dict[str, Any]] = mapped_column(JSON)


class VehicleIdTagRow(Base):
    """One of the id tags that a vehicle's driver presents; ``position`` keeps their order."""

    __tablename__ = "vehicle_id_tags"

    vehicle_id: Mapped[int] = mapped_column(
        ForeignKey("vehicles.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    id_tag: Mapped[str] = mapped_column(Text)


class ConfigurationValueRow(Base):
    """The value of a configuration key that was set from outside."""

    __tablename__ = "configuration_values"

    charger_id: Mapped[int] = mapped_column(
        ForeignKey("chargers.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[str] = mapped_column(Text)


class ConnectorAvailabilityRow(Base):
    """Whether a connector (0: the charge point) is Operative; without a row it is."""

    __tablename__ = "connector_availability"

    charger_id: Mapped[int] = mapped_column(
        ForeignKey("chargers.id", ondelete="CASCADE"), primary_key=True
    )
    connector_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    operative: Mapped[bool] = mapped_column(Boolean)


class TransactionRow(Base):
    """The history of transactions: a row stays when its vehicle is gone."""

    __tablename__ = "transactions"
    __table_args__ = (UniqueConstraint("charger_id", "local_transaction_id"), NEVER_REUSE_IDS)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    charger_id: Mapped[int] = mapped_column(ForeignKey("chargers.id", ondelete="CASCADE"))
    local_transaction_id: Mapped[int] = mapped_column(BigInteger)
    transaction_id: Mapped[int | None] = mapped_column(BigInteger)
    connector_id: Mapped[int] = mapped_column(Integer)
    id_tag: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    meter_start_wh: Mapped[int] = mapped_column(BigInteger)
    started_at_s: Mapped[float] = mapped_column(Double)
    meter_stop_wh: Mapped[int | None] = mapped_column(BigInteger)
    stopped_at_s: Mapped[float | None] = mapped_column(Double)
    stop_reason: Mapped[str | None] = mapped_column(Text)
    id_tag_status: Mapped[str | None] = mapped_column(Text)
    vehicle_id: Mapped[int | None] = mapped_column(Integer)
    energy_wh: Mapped[float | None] = mapped_column(Double)


class SessionLedgerRow(Base):
    """The head of a transaction's ledger, as ``simulation.ledger_records`` writes it."""

    __tablename__ = "session_ledgers"
    __table_args__ = CLUSTERED

    charger_id: Mapped[int] = mapped_column(
        ForeignKey("chargers.id", ondelete="CASCADE"), primary_key=True
    )
    local_transaction_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    head: Mapped[bytes] = mapped_column(LargeBinary)


class SessionLedgerPageRow(Base):
    """Intervals, gaps and messages of a transaction that were written down together."""

    __tablename__ = "session_ledger_pages"
    __table_args__ = CLUSTERED

    charger_id: Mapped[int] = mapped_column(
        ForeignKey("chargers.id", ondelete="CASCADE"), primary_key=True
    )
    local_transaction_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    page: Mapped[int] = mapped_column(Integer, primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)


class SimulationRow(Base):
    """What holds for the whole simulation; there is one row, or none."""

    __tablename__ = "simulation"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    time_scale: Mapped[float] = mapped_column(Double)


class JournalMessageRow(Base):
    """A transaction-related message that the CSMS has not confirmed yet."""

    __tablename__ = "journal_message"
    __table_args__ = CLUSTERED

    charger_id: Mapped[int] = mapped_column(
        ForeignKey("chargers.id", ondelete="CASCADE"), primary_key=True
    )
    sequence: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)


class JournalCellRow(Base):
    """A named piece of state of a charger."""

    __tablename__ = "journal_cell"
    __table_args__ = CLUSTERED

    charger_id: Mapped[int] = mapped_column(
        ForeignKey("chargers.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)


class JournalWatermarkRow(Base):
    """Up to which sequence number a charger's messages are dealt with.

    It outlives the messages, so that their numbers never repeat.
    """

    __tablename__ = "journal_watermark"

    charger_id: Mapped[int] = mapped_column(
        ForeignKey("chargers.id", ondelete="CASCADE"), primary_key=True
    )
    retired_up_to: Mapped[int] = mapped_column(BigInteger)


class JournalLogRow(Base):
    """What one commit wrote to the journal, as ``journal_entry`` encodes it.

    The journal's other tables hold it only when it has gone from here. The ids, in Unix
    microseconds, rise.
    """

    __tablename__ = "journal_log"

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    body: Mapped[bytes] = mapped_column(LargeBinary)
