/** The course of a run as charts and figures show it; pure. */
import type { Span, Tick } from '@/components/chartGeometry';
import type { FleetRunPoint } from '@/api/types';
import { localDateTime } from '@/lib/time';

/** Where the points lie on the axis: in seconds after the start of the run. */
export function spansOf(points: readonly FleetRunPoint[]): Span[] {
  return points.map(({ from_s, to_s }) => ({ from: from_s, to: to_s }));
}

/** What failed in a point, for each second of it. */
export function failedPerS({ failed, from_s, to_s }: FleetRunPoint): number {
  return to_s > from_s ? failed / (to_s - from_s) : 0;
}

/** `1:05`, `1:02:05`. */
export function elapsedText(elapsed_s: number): string {
  const whole = Math.max(0, Math.round(elapsed_s));
  const two = (n: number) => String(n).padStart(2, '0');
  const [hours, minutes, seconds] = [
    Math.floor(whole / 3600),
    Math.floor(whole / 60) % 60,
    whole % 60,
  ];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}

const STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200];
const DAY_S = 86_400;

/** Round times of a run, `most` of them at most. */
export function elapsedTicks({ from, to }: Span, most: number): Tick[] {
  const length_s = to - from;
  const step_s =
    STEPS_S.find((each) => length_s / each < most) ?? Math.ceil(length_s / most / DAY_S) * DAY_S;
  const ticks: Tick[] = [];
  for (let at = Math.ceil(from / step_s) * step_s; at <= to; at += step_s) {
    ticks.push({ at, label: elapsedText(at) });
  }
  return ticks;
}

/** When a point was: `1:05 (14:03:07)`, the time of day where the reader is. */
export function momentText(began_at: string, at_s: number): string {
  const began_ms = Date.parse(began_at);
  if (Number.isNaN(began_ms)) return elapsedText(at_s);
  const clock = localDateTime(new Date(began_ms + at_s * 1000).toISOString()).slice(-8);
  return `${elapsedText(at_s)} (${clock})`;
}

/** A number of things that may be a mean: `950`, `9.5`. */
export function formatCount(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 1 : 0 });
}

/** `1,204/s`, `9.5/s`. */
export function formatRate(perS: number): string {
  return `${formatCount(perS)}/s`;
}

/** The highest that a quantity was in the course of the run; null before there is one. */
export function highest(
  points: readonly FleetRunPoint[],
  quantity: (point: FleetRunPoint) => number,
): number | null {
  return points.length === 0 ? null : Math.max(...points.map(quantity));
}

/** The mean over the time of the run; null before there is one. */
export function meanOverTime(
  points: readonly FleetRunPoint[],
  quantity: (point: FleetRunPoint) => number,
): number | null {
  let sum = 0;
  let length_s = 0;
  for (const point of points) {
    sum += quantity(point) * (point.to_s - point.from_s);
    length_s += point.to_s - point.from_s;
  }
  return length_s > 0 ? sum / length_s : null;
}

/** What goes out and comes in together. */
export function messagesPerS({ sent_per_s, received_per_s }: FleetRunPoint): number {
  return sent_per_s + received_per_s;
}
