/** Limits, profiles and schedules in words; pure. */
import type {
  ChargerDetail,
  ChargingProfile,
  CompositeSchedule,
  Connector,
  LimitLayer,
  RateUnit,
  SchedulePeriod,
} from '@/api/types';
import { count, formatCurrent, formatSpan, formatPower } from '@/lib/units';

/** The layers by the names that the standard has for them, where it has some. */
export const LAYER_NAMES: Record<LimitLayer['layer'], string> = {
  hardware: 'Hardware',
  cable: 'Cable',
  charger: 'Charger, all connectors together',
  site: 'Site’s load management',
  charge_point_max: 'ChargePointMaxProfile',
  tx_profile: 'TxProfile',
  tx_default_profile: 'TxDefaultProfile',
  minimum_current: 'Minimum current',
  transaction: 'Transaction',
};

/** A limit in the unit that it is written in: `16 A`, `7.4 A`, `11.0 kW`. */
export function formatRate(limit: number, unit: RateUnit): string {
  if (unit === 'W') return formatPower(limit);
  return Number.isInteger(limit) ? `${limit} A` : formatCurrent(limit);
}

/** Amperes to the one decimal of OCPP, cut off as in a composite schedule: nothing exceeds a limit. */
export function toTenths(current_a: number): number {
  return Math.floor(current_a * 10 + 0.01) / 10;
}

/** What a limit lets a connector have: `16 A × 3 phases`, or the power alone for DC. */
export function formatAllowance({
  power_w,
  current_a,
  phases,
}: Pick<LimitLayer, 'power_w' | 'current_a' | 'phases'>): string {
  if (current_a === null) return formatPower(power_w);
  const current = formatRate(toTenths(current_a), 'A');
  return phases === null || phases === 0 ? current : `${current} × ${count(phases, 'phase')}`;
}

/** Which profile a layer comes from, in a few words; null for one that comes from none. */
export function sourceOf(layer: LimitLayer): string | null {
  if (layer.charging_profile_id === null) return null;
  const parts = [`Profile ${layer.charging_profile_id}`];
  if (layer.stack_level !== null) parts.push(`stack level ${layer.stack_level}`);
  if (layer.period_index !== null) {
    const rate =
      layer.limit === null || layer.unit === null
        ? ''
        : ` (${formatRate(layer.limit, layer.unit)})`;
    parts.push(`period ${layer.period_index + 1}${rate}`);
  }
  return parts.join(' · ');
}

/** What is to be said of a layer beside its source and its limit; null for nothing. */
export function remarkOf({ charging_profile_id, explanation }: LimitLayer): string | null {
  if (charging_profile_id === null) return explanation;
  // The explanation of a profile names the profile first, and then what else there is to it.
  const remark = explanation.split('; ').slice(1).join('; ');
  return remark ? `${remark.charAt(0).toUpperCase()}${remark.slice(1)}` : null;
}

/** `Absolute`, `Daily`, `Weekly` or `Relative`. */
export function kindOf({ kind, recurrency_kind }: ChargingProfile): string {
  return kind === 'Recurring' && recurrency_kind ? recurrency_kind : kind;
}

/** What the periods of a profile are counted from. */
export function startOf({ kind, recurrency_kind, start_schedule }: ChargingProfile): string {
  switch (kind) {
    case 'Absolute':
      return start_schedule ? 'from' : 'from the start of the transaction';
    case 'Recurring':
      return `every ${recurrency_kind === 'Weekly' ? 'week' : 'day'} from`;
    case 'Relative':
      return 'from the start of the transaction';
  }
}

const MOST_PERIODS_IN_WORDS = 3;

/** A schedule in one line: `16 A on 3 phases for 30 min, then 6 A`. */
export function summarise(
  profile: Pick<ChargingProfile, 'periods' | 'duration_s' | 'unit'>,
): string {
  const { periods, duration_s, unit } = profile;
  if (periods.length > MOST_PERIODS_IN_WORDS) {
    const limits = periods.map(({ limit }) => limit).sort((a, b) => a - b);
    const span = duration_s === null ? '' : ` over ${formatSpan(duration_s)}`;
    const [least = 0, most = 0] = [limits[0], limits.at(-1)];
    const range =
      least === most
        ? `all ${formatRate(least, unit)}`
        : `${formatRate(least, unit)} to ${formatRate(most, unit)}`;
    return `${periods.length} periods, ${range}${span}`;
  }
  return periods
    .map((period, index) => {
      const end = periods[index + 1]?.start_period_s ?? duration_s;
      const length = end === null ? '' : ` for ${formatSpan(end - period.start_period_s)}`;
      return `${formatPeriod(period, unit)}${length}`;
    })
    .join(', then ');
}

/** `16 A on 3 phases`; `11.0 kW`. */
export function formatPeriod(
  { limit, number_phases }: Pick<SchedulePeriod, 'limit' | 'number_phases'>,
  unit: RateUnit,
): string {
  const phases = number_phases === null ? '' : ` on ${count(number_phases, 'phase')}`;
  return `${formatRate(limit, unit)}${phases}`;
}

/** A period of a composite schedule on the clock. Times are Unix milliseconds. */
export interface Step {
  from_ms: number;
  to_ms: number;
  limit: number;
  phases: number | null;
}

/** The periods of a composite schedule one after the other, to its end. */
export function stepsOf(schedule: CompositeSchedule): Step[] {
  const start_ms = Date.parse(schedule.schedule_start);
  if (Number.isNaN(start_ms)) return [];
  const { periods, duration_s } = schedule;
  return periods.flatMap((period, index) => {
    const end_s = Math.min(duration_s, periods[index + 1]?.start_period_s ?? duration_s);
    if (end_s <= period.start_period_s) return [];
    return [
      {
        from_ms: start_ms + period.start_period_s * 1000,
        to_ms: start_ms + end_s * 1000,
        limit: period.limit,
        phases: period.number_phases,
      },
    ];
  });
}

const GRID_VOLTAGE_V = 230;
const GRID_PHASES = 3;

/** What a connector takes now, in the unit of a schedule; A of DC are those of its supply. */
export function presentRate(connector: Connector, unit: RateUnit): number {
  const { meter, power_type } = connector;
  if (unit === 'W') return meter.power_w;
  return power_type === 'AC' ? meter.current_a : meter.power_w / (GRID_VOLTAGE_V * GRID_PHASES);
}

/** The same of a connector by its number, or of the whole charger (0). */
export function presentRateAt(charger: ChargerDetail, connectorId: number, unit: RateUnit): number {
  return charger.connectors
    .filter(({ connector_id }) => connectorId === 0 || connector_id === connectorId)
    .reduce((sum, connector) => sum + presentRate(connector, unit), 0);
}

/** The unit in which a connector (0: the charger) is usually limited. */
export function usualUnit(charger: ChargerDetail, connectorId: number): RateUnit {
  const connectors = charger.connectors.filter(
    ({ connector_id }) => connectorId === 0 || connector_id === connectorId,
  );
  return connectors.every(({ power_type }) => power_type === 'AC') ? 'A' : 'W';
}
