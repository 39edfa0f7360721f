/** The geometry of the live chart; pure. */
import { HISTORY_MS, type Sample } from '@/api/live/reduce';

export interface ChartShape {
  /** SVG path of the power line; empty with fewer than two samples. */
  line: string;
  /** The same, closed down to the axis. */
  area: string;
  soc: string;
  top_w: number;
}

const SHORTEST_MS = 60_000;

/** Where the chart begins: with the first sample, but a minute ago at least, five at most. */
export function spanStart(samples: readonly Sample[], now_ms: number): number {
  const first_ms = samples[0]?.at_ms ?? now_ms;
  return Math.max(now_ms - HISTORY_MS, Math.min(first_ms, now_ms - SHORTEST_MS));
}

/** The next power that makes a readable scale, and leaves little of the height unused. */
export function scaleTop(power_w: number): number {
  if (power_w <= 1000) return 1000;
  const magnitude = 10 ** Math.floor(Math.log10(power_w));
  const step =
    [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((factor) => factor * magnitude >= power_w) ?? 10;
  return step * magnitude;
}

/** Fits the samples from `from_ms` to `to_ms` into a box of the given size. */
export function chartShape(
  samples: readonly Sample[],
  span: { from_ms: number; to_ms: number },
  box: { width: number; height: number },
): ChartShape {
  const top_w = scaleTop(Math.max(0, ...samples.map(({ power_w }) => power_w)));
  if (samples.length < 2) return { line: '', area: '', soc: '', top_w };
  const x = ({ at_ms }: Sample) =>
    round(((at_ms - span.from_ms) / (span.to_ms - span.from_ms)) * box.width);
  const y = (fraction: number) => round(box.height * (1 - fraction));
  const path = (points: [number, number][]) =>
    points.map(([px, py], index) => `${index === 0 ? 'M' : 'L'}${px} ${py}`).join(' ');

  const line = path(samples.map((sample) => [x(sample), y(sample.power_w / top_w)]));
  const [first] = samples;
  const last = samples.at(-1);
  const area =
    first && last ? `${line} L${x(last)} ${box.height} L${x(first)} ${box.height} Z` : '';
  const soc = path(
    samples.flatMap((sample): [number, number][] =>
      sample.soc_percent === null ? [] : [[x(sample), y(sample.soc_percent / 100)]],
    ),
  );
  return { line, area, soc, top_w };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
