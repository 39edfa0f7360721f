import { QueryClient } from '@tanstack/react-query';
import { describe, expect, it } from 'vitest';
import { keys } from '@/api/keys';
import type { ChargerDetail, Connector, Message, Transaction } from '@/api/types';
import { aCharger, aChargerDetail, aConnector, aMessage, aTransaction } from '@/testing/things';
import { applyToCache } from './applyToCache';
import { type Fleet, type Refusals, SHARED_READER } from './reduce';
import { chargerTopic } from './topics';

const CP = 'CP001';
const topic = chargerTopic(CP);
const totals = { chargers: 0, connected: 0, charging: 0, power_w: 0 };

describe('live events in the cache', () => {
  it('bring a charger, its messages and its transactions up to date', () => {
    const queries = new QueryClient();
    queries.setQueryData(keys.messages(CP), [aMessage({ id: 1 })]);
    queries.setQueryData(keys.transactions(CP), []);
    applyToCache(
      queries,
      topic,
      [
        { event: 'charger', data: aChargerDetail({ charger_name: 'Renamed' }) },
        { event: 'message', data: { charge_point_id: CP, message: aMessage({ id: 2 }) } },
        { event: 'transaction', data: aTransaction() },
      ],
      0,
    );
    expect(queries.getQueryData<ChargerDetail>(keys.charger(CP))?.charger_name).toBe('Renamed');
    expect(queries.getQueryData<Message[]>(keys.messages(CP))).toHaveLength(2);
    expect(queries.getQueryData<Transaction[]>(keys.transactions(CP))).toHaveLength(1);
  });

  it('do not make a list that nobody has fetched look complete', () => {
    const queries = new QueryClient();
    applyToCache(
      queries,
      topic,
      [{ event: 'message', data: { charge_point_id: CP, message: aMessage() } }],
      0,
    );
    expect(queries.getQueryData(keys.messages(CP))).toBeUndefined();
  });

  it('have the lists fetched again after a snapshot', () => {
    const queries = new QueryClient();
    queries.setQueryData(keys.messages(CP), []);
    applyToCache(
      queries,
      topic,
      [{ event: 'snapshot', data: { seq: 1, charger: aChargerDetail() } }],
      0,
    );
    expect(queries.getQueryState(keys.messages(CP))?.isInvalidated).toBe(true);
  });

  it('have the configuration fetched again when the CSMS has changed it', () => {
    const queries = new QueryClient();
    queries.setQueryData(keys.configuration(CP), []);
    const message = aMessage({ kind: 'CALLRESULT', action: 'ChangeConfiguration' });
    applyToCache(queries, topic, [{ event: 'message', data: { charge_point_id: CP, message } }], 0);
    expect(queries.getQueryState(keys.configuration(CP))?.isInvalidated).toBe(true);
  });

  it('have the locations fetched again when chargers come or go', () => {
    const queries = new QueryClient();
    queries.setQueryData(keys.locations, []);
    applyToCache(
      queries,
      'fleet',
      [{ event: 'snapshot', data: { seq: 1, totals, chargers: [], chargers_to_come: 0 } }],
      0,
    );
    expect(queries.getQueryState(keys.locations)?.isInvalidated).toBe(false);
    applyToCache(queries, 'fleet', [{ event: 'charger', data: aCharger() }], 0);
    expect(queries.getQueryData<Fleet>(keys.fleet)?.chargers.size).toBe(1);
    expect(queries.getQueryState(keys.locations)?.isInvalidated).toBe(true);
  });

  it('do not take the parts of a large fleet for new chargers', () => {
    const queries = new QueryClient();
    queries.setQueryData(keys.locations, []);
    const data = { seq: 1, totals, chargers: [], chargers_to_come: 1 };
    applyToCache(queries, 'fleet', [{ event: 'snapshot', data }], 0);
    applyToCache(queries, 'fleet', [{ event: 'charger', data: aCharger() }], 0);
    expect(queries.getQueryData<Fleet>(keys.fleet)?.to_come).toBe(0);
    expect(queries.getQueryState(keys.locations)?.isInvalidated).toBe(false);
  });

  it('have what the charge point keeps fetched again when it changes', () => {
    const queries = new QueryClient();
    const limits = keys.limits(CP, 1);
    for (const key of [limits, keys.chargingProfiles(CP), keys.localList(CP)]) {
      queries.setQueryData(key, []);
    }
    const stale = (key: readonly unknown[]) => queries.getQueryState(key)?.isInvalidated;
    const data = { charge_point_id: CP, records: 'charging-profiles' } as const;
    applyToCache(queries, topic, [{ event: 'records', data }], 0);
    expect([limits, keys.chargingProfiles(CP), keys.localList(CP)].map(stale)).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('have the limits fetched again when something else goes on at a connector', () => {
    const queries = new QueryClient();
    const snapshot = { seq: 1, charger: aChargerDetail() };
    applyToCache(queries, topic, [{ event: 'snapshot', data: snapshot }], 0);
    queries.setQueryData(keys.limits(CP, 1), []);
    const tell = (connector: Connector) => {
      applyToCache(
        queries,
        topic,
        [{ event: 'connector', data: { charge_point_id: CP, connector } }],
        0,
      );
      return queries.getQueryState(keys.limits(CP, 1))?.isInvalidated;
    };
    expect(tell(aConnector({ info: 'no matter' }))).toBe(false);
    expect(tell(aConnector({ status: 'Preparing' }))).toBe(true);
  });

  it('remember a refused tag until one is accepted there', () => {
    const queries = new QueryClient();
    const judge = (status: string) => {
      const data = {
        charge_point_id: CP,
        connector_id: null,
        id_tag: 'BLUE',
        status,
        reason: null,
      };
      applyToCache(queries, topic, [{ event: 'authorization', data }], 7);
      return queries.getQueryData<Refusals>(keys.refusals(CP));
    };
    expect(judge('Blocked')).toEqual({
      [SHARED_READER]: { id_tag: 'BLUE', status: 'Blocked', reason: null, at_ms: 7 },
    });
    expect(judge('Accepted')).toEqual({});
  });
});
