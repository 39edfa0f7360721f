/** DC charging curves: as a text to write, and as a line to look at; pure. */
import type { Vehicle } from '@/api/types';

export type CurvePoint = NonNullable<Vehicle['dc_charging_curve']>[number];

/** What a car without a curve has: shares of its power, as the simulator takes them. */
const USUAL_SHAPE: readonly (readonly [number, number])[] = [
  [0, 1],
  [55, 1],
  [80, 0.55],
  [100, 0.15],
];

/** The points of a text like "0:80, 50:100, 100:10"; null where it is none. */
export function parseCurve(text: string): CurvePoint[] | null {
  const points: CurvePoint[] = [];
  for (const part of text.split(/[,;]/)) {
    const match = /^\s*(\d+(?:\.\d+)?)\s*%?\s*:\s*(\d+(?:\.\d+)?)\s*$/.exec(part);
    if (!match) return null;
    const point = { soc_percent: Number(match[1]), power_kw: Number(match[2]) };
    const before = points.at(-1);
    if (point.soc_percent > 100 || (before && point.soc_percent <= before.soc_percent)) return null;
    points.push(point);
  }
  return points;
}

export function formatCurve(points: readonly CurvePoint[]): string {
  return points.map(({ soc_percent, power_kw }) => `${soc_percent}:${power_kw}`).join(', ');
}

/** The curve from 0 to 100 %, never above `most_kw`; the usual shape where there is none. */
export function wholeCurve(points: readonly CurvePoint[], most_kw: number): CurvePoint[] {
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last) {
    return USUAL_SHAPE.map(([soc_percent, share]) => ({ soc_percent, power_kw: share * most_kw }));
  }
  const whole = [...points];
  if (first.soc_percent > 0) whole.unshift({ ...first, soc_percent: 0 });
  if (last.soc_percent < 100) whole.push({ ...last, soc_percent: 100 });
  const clipped: CurvePoint[] = [];
  for (const [index, point] of whole.entries()) {
    const before = whole[index - 1];
    if (before && before.power_kw > most_kw !== point.power_kw > most_kw) {
      const share = (most_kw - before.power_kw) / (point.power_kw - before.power_kw);
      const soc_percent = before.soc_percent + share * (point.soc_percent - before.soc_percent);
      clipped.push({ soc_percent, power_kw: most_kw });
    }
    clipped.push({ ...point, power_kw: Math.min(point.power_kw, most_kw) });
  }
  return clipped;
}

/** The power at a state of charge, of a curve from 0 to 100 %. */
export function powerAt(whole: readonly CurvePoint[], soc_percent: number): number {
  for (const [index, after] of whole.entries()) {
    if (after.soc_percent < soc_percent) continue;
    const before = whole[index - 1] ?? after;
    const width = after.soc_percent - before.soc_percent;
    const share = width > 0 ? (soc_percent - before.soc_percent) / width : 0;
    return before.power_kw + share * (after.power_kw - before.power_kw);
  }
  return whole.at(-1)?.power_kw ?? 0;
}

/** The same curve with a point at every tenth percent, too: as it is read. */
export function everyTen(whole: readonly CurvePoint[]): CurvePoint[] {
  const tens = Array.from({ length: 11 }, (_, index) => index * 10);
  const corners = whole.map(({ soc_percent }) => soc_percent);
  return [...new Set([...tens, ...corners])]
    .sort((one, other) => one - other)
    .map((soc_percent) => ({ soc_percent, power_kw: powerAt(whole, soc_percent) }));
}
