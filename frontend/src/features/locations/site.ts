/** A site's form and its bars; pure. */
import type { Site, SiteBody, SiteState } from '@/api/types';
import { formatCurrent, formatPower } from '@/lib/units';

export const RULES: Record<Site['sharing'], string> = {
  equal: 'Equal parts',
  first_come: 'First come, first served',
  stack: 'Highest stack level first',
};

const RULE_HINTS: Record<Site['sharing'], string> = {
  equal: 'What a car cannot use goes to the others.',
  first_come: 'Who began first has all it can use, less the minimum of the others.',
  stack: 'By the stack level of the profile in force at a connector, equal parts among the same.',
};

export function ruleHint(rule: string): string {
  return isRule(rule) ? RULE_HINTS[rule] : '';
}

export function isRule(text: string): text is Site['sharing'] {
  return text in RULES;
}

export interface CurveRow {
  time: string;
  power_kw: number | '';
}

export interface SiteForm {
  limitUnit: 'A' | 'kW';
  limit: number | '';
  base_load: CurveRow[];
  pv: CurveRow[];
  sharing: Site['sharing'];
  minimum_current_a: number | '';
  interval_s: number | '';
}

/** The form of a site, or of one that is still to be. */
export function formOf(site: Site | null): SiteForm {
  if (!site) {
    return {
      limitUnit: 'A',
      limit: 63,
      base_load: [],
      pv: [],
      sharing: 'equal',
      minimum_current_a: 6,
      interval_s: 10,
    };
  }
  const { base_load, pv, sharing, minimum_current_a, interval_s } = site;
  return {
    limitUnit: site.grid_limit_kw === null ? 'A' : 'kW',
    limit: site.grid_limit_kw ?? site.grid_limit_a_per_phase ?? '',
    base_load: base_load.map((point) => ({ ...point })),
    pv: pv.map((point) => ({ ...point })),
    sharing,
    minimum_current_a,
    interval_s,
  };
}

/** What is wrong with a form, by field; empty where nothing is. */
export function faultsOf(form: SiteForm): Record<string, string> {
  const faults: Record<string, string> = {};
  if (form.limit === '' || form.limit <= 0) faults.limit = 'Give a limit above 0.';
  if (form.minimum_current_a === '') faults.minimum_current_a = 'Give a current.';
  if (form.interval_s === '' || form.interval_s < 1) {
    faults.interval_s = 'Give at least 1 second.';
  }
  for (const name of ['base_load', 'pv'] as const) {
    const fault = curveFault(form[name]);
    if (fault) faults[name] = fault;
  }
  return faults;
}

const FIELDS_OF_FORM: Record<string, keyof SiteForm> = {
  grid_limit_a_per_phase: 'limit',
  grid_limit_kw: 'limit',
  base_load: 'base_load',
  pv: 'pv',
  sharing: 'sharing',
  minimum_current_a: 'minimum_current_a',
  interval_s: 'interval_s',
};

/** What the server has refused, by field of the form. */
export function refusedFields(
  refused: readonly { field: string; message: string }[],
): Record<string, string> {
  const faults: Record<string, string> = {};
  for (const { field, message } of refused) {
    const [, name = ''] = field.split('.');
    const own = FIELDS_OF_FORM[name];
    if (own !== undefined) faults[own] ??= message;
  }
  return faults;
}

function curveFault(rows: readonly CurveRow[]): string | null {
  if (rows.some(({ time }) => !/^([01]\d|2[0-3]):[0-5]\d$/.test(time))) {
    return 'Give each point a time (HH:MM).';
  }
  if (rows.some(({ power_kw }) => power_kw === '')) return 'Give each point a power.';
  if (new Set(rows.map(({ time }) => time)).size < rows.length) {
    return 'Give each time once only.';
  }
  return null;
}

/** The request of a form without faults; the points in the order of their times. */
export function bodyOfForm(form: SiteForm): SiteBody {
  const limit = Number(form.limit);
  return {
    grid_limit_a_per_phase: form.limitUnit === 'A' ? limit : null,
    grid_limit_kw: form.limitUnit === 'kW' ? limit : null,
    base_load: pointsOf(form.base_load),
    pv: pointsOf(form.pv),
    sharing: form.sharing,
    minimum_current_a: Number(form.minimum_current_a),
    interval_s: Number(form.interval_s),
  };
}

function pointsOf(rows: readonly CurveRow[]) {
  return rows
    .map(({ time, power_kw }) => ({ time, power_kw: Number(power_kw) }))
    .sort((a, b) => a.time.localeCompare(b.time));
}

/** What a curve says in a few words. */
export function curveText(points: Site['pv']): string {
  if (points.length === 0) return 'none';
  const powers = points.map(({ power_kw }) => power_kw * 1000);
  const low = Math.min(...powers);
  const high = Math.max(...powers);
  return low === high
    ? `${formatPower(high)} all day`
    : `${formatPower(low)} to ${formatPower(high)}, ${points.length} points`;
}

/** A bar of a phase, or of all: parts of its length, which is the limit and the PV together. */
export interface SiteBar {
  label: string;
  base: number;
  chargers: number;
  /** Where the grid's limit alone would end. */
  limit: number;
  exceeded: boolean;
  text: string;
}

const VOLTS_OF_THREE = 690;

/** One bar a phase where the limit is one of each phase, else one for all. */
export function barsOf(site: Site, state: SiteState): SiteBar[] {
  if (site.grid_limit_a_per_phase === null) {
    return [
      bar(
        'All phases',
        state.grid_limit_w,
        state.base_load_w,
        state.pv_w,
        state.drawn_w,
        state.left_w,
        formatPower,
      ),
    ];
  }
  return state.drawn_a.map((drawn, index) =>
    bar(
      `L${index + 1}`,
      state.grid_limit_a[index] ?? 0,
      state.base_load_w / VOLTS_OF_THREE,
      state.pv_w / VOLTS_OF_THREE,
      drawn,
      state.left_a[index] ?? 0,
      formatCurrent,
    ),
  );
}

function bar(
  label: string,
  limit: number,
  base: number,
  pv: number,
  drawn: number,
  left: number,
  format: (value: number) => string,
): SiteBar {
  const length = Math.max(limit + pv, base + drawn);
  const fromGrid = base + drawn - pv;
  const grid =
    fromGrid < 0 ? `export ${format(-fromGrid)}` : `import ${format(fromGrid)} of ${format(limit)}`;
  return {
    label,
    base: base / length,
    chargers: drawn / length,
    limit: limit / length,
    exceeded: base + drawn > limit + pv + 0.05,
    text: `chargers ${format(drawn)} of ${format(left)} · building ${format(base)} · PV ${format(pv)} · ${grid}`,
  };
}

/** What a connector may take; where nobody charges, what is free without others giving way. */
export function shareText({ state, share_a }: SiteState['connectors'][number]): string {
  return state === 'idle' && share_a !== null
    ? `${formatCurrent(share_a)} free`
    : formatCurrent(share_a);
}

/** `L1 L2 L3`. */
export function phasesText(phases: readonly number[]): string {
  return phases.map((phase) => `L${phase}`).join(' ');
}
