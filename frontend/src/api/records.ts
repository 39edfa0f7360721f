/** Lists of things that happened, kept in order and bounded; pure. */
import type { Message, Transaction } from './types';

/** How many messages of a charger a tab keeps. */
export const MESSAGE_LIMIT = 1000;

/** Both lists in the order of their ids, each message once, the newest `MESSAGE_LIMIT`. */
export function addMessages(before: readonly Message[], added: readonly Message[]): Message[] {
  const last = before.at(-1);
  const first = added[0];
  if (!last || !first || last.id < first.id) {
    return [...before, ...added].slice(-MESSAGE_LIMIT);
  }
  const byId = new Map([...before, ...added].map((message) => [message.id, message]));
  return [...byId.values()].sort((a, b) => a.id - b.id).slice(-MESSAGE_LIMIT);
}

/** The list, newest transaction first, with one that is new or has changed. */
export function addTransaction(
  before: readonly Transaction[],
  changed: Transaction,
): Transaction[] {
  const others = before.filter(
    ({ local_transaction_id }) => local_transaction_id !== changed.local_transaction_id,
  );
  return [...others, changed].sort((a, b) => b.local_transaction_id - a.local_transaction_id);
}
