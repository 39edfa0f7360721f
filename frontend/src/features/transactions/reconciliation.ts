/** What a reconciliation found, in words; pure. */
import type { LedgerDifference, ReconciliationReport } from '@/api/types';
import { localDateTime } from '@/lib/time';
import { count, formatDuration } from '@/lib/units';

type Kind = LedgerDifference['kind'];

export const KIND_WORDS: Record<Kind, string> = {
  missing: 'Not in the file',
  extra: 'Never happened here',
  duplicate: 'In the file more than once',
  not_stopped: 'Not stopped in the file',
  id_tag: 'Id tag',
  energy_wh: 'Energy',
  meter_start_wh: 'Meter at the start',
  meter_stop_wh: 'Meter at the stop',
  started_at: 'Start',
  stopped_at: 'Stop',
};

/** The gravest first: what one side does not know of at all. */
const ORDER = Object.keys(KIND_WORDS);

/** The differences by what they are; within a kind as they came. */
export function byGravity(differences: readonly LedgerDifference[]): LedgerDifference[] {
  return [...differences].sort((one, other) => ORDER.indexOf(one.kind) - ORDER.indexOf(other.kind));
}

/** A value of one side; empty where it has none. */
export function valueText(kind: Kind, value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'string') return kind === 'id_tag' ? value : localDateTime(value);
  return kind === 'duplicate' ? count(value, 'record') : wattHours(value);
}

/** How far the CSMS's value is above (+) or below (−) ours; empty where that says nothing. */
export function differenceText({ kind, difference }: LedgerDifference): string {
  if (difference === null) return '';
  const sign = difference < 0 ? '−' : '+';
  const size = Math.abs(difference);
  const time = kind === 'started_at' || kind === 'stopped_at';
  return `${sign}${time ? formatDuration(size) : wattHours(size)}`;
}

/** To the watt-hour: a difference must not vanish in kWh. */
function wattHours(energy_wh: number): string {
  return `${energy_wh.toLocaleString('en', { maximumFractionDigits: 1 })} Wh`;
}

/** What came out of it, in a sentence, and whether anything is wrong. */
export function verdict({ compared, agreeing, differences, unread }: ReconciliationReport) {
  const clean = differences.length === 0 && unread.length === 0;
  if (compared === 0 && clean) {
    return { clean: false, text: 'Nothing to compare: neither side has a transaction.' };
  }
  const found = clean ? 'no differences' : count(differences.length, 'difference');
  const text = `${agreeing} of ${compared.toLocaleString('en')} compared transactions agree, ${found}`;
  return {
    clean,
    text: unread.length > 0 ? `${text}, ${count(unread.length, 'row')} not read` : text,
  };
}
