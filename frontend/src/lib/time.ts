/** Times: shown in the zone of the reader, with UTC (what is on the wire) beside it. */

const two = (n: number) => String(n).padStart(2, '0');

/** `14:03:07.250` in local time; the date is left out. */
export function clockTime(iso: string): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return iso;
  const ms = String(at.getMilliseconds()).padStart(3, '0');
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${ms}`;
}

/** `2026-01-02 14:03:07` in local time. */
export function localDateTime(iso: string): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return iso;
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${date} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** `2026-01-02 13:03:07 UTC`. */
export function utcDateTime(iso: string): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return iso;
  return `${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** Seconds from one time to another, or to now; null when either cannot be read. */
export function secondsBetween(from: string, to: string | number): number | null {
  const seconds = ((typeof to === 'number' ? to : Date.parse(to)) - Date.parse(from)) / 1000;
  return Number.isNaN(seconds) ? null : seconds;
}

/** Seconds until a time, never less than 0; null when it cannot be read. */
export function timeLeft(until: string, now_ms: number): number | null {
  const left = (Date.parse(until) - now_ms) / 1000;
  return Number.isNaN(left) ? null : Math.max(0, left);
}

/** `14:30` in local time, with the date before it where that is not today's. */
export function shortTime(iso: string, now_ms: number): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return iso;
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`;
  if (at.toDateString() === new Date(now_ms).toDateString()) return time;
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${time}`;
}
