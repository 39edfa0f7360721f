/** Carries live events into the query cache, where the pages read them. */
import type { QueryClient } from '@tanstack/react-query';
import { keys } from '@/api/keys';
import { addMessages, addTransaction } from '@/api/records';
import type { ChargerDetail, LiveEvent, Message, Transaction } from '@/api/types';
import { type Fleet, type History, reduceCharger, reduceFleet, reduceHistory } from './reduce';
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
  if (before && after && before.chargers.size !== after.chargers.size) {
    void queries.invalidateQueries({ queryKey: keys.locations });
  }
}

function applyToCharger(
  queries: QueryClient,
  chargePointId: string,
  events: readonly LiveEvent[],
  at_ms: number,
): void {
  queries.setQueryData<ChargerDetail>(keys.charger(chargePointId), (before) =>
    events.reduce(reduceCharger, before),
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
