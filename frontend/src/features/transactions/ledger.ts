/** What the ledger of a transaction shows; pure. */
import type { LedgerGap, LedgerInterval, LedgerMessage } from '@/api/types';
import { secondsBetween } from '@/lib/time';

export interface Bar {
  interval: LedgerInterval;
  from_ms: number;
  to_ms: number;
}

/** The bars of the chart, in order; an interval without length has none. */
export function barsOf(intervals: readonly LedgerInterval[]): Bar[] {
  return intervals
    .map((interval) => ({
      interval,
      from_ms: Date.parse(interval.from),
      to_ms: Date.parse(interval.to),
    }))
    .filter(({ from_ms, to_ms }) => to_ms > from_ms);
}

/** The next round power at or above (W): 1, 2, 4 or 8 times a power of ten. */
export function roundTop(most_w: number): number {
  if (most_w <= 0) return 1000;
  const magnitude = 10 ** Math.floor(Math.log10(most_w));
  const factor = [1, 2, 4, 8, 10].find((each) => each * magnitude >= most_w * 0.999_999) ?? 10;
  return factor * magnitude;
}

export const OUTCOME_COLORS: Record<LedgerMessage['outcome'], string> = {
  acknowledged: 'green',
  pending: 'yellow',
  failed: 'red',
  dropped: 'gray',
};

export const GAP_WORDS: Record<LedgerGap['kind'], string> = {
  offline: 'No connection to the CSMS',
  power_off: 'No power',
  restarting: 'Restarting',
  not_running: 'The simulator was not running',
};

/** Seconds from the message's origin to its answer; null where one is not known. */
export function answeredAfterS({ queued_at, settled_at }: LedgerMessage): number | null {
  return queued_at !== null && settled_at !== null ? secondsBetween(queued_at, settled_at) : null;
}

/** How the messages fared, in words; empty where there are none. */
export function outcomeSummary(messages: readonly LedgerMessage[]): string {
  const outcomes = ['acknowledged', 'pending', 'failed', 'dropped'] as const;
  return outcomes
    .map((outcome) => ({
      outcome,
      number: messages.filter((message) => message.outcome === outcome).length,
    }))
    .filter(({ number }) => number > 0)
    .map(({ outcome, number }) => `${number} ${outcome}`)
    .join(', ');
}
