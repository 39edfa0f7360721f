import { describe, expect, it } from 'vitest';
import { everyTen, formatCurve, parseCurve, powerAt, wholeCurve } from './curve';

const CURVE = [
  { soc_percent: 10, power_kw: 80 },
  { soc_percent: 50, power_kw: 120 },
  { soc_percent: 90, power_kw: 20 },
];

describe('a charging curve', () => {
  it('is written as it is read', () => {
    expect(formatCurve(CURVE)).toBe('10:80, 50:120, 90:20');
    expect(parseCurve('10:80, 50:120, 90:20')).toEqual(CURVE);
    expect(parseCurve(' 10 % : 80 ;50:120,90:20')).toEqual(CURVE);
  });

  it.each(['', 'fast', '10', '10:', '101:5', '50:1, 50:2', '50:1, 10:2', '0:1,', '-1:5'])(
    'is not what "%s" says',
    (text) => {
      expect(parseCurve(text)).toBeNull();
    },
  );

  it('is level outside its points and below the power of the car', () => {
    const whole = wholeCurve(CURVE, 100);
    expect(whole[0]).toEqual({ soc_percent: 0, power_kw: 80 });
    expect(whole.at(-1)).toEqual({ soc_percent: 100, power_kw: 20 });
    expect(whole.every(({ power_kw }) => power_kw <= 100)).toBe(true);
    expect(powerAt(whole, 30)).toBeCloseTo(100);
    expect(powerAt(whole, 40)).toBeCloseTo(100);
    expect(powerAt(whole, 70)).toBeCloseTo(70);
    expect(powerAt(whole, 5)).toBeCloseTo(80);
  });

  it('has the usual shape where none is given', () => {
    expect(powerAt(wholeCurve([], 100), 80)).toBeCloseTo(55);
    expect(powerAt([], 80)).toBe(0);
  });

  it('is read at every ten percent, and at its corners', () => {
    const points = everyTen(wholeCurve([{ soc_percent: 55, power_kw: 80 }], 100));
    expect(points.map(({ soc_percent }) => soc_percent)).toEqual([
      0, 10, 20, 30, 40, 50, 55, 60, 70, 80, 90, 100,
    ]);
    expect(everyTen(wholeCurve(CURVE, 500))[7]).toEqual({ soc_percent: 70, power_kw: 70 });
  });
});
