import { describe, expect, it } from 'vitest';
import { aMessage } from '@/testing/things';
import {
  NO_FILTER,
  actionsIn,
  filterExchanges,
  isValid,
  outcomeOf,
  pairUp,
  preview,
} from './model';

const boot = aMessage({ id: 1, action: 'BootNotification', message_id: 'a', direction: 'sent' });
const bootAnswer = aMessage({
  id: 2,
  kind: 'CALLRESULT',
  action: 'BootNotification',
  message_id: 'a',
  direction: 'received',
  payload: { status: 'Accepted' },
});
const reset = aMessage({ id: 3, action: 'Reset', message_id: 'a', direction: 'received' });
const resetRefused = aMessage({
  id: 4,
  kind: 'CALLERROR',
  action: 'Reset',
  message_id: 'a',
  direction: 'sent',
  valid: false,
});

describe('pairUp', () => {
  it('puts each answer to the CALL of the other side with its id', () => {
    const exchanges = pairUp([boot, bootAnswer, reset, resetRefused]);
    expect(exchanges.map(({ first, answer }) => [first.id, answer?.id])).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(exchanges.map(outcomeOf)).toEqual(['answered', 'refused']);
    expect(exchanges.map(isValid)).toEqual([true, false]);
  });

  it('pairs CALLs that cross on the wire', () => {
    const exchanges = pairUp([boot, reset, bootAnswer, resetRefused]);
    expect(exchanges.map(({ first, answer }) => [first.id, answer?.id])).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('shows what waits, and what nobody asked for', () => {
    expect(pairUp([boot]).map(outcomeOf)).toEqual(['waiting']);
    expect(pairUp([bootAnswer]).map(outcomeOf)).toEqual(['odd']);
    const garbage = aMessage({ id: 9, kind: null, action: null, message_id: null, payload: 'hm' });
    expect(pairUp([garbage]).map(outcomeOf)).toEqual(['odd']);
  });

  it('takes an id that is used again for a new CALL', () => {
    const again = { ...boot, id: 5 };
    expect(pairUp([boot, bootAnswer, again]).map(outcomeOf)).toEqual(['answered', 'waiting']);
  });
});

describe('filterExchanges', () => {
  const exchanges = pairUp([boot, bootAnswer, reset, resetRefused]);

  it('goes by the direction of the CALL', () => {
    const sent = filterExchanges(exchanges, { ...NO_FILTER, direction: 'sent' });
    expect(sent.map(({ id }) => id)).toEqual([1]);
  });

  it('finds text in the answer too', () => {
    const found = filterExchanges(exchanges, { ...NO_FILTER, text: 'accepted' });
    expect(found.map(({ id }) => id)).toEqual([1]);
  });

  it('goes by action', () => {
    const found = filterExchanges(exchanges, { ...NO_FILTER, action: 'Reset' });
    expect(found.map(({ id }) => id)).toEqual([3]);
    expect(actionsIn([reset, boot, bootAnswer])).toEqual(['BootNotification', 'Reset']);
  });
});

it('previews a payload in one line of bounded length', () => {
  expect(preview(bootAnswer)).toBe('{"status":"Accepted"}');
  expect(preview(aMessage({ payload: 'x'.repeat(500) }))).toHaveLength(161);
});
