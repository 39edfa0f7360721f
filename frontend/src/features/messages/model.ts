/** Frames as exchanges: a CALL with its answer; filters; pure. */
import type { Message } from '@/api/types';

/** A CALL and its answer, or a frame that belongs to none. */
export interface Exchange {
  /** The id of its first frame. */
  id: number;
  /** The first frame: the CALL, or an answer whose CALL is not in the list any more. */
  first: Message;
  answer: Message | null;
}

export type Outcome = 'waiting' | 'answered' | 'refused' | 'odd';

/** Puts each answer to its CALL; the result is in the order of the first frames. */
export function pairUp(messages: readonly Message[]): Exchange[] {
  const exchanges: Exchange[] = [];
  const open = new Map<string, Exchange>();
  for (const message of messages) {
    const { kind, message_id, direction } = message;
    if (kind === 'CALL') {
      const exchange = { id: message.id, first: message, answer: null };
      exchanges.push(exchange);
      if (message_id !== null) open.set(`${direction} ${message_id}`, exchange);
      continue;
    }
    const asked = direction === 'sent' ? 'received' : 'sent';
    const key = `${asked} ${message_id ?? ''}`;
    const exchange = kind === null ? undefined : open.get(key);
    if (exchange) {
      exchange.answer = message;
      open.delete(key);
    } else {
      exchanges.push({ id: message.id, first: message, answer: null });
    }
  }
  return exchanges;
}

export function outcomeOf({ first, answer }: Exchange): Outcome {
  if (first.kind !== 'CALL') return 'odd';
  if (answer === null) return 'waiting';
  return answer.kind === 'CALLERROR' ? 'refused' : 'answered';
}

export function isValid({ first, answer }: Exchange): boolean {
  return first.valid && (answer?.valid ?? true);
}

export interface MessageFilter {
  direction: 'all' | 'sent' | 'received';
  action: string | null;
  text: string;
}

export const NO_FILTER: MessageFilter = { direction: 'all', action: null, text: '' };

function textOf({ action, message_id, payload }: Message): string {
  return `${action ?? ''}\n${message_id ?? ''}\n${JSON.stringify(payload)}`.toLowerCase();
}

/** The exchanges that fit; the direction is the CALL's, the text may stand in either frame. */
export function filterExchanges(
  exchanges: readonly Exchange[],
  { direction, action, text }: MessageFilter,
): Exchange[] {
  const wanted = text.trim().toLowerCase();
  return exchanges.filter(
    ({ first, answer }) =>
      (direction === 'all' || first.direction === direction) &&
      (action === null || first.action === action) &&
      (wanted === '' ||
        textOf(first).includes(wanted) ||
        (answer !== null && textOf(answer).includes(wanted))),
  );
}

/** The actions that occur, in alphabetical order. */
export function actionsIn(messages: readonly Message[]): string[] {
  return [...new Set(messages.flatMap(({ action }) => action ?? []))].sort();
}

/** The payload in a line, for a row that is closed. */
export function preview({ payload }: Message): string {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
}

export function pretty(payload: unknown): string {
  return typeof payload === 'string' ? payload : JSON.stringify(payload, null, 2);
}
