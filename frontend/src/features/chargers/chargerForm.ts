/** The values of the charger form, their checks, and what the API gets of them; pure. */
import type { Charger, ChargerCreate, ChargerDetail, ChargerUpdate, Measurand } from '@/api/types';
import { checkScale } from '@/lib/timeScale';

export interface ConnectorValues {
  power_type: 'AC' | 'DC';
  /** Empty: the default of the hardware. */
  max_power_kw: number | '';
  phases: '1' | '3';
  /** Empty: the default of the hardware. */
  cable: '' | 'socket' | 'tethered';
}

/** The hardware beyond the connectors. */
export interface HardwareValues {
  phase_rotation: ChargerDetail['phase_rotation'];
  /** Empty: each connector its maximum at once. */
  shared_power_kw: number | '';
  /** Empty: continuously. */
  module_power_kw: number | '';
  accuracy_class_percent: number;
  resolution_wh: number;
  /** None: all that there are. */
  measurands: Measurand[];
}

export interface ChargerFormValues {
  charger_name: string;
  charge_point_id: string;
  connection_url: string;
  /** Empty: made from none. */
  template_id: string;
  connector_count: number;
  connector: ConnectorValues;
  connectors_differ: boolean;
  connectors: ConnectorValues[];
  hardware: HardwareValues;
  auto_connect: boolean;
  auto_plug_in: boolean;
  time_scale: number | '';
  charge_point_vendor: string;
  charge_point_model: string;
  firmware_version: string;
  charge_point_serial_number: string;
  security_profile: '0' | '1' | '2' | '3';
  basic_auth_password: string;
  ca_pem: string;
  client_cert_pem: string;
  client_key_pem: string;
  verify: boolean;
}

const REGISTER: Measurand = 'Energy.Active.Import.Register';

export const FALLBACK_URL = 'ws://127.0.0.1:9000/ocpp';

const AC_CONNECTOR: ConnectorValues = {
  power_type: 'AC',
  max_power_kw: '',
  phases: '3',
  cable: '',
};

const PLAIN_HARDWARE: HardwareValues = {
  phase_rotation: 'RST',
  shared_power_kw: '',
  module_power_kw: '',
  accuracy_class_percent: 0,
  resolution_wh: 0,
  measurands: [],
};

/** What the hardware is where the form leaves it open, as the API documents it. */
export function defaultPowerKw({ power_type, phases }: ConnectorValues): number {
  if (power_type === 'DC') return 150;
  return phases === '3' ? 22.08 : 7.36;
}

export function defaultCable({ power_type }: ConnectorValues): 'socket' | 'tethered' {
  return power_type === 'DC' ? 'tethered' : 'socket';
}

/** The first of CP001, CP002, … that is not in use. */
export function freeChargePointId(taken: Iterable<string>): string {
  const used = new Set(taken);
  for (let number = 1; ; number += 1) {
    const id = `CP${String(number).padStart(3, '0')}`;
    if (!used.has(id)) return id;
  }
}

/** A charger as most are, with a free id and the CSMS of its neighbours. */
export function newCharger(
  others: readonly Pick<Charger, 'charge_point_id' | 'location_id' | 'connection_url'>[],
  locationId: number,
): ChargerFormValues {
  const id = freeChargePointId(others.map(({ charge_point_id }) => charge_point_id));
  const neighbour = others.find(({ location_id }) => location_id === locationId) ?? others[0];
  return {
    charger_name: `Charger ${id.slice(2)}`,
    charge_point_id: id,
    connection_url: neighbour?.connection_url ?? FALLBACK_URL,
    template_id: '',
    connector_count: 1,
    connector: AC_CONNECTOR,
    connectors_differ: false,
    connectors: [AC_CONNECTOR],
    hardware: PLAIN_HARDWARE,
    auto_connect: true,
    auto_plug_in: false,
    time_scale: 1,
    charge_point_vendor: 'ocppsim',
    charge_point_model: 'Simulated charger',
    firmware_version: '1.0.0',
    charge_point_serial_number: '',
    security_profile: '0',
    basic_auth_password: '',
    ca_pem: '',
    client_cert_pem: '',
    client_key_pem: '',
    verify: true,
  };
}

export function valuesOf(charger: ChargerDetail): ChargerFormValues {
  const connectors = charger.connectors.map((connector): ConnectorValues => ({
    power_type: connector.power_type,
    max_power_kw: connector.max_power_w / 1000,
    phases: connector.phases === 1 ? '1' : '3',
    cable: connector.cable_kind,
  }));
  const [first = AC_CONNECTOR] = connectors;
  return {
    charger_name: charger.charger_name,
    charge_point_id: charger.charge_point_id,
    connection_url: charger.connection_url,
    template_id: charger.template_id ?? '',
    connector_count: connectors.length,
    connector: first,
    connectors_differ: connectors.some((one) => JSON.stringify(one) !== JSON.stringify(first)),
    connectors,
    hardware: hardwareValues(charger),
    auto_connect: charger.desired_connection === 'connected',
    auto_plug_in: charger.auto_plug_in,
    time_scale: charger.time_scale,
    charge_point_vendor: charger.charge_point_vendor,
    charge_point_model: charger.charge_point_model,
    firmware_version: charger.firmware_version ?? '',
    charge_point_serial_number: charger.charge_point_serial_number ?? '',
    security_profile: String(charger.security_profile) as ChargerFormValues['security_profile'],
    basic_auth_password: '',
    ca_pem: charger.tls.ca_pem ?? '',
    client_cert_pem: charger.tls.client_cert_pem ?? '',
    client_key_pem: '',
    verify: charger.tls.verify,
  };
}

/** The hardware of a charger, or of a template. */
export function hardwareValues({
  phase_rotation,
  shared_power_w,
  module_power_w,
  meter,
}: Pick<
  ChargerDetail,
  'phase_rotation' | 'shared_power_w' | 'module_power_w' | 'meter'
>): HardwareValues {
  return {
    phase_rotation,
    shared_power_kw: shared_power_w === null ? '' : shared_power_w / 1000,
    module_power_kw: module_power_w === null ? '' : module_power_w / 1000,
    accuracy_class_percent: meter.accuracy_class_percent,
    resolution_wh: meter.resolution_wh,
    measurands: meter.measurands ?? [],
  };
}

export function checkChargePointId(id: string): string | null {
  if (id === '') return 'Give the charge point an id.';
  if (id.length > 48) return 'At most 48 characters.';
  if (id.includes('/')) return 'A / cannot be part of it.';
  if (id === '.' || id === '..') return 'Neither . nor .. can be an id.';
  if (!/^[\x20-\x7e]+$/.test(id)) return 'Only printable ASCII characters.';
  return null;
}

export function checkUrl(url: string): string | null {
  if (url.trim() === '') return 'Give the address of the CSMS.';
  if (!/^wss?:\/\/[^/?#\s]/i.test(url.trim())) return 'An address starts with ws:// or wss://.';
  return null;
}

export const CHECKS = {
  charger_name: (name: string) => (name.trim() ? null : 'Give the charger a name.'),
  charge_point_id: checkChargePointId,
  connection_url: checkUrl,
  hardware: ({ shared_power_kw, module_power_kw, measurands }: HardwareValues) => {
    if (module_power_kw !== '' && shared_power_kw === '') {
      return 'Modules divide what is shared: give the shared power, too.';
    }
    if (module_power_kw !== '' && shared_power_kw !== '' && module_power_kw > shared_power_kw) {
      return 'A module has at most the shared power.';
    }
    if (measurands.length > 0 && !measurands.includes(REGISTER)) {
      return `No transaction can be metered without ${REGISTER}.`;
    }
    return null;
  },
  charge_point_vendor: (text: string) => (text.trim() ? null : 'Give a vendor.'),
  charge_point_model: (text: string) => (text.trim() ? null : 'Give a model.'),
  time_scale: checkScale,
  basic_auth_password: (
    password: string,
    { security_profile, charge_point_id }: ChargerFormValues,
  ) =>
    password !== '' && charge_point_id.includes(':') && /[12]/.test(security_profile)
      ? 'Basic auth cannot tell an id with a colon from its password.'
      : null,
};

function connectorInput(connector: ConnectorValues) {
  return {
    power_type: connector.power_type,
    phases: connector.phases === '1' ? (1 as const) : (3 as const),
    max_power_w: Math.round(
      (connector.max_power_kw === '' ? defaultPowerKw(connector) : connector.max_power_kw) * 1000,
    ),
    cable: connector.cable === '' ? defaultCable(connector) : connector.cable,
  };
}

function connectorsOf(values: ChargerFormValues) {
  return values.connectors_differ
    ? values.connectors.map(connectorInput)
    : Array.from({ length: values.connector_count }, () => connectorInput(values.connector));
}

const watts = (power_kw: number | '') => (power_kw === '' ? null : Math.round(power_kw * 1000));

function hardwareOf({ hardware }: ChargerFormValues) {
  const { accuracy_class_percent, resolution_wh, measurands } = hardware;
  return {
    phase_rotation: hardware.phase_rotation,
    shared_power_w: watts(hardware.shared_power_kw),
    module_power_w: watts(hardware.module_power_kw),
    meter: {
      accuracy_class_percent,
      resolution_wh,
      measurands: measurands.length > 0 ? measurands : null,
    },
  };
}

const orNull = (text: string) => (text.trim() === '' ? null : text.trim());

function tlsOf(values: ChargerFormValues) {
  return {
    ca_pem: orNull(values.ca_pem),
    client_cert_pem: orNull(values.client_cert_pem),
    client_key_pem: orNull(values.client_key_pem),
    verify: values.verify,
  };
}

export function createBody(values: ChargerFormValues): ChargerCreate {
  return {
    charger_name: values.charger_name.trim(),
    charge_point_id: values.charge_point_id,
    connection_url: values.connection_url.trim(),
    template_id: values.template_id || null,
    connectors: connectorsOf(values),
    ...hardwareOf(values),
    auto_connect: values.auto_connect,
    auto_plug_in: values.auto_plug_in,
    time_scale: values.time_scale === '' ? 1 : values.time_scale,
    charge_point_vendor: values.charge_point_vendor.trim(),
    charge_point_model: values.charge_point_model.trim(),
    firmware_version: orNull(values.firmware_version),
    charge_point_serial_number: orNull(values.charge_point_serial_number),
    security_profile: Number(values.security_profile),
    basic_auth_password: values.basic_auth_password || null,
    tls: tlsOf(values),
  };
}

/** Only what differs from before: what is left out stays as it is, secrets above all. */
export function updateBody(before: ChargerFormValues, after: ChargerFormValues): ChargerUpdate {
  const old = createBody(before);
  const plain = createBody(after);
  const body: ChargerUpdate = {};
  for (const key of [
    'charger_name',
    'connection_url',
    'connectors',
    'phase_rotation',
    'shared_power_w',
    'module_power_w',
    'meter',
    'auto_plug_in',
    'time_scale',
    'charge_point_vendor',
    'charge_point_model',
    'firmware_version',
    'charge_point_serial_number',
    'security_profile',
  ] as const) {
    if (JSON.stringify(plain[key]) !== JSON.stringify(old[key])) {
      Object.assign(body, { [key]: plain[key] });
    }
  }
  if (after.basic_auth_password) body.basic_auth_password = after.basic_auth_password;
  const oldTls = tlsOf(before);
  const changedTls = Object.fromEntries(
    Object.entries(tlsOf(after)).filter(
      ([key, value]) => value !== oldTls[key as keyof typeof oldTls],
    ),
  );
  if (Object.keys(changedTls).length > 0) body.tls = changedTls;
  return body;
}
