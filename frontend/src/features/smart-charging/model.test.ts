import { describe, expect, it } from 'vitest';
import {
  aChargerDetail,
  aChargingConnector,
  aConnector,
  aLayer,
  aMeter,
  aProfile,
  aSchedule,
} from '@/testing/things';
import {
  formatAllowance,
  formatRate,
  kindOf,
  presentRateAt,
  remarkOf,
  sourceOf,
  startOf,
  stepsOf,
  summarise,
  usualUnit,
} from './model';

describe('a limit', () => {
  it('is written as the CSMS wrote it', () => {
    expect(formatRate(16, 'A')).toBe('16 A');
    expect(formatRate(7.4, 'A')).toBe('7.4 A');
    expect(formatRate(11_000, 'W')).toBe('11.0 kW');
  });

  it('is a current a phase for AC, a power for DC', () => {
    expect(formatAllowance({ power_w: 11_040, current_a: 16, phases: 3 })).toBe('16 A × 3 phases');
    expect(formatAllowance({ power_w: 1380, current_a: 6.0001, phases: 1 })).toBe('6 A × 1 phase');
    expect(formatAllowance({ power_w: 50_000, current_a: null, phases: null })).toBe('50.0 kW');
    expect(formatAllowance({ power_w: 7360, current_a: 10.667, phases: 3 })).toBe(
      '10.6 A × 3 phases',
    );
    expect(formatAllowance({ power_w: 0, current_a: 0, phases: 0 })).toBe('0 A');
  });

  it('names the profile that it comes from', () => {
    expect(sourceOf(aLayer())).toBeNull();
    expect(
      sourceOf(
        aLayer({
          layer: 'tx_profile',
          charging_profile_id: 7,
          stack_level: 2,
          period_index: 0,
          limit: 16,
          unit: 'A',
        }),
      ),
    ).toBe('Profile 7 · stack level 2 · period 1 (16 A)');
  });
});

describe('what there is to say of a layer', () => {
  it('is all of it where it comes from no profile', () => {
    expect(remarkOf(aLayer())).toBe('The connector is built for 22.1 kW.');
  });

  it('is what the profile itself does not say', () => {
    const profile = 'Profile 1 (ChargePointMaxProfile, stack level 0), period 1 of 2: 40 A';
    const layer = (explanation: string) => aLayer({ charging_profile_id: 1, explanation });
    expect(remarkOf(layer(`${profile}.`))).toBeNull();
    expect(remarkOf(layer(`${profile}; shared with 1 other connector.`))).toBe(
      'Shared with 1 other connector.',
    );
  });
});

describe('a profile', () => {
  it('begins as its kind says', () => {
    expect(kindOf(aProfile())).toBe('Absolute');
    expect(startOf(aProfile())).toBe('from');
    expect(startOf(aProfile({ start_schedule: null }))).toBe('from the start of the transaction');
    const weekly = aProfile({ kind: 'Recurring', recurrency_kind: 'Weekly' });
    expect(kindOf(weekly)).toBe('Weekly');
    expect(startOf(weekly)).toBe('every week from');
    expect(startOf(aProfile({ kind: 'Relative' }))).toBe('from the start of the transaction');
  });

  it('of few periods is told period by period', () => {
    expect(summarise(aProfile())).toBe('16 A on 3 phases');
    expect(
      summarise(
        aProfile({
          duration_s: 7200,
          periods: [
            { start_period_s: 0, limit: 16, number_phases: 3 },
            { start_period_s: 1800, limit: 6, number_phases: null },
          ],
        }),
      ),
    ).toBe('16 A on 3 phases for 30 min, then 6 A for 1 h 30 min');
  });

  it('of many periods is told by its range', () => {
    const periods = [8, 16, 32, 6].map((limit, index) => ({
      start_period_s: index * 900,
      limit,
      number_phases: null,
    }));
    expect(summarise(aProfile({ periods, duration_s: 3600 }))).toBe(
      '4 periods, 6 A to 32 A over 1 h',
    );
    const same = periods.map((period) => ({ ...period, limit: 10 }));
    expect(summarise(aProfile({ periods: same }))).toBe('4 periods, all 10 A');
  });
});

describe('a composite schedule', () => {
  it('is steps on the clock, one after the other', () => {
    const start = Date.parse('2026-01-02T10:00:00Z');
    expect(stepsOf(aSchedule())).toEqual([
      { from_ms: start, to_ms: start + 1_800_000, limit: 16, phases: 3 },
      { from_ms: start + 1_800_000, to_ms: start + 3_600_000, limit: 6, phases: 1 },
    ]);
  });

  it('leaves out what lies behind its end', () => {
    expect(stepsOf(aSchedule({ duration_s: 1800 }))).toHaveLength(1);
    expect(stepsOf(aSchedule({ schedule_start: 'soon' }))).toEqual([]);
  });
});

describe('what is taken now', () => {
  const dc = aConnector({
    connector_id: 2,
    power_type: 'DC',
    meter: aMeter({ power_w: 69_000, current_a: 172 }),
  });
  const charger = aChargerDetail({ connectors: [aChargingConnector(), dc] });

  it('is compared in the unit of the schedule', () => {
    expect(presentRateAt(charger, 1, 'A')).toBe(16);
    expect(presentRateAt(charger, 1, 'W')).toBe(11_040);
    expect(presentRateAt(charger, 2, 'A')).toBeCloseTo(100);
    expect(presentRateAt(charger, 0, 'W')).toBe(80_040);
  });

  it('has the unit that fits the hardware', () => {
    expect(usualUnit(charger, 1)).toBe('A');
    expect(usualUnit(charger, 2)).toBe('W');
    expect(usualUnit(charger, 0)).toBe('W');
  });
});
