import { describe, expect, it } from 'vitest';
import type { Site, SiteState } from '@/api/types';
import { barsOf, bodyOfForm, curveText, faultsOf, formOf, refusedFields, shareText } from './site';

const SITE: Site = {
  grid_limit_a_per_phase: 63,
  grid_limit_kw: null,
  base_load: [{ time: '00:00', power_kw: 6.9 }],
  pv: [],
  sharing: 'stack',
  minimum_current_a: 6,
  interval_s: 10,
};

const STATE: SiteState = {
  at: '2026-01-02T10:00:00.000Z',
  grid_limit_a: [63, 63, 63],
  grid_limit_w: 43_470,
  base_load_w: 6900,
  pv_w: 6900,
  left_a: [63, 63, 63],
  left_w: 43_470,
  drawn_a: [36.5, 0, 16],
  drawn_w: 12_000,
  grid_a: [36.5, 0, 16],
  grid_w: 12_000,
  connectors: [],
};

describe('the form of a site', () => {
  it('shows at its fields what the server refuses', () => {
    expect(
      refusedFields([
        { field: 'site.grid_limit_kw', message: 'Too much.' },
        { field: 'site.pv.1.power_kw', message: 'Not so sunny.' },
        { field: 'site.pv.2.power_kw', message: 'Nor then.' },
        { field: 'site.elsewhere', message: 'Unknown.' },
      ]),
    ).toEqual({ limit: 'Too much.', pv: 'Not so sunny.' });
  });

  it('gives back what it was made from', () => {
    expect(bodyOfForm(formOf(SITE))).toEqual(SITE);
    const inKw = { ...SITE, grid_limit_a_per_phase: null, grid_limit_kw: 50 };
    expect(bodyOfForm(formOf(inKw))).toEqual(inKw);
  });

  it('puts the points of a curve in order', () => {
    const form = formOf(null);
    form.pv = [
      { time: '12:00', power_kw: 9 },
      { time: '06:00', power_kw: 0 },
    ];
    expect(bodyOfForm(form).pv?.map(({ time }) => time)).toEqual(['06:00', '12:00']);
  });

  it('says what is missing', () => {
    const form = formOf(null);
    expect(faultsOf(form)).toEqual({});
    form.limit = '';
    form.base_load = [{ time: '', power_kw: 1 }];
    form.pv = [
      { time: '06:00', power_kw: 1 },
      { time: '06:00', power_kw: 2 },
    ];
    expect(Object.keys(faultsOf(form))).toEqual(['limit', 'base_load', 'pv']);
  });
});

describe('the bars of a site', () => {
  it('are one a phase, as long as limit and PV together', () => {
    const bars = barsOf(SITE, STATE);
    expect(bars.map(({ label }) => label)).toEqual(['L1', 'L2', 'L3']);
    const [first] = bars;
    expect(first?.chargers).toBeCloseTo(0.5);
    expect(first?.base).toBeCloseTo(10 / 73);
    expect(first?.limit).toBeCloseTo(63 / 73);
    expect(first?.text).toContain('chargers 36.5 A of 63.0 A');
    expect(first?.exceeded).toBe(false);
  });

  it('are a single one for a limit of the power', () => {
    const bars = barsOf({ ...SITE, grid_limit_a_per_phase: null, grid_limit_kw: 43.47 }, STATE);
    expect(bars).toHaveLength(1);
    expect(bars[0]?.text).toContain('chargers 12.0 kW of 43.5 kW');
  });

  it('say what goes into the grid where the sun gives more than is taken', () => {
    const sunny = { ...STATE, base_load_w: 3000, pv_w: 12_000, drawn_w: 2000 };
    const [bar] = barsOf({ ...SITE, grid_limit_a_per_phase: null, grid_limit_kw: 43.47 }, sunny);
    expect(bar?.text).toContain('PV 12.0 kW · export 7.00 kW');
    expect(barsOf(SITE, STATE)[0]?.text).toMatch(/· import [\d.]+ A of 63\.0 A$/);
  });

  it('say when the building alone takes too much', () => {
    const [first] = barsOf(SITE, { ...STATE, base_load_w: 60_000, drawn_a: [0, 0, 0] });
    expect(first?.exceeded).toBe(true);
    expect(first?.base).toBe(1);
  });
});

describe('a share in words', () => {
  it('is what is free where nobody charges', () => {
    const connector = {
      charge_point_id: 'CP1',
      connector_id: 1,
      state: 'charging' as const,
      phases: [1],
      share_a: 12.8,
      drawn_a: 12.7,
      power_w: 2920,
    };
    expect(shareText(connector)).toBe('12.8 A');
    expect(shareText({ ...connector, state: 'idle', share_a: 0 })).toBe('0.0 A free');
    expect(shareText({ ...connector, state: 'idle', share_a: null })).toBe('–');
  });
});

describe('a curve in words', () => {
  it('tells its range', () => {
    expect(curveText([])).toBe('none');
    expect(curveText(SITE.base_load)).toBe('6.90 kW all day');
    expect(curveText([...SITE.base_load, { time: '12:00', power_kw: 12 }])).toBe(
      '6.90 kW to 12.0 kW, 2 points',
    );
  });
});
