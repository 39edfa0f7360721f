import { describe, expect, it } from 'vitest';
import { aCharger, aLocation } from '@/testing/things';
import { activityByLocation, filterLocations } from './model';

const [summary] = aCharger().connectors;
if (!summary) throw new Error('a charger has a connector');

describe('what goes on at the locations', () => {
  it('is summed up by location', () => {
    const sums = activityByLocation([
      aCharger({ power_w: 11_000, connectors: [{ ...summary, status: 'Charging' }] }),
      aCharger({
        connection: { ...aCharger().connection, state: 'disconnected' },
        connectors: [{ ...summary, status: 'Faulted' }],
      }),
      aCharger({
        location_id: 2,
        status: 'Faulted',
        connectors: [{ ...summary, status: 'Faulted' }],
      }),
    ]);
    expect(sums.get(1)).toEqual({
      chargers: 2,
      connected: 1,
      charging: 1,
      faulted: 1,
      power_w: 11_000,
    });
    // A fault of the whole charger is one fault, not one a connector.
    expect(sums.get(2)?.faulted).toBe(1);
  });

  it('is found by name or address, in the order of the names', () => {
    const locations = [
      aLocation({ id: 1, name: 'Site 10', address: 'Elm Street' }),
      aLocation({ id: 2, name: 'Site 9', address: '' }),
    ];
    expect(filterLocations(locations, '').map(({ id }) => id)).toEqual([2, 1]);
    expect(filterLocations(locations, 'elm').map(({ id }) => id)).toEqual([1]);
  });
});
