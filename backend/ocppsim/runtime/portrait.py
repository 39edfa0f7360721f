"""Draws the snapshots of a charger from its parts."""

from __future__ import annotations

from collections.abc import Sequence

from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.moment import Moment
from ocppsim.chargepoint.notifications import TransactionView
from ocppsim.chargepoint.views import ReservationView
from ocppsim.simulation.charger import Charger
from ocppsim.simulation.connector_state import ConnectorState
from ocppsim.simulation.definition import ChargerDefinition
from ocppsim.transport.impairment import NetworkConditions

from .clock import iso_utc
from .connection import Connection
from .snapshots import (
    ChargerSnapshot,
    ChargerSummary,
    ConnectorReservation,
    ConnectorSnapshot,
    ConnectorSummary,
    FilesSnapshot,
    MeterSnapshot,
    NetworkView,
    TlsView,
    TransactionSnapshot,
)

_WHOLE = ConnectorId(0)


def transaction_snapshot(
    charge_point_id: str, transaction: TransactionView, register_wh: float | None = None
) -> TransactionSnapshot:
    """A transaction; ``register_wh`` is the meter of its connector while it is under way."""
    end_wh = transaction.meter_stop_wh if transaction.meter_stop_wh is not None else register_wh
    energy_wh = None if end_wh is None else round(max(0.0, end_wh - transaction.meter_start_wh), 3)
    stopped_at_s = transaction.stopped_at_s
    return TransactionSnapshot(
        charge_point_id=charge_point_id,
        connector_id=transaction.connector_id,
        transaction_id=transaction.transaction_id,
        local_transaction_id=transaction.local_transaction_id,
        id_tag=transaction.id_tag,
        state=transaction.state,
        started_at=iso_utc(transaction.started_at_s),
        stopped_at=None if stopped_at_s is None else iso_utc(stopped_at_s),
        meter_start_wh=transaction.meter_start_wh,
        meter_stop_wh=transaction.meter_stop_wh,
        energy_wh=energy_wh,
        stop_reason=transaction.stop_reason,
        id_tag_status=transaction.id_tag_status,
    )


def connector_snapshot(
    charge_point_id: str, state: ConnectorState, reservations: Sequence[ReservationView]
) -> ConnectorSnapshot:
    """A connector of a charger, which has these reservations altogether."""
    transaction = state.transaction
    return ConnectorSnapshot(
        connector_id=state.connector_id,
        status=state.status,
        error_code=state.error_code,
        info=state.info,
        operative=state.operative,
        power_type=state.power_type,
        max_power_w=state.max_power_w,
        phases=state.phases,
        cable_kind=state.cable_kind,
        cable=state.cable,
        cable_current_a=state.cable_current_a,
        locked=state.locked,
        lock_jammed=state.lock_jammed,
        ev_draws=state.ev_draws,
        vehicle_id=state.vehicle_id,
        vehicle_name=state.vehicle_name,
        departs_at=None if state.leaves_at_s is None else iso_utc(state.leaves_at_s),
        id_tag=transaction.id_tag if transaction is not None else state.pending_id_tag,
        reservation=_reservation(state, reservations),
        transaction=(
            None
            if transaction is None
            else transaction_snapshot(charge_point_id, transaction, state.meter.energy_wh)
        ),
        meter=meter_snapshot(state),
    )


def _reservation(
    state: ConnectorState, reservations: Sequence[ReservationView]
) -> ConnectorReservation | None:
    """The one for a connector; one of the whole charge point shows where it reserves."""
    wanted = (state.connector_id, _WHOLE) if state.status == "Reserved" else (state.connector_id,)
    for connector_id in wanted:
        for reservation in reservations:
            if reservation.connector_id == connector_id:
                return ConnectorReservation(
                    reservation.reservation_id,
                    reservation.id_tag,
                    iso_utc(reservation.expires_at_s),
                )
    return None


def meter_snapshot(state: ConnectorState) -> MeterSnapshot:
    """The meter of a connector."""
    meter = state.meter
    return MeterSnapshot(
        energy_wh=meter.energy_wh,
        power_w=meter.power_w,
        voltage_v=meter.voltage_v,
        current_a=meter.current_a,
        soc_percent=meter.soc_percent,
        phase_voltage_v=list(meter.phase_voltage_v),
        phase_current_a=list(meter.phase_current_a),
        phase_power_w=list(meter.phase_power_w),
        power_factor=meter.power_factor,
        frequency_hz=meter.frequency_hz,
        temperature_celsius=meter.temperature_celsius,
        current_offered_a=meter.current_offered_a,
        power_offered_w=meter.power_offered_w,
        reactive_power_var=meter.reactive_power_var,
        phase_reactive_power_var=list(meter.phase_reactive_power_var),
        reactive_energy_varh=meter.reactive_energy_varh,
    )


def charger_summary(
    definition: ChargerDefinition, charger: Charger, connection: Connection, now: Moment
) -> ChargerSummary:
    """A charger in a list."""
    identity = definition.identity
    controller = charger.controller
    whole = charger.connector_view(_WHOLE)
    connectors: list[ConnectorSummary] = []
    power_w = 0.0
    for connector_id in charger.plant.connector_ids:
        view = charger.connector_view(connector_id)
        reading = charger.plant.read_meter(connector_id, now.simulated_s)
        power_w += reading.power_w
        soc_percent = reading.soc_percent
        connectors.append(
            ConnectorSummary(
                connector_id=connector_id,
                status=view.status,
                error_code=view.error_code,
                power_w=round(reading.power_w, 1),
                soc_percent=None if soc_percent is None else round(soc_percent, 2),
            )
        )
    return ChargerSummary(
        charge_point_id=identity.charge_point_id,
        charger_name=definition.charger_name,
        location_id=definition.location_id,
        connection_url=definition.connection_url,
        ocpp_version=definition.ocpp_version,
        power_type=definition.connectors[0].power_type,
        charge_point_vendor=identity.charge_point_vendor,
        charge_point_model=identity.charge_point_model,
        firmware_version=charger.firmware_version,
        security_profile=definition.security_profile,
        powered=charger.powered,
        connection=connection.view,
        registration=charger.registration,
        status=whole.status,
        error_code=whole.error_code,
        connectors=connectors,
        power_w=round(power_w, 1),
        queued_messages=controller.queued_messages,
    )


def charger_snapshot(
    definition: ChargerDefinition,
    charger: Charger,
    connection: Connection,
    now: Moment,
    *,
    true_epoch_s: float,
    true_s: float,
) -> ChargerSnapshot:
    """A charger with everything; it is ``true_s``, and was ``true_epoch_s`` at second 0."""
    identity = definition.identity
    controller = charger.controller
    charge_point_id = identity.charge_point_id
    whole = charger.connector_view(_WHOLE)
    first = definition.connectors[0]
    reservations = controller.reservations()
    connectors = [
        connector_snapshot(
            charge_point_id, charger.connector_state(connector_id, now), reservations
        )
        for connector_id in charger.plant.connector_ids
    ]
    tls = definition.tls
    return ChargerSnapshot(
        charge_point_id=charge_point_id,
        charger_name=definition.charger_name,
        location_id=definition.location_id,
        connection_url=definition.connection_url,
        ocpp_version=definition.ocpp_version,
        power_type=first.power_type,
        max_power_w=first.max_power_w,
        phases=first.phases,
        cable=first.cable,
        evse_count=len(definition.connectors),
        phase_rotation=definition.hardware.phase_rotation,
        shared_power_w=definition.hardware.shared_power_w,
        module_power_w=definition.hardware.module_power_w,
        meter=definition.hardware.meter,
        template_id=definition.template_id,
        charge_point_vendor=identity.charge_point_vendor,
        charge_point_model=identity.charge_point_model,
        firmware_version=charger.firmware_version,
        charge_point_serial_number=identity.charge_point_serial_number,
        charge_box_serial_number=identity.charge_box_serial_number,
        iccid=identity.iccid,
        imsi=identity.imsi,
        meter_serial_number=identity.meter_serial_number,
        meter_type=identity.meter_type,
        security_profile=definition.security_profile,
        basic_auth_password_set=definition.basic_auth_password is not None,
        tls=TlsView(tls.ca_pem, tls.client_cert_pem, tls.client_key_pem is not None, tls.verify),
        auto_plug_in=definition.auto_plug_in,
        behaviour=definition.behaviour,
        desired_connection=connection.desired,
        powered=charger.powered,
        connection=connection.view,
        network=_network_view(connection.network.conditions),
        clock_offset_s=round(controller.clock_epoch_s - true_epoch_s, 3) + 0.0,  # never -0.0
        clock_as_of=iso_utc(true_s) if charger.time_scale != 1.0 else None,
        time_scale=definition.time_scale,
        time_scale_in_force=charger.time_scale,
        registration=charger.registration,
        status=whole.status,
        error_code=whole.error_code,
        info=whole.info,
        connectors=connectors,
        power_w=round(sum(connector.meter.power_w for connector in connectors), 3),
        energy_wh=round(sum(connector.meter.energy_wh for connector in connectors), 3),
        queued_messages=controller.queued_messages,
        files=_files(charger),
        warnings=_warnings(definition),
    )


def _files(charger: Charger) -> FilesSnapshot:
    view = charger.controller.file_transfers()
    outcomes = charger.file_outcomes
    return FilesSnapshot(
        firmware_status=view.firmware_status,
        diagnostics_status=view.diagnostics_status,
        download=outcomes.download,
        install=outcomes.install,
        signature=outcomes.signature,
        upload=outcomes.upload,
        duration_s=outcomes.duration_s,
    )


def _network_view(conditions: NetworkConditions) -> NetworkView:
    return NetworkView(
        conditions.state, conditions.latency_ms, conditions.jitter_ms, conditions.loss
    )


def _warnings(definition: ChargerDefinition) -> list[str]:
    """What is legal but unlikely to work as meant."""
    warnings: list[str] = []
    if definition.basic_auth_password is not None and ":" in definition.charge_point_id:
        warnings.append(
            "The charge point id holds a colon: HTTP Basic authentication cannot tell it from "
            "the password."
        )
    return warnings


__all__ = [
    "charger_snapshot",
    "charger_summary",
    "connector_snapshot",
    "meter_snapshot",
    "transaction_snapshot",
]
