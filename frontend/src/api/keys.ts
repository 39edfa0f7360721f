import type { RateUnit } from './types';

/** The query keys, in one place, so that whoever changes a thing finds who shows it. */
export const keys = {
  session: ['session'] as const,
  health: ['health'] as const,
  simulation: ['simulation'] as const,
  fleet: ['fleet'] as const,
  locations: ['locations'] as const,
  location: (locationId: number) => ['locations', locationId] as const,
  site: (locationId: number) => ['locations', locationId, 'site'] as const,
  vehicles: (locationId: number) => ['vehicles', 'at', locationId] as const,
  vehicleModels: ['vehicle-models'] as const,
  chargerTemplates: ['charger-templates'] as const,
  charger: (chargePointId: string) => ['chargers', chargePointId] as const,
  configuration: (chargePointId: string) => ['chargers', chargePointId, 'configuration'] as const,
  messages: (chargePointId: string) => ['chargers', chargePointId, 'messages'] as const,
  transactions: (chargePointId: string) => ['chargers', chargePointId, 'transactions'] as const,
  ledger: (chargePointId: string, localTransactionId: number) =>
    ['chargers', chargePointId, 'ledgers', localTransactionId] as const,
  chargingProfiles: (chargePointId: string) =>
    ['chargers', chargePointId, 'charging-profiles'] as const,
  /** Of all connectors, or of one. */
  limits: (chargePointId: string, ...connector: [] | [number]) =>
    ['chargers', chargePointId, 'limits', ...connector] as const,
  /** Of all connectors, or one connector's over so many seconds in one unit. */
  compositeSchedules: (chargePointId: string, ...which: [] | [number, number, RateUnit]) =>
    ['chargers', chargePointId, 'composite-schedules', ...which] as const,
  localList: (chargePointId: string) => ['chargers', chargePointId, 'local-list'] as const,
  reservations: (chargePointId: string) => ['chargers', chargePointId, 'reservations'] as const,
  refusals: (chargePointId: string) => ['chargers', chargePointId, 'refusals'] as const,
  history: (chargePointId: string) => ['chargers', chargePointId, 'history'] as const,
  fleetRuns: ['fleet-runs'] as const,
  /** The run and its course; what is kept of it beside that lies below. */
  fleetRun: (runId: string) => ['fleet-runs', runId] as const,
  givenFleetRun: (runId: string) => ['fleet-runs', runId, 'given'] as const,
  operation: (operationId: string) => ['operations', operationId] as const,
};
