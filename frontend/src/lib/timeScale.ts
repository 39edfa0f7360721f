/** How fast simulated time runs, in words; pure. */

/** What is offered beside a scale of one's own. */
export const TIME_SCALES = [1, 10, 60, 600, 3600] as const;
export const FASTEST = 3600;

const MEANINGS: Record<number, string> = {
  1: 'real time',
  10: 'ten seconds a second',
  60: 'a minute a second',
  600: 'ten minutes a second',
  3600: 'an hour a second',
};

/** `×60`. */
export function shortScale(scale: number): string {
  return `×${Number(scale.toFixed(2))}`;
}

/** `×60, a minute a second`. */
export function describeScale(scale: number): string {
  const meaning = MEANINGS[scale];
  return meaning ? `${shortScale(scale)}, ${meaning}` : shortScale(scale);
}

/** Why a scale cannot be; null where it can. */
export function checkScale(scale: number | ''): string | null {
  return scale === '' || scale < 1 || scale > FASTEST ? `From 1 to ${FASTEST}.` : null;
}

interface ScaledClock {
  clock_offset_s: number;
  clock_as_of: string | null;
  time_scale_in_force: number;
}

/** What a charger's clock shows when the true time is `now_ms`; both in Unix milliseconds. */
export function chargerTime(clock: ScaledClock, now_ms: number): number {
  const told_ms = Date.parse(clock.clock_as_of ?? '');
  const since_ms = Number.isNaN(told_ms) ? 0 : Math.max(0, now_ms - told_ms);
  return now_ms + clock.clock_offset_s * 1000 + since_ms * (clock.time_scale_in_force - 1);
}
