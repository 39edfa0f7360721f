/** The resources of the API as tests need them: complete, and different where it matters. */
import type {
  Charger,
  ChargerDetail,
  ChargerTemplate,
  ChargingProfile,
  CompositeSchedule,
  ConfigurationKey,
  Connector,
  Files,
  FleetRun,
  FleetRunPoint,
  Limit,
  LimitLayer,
  LocalList,
  LocalListEntry,
  Location,
  Message,
  Meter,
  Reservation,
  Transaction,
  Vehicle,
  VehicleModel,
} from '@/api/types';

const AT = '2026-01-02T10:00:00.000Z';

export function aLocation(own: Partial<Location> = {}): Location {
  return {
    id: 1,
    name: 'Station car park',
    address: '1 Station Road',
    charger_count: 0,
    time_scale: 1,
    site: null,
    ...own,
  };
}

export function aVehicle(own: Partial<Vehicle> = {}): Vehicle {
  return {
    id: 1,
    location_id: 1,
    name: 'Blue van',
    id_tags: ['BLUE'],
    battery_capacity_kwh: 60,
    battery_capacity_own: true,
    model_id: null,
    ac_phases: 3,
    ac_max_power_kw: 11,
    dc_max_power_kw: 100,
    dc_charging_curve: null,
    nominal_voltage_v: null,
    chemistry: null,
    target_soc_percent: null,
    ac_min_current_a: null,
    ac_efficiency: null,
    ac_ramp_a_per_s: null,
    dc_min_power_kw: null,
    dc_max_current_a: null,
    dc_efficiency: null,
    dc_ramp_kw_per_s: null,
    reaction_delay_s: null,
    auxiliary_power_w: null,
    cold_derating: null,
    warming_kelvin_per_percent: null,
    resolved: {
      battery_capacity_kwh: 60,
      nominal_voltage_v: 400,
      chemistry: 'generic',
      target_soc_percent: 100,
      ac_phases: 3,
      ac_max_power_kw: 11,
      ac_min_current_a: 6,
      ac_efficiency: 0.9,
      ac_ramp_a_per_s: 0,
      dc_max_power_kw: 100,
      dc_min_power_kw: 0,
      dc_max_current_a: null,
      dc_charging_curve: [],
      dc_efficiency: 0.95,
      dc_ramp_kw_per_s: 0,
      reaction_delay_s: 0,
      auxiliary_power_w: 0,
      cold_derating: [],
      warming_kelvin_per_percent: 0.3,
    },
    ...own,
  };
}

export function aVehicleModel(own: Partial<VehicleModel> = {}): VehicleModel {
  return {
    id: 'brand-model',
    brand: 'Brand',
    name: 'Model',
    kind: 'car',
    chemistry: 'NMC',
    battery_capacity_kwh: 52,
    nominal_voltage_v: 350,
    ac_phases: 3,
    ac_max_power_kw: 22,
    ac_min_current_a: 8,
    ac_efficiency: 0.86,
    ac_ramp_a_per_s: 3,
    reaction_delay_s: 3,
    dc_max_power_kw: 46,
    dc_charging_curve: [
      { soc_percent: 0, power_kw: 40 },
      { soc_percent: 50, power_kw: 46 },
      { soc_percent: 100, power_kw: 9 },
    ],
    dc_efficiency: 0.95,
    dc_ramp_kw_per_s: 4,
    cold_derating: [],
    ...own,
  };
}

export function aMeter(own: Partial<Meter> = {}): Meter {
  return {
    energy_wh: 1000,
    power_w: 0,
    voltage_v: 230,
    current_a: 0,
    soc_percent: null,
    phase_voltage_v: [230, 230, 230],
    phase_current_a: [0, 0, 0],
    phase_power_w: [0, 0, 0],
    power_factor: 1,
    frequency_hz: 50,
    temperature_celsius: 20,
    current_offered_a: 0,
    power_offered_w: 0,
    reactive_power_var: 0,
    phase_reactive_power_var: [0, 0, 0],
    reactive_energy_varh: 0,
    ...own,
  };
}

export function aTransaction(own: Partial<Transaction> = {}): Transaction {
  return {
    charge_point_id: 'CP001',
    connector_id: 1,
    transaction_id: 42,
    local_transaction_id: 1,
    id_tag: 'BLUE',
    state: 'running',
    started_at: AT,
    stopped_at: null,
    meter_start_wh: 400,
    meter_stop_wh: null,
    energy_wh: 0,
    stop_reason: null,
    id_tag_status: 'Accepted',
    ...own,
  };
}

export function aConnector(own: Partial<Connector> = {}): Connector {
  return {
    connector_id: 1,
    status: 'Available',
    error_code: 'NoError',
    info: null,
    operative: true,
    power_type: 'AC',
    max_power_w: 22_080,
    phases: 3,
    cable_kind: 'socket',
    cable: 'none',
    cable_current_a: null,
    locked: false,
    lock_jammed: false,
    ev_draws: false,
    vehicle_id: null,
    vehicle_name: null,
    departs_at: null,
    id_tag: null,
    reservation: null,
    transaction: null,
    meter: aMeter(),
    ...own,
  };
}

/** A connector in the middle of a session. */
export function aChargingConnector(own: Partial<Connector> = {}): Connector {
  return aConnector({
    status: 'Charging',
    cable: 'vehicle',
    locked: true,
    ev_draws: true,
    vehicle_id: 1,
    vehicle_name: 'Blue van',
    id_tag: 'BLUE',
    transaction: aTransaction(),
    meter: aMeter({ energy_wh: 2400, power_w: 11_040, current_a: 16, soc_percent: 54.25 }),
    ...own,
  });
}

export function aCharger(own: Partial<Charger> = {}): Charger {
  return {
    charge_point_id: 'CP001',
    charger_name: 'North gate',
    location_id: 1,
    connection_url: 'ws://csms.example/ocpp',
    ocpp_version: '1.6',
    power_type: 'AC',
    charge_point_vendor: 'Vendor',
    charge_point_model: 'Model',
    firmware_version: '1.0.0',
    security_profile: 0,
    powered: true,
    connection: {
      state: 'connected',
      since: AT,
      attempts: 0,
      last_error: null,
      next_attempt_at: null,
    },
    registration: 'Accepted',
    status: 'Available',
    error_code: 'NoError',
    connectors: [
      {
        connector_id: 1,
        status: 'Available',
        error_code: 'NoError',
        power_w: 0,
        soc_percent: null,
      },
    ],
    power_w: 0,
    queued_messages: 0,
    ...own,
  };
}

export function aChargerTemplate(own: Partial<ChargerTemplate> = {}): ChargerTemplate {
  return {
    id: 'dc-duo',
    name: 'DC double',
    description: 'Two cables on five modules.',
    built_in: true,
    charge_point_vendor: 'Maker',
    charge_point_model: 'Duo',
    firmware_version: '5.0',
    meter_type: null,
    connectors: [
      { power_type: 'DC', max_power_w: 150_000, phases: 3, cable: 'tethered' },
      { power_type: 'DC', max_power_w: 150_000, phases: 3, cable: 'tethered' },
    ],
    phase_rotation: 'RST',
    shared_power_w: 150_000,
    module_power_w: 30_000,
    meter: {
      accuracy_class_percent: 1,
      resolution_wh: 1,
      measurands: ['Energy.Active.Import.Register', 'SoC'],
    },
    configuration: { MeterValueSampleInterval: '15' },
    behaviour: {},
    ...own,
  };
}

export function someFiles(own: Partial<Files> = {}): Files {
  return {
    firmware_status: 'Idle',
    diagnostics_status: 'Idle',
    download: null,
    install: null,
    signature: null,
    upload: null,
    duration_s: null,
    ...own,
  };
}

export function aChargerDetail(own: Partial<ChargerDetail> = {}): ChargerDetail {
  return {
    ...aCharger(),
    max_power_w: 22_080,
    phases: 3,
    cable: 'socket',
    evse_count: 1,
    phase_rotation: 'RST',
    shared_power_w: null,
    module_power_w: null,
    meter: { accuracy_class_percent: 0, resolution_wh: 0, measurands: null },
    template_id: null,
    charge_point_serial_number: null,
    charge_box_serial_number: null,
    iccid: null,
    imsi: null,
    meter_serial_number: null,
    meter_type: null,
    basic_auth_password_set: false,
    tls: { ca_pem: null, client_cert_pem: null, client_key_set: false, verify: true },
    auto_plug_in: false,
    behaviour: {},
    desired_connection: 'connected',
    network: { state: 'up', latency_ms: 0, jitter_ms: 0, loss: 0 },
    clock_offset_s: 0,
    clock_as_of: null,
    time_scale: 1,
    time_scale_in_force: 1,
    info: null,
    connectors: [aConnector()],
    energy_wh: 1000,
    files: someFiles(),
    warnings: [],
    ...own,
  };
}

export function aMessage(own: Partial<Message> = {}): Message {
  return {
    id: 1,
    timestamp: AT,
    direction: 'sent',
    kind: 'CALL',
    action: 'Heartbeat',
    message_id: 'm-1',
    payload: {},
    latency_ms: null,
    valid: true,
    violation: null,
    ...own,
  };
}

export function aKey(own: Partial<ConfigurationKey> = {}): ConfigurationKey {
  return {
    key: 'HeartbeatInterval',
    value: '300',
    readonly: false,
    type: 'integer',
    unit: 's',
    minimum: 0,
    maximum: 2_147_483_647,
    profile: 'Core',
    reboot_required: false,
    description: 'Seconds between heartbeats',
    ...own,
  };
}

export function aProfile(own: Partial<ChargingProfile> = {}): ChargingProfile {
  return {
    charging_profile_id: 7,
    connector_id: 1,
    stack_level: 2,
    purpose: 'TxDefaultProfile',
    kind: 'Absolute',
    recurrency_kind: null,
    transaction_id: null,
    valid_from: null,
    valid_to: null,
    start_schedule: AT,
    duration_s: null,
    unit: 'A',
    min_charging_rate: null,
    periods: [{ start_period_s: 0, limit: 16, number_phases: 3 }],
    in_force: true,
    ...own,
  };
}

export function aLayer(own: Partial<LimitLayer> = {}): LimitLayer {
  return {
    layer: 'hardware',
    in_force: true,
    power_w: 22_080,
    current_a: 32,
    phases: 3,
    explanation: 'The connector is built for 22.1 kW.',
    until: null,
    charging_profile_id: null,
    stack_level: null,
    period_index: null,
    limit: null,
    unit: null,
    ...own,
  };
}

/** A limit that a TxDefaultProfile sets below the hardware's. */
export function aLimit(own: Partial<Limit> = {}): Limit {
  return {
    connector_id: 1,
    power_w: 11_040,
    current_a: 16,
    phases: 3,
    layer: 'tx_default_profile',
    until: '2026-01-02T11:00:00.000Z',
    offered_power_w: 11_040,
    layers: [
      aLayer({ in_force: false }),
      aLayer({
        layer: 'tx_default_profile',
        power_w: 11_040,
        current_a: 16,
        explanation: 'Period 1 of profile 7 allows 16 A on 3 phases.',
        until: '2026-01-02T11:00:00.000Z',
        charging_profile_id: 7,
        stack_level: 2,
        period_index: 0,
        limit: 16,
        unit: 'A',
      }),
    ],
    ...own,
  };
}

export function aSchedule(own: Partial<CompositeSchedule> = {}): CompositeSchedule {
  return {
    connector_id: 1,
    schedule_start: AT,
    duration_s: 3600,
    unit: 'A',
    periods: [
      { start_period_s: 0, limit: 16, number_phases: 3 },
      { start_period_s: 1800, limit: 6, number_phases: 1 },
    ],
    ...own,
  };
}

export function anEntry(own: Partial<LocalListEntry> = {}): LocalListEntry {
  return { id_tag: 'BLUE', status: 'Accepted', expiry_date: null, parent_id_tag: null, ...own };
}

export function aLocalList(own: Partial<LocalList> = {}): LocalList {
  return { version: 3, enabled: true, entries: [anEntry()], ...own };
}

export function aReservation(own: Partial<Reservation> = {}): Reservation {
  return {
    reservation_id: 5,
    connector_id: 1,
    id_tag: 'BLUE',
    parent_id_tag: null,
    expires_at: '2026-01-02T14:30:00.000Z',
    ...own,
  };
}

export function aFleetRunPoint(own: Partial<FleetRunPoint> = {}): FleetRunPoint {
  return {
    from_s: 0,
    to_s: 1,
    there: 10,
    connected: 8,
    plugged_in: 4,
    charging: 3,
    transactions: 3,
    sent_per_s: 12,
    received_per_s: 10,
    failed: 0,
    sessions: 0,
    energy_wh: 0,
    latency_ms: { p50: 4, p95: 21, p99: 40 },
    loop_lag_ms: 1.5,
    ...own,
  };
}

export function aFleetRun(own: Partial<FleetRun> = {}): FleetRun {
  return {
    id: '20260102-100000-a1b2',
    name: 'Small run',
    state: 'running',
    began_at: AT,
    ended_at: null,
    chargers: 10,
    connectors: 20,
    planned_s: 60,
    elapsed_s: 15,
    csms_urls: ['ws://csms.example/ocpp'],
    seed: 1,
    error: null,
    thresholds: [],
    sessions: 2,
    energy_wh: 1200,
    latest: aFleetRunPoint(),
    ...own,
  };
}
