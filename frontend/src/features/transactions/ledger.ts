/** What the ledger of a transaction shows; pure. */
import type { LedgerGap, LedgerInterval, LedgerMessage } from '@/api/types';
import { secondsBetween } from '@/lib/time';
import { formatPower } from '@/lib/units';

/** The intervals that a chart can show; one in which no time has passed is left out. */
export function withLength(intervals: readonly LedgerInterval[]): LedgerInterval[] {
  return intervals.filter(({ from, to }) => Date.parse(to) > Date.parse(from));
}

/** `11.0 kW`, or `6.90 kW to 11.0 kW` where the offer changed visibly. */
export function offerText({ lowest_offer_w, highest_offer_w }: LedgerInterval): string {
  const [lowest, highest] = [formatPower(lowest_offer_w), formatPower(highest_offer_w)];
  return lowest === highest ? highest : `${lowest} to ${highest}`;
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
