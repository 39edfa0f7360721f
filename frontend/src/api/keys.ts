/** The query keys, in one place, so that whoever changes a thing finds who shows it. */
export const keys = {
  session: ['session'] as const,
  health: ['health'] as const,
  fleet: ['fleet'] as const,
  locations: ['locations'] as const,
  location: (locationId: number) => ['locations', locationId] as const,
  vehicles: (locationId: number) => ['vehicles', 'at', locationId] as const,
  charger: (chargePointId: string) => ['chargers', chargePointId] as const,
  configuration: (chargePointId: string) => ['chargers', chargePointId, 'configuration'] as const,
  messages: (chargePointId: string) => ['chargers', chargePointId, 'messages'] as const,
  transactions: (chargePointId: string) => ['chargers', chargePointId, 'transactions'] as const,
  history: (chargePointId: string) => ['chargers', chargePointId, 'history'] as const,
  operation: (operationId: string) => ['operations', operationId] as const,
};
