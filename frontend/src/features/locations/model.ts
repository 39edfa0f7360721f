/** What the list of locations says of each place; pure. */
import type { Charger, Location } from '@/api/types';

export interface LocationActivity {
  chargers: number;
  connected: number;
  charging: number;
  faulted: number;
  power_w: number;
}

const IDLE: LocationActivity = { chargers: 0, connected: 0, charging: 0, faulted: 0, power_w: 0 };

/** Sums the chargers up by location. */
export function activityByLocation(chargers: Iterable<Charger>): Map<number, LocationActivity> {
  const sums = new Map<number, LocationActivity>();
  for (const charger of chargers) {
    const sum = sums.get(charger.location_id) ?? { ...IDLE };
    sum.chargers += 1;
    sum.connected += charger.connection.state === 'connected' ? 1 : 0;
    sum.power_w += charger.power_w;
    sum.faulted += charger.status === 'Faulted' ? 1 : 0;
    for (const { status } of charger.connectors) {
      sum.charging += status === 'Charging' ? 1 : 0;
      sum.faulted += status === 'Faulted' && charger.status !== 'Faulted' ? 1 : 0;
    }
    sums.set(charger.location_id, sum);
  }
  return sums;
}

/** The locations whose name or address contains the text, by name. */
export function filterLocations(locations: readonly Location[], text: string): Location[] {
  const wanted = text.trim().toLowerCase();
  return locations
    .filter(({ name, address }) => `${name}\n${address}`.toLowerCase().includes(wanted))
    .sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
}
