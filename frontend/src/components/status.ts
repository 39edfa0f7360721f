/** The colours and words of states; the words are the standard's where it has some. */
import type {
  ConnectionState,
  ConnectorStatus,
  FaultCode,
  Registration,
  TransactionState,
} from '@/api/types';

export const CONNECTOR_COLORS: Record<ConnectorStatus, string> = {
  Available: 'green',
  Preparing: 'blue',
  Charging: 'teal',
  SuspendedEVSE: 'orange',
  SuspendedEV: 'yellow',
  Finishing: 'violet',
  Reserved: 'grape',
  Unavailable: 'gray',
  Faulted: 'red',
};

/** What a connector's state means, in a sentence. */
export const CONNECTOR_MEANINGS: Record<ConnectorStatus, string> = {
  Available: 'Ready for a car.',
  Preparing: 'A car or a tag is there; the other is awaited.',
  Charging: 'Energy flows into the car.',
  SuspendedEVSE: 'The charger offers no energy at the moment.',
  SuspendedEV: 'The car takes no energy at the moment.',
  Finishing: 'The transaction is over; the car is still plugged in.',
  Reserved: 'Kept for a certain tag.',
  Unavailable: 'Out of service.',
  Faulted: 'A fault prevents charging.',
};

export const CONNECTION_COLORS: Record<ConnectionState, string> = {
  connected: 'green',
  connecting: 'yellow',
  disconnected: 'gray',
  offline: 'orange',
};

export const CONNECTION_WORDS: Record<ConnectionState, string> = {
  connected: 'Connected',
  connecting: 'Connecting',
  disconnected: 'Disconnected',
  offline: 'Offline',
};

/** Grey without a connection: what the CSMS said last says nothing of now. */
export function registrationColor(registration: Registration, connected: boolean): string {
  if (!connected) return 'gray';
  switch (registration) {
    case 'Accepted':
      return 'green';
    case 'Pending':
      return 'yellow';
    case 'Rejected':
      return 'red';
    case null:
      return 'gray';
  }
}

export const TRANSACTION_COLORS: Record<TransactionState, string> = {
  starting: 'blue',
  running: 'teal',
  stopping: 'violet',
  stopped: 'gray',
  failed: 'red',
};

/** Every error code that is one. */
export const FAULT_CODES: readonly FaultCode[] = [
  'ConnectorLockFailure',
  'EVCommunicationError',
  'GroundFailure',
  'HighTemperature',
  'InternalError',
  'LocalListConflict',
  'OtherError',
  'OverCurrentFailure',
  'OverVoltage',
  'PowerMeterFailure',
  'PowerSwitchFailure',
  'ReaderFailure',
  'ResetFailure',
  'UnderVoltage',
  'WeakSignal',
];

/** The states of a connector, in the order of the standard. */
export const CONNECTOR_STATUSES = Object.keys(CONNECTOR_COLORS) as ConnectorStatus[];

/** The colour of a status of firmware or diagnostics, by how things go. */
export function fileStatusColor(status: string): string {
  if (/Failed$|^Invalid/.test(status)) return 'red';
  if (/^(Installed|Uploaded)$/.test(status)) return 'green';
  return status === 'Idle' ? 'gray' : 'blue';
}

/** Whether a status of firmware or diagnostics is worth a badge at the head of the page. */
export function isFileNews(status: string): boolean {
  return fileStatusColor(status) === 'blue' || fileStatusColor(status) === 'red';
}
