import { describe, expect, it } from 'vitest';
import type { LiveEvent } from '@/api/types';
import { aCharger, aChargerDetail, aConnector, aMeter } from '@/testing/things';
import { HISTORY_MS, reduceCharger, reduceFleet, reduceHistory } from './reduce';

const totals = { chargers: 1, connected: 1, charging: 0, power_w: 0 };
const fleetSnapshot: LiveEvent = {
  event: 'snapshot',
  data: { seq: 1, totals, chargers: [aCharger()], chargers_to_come: 0 },
};
const meter: LiveEvent = {
  event: 'meter',
  data: {
    charge_point_id: 'CP001',
    connector_id: 1,
    meter: aMeter({ power_w: 7000, energy_wh: 40 }),
  },
};

describe('the fleet', () => {
  it('is unknown until the snapshot', () => {
    expect(reduceFleet(undefined, [{ event: 'totals', data: totals }])).toBeUndefined();
    expect(reduceFleet(undefined, [fleetSnapshot])?.chargers.size).toBe(1);
  });

  it('follows chargers that change, come and go', () => {
    const before = reduceFleet(undefined, [fleetSnapshot]);
    const after = reduceFleet(before, [
      { event: 'charger', data: aCharger({ charger_name: 'New name' }) },
      { event: 'charger', data: aCharger({ charge_point_id: 'CP002' }) },
      { event: 'charger', data: aCharger({ charge_point_id: 'CP003' }) },
      { event: 'charger-removed', data: { charge_point_id: 'CP003' } },
      { event: 'totals', data: { ...totals, chargers: 2 } },
    ]);
    expect([...(after?.chargers.keys() ?? [])]).toEqual(['CP001', 'CP002']);
    expect(after?.chargers.get('CP001')?.charger_name).toBe('New name');
    expect(after?.totals.chargers).toBe(2);
    expect(before?.chargers.size).toBe(1);
  });

  it('stays the same object when nothing concerns it', () => {
    const before = reduceFleet(undefined, [fleetSnapshot]);
    expect(reduceFleet(before, [meter])).toBe(before);
  });

  it('is complete once the others have come or gone', () => {
    const first = reduceFleet(undefined, [
      { event: 'snapshot', data: { seq: 1, totals, chargers: [aCharger()], chargers_to_come: 2 } },
      { event: 'charger', data: aCharger({ charger_name: 'New name' }) },
    ]);
    expect(first?.to_come).toBe(2);
    const second = reduceFleet(first, [
      { event: 'charger', data: aCharger({ charge_point_id: 'CP002' }) },
      { event: 'charger', data: aCharger({ charge_point_id: 'CP002' }) },
    ]);
    expect(second?.to_come).toBe(1);
    const third = reduceFleet(second, [
      { event: 'charger-removed', data: { charge_point_id: 'CP003' } },
    ]);
    expect(third?.to_come).toBe(0);
    expect(third?.chargers.size).toBe(2);
  });

  it('forgets what a new snapshot does not have', () => {
    const before = reduceFleet(undefined, [fleetSnapshot]);
    const after = reduceFleet(before, [
      { event: 'snapshot', data: { seq: 9, totals, chargers: [], chargers_to_come: 0 } },
    ]);
    expect(after?.chargers.size).toBe(0);
  });
});

describe('a charger', () => {
  const before = aChargerDetail({ connectors: [aConnector(), aConnector({ connector_id: 2 })] });

  it('takes new readings and adds them up', () => {
    const after = reduceCharger(before, meter);
    expect(after?.connectors.map((one) => one.meter.power_w)).toEqual([7000, 0]);
    expect(after?.power_w).toBe(7000);
    expect(after?.energy_wh).toBe(1040);
  });

  it('takes a connector as a whole', () => {
    const after = reduceCharger(before, {
      event: 'connector',
      data: {
        charge_point_id: 'CP001',
        connector: aConnector({ connector_id: 2, status: 'Faulted' }),
      },
    });
    expect(after?.connectors.map(({ status }) => status)).toEqual(['Available', 'Faulted']);
  });

  it('is not mistaken for its summary', () => {
    expect(reduceCharger(before, { event: 'charger', data: aCharger() })).toBe(before);
    expect(reduceCharger(undefined, meter)).toBeUndefined();
  });
});

describe('the history', () => {
  it('keeps readings by connector and drops what is too old', () => {
    const first = reduceHistory({}, meter, 1000);
    const later = reduceHistory(first, meter, 2000);
    expect(later[1]?.map(({ at_ms }) => at_ms)).toEqual([1000, 2000]);
    const muchLater = reduceHistory(later, meter, 1500 + HISTORY_MS);
    expect(muchLater[1]?.map(({ at_ms }) => at_ms)).toEqual([2000, 1500 + HISTORY_MS]);
  });

  it('begins with the snapshot', () => {
    const history = reduceHistory(
      {},
      { event: 'snapshot', data: { seq: 1, charger: aChargerDetail() } },
      5,
    );
    expect(history[1]).toEqual([{ at_ms: 5, power_w: 0, soc_percent: null }]);
  });
});
