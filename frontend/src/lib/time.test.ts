import { describe, expect, it } from 'vitest';
import { clockTime, localDateTime, secondsBetween, shortTime, timeLeft, utcDateTime } from './time';

describe('times', () => {
  it('names UTC as what it is', () => {
    expect(utcDateTime('2026-01-02T13:03:07.250Z')).toBe('2026-01-02 13:03:07 UTC');
  });

  it('reads the same instant in local time', () => {
    const at = new Date(2026, 0, 2, 14, 3, 7, 250);
    expect(localDateTime(at.toISOString())).toBe('2026-01-02 14:03:07');
    expect(clockTime(at.toISOString())).toBe('14:03:07.250');
  });

  it('leaves what it cannot read as it is', () => {
    expect(localDateTime('soon')).toBe('soon');
    expect(utcDateTime('soon')).toBe('soon');
    expect(secondsBetween('soon', '2026-01-02T00:00:00Z')).toBeNull();
  });

  it('measures from a start to an end or to now', () => {
    expect(secondsBetween('2026-01-02T00:00:00Z', '2026-01-02T00:01:30Z')).toBe(90);
    expect(secondsBetween('2026-01-02T00:00:00Z', Date.parse('2026-01-02T00:00:05Z'))).toBe(5);
  });

  it('counts down to a time, and no further', () => {
    const at = Date.parse('2026-01-02T00:00:00Z');
    expect(timeLeft('2026-01-02T00:01:30Z', at)).toBe(90);
    expect(timeLeft('2026-01-01T00:00:00Z', at)).toBe(0);
    expect(timeLeft('soon', at)).toBeNull();
  });

  it('leaves out the date of today', () => {
    const now = new Date(2026, 0, 2, 9, 0);
    expect(shortTime(new Date(2026, 0, 2, 14, 5).toISOString(), now.getTime())).toBe('14:05');
    expect(shortTime(new Date(2026, 0, 3, 14, 5).toISOString(), now.getTime())).toBe(
      '2026-01-03 14:05',
    );
    expect(shortTime('soon', 0)).toBe('soon');
  });
});
