/** What a charge point can send by itself, with a payload to start from (1.6 ed.2 §4). */

export const CALL_TEMPLATES: Readonly<Record<string, (now: string) => Record<string, unknown>>> = {
  Authorize: () => ({ idTag: 'TAG-0001' }),
  BootNotification: () => ({
    chargePointVendor: 'ocppsim',
    chargePointModel: 'Simulated charger',
  }),
  DataTransfer: () => ({ vendorId: 'com.example', messageId: 'hello', data: 'world' }),
  DiagnosticsStatusNotification: () => ({ status: 'Idle' }),
  FirmwareStatusNotification: () => ({ status: 'Idle' }),
  Heartbeat: () => ({}),
  LogStatusNotification: () => ({ status: 'Idle' }),
  MeterValues: (now) => ({
    connectorId: 1,
    meterValue: [
      {
        timestamp: now,
        sampledValue: [{ value: '0', measurand: 'Energy.Active.Import.Register', unit: 'Wh' }],
      },
    ],
  }),
  SecurityEventNotification: (now) => ({ type: 'SettingSystemTime', timestamp: now }),
  SignCertificate: () => ({ csr: '-----BEGIN CERTIFICATE REQUEST-----' }),
  SignedFirmwareStatusNotification: () => ({ status: 'Idle' }),
  StartTransaction: (now) => ({
    connectorId: 1,
    idTag: 'TAG-0001',
    meterStart: 0,
    timestamp: now,
  }),
  StatusNotification: (now) => ({
    connectorId: 1,
    errorCode: 'NoError',
    status: 'Available',
    timestamp: now,
  }),
  StopTransaction: (now) => ({
    transactionId: 1,
    meterStop: 0,
    timestamp: now,
    reason: 'Local',
  }),
};

/** The payload as text to edit; an action that is not known starts empty. */
export function templateOf(action: string, now: Date): string {
  return JSON.stringify(CALL_TEMPLATES[action]?.(now.toISOString()) ?? {}, null, 2);
}

/** The payload that a text means; an error message where it means none. */
export function parsePayload(text: string): Record<string, unknown> | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return error instanceof Error ? error.message : 'This is not JSON.';
  }
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : 'A payload is a JSON object.';
}
