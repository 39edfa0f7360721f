import { describe, expect, it } from 'vitest';
import { aMessage, aTransaction } from '@/testing/things';
import { MESSAGE_LIMIT, addMessages, addTransaction } from './records';

const messages = (...ids: number[]) => ids.map((id) => aMessage({ id }));
const ids = (list: { id: number }[]) => list.map(({ id }) => id);

describe('messages', () => {
  it('are kept by rising id, each once, whichever list is newer', () => {
    expect(ids(addMessages(messages(1, 2), messages(3)))).toEqual([1, 2, 3]);
    expect(ids(addMessages(messages(1, 2, 3), messages(2, 4)))).toEqual([1, 2, 3, 4]);
    expect(ids(addMessages(messages(3, 4), messages(1, 3)))).toEqual([1, 3, 4]);
    expect(ids(addMessages([], []))).toEqual([]);
  });

  it('are bounded: the oldest go', () => {
    const many = Array.from({ length: MESSAGE_LIMIT }, (_, index) => aMessage({ id: index + 1 }));
    const after = addMessages(many, messages(MESSAGE_LIMIT + 1));
    expect(after).toHaveLength(MESSAGE_LIMIT);
    expect(after[0]?.id).toBe(2);
  });
});

describe('transactions', () => {
  it('are newest first, and changed in place', () => {
    const first = aTransaction({ local_transaction_id: 1 });
    const second = aTransaction({ local_transaction_id: 2 });
    const list = addTransaction(addTransaction([], first), second);
    expect(list.map((one) => one.local_transaction_id)).toEqual([2, 1]);
    const changed = addTransaction(list, { ...first, state: 'stopped' });
    expect(changed.map(({ state }) => state)).toEqual(['running', 'stopped']);
  });
});
