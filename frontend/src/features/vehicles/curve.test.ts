import { describe, expect, it } from 'vitest';
import { curvePaths, formatCurve, parseCurve, powerAt, topOf, wholeCurve } from './curve';

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

  it('fits below a round number', () => {
    expect(topOf(wholeCurve(CURVE, 500))).toBe(150);
    expect(topOf(wholeCurve([], 46))).toBe(60);
    expect(topOf([])).toBe(10);
  });

  it('is drawn from left to right', () => {
    const { line, area } = curvePaths(wholeCurve(CURVE, 500), 120, {
      left: 0,
      top: 0,
      width: 100,
      height: 60,
    });
    expect(line).toBe('M0 20 L10 20 L50 0 L90 50 L100 50');
    expect(area).toBe(`${line} V60 H0 Z`);
  });
});
