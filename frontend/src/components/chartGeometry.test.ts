import { describe, expect, it } from 'vitest';
import { nearestSpan, pathsOf, timeTicks, valueTicks, wholeOf, xOf, yOf } from './chartGeometry';

const BOX = { left: 10, top: 0, width: 100, height: 50 };
const SPANS = [
  { from: 0, to: 500 },
  { from: 500, to: 1000 },
];
const POINTS = [0, 250, 500, 1000].map((at) => ({ from: at, to: at }));

describe('the geometry of a chart', () => {
  it('has a scale of round values that leaves little of the height unused', () => {
    expect(valueTicks(32, 4)).toEqual([0, 10, 20, 30, 40]);
    expect(valueTicks(20_040, 5)).toEqual([0, 5000, 10_000, 15_000, 20_000, 25_000]);
    expect(valueTicks(0.3, 3)).toEqual([0, 0.1, 0.2, 0.3]);
    expect(valueTicks(1e12, 2)).toEqual([0, 5e11, 1e12]);
  });

  it('has a scale even where there is nothing to show', () => {
    for (const most of [0, -1, NaN, Infinity]) expect(valueTicks(most, 4)).toEqual([0, 1]);
  });

  it('draws steps over whole spans, and the area below', () => {
    const { line, area } = pathsOf(SPANS, [10, 5], 'steps', 10, BOX);
    expect(line).toBe('M10 0 H60 V25 H110');
    expect(area).toBe('M10 0 H60 V25 H110 V50 H10 Z');
    expect(pathsOf([], [], 'steps', 10, BOX)).toEqual({ line: '', area: '' });
  });

  it('joins points, and parts where a value is missing', () => {
    expect(pathsOf(POINTS, [0, 5, 10, 0], 'points', 10, BOX).line).toBe(
      'M10 50 L35 25 L60 0 L110 50',
    );
    expect(pathsOf(POINTS, [0, null, 10, 5], 'points', 10, BOX).line).toBe('M10 50 M60 0 L110 25');
    expect(pathsOf(POINTS, [0, 5], 'points', 10, BOX).line).toBe('M10 50 L35 25');
    expect(pathsOf(POINTS, [null, null, null, null], 'points', 10, BOX).area).toBe('');
  });

  it('draws a point that has no neighbour as long as it held', () => {
    expect(pathsOf(SPANS, [null, 5], 'points', 10, BOX)).toEqual({
      line: 'M60 25 H110',
      area: 'M60 25 H110 V50 H60 Z',
    });
  });

  it('keeps everything inside', () => {
    const whole = wholeOf(SPANS);
    expect(xOf(2000, whole, BOX)).toBe(110);
    expect(xOf(-5, whole, BOX)).toBe(10);
    expect(xOf(7, { from: 7, to: 7 }, BOX)).toBe(10);
    expect(yOf(99, 10, BOX)).toBe(0);
    expect(yOf(-1, 10, BOX)).toBe(50);
  });

  it('finds the span that holds, or the nearest', () => {
    expect([-9, 0, 499, 500, 1000, 9999].map((at) => nearestSpan(SPANS, at))).toEqual([
      0, 0, 0, 1, 1, 1,
    ]);
    expect([100, 130, 700, 800].map((at) => nearestSpan(POINTS, at))).toEqual([0, 1, 2, 3]);
  });
});

describe('the time axis', () => {
  const from = new Date(2026, 0, 5, 10, 7).getTime();
  const labels = (length_ms: number, most: number) =>
    timeTicks({ from, to: from + length_ms }, most).map(({ label }) => label);

  it('marks round times of the reader', () => {
    expect(labels(3_600_000, 6)).toEqual(['10:10', '10:20', '10:30', '10:40', '10:50', '11:00']);
    expect(labels(20_000, 5)).toEqual(['10:07:00', '10:07:05', '10:07:10', '10:07:15', '10:07:20']);
    expect(labels(8 * 3_600_000, 4)).toEqual(['12:00', '14:00', '16:00', '18:00']);
  });

  it('names the days of a week', () => {
    const week = ['Tue 6', 'Wed 7', 'Thu 8', 'Fri 9', 'Sat 10', 'Sun 11', 'Mon 12'];
    expect(labels(7 * 86_400_000, 8)).toEqual(week);
  });

  it('marks no more than fit, however long it is', () => {
    expect(labels(400 * 86_400_000, 5).length).toBeLessThanOrEqual(6);
    expect(labels(0, 5)).toEqual(['10:07:00']);
    expect(timeTicks({ from: NaN, to: NaN }, 5)).toEqual([]);
  });
});
