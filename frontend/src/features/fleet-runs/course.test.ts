import { describe, expect, it } from 'vitest';
import { aFleetRunPoint } from '@/testing/things';
import {
  elapsedText,
  elapsedTicks,
  failedPerS,
  formatCount,
  formatRate,
  highest,
  meanOverTime,
  momentText,
} from './course';

describe('the time of a run', () => {
  it('is written as a clock that starts at nought', () => {
    expect(elapsedText(0)).toBe('0:00');
    expect(elapsedText(65.4)).toBe('1:05');
    expect(elapsedText(3725)).toBe('1:02:05');
  });

  it('stands with the time of the day of the reader', () => {
    expect(momentText('2026-01-02T10:00:00.000Z', 65)).toMatch(/^1:05 \(\d\d:01:05\)$/);
    expect(momentText('', 65)).toBe('1:05');
  });

  it('has round ticks, never more than asked for', () => {
    expect(elapsedTicks({ from: 0, to: 60 }, 5).map(({ label }) => label)).toEqual([
      '0:00',
      '0:15',
      '0:30',
      '0:45',
      '1:00',
    ]);
    for (const to of [0.5, 1, 7, 59, 61, 600, 3599, 86_400, 1_000_000]) {
      expect(elapsedTicks({ from: 0, to }, 5).length).toBeLessThanOrEqual(5);
    }
  });
});

describe('quantities of a run', () => {
  it('are as exact as they are small', () => {
    expect(formatCount(9.46)).toBe('9.5');
    expect(formatCount(949.6)).toBe('950');
    expect(formatRate(12_345.6)).toBe('12,346/s');
  });

  it('count failures by the second, however long the points are', () => {
    expect(failedPerS(aFleetRunPoint({ failed: 6, from_s: 10, to_s: 14 }))).toBe(1.5);
    expect(failedPerS(aFleetRunPoint({ failed: 6, from_s: 10, to_s: 10 }))).toBe(0);
  });

  it('are summed up over the run by its time', () => {
    const points = [
      aFleetRunPoint({ from_s: 0, to_s: 3, connected: 10 }),
      aFleetRunPoint({ from_s: 3, to_s: 4, connected: 2 }),
    ];
    expect(highest(points, ({ connected }) => connected)).toBe(10);
    expect(meanOverTime(points, ({ connected }) => connected)).toBe(8);
    expect(highest([], ({ connected }) => connected)).toBeNull();
    expect(meanOverTime([], ({ connected }) => connected)).toBeNull();
  });
});
