/** The resources under the names that the pages use; generated, so never declared twice. */
import type { components } from './schema.gen';

type Schemas = components['schemas'];

export type Location = Schemas['Location'];
export type LocationCreate = Schemas['LocationCreate'];
export type Site = Schemas['Site'];
export type SiteBody = Schemas['SiteBody'];
export type SiteState = Schemas['SiteState'];
export type Vehicle = Schemas['Vehicle'];
export type VehicleCreate = Schemas['VehicleCreate'];
export type VehicleModel = Schemas['VehicleModel'];
export type VehicleImport = Schemas['VehicleImport'];

export type Charger = Schemas['Charger'];
export type ChargerCreate = Schemas['ChargerCreate'];
export type ChargerUpdate = Schemas['ChargerUpdate'];
export type ChargerDetail = Schemas['ChargerDetail'];
export type Measurand = Schemas['Measurand'];
export type ChargerTemplate = Schemas['ChargerTemplate'];
export type ChargerImport = Schemas['ChargerImport'];
export type Connection = Schemas['Connection'];
export type ConnectionState = Connection['state'];
export type Registration = Charger['registration'];

export type Connector = Schemas['Connector'];
export type ConnectorSummary = Schemas['ConnectorSummary'];
export type ConnectorStatus = Connector['status'];
export type ErrorCode = Connector['error_code'];
export type FaultBody = Schemas['FaultBody'];
export type FaultCode = FaultBody['error_code'];
export type Meter = Schemas['Meter'];
export type Network = Schemas['Network'];
export type NetworkBody = Schemas['NetworkBody'];
export type PlugInBody = Schemas['PlugInBody'];
export type InjectStatusBody = Schemas['InjectStatusBody'];

export type ChargingProfile = Schemas['ChargingProfile'];
export type SchedulePeriod = Schemas['SchedulePeriod'];
export type CompositeSchedule = Schemas['CompositeSchedule'];
export type RateUnit = CompositeSchedule['unit'];
export type Limit = Schemas['Limit'];
export type LimitLayer = Schemas['LimitLayer'];
export type LocalList = Schemas['LocalList'];
export type LocalListEntry = Schemas['LocalListEntry'];
export type Files = ChargerDetail['files'];
export type FilesBody = Schemas['FilesBody'];
export type Reservation = Schemas['Reservation'];
/** What a charge point keeps for its CSMS, by the names of the live feed. */
export type Records = Schemas['RecordsEvent']['records'];
/** What became of a tag that was shown to a reader. */
export type Judgement = Schemas['AuthorizationEvent'];

export type ConfigurationKey = Schemas['ConfigurationKey'];
export type Message = Schemas['Message'];
export type CallAnswer = Schemas['CallAnswer'];
export type Transaction = Schemas['Transaction'];
export type TransactionState = Transaction['state'];
export type TransactionLedger = Schemas['TransactionLedger'];
export type ReconciliationReport = Schemas['ReconciliationReport'];
export type LedgerDifference = Schemas['LedgerDifference'];
export type LedgerInterval = Schemas['LedgerIntervalEntry'];
export type LedgerGap = Schemas['LedgerGapEntry'];
export type LedgerMessage = Schemas['LedgerMessageEntry'];

export type FleetRun = Schemas['FleetRun'];
export type FleetRunOrder = Schemas['FleetRunOrder'];
export type FleetRunPreview = Schemas['FleetRunPreview'];
export type FleetRunPoint = Schemas['FleetRunPoint'];
export type FleetRunProgress = Schemas['FleetRunProgress'];
export type FleetThreshold = Schemas['FleetThreshold'];
export type FleetFailure = Schemas['FleetFailure'];
export type FleetActionLatency = Schemas['FleetActionLatency'];

export type Operation = Schemas['Operation'];
export type BulkAction = Schemas['BulkBody']['action'];
export type Totals = Schemas['Totals'];
export type Problem = Schemas['Problem'];
export type Session = Schemas['Session'];

/** The events of the live stream, told apart by `event`. */
export type LiveEvent =
  | { event: 'snapshot'; data: Schemas['SnapshotEvent'] | Schemas['ChargerSnapshotEvent'] }
  | { event: 'charger'; data: Charger | ChargerDetail }
  | { event: 'connector'; data: Schemas['ConnectorEvent'] }
  | { event: 'meter'; data: Schemas['MeterEvent'] }
  | { event: 'transaction'; data: Transaction }
  | { event: 'message'; data: Schemas['MessageEvent'] }
  | { event: 'records'; data: Schemas['RecordsEvent'] }
  | { event: 'authorization'; data: Judgement }
  | { event: 'totals'; data: Totals }
  | { event: 'charger-removed'; data: Pick<Charger, 'charge_point_id'> }
  | { event: 'resync'; data: Schemas['ResyncEvent'] };
