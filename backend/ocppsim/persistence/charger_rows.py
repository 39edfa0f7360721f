"""A ``ChargerDefinition`` as rows, and rows as a ``ChargerDefinition``."""

from __future__ import annotations

from typing import Any, cast

import msgspec

from ocppsim.chargepoint.controller import ChargePointIdentity
from ocppsim.simulation.definition import (
    CableKind,
    ChargerDefinition,
    ConnectorDefinition,
    DesiredConnection,
    HardwareDefinition,
    PowerType,
    TlsDefinition,
    shared_hardware,
)

from .schema import ChargerRow
from .shared_values import SharedValues


def column_values(definition: ChargerDefinition) -> dict[str, Any]:
    """The columns of ``chargers`` but the id."""
    identity, tls = definition.identity, definition.tls
    return {
        "location_id": definition.location_id,
        "charge_point_id": identity.charge_point_id,
        "charger_name": definition.charger_name,
        "connection_url": definition.connection_url,
        "charge_point_vendor": identity.charge_point_vendor,
        "charge_point_model": identity.charge_point_model,
        "firmware_version": identity.firmware_version,
        "charge_point_serial_number": identity.charge_point_serial_number,
        "charge_box_serial_number": identity.charge_box_serial_number,
        "iccid": identity.iccid,
        "imsi": identity.imsi,
        "meter_serial_number": identity.meter_serial_number,
        "meter_type": identity.meter_type,
        "ocpp_version": definition.ocpp_version,
        "security_profile": definition.security_profile,
        "basic_auth_password": definition.basic_auth_password,
        "tls_ca_pem": tls.ca_pem,
        "tls_client_cert_pem": tls.client_cert_pem,
        "tls_client_key_pem": tls.client_key_pem,
        "tls_verify": tls.verify,
        "auto_plug_in": definition.auto_plug_in,
        "desired_connection": definition.desired_connection,
        "behaviour": dict(definition.behaviour),
        "template_id": definition.template_id,
        "time_scale": definition.time_scale,
        "hardware": msgspec.to_builtins(definition.hardware),
    }


def evse_values(definition: ChargerDefinition) -> list[dict[str, Any]]:
    """The rows of ``evses`` of one charger; its ``charger_id`` must be known."""
    return [
        {
            "charger_id": definition.charger_id,
            "evse_id": number,  # OCPP 1.6 has no EVSEs: one for each connector
            "connector_id": number,
            "power_type": connector.power_type,
            "max_power_w": connector.max_power_w,
            "phases": connector.phases,
            "cable": connector.cable,
        }
        for number, connector in enumerate(definition.connectors, start=1)
    ]


def connector_of(
    power_type: str, max_power_w: float, phases: int, cable: str
) -> ConnectorDefinition:
    # Only this program writes these rows, from the same types.
    return ConnectorDefinition(
        cast("PowerType", power_type), max_power_w, phases, cast("CableKind", cable)
    )


def definition_of(
    row: ChargerRow, connectors: tuple[ConnectorDefinition, ...], shared: SharedValues
) -> ChargerDefinition:
    """The definition; what is equal to that of another charger is the same object."""
    same = shared.same
    return ChargerDefinition(
        charger_id=row.id,
        location_id=row.location_id,
        charger_name=row.charger_name,
        connection_url=same(row.connection_url),
        identity=ChargePointIdentity(
            charge_point_id=row.charge_point_id,
            charge_point_vendor=same(row.charge_point_vendor),
            charge_point_model=same(row.charge_point_model),
            firmware_version=same(row.firmware_version),
            charge_point_serial_number=row.charge_point_serial_number,
            charge_box_serial_number=row.charge_box_serial_number,
            iccid=row.iccid,
            imsi=row.imsi,
            meter_serial_number=row.meter_serial_number,
            meter_type=same(row.meter_type),
        ),
        connectors=same(connectors),
        ocpp_version=same(row.ocpp_version),
        security_profile=row.security_profile,
        basic_auth_password=same(row.basic_auth_password),
        tls=same(
            TlsDefinition(
                ca_pem=row.tls_ca_pem,
                client_cert_pem=row.tls_client_cert_pem,
                client_key_pem=row.tls_client_key_pem,
                verify=row.tls_verify,
            )
        ),
        auto_plug_in=row.auto_plug_in,
        desired_connection=same(cast("DesiredConnection", row.desired_connection)),
        behaviour=shared.same_texts(row.behaviour),
        template_id=same(row.template_id),
        time_scale=row.time_scale,
        hardware=shared_hardware(msgspec.convert(row.hardware, HardwareDefinition)),
    )
