import { describe, expect, it } from 'vitest';
import { scaleTop, stepAt, stepPaths, timeTicks, xOf, yOf } from './chart';

const BOX = { left: 10, top: 0, width: 100, height: 50 };
const SPAN = { from_ms: 0, to_ms: 1000 };
const STEPS = [
  { from_ms: 0, to_ms: 500, limit: 10, phases: 3 },
  { from_ms: 500, to_ms: 1000, limit: 5, phases: 3 },
];

describe('the chart of a schedule', () => {
  it('has a scale that reads well', () => {
    expect([0, 4.2, 6, 16, 32, 32.1, 11_040, 22_080].map(scaleTop)).toEqual([
      1, 8, 8, 20, 40, 40, 20_000, 40_000,
    ]);
  });

  it('draws a limit as a line that steps, and the area below', () => {
    const { line, area } = stepPaths(STEPS, 10, SPAN, BOX);
    expect(line).toBe('M10 0 H60 V25 H110');
    expect(area).toBe('M10 0 H60 V25 H110 V50 H10 Z');
    expect(stepPaths([], 10, SPAN, BOX)).toEqual({ line: '', area: '' });
  });

  it('keeps everything inside', () => {
    expect(xOf(2000, SPAN, BOX)).toBe(110);
    expect(xOf(-5, SPAN, BOX)).toBe(10);
    expect(yOf(99, 10, BOX)).toBe(0);
    expect(yOf(-1, 10, BOX)).toBe(50);
  });

  it('marks round times of the reader', () => {
    const from_ms = new Date(2026, 0, 5, 10, 7).getTime();
    const hour = timeTicks({ from_ms, to_ms: from_ms + 3_600_000 }, 6);
    expect(hour.map(({ label }) => label)).toEqual([
      '10:10',
      '10:20',
      '10:30',
      '10:40',
      '10:50',
      '11:00',
    ]);
    const week = timeTicks({ from_ms, to_ms: from_ms + 7 * 86_400_000 }, 8);
    expect(week.map(({ label }) => label)).toEqual([
      'Tue 6',
      'Wed 7',
      'Thu 8',
      'Fri 9',
      'Sat 10',
      'Sun 11',
      'Mon 12',
    ]);
  });

  it('finds the period that holds at a time', () => {
    expect([0, 499, 500, 1000, 9999].map((at) => stepAt(STEPS, at))).toEqual([0, 0, 1, 1, 1]);
  });
});
