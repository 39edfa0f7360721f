/** Which chargers a list shows, and what it says of them; pure. */
import type { Charger, ConnectionState, ConnectorStatus } from '@/api/types';

export interface ChargerFilter {
  text: string;
  status: ConnectorStatus | null;
  connection: ConnectionState | null;
}

export const NO_FILTER: ChargerFilter = { text: '', status: null, connection: null };

/** Those that fit all that is asked for; a status fits where any connector has it. */
export function filterChargers(chargers: readonly Charger[], filter: ChargerFilter): Charger[] {
  const text = filter.text.trim().toLowerCase();
  return chargers.filter(
    (charger) =>
      (filter.connection === null || charger.connection.state === filter.connection) &&
      (filter.status === null ||
        charger.status === filter.status ||
        charger.connectors.some(({ status }) => status === filter.status)) &&
      [
        charger.charger_name,
        charger.charge_point_id,
        charger.charge_point_vendor,
        charger.charge_point_model,
      ].some((word) => word.toLowerCase().includes(text)),
  );
}

/** Whether somebody has asked for the connection, there already or not. */
export function isConnectedWish(state: ConnectionState): boolean {
  return state === 'connected' || state === 'connecting';
}
