import { describe, expect, it } from 'vitest';
import { HISTORY_MS } from '@/api/live/reduce';
import { chartShape, scaleTop, spanStart } from './chart';

const BOX = { width: 100, height: 50 };

describe('the live chart', () => {
  it('has a scale that reads well', () => {
    expect([0, 900, 7360, 11_040, 22_080, 149_000].map(scaleTop)).toEqual([
      1000, 1000, 8000, 15_000, 25_000, 150_000,
    ]);
  });

  it('begins with the first sample, within one and five minutes', () => {
    const now = 1_000_000;
    const at = (age_ms: number) => [{ at_ms: now - age_ms, power_w: 0, soc_percent: null }];
    expect(spanStart(at(1000), now)).toBe(now - 60_000);
    expect(spanStart(at(120_000), now)).toBe(now - 120_000);
    expect(spanStart(at(HISTORY_MS * 2), now)).toBe(now - HISTORY_MS);
    expect(spanStart([], now)).toBe(now - 60_000);
  });

  it('draws time to the right and power upwards', () => {
    const shape = chartShape(
      [
        { at_ms: 0, power_w: 0, soc_percent: 20 },
        { at_ms: 500, power_w: 1000, soc_percent: 60 },
      ],
      { from_ms: 0, to_ms: 1000 },
      BOX,
    );
    expect(shape.line).toBe('M0 50 L50 0');
    expect(shape.area).toBe('M0 50 L50 0 L50 50 L0 50 Z');
    expect(shape.soc).toBe('M0 40 L50 20');
  });

  it('draws nothing of a single reading', () => {
    expect(
      chartShape([{ at_ms: 0, power_w: 1, soc_percent: null }], { from_ms: 0, to_ms: 1 }, BOX).line,
    ).toBe('');
  });
});
