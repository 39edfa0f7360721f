/** The geometry of the step chart of a schedule; pure. */
import type { Step } from './model';

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface Tick {
  at: number;
  label: string;
}

/** The next value with round quarters: 1, 2, 4 or 8 times a power of ten; never 0. */
export function scaleTop(most: number): number {
  if (most <= 0) return 1;
  const magnitude = 10 ** Math.floor(Math.log10(most));
  const factor = [1, 2, 4, 8, 10].find((each) => each * magnitude >= most * 0.999_999) ?? 10;
  return factor * magnitude;
}

/** Where a time lies from left to right. */
export function xOf(at_ms: number, span: { from_ms: number; to_ms: number }, box: Box): number {
  const share = (at_ms - span.from_ms) / Math.max(1, span.to_ms - span.from_ms);
  return round(box.left + Math.min(1, Math.max(0, share)) * box.width);
}

/** Where a value lies from the bottom up. */
export function yOf(value: number, top: number, box: Box): number {
  const share = Math.min(1, Math.max(0, value / top));
  return round(box.top + (1 - share) * box.height);
}

/** The line of the steps as an SVG path, and the area below it. */
export function stepPaths(
  steps: readonly Step[],
  top: number,
  span: { from_ms: number; to_ms: number },
  box: Box,
): { line: string; area: string } {
  const [first] = steps;
  const last = steps.at(-1);
  if (!first || !last) return { line: '', area: '' };
  const line = steps
    .map((step, index) => {
      const y = yOf(step.limit, top, box);
      const start = index === 0 ? `M${xOf(step.from_ms, span, box)} ${y}` : `V${y}`;
      return `${start} H${xOf(step.to_ms, span, box)}`;
    })
    .join(' ');
  const bottom = box.top + box.height;
  const area = `${line} V${bottom} H${xOf(first.from_ms, span, box)} Z`;
  return { line, area };
}

const STEPS_MIN = [5, 10, 15, 30, 60, 120, 180, 240, 360, 480, 720, 1440, 2880];
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const two = (n: number) => String(n).padStart(2, '0');

/** Round local times within the span, at most `most` of them. */
export function timeTicks(span: { from_ms: number; to_ms: number }, most: number): Tick[] {
  const minutes = (span.to_ms - span.from_ms) / 60_000;
  const step = STEPS_MIN.find((each) => minutes / each <= most) ?? 2880;
  const day = new Date(span.from_ms);
  const ticks: Tick[] = [];
  for (let index = 0; ; index++) {
    // Counted in local time, so that a change to summer time moves no tick off its hour.
    const at = new Date(day.getFullYear(), day.getMonth(), day.getDate(), 0, index * step);
    if (at.getTime() > span.to_ms) return ticks;
    if (at.getTime() < span.from_ms) continue;
    const midnight = at.getHours() === 0 && at.getMinutes() === 0;
    ticks.push({
      at: at.getTime(),
      label:
        midnight && minutes > 1440
          ? `${WEEKDAYS[at.getDay()] ?? ''} ${at.getDate()}`
          : `${two(at.getHours())}:${two(at.getMinutes())}`,
    });
  }
}

/** The step that holds at a time; the nearest one outside of all. */
export function stepAt(steps: readonly Step[], at_ms: number): number {
  const index = steps.findIndex(({ to_ms }) => at_ms < to_ms);
  return index === -1 ? Math.max(0, steps.length - 1) : index;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
