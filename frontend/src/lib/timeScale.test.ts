import { describe, expect, it } from 'vitest';
import { chargerTime, checkScale, describeScale, shortScale } from './timeScale';

describe('a time scale', () => {
  it('is told in words where there are some', () => {
    expect(shortScale(60)).toBe('×60');
    expect(shortScale(1.5)).toBe('×1.5');
    expect(describeScale(60)).toBe('×60, a minute a second');
    expect(describeScale(7)).toBe('×7');
  });

  it('goes from real time to an hour a second', () => {
    expect([1, 7.5, 3600].map(checkScale)).toEqual([null, null, null]);
    expect(['' as const, 0, 0.5, 3601].map(checkScale)).not.toContain(null);
  });
});

describe('the clock of a charger', () => {
  const AT = Date.parse('2026-01-02T10:00:00.000Z');
  const clock = { clock_as_of: '2026-01-02T10:00:00.000Z', clock_offset_s: 100 };

  it('is as far from the true time as it was told to be', () => {
    const still = { clock_as_of: null, clock_offset_s: 100, time_scale_in_force: 1 };
    expect(chargerTime(still, AT + 5000)).toBe(AT + 105_000);
  });

  it('runs on at its own pace since then', () => {
    expect(chargerTime({ ...clock, time_scale_in_force: 60 }, AT + 5000)).toBe(AT + 400_000);
    expect(chargerTime({ ...clock, time_scale_in_force: 60 }, AT - 5000)).toBe(AT + 95_000);
  });
});
