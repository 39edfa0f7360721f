/** Carries live events into the query cache, where the pages read them. */
import type { QueryClient } from '@tanstack/react-query';
import { keys } from '@/api/keys';
import { addMessages, addTransaction } from '@/api/records';
import type { ChargerDetail, LiveEvent, Message, Records, Transaction } from '@/api/types';
import {
  type Fleet,
  type History,
  type Refusals,
  reduceCharger,
  reduceFleet,
  reduceHistory,
  reduceRefusals,
} from './reduce';
import { type Topic, chargePointIdOf } from './topics';

/** Applies a batch of events that arrived at `at_ms` (Unix time in milliseconds). */
export function applyToCache(
  queries: QueryClient,
  topic: Topic,
  events: readonly LiveEvent[],
  at_ms: number,
): void {
  const chargePointId = chargePointIdOf(topic);
  if (chargePointId === null) applyToFleet(queries, events);
  else applyToCharger(queries, chargePointId, events, at_ms);
}

function applyToFleet(queries: QueryClient, events: readonly LiveEvent[]): void {
  const before = queries.getQueryData<Fleet>(keys.fleet);
  const after = queries.setQueryData<Fleet>(keys.fleet, reduceFleet(before, events));
  // Some other tab or program has added or removed chargers: the counts are old.
  const whole = before?.to_come === 0 && after?.to_come === 0;
  if (whole && before.chargers.size !== after.chargers.size) {
    void queries.invalidateQueries({ queryKey: keys.locations });
  }
}

function applyToCharger(
  queries: QueryClient,
  chargePointId: string,
  events: readonly LiveEvent[],
  at_ms: number,
): void {
  const before = queries.getQueryData<ChargerDetail>(keys.charger(chargePointId));
  const after = queries.setQueryData<ChargerDetail>(
    keys.charger(chargePointId),
    events.reduce(reduceCharger, before),
  );
  queries.setQueryData<Refusals>(keys.refusals(chargePointId), (refusals = {}) =>
    events.reduce((refused, event) => reduceRefusals(refused, event, at_ms), refusals),
  );
  queries.setQueryData<History>(keys.history(chargePointId), (before = {}) =>
    events.reduce((history, event) => reduceHistory(history, event, at_ms), before),
  );
  const messages = events.flatMap((event) =>
    event.event === 'message' ? [event.data.message] : [],
  );
  if (messages.length > 0) {
    queries.setQueryData<Message[]>(
      keys.messages(chargePointId),
      (before) => before && addMessages(before, messages),
    );
  }
  // No event says that the CSMS has changed a key, but the wire does.
  if (messages.some(({ kind, action }) => kind !== 'CALL' && action === 'ChangeConfiguration')) {
    void queries.invalidateQueries({ queryKey: keys.configuration(chargePointId) });
  }
  // Which layers limit a connector, and which profile counts, follows from what goes on there.
  const stale = new Set<Records>(
    situation(before) === situation(after) ? [] : ['charging-profiles'],
  );
  for (const event of events) {
    if (event.event === 'records') stale.add(event.data.records);
    else if (event.event === 'snapshot') for (const records of RECORDS) stale.add(records);
  }
  for (const records of stale) {
    for (const queryKey of queryKeysOf(records, chargePointId)) {
      void queries.invalidateQueries({ queryKey });
    }
  }
  for (const event of events) {
    if (event.event === 'transaction') {
      queries.setQueryData<Transaction[]>(
        keys.transactions(chargePointId),
        (before) => before && addTransaction(before, event.data),
      );
    } else if (event.event === 'snapshot') {
      // What went by while nobody listened is only in the lists.
      void queries.invalidateQueries({ queryKey: keys.messages(chargePointId) });
      void queries.invalidateQueries({ queryKey: keys.transactions(chargePointId) });
    }
  }
}

const RECORDS: readonly Records[] = ['charging-profiles', 'reservations', 'local-list'];

/** The queries that show records of a kind; files are part of the charger itself. */
function queryKeysOf(records: Records, chargePointId: string): readonly (readonly unknown[])[] {
  switch (records) {
    case 'charging-profiles':
      return [
        keys.chargingProfiles(chargePointId),
        keys.limits(chargePointId),
        keys.compositeSchedules(chargePointId),
      ];
    case 'reservations':
      return [keys.reservations(chargePointId)];
    case 'local-list':
      return [keys.localList(chargePointId)];
    case 'files':
      return [];
  }
}

/** What the limits of a charger's connectors depend on, as one comparable text. */
function situation(charger: ChargerDetail | undefined): string {
  return (charger?.connectors ?? [])
    .map(({ status, cable, transaction }) =>
      [status, cable, transaction?.local_transaction_id, transaction?.transaction_id].join(),
    )
    .join(' ');
}
