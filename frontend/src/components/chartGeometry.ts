/** Where things lie in a chart; pure. */

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** What a value holds for, on the x axis; a point has both the same. Times are Unix milliseconds. */
export interface Span {
  from: number;
  to: number;
}

export interface Tick {
  at: number;
  label: string;
}

/** Round values from 0 up to the first one that is not below `most`: at most `steps` steps. */
export function valueTicks(most: number, steps: number): number[] {
  if (!(most > 0 && Number.isFinite(most))) return [0, 1];
  const least = most / steps;
  const magnitude = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 2.5, 5, 10].find((each) => each * magnitude >= least * 0.999_999) ?? 10;
  const step = factor * magnitude;
  const count = Math.max(1, Math.ceil(most / step - 1e-6));
  return Array.from({ length: count + 1 }, (_, index) => tidy(index * step));
}

/** Without what binary fractions leave: 3 × 0.1 is 0.3. */
function tidy(value: number): number {
  return Number(value.toPrecision(12));
}

/** Where an x value lies from left to right. */
export function xOf(at: number, whole: Span, box: Box): number {
  const length = whole.to - whole.from;
  const share = length > 0 ? (at - whole.from) / length : 0;
  return tenths(box.left + Math.min(1, Math.max(0, share)) * box.width);
}

/** Where a value lies from the bottom up. */
export function yOf(value: number, top: number, box: Box): number {
  const share = Math.min(1, Math.max(0, value / top));
  return tenths(box.top + (1 - share) * box.height);
}

/** From the beginning of the first span to the end of the last. */
export function wholeOf(spans: readonly Span[]): Span {
  return { from: spans[0]?.from ?? 0, to: spans.at(-1)?.to ?? 0 };
}

/** The middle of each span, or its whole length, joined to a line; values that are null part it. */
export type Join = 'points' | 'steps';

export interface Paths {
  line: string;
  /** What lies below the line. */
  area: string;
}

export function pathsOf(
  spans: readonly Span[],
  values: readonly (number | null)[],
  join: Join,
  top: number,
  box: Box,
): Paths {
  const whole = wholeOf(spans);
  const bottom = tenths(box.top + box.height);
  const lines: string[] = [];
  const areas: string[] = [];
  for (const [first, end] of runsOf(spans, values)) {
    let line = '';
    for (let index = first; index < end; index++) {
      const span = spans[index];
      const value = values[index];
      if (span === undefined || value == null) continue;
      const y = yOf(value, top, box);
      if (join === 'points') {
        line += `${index === first ? 'M' : ' L'}${xOf((span.from + span.to) / 2, whole, box)} ${y}`;
      } else {
        line += index === first ? `M${xOf(span.from, whole, box)} ${y}` : ` V${y}`;
        line += ` H${xOf(span.to, whole, box)}`;
      }
    }
    const alone = spans[first];
    if (join === 'points' && end === first + 1 && alone && alone.to > alone.from) {
      // A point alone has no length: it is drawn as long as it held.
      const y = yOf(values[first] ?? 0, top, box);
      line = `M${xOf(alone.from, whole, box)} ${y} H${xOf(alone.to, whole, box)}`;
    }
    lines.push(line);
    const start = line.slice(1, line.indexOf(' '));
    areas.push(`${line} V${bottom} H${start} Z`);
  }
  return { line: lines.join(' '), area: areas.join(' ') };
}

/** Where values follow each other without a gap: from the first index up to the second. */
function runsOf(
  spans: readonly Span[],
  values: readonly (number | null)[],
): (readonly [number, number])[] {
  const runs: [number, number][] = [];
  for (let index = 0; index < spans.length; index++) {
    if (values[index] == null) continue;
    const last = runs.at(-1);
    if (last?.[1] === index) last[1] = index + 1;
    else runs.push([index, index + 1]);
  }
  return runs;
}

/** The span that an x value lies in; where it lies in none, the nearest. */
export function nearestSpan(spans: readonly Span[], at: number): number {
  let nearest = 0;
  let least = Infinity;
  for (const [index, { from, to }] of spans.entries()) {
    // The end belongs to what comes next.
    if (at >= from && at < to) return index;
    const distance = at < from ? from - at : at - to;
    if (distance < least) [nearest, least] = [index, distance];
  }
  return nearest;
}

const MINUTE_S = 60;
const HOUR_S = 3600;
const DAY_S = 86_400;
const STEPS_S = [
  ...[1, 2, 5, 10, 15, 30],
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_S),
  ...[1, 2, 3, 4, 6, 8, 12].map((hours) => hours * HOUR_S),
  ...[1, 2, 7, 14].map((days) => days * DAY_S),
];
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const two = (n: number) => String(n).padStart(2, '0');

/** Round local times within the span, about `most` of them at most. */
export function timeTicks({ from, to }: Span, most: number): Tick[] {
  const length_s = (to - from) / 1000;
  const step_s =
    STEPS_S.find((each) => length_s / each <= most) ?? Math.ceil(length_s / most / DAY_S) * DAY_S;
  const ticks: Tick[] = [];
  const add = (at: Date) => {
    ticks.push({ at: at.getTime(), label: tickLabel(at, step_s, length_s) });
  };
  if (step_s < 15 * MINUTE_S) {
    // Every zone is whole quarters of an hour off UTC.
    const step_ms = step_s * 1000;
    for (let at = Math.ceil(from / step_ms) * step_ms; at <= to; at += step_ms) add(new Date(at));
    return ticks;
  }
  const day = new Date(from);
  for (let index = 0; ; index++) {
    // Counted in local time, so that a change to summer time moves no tick off its hour.
    const at = new Date(day.getFullYear(), day.getMonth(), day.getDate(), 0, 0, index * step_s);
    if (!(at.getTime() <= to)) return ticks;
    if (at.getTime() >= from) add(at);
  }
}

function tickLabel(at: Date, step_s: number, length_s: number): string {
  const midnight = at.getHours() === 0 && at.getMinutes() === 0;
  if (step_s >= DAY_S || (midnight && length_s > DAY_S)) {
    return `${WEEKDAYS[at.getDay()] ?? ''} ${at.getDate()}`;
  }
  const seconds = step_s < MINUTE_S ? `:${two(at.getSeconds())}` : '';
  return `${two(at.getHours())}:${two(at.getMinutes())}${seconds}`;
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
