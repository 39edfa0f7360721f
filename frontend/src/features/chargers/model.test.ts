import { describe, expect, it } from 'vitest';
import { aCharger } from '@/testing/things';
import { NO_FILTER, filterChargers, isConnectedWish } from './model';

const [summary] = aCharger().connectors;
if (!summary) throw new Error('a charger has a connector');
const idle = aCharger();
const charging = aCharger({
  charge_point_id: 'CP002',
  charger_name: 'South gate',
  connectors: [summary, { ...summary, connector_id: 2, status: 'Charging' }],
});
const away = aCharger({
  charge_point_id: 'X-9',
  charger_name: 'Roof',
  connection: { ...idle.connection, state: 'offline' },
});
const ids = (list: { charge_point_id: string }[]) => list.map((one) => one.charge_point_id);

describe('filterChargers', () => {
  const all = [idle, charging, away];

  it('finds by name and by id, whatever the case', () => {
    expect(ids(filterChargers(all, { ...NO_FILTER, text: 'GATE' }))).toEqual(['CP001', 'CP002']);
    expect(ids(filterChargers(all, { ...NO_FILTER, text: 'x-9' }))).toEqual(['X-9']);
  });

  it('finds a charger by the status of any of its connectors', () => {
    expect(ids(filterChargers(all, { ...NO_FILTER, status: 'Charging' }))).toEqual(['CP002']);
  });

  it('wants everything that is asked for', () => {
    expect(filterChargers(all, { text: 'gate', status: null, connection: 'offline' })).toEqual([]);
    expect(ids(filterChargers(all, { ...NO_FILTER, connection: 'offline' }))).toEqual(['X-9']);
  });
});

it('takes a charger that still connects for one that wants to be connected', () => {
  expect(isConnectedWish('connecting')).toBe(true);
  expect(isConnectedWish('offline')).toBe(false);
});
