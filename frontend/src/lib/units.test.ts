import { describe, expect, it } from 'vitest';
import {
  count,
  formatDuration,
  formatEnergy,
  formatLatency,
  formatPercent,
  formatPower,
  formatPowerFactor,
  formatReactivePower,
  formatSpan,
} from './units';

describe('quantities', () => {
  it('shows power in the unit that a person would choose', () => {
    expect(formatPower(0)).toBe('0 W');
    expect(formatPower(349.6)).toBe('350 W');
    expect(formatPower(7360)).toBe('7.36 kW');
    expect(formatPower(22_080)).toBe('22.1 kW');
    expect(formatPower(150_000)).toBe('150 kW');
    expect(formatPower(1_200_000)).toBe('1.20 MW');
    expect(formatPower(null)).toBe('–');
  });

  it('shows energy in the unit that a person would choose', () => {
    expect(formatEnergy(850)).toBe('850 Wh');
    expect(formatEnergy(12_400)).toBe('12.40 kWh');
    expect(formatEnergy(undefined)).toBe('–');
  });

  it('shows reactive power and the power factor as an electrician writes them', () => {
    expect(formatReactivePower(0)).toBe('0 var');
    expect(formatReactivePower(2210)).toBe('2.21 kvar');
    expect(formatPowerFactor(0.995)).toBe('0.995');
  });

  it('keeps one decimal of a percentage except at the ends', () => {
    expect(formatPercent(20.04)).toBe('20.0 %');
    expect(formatPercent(100)).toBe('100 %');
    expect(formatPercent(0)).toBe('0 %');
  });

  it('shows durations in at most two units', () => {
    expect(formatDuration(42)).toBe('42 s');
    expect(formatDuration(185)).toBe('3 min 05 s');
    expect(formatDuration(7440)).toBe('2 h 04 min');
    expect(formatDuration(266_400)).toBe('3 d 2 h');
  });

  it('shows spans without a part of nothing', () => {
    expect([0, 60, 1800, 5400, 86_400, 90_000].map(formatSpan)).toEqual([
      '0 s',
      '1 min',
      '30 min',
      '1 h 30 min',
      '1 d',
      '1 d 1 h',
    ]);
  });

  it('shows latencies and counts', () => {
    expect(formatLatency(3.21)).toBe('3.2 ms');
    expect(formatLatency(1250)).toBe('1.25 s');
    expect(count(1, 'charger')).toBe('1 charger');
    expect(count(0, 'charger')).toBe('0 chargers');
    expect(count(2, 'entry', 'entries')).toBe('2 entries');
  });
});
