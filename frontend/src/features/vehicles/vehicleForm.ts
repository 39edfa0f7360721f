/** The values of the vehicle form and what the API gets of them; pure. */
import type { Vehicle, VehicleCreate, VehicleModel } from '@/api/types';
import { type CurvePoint, formatCurve, parseCurve, wholeCurve } from './curve';

/** The choice beside the models: a car that is described by its own numbers alone. */
export const OWN_NUMBERS = 'own numbers';

/** Numbers that few cars need of their own, with how the form shows them. */
export const MORE_NUMBERS = [
  { field: 'target_soc_percent', label: 'Charges up to (%)', factor: 1, most: 100 },
  { field: 'ac_min_current_a', label: 'Least AC current (A a phase)', factor: 1, most: 80 },
  { field: 'reaction_delay_s', label: 'Reacts to an offer after (s)', factor: 1, most: 3600 },
  { field: 'ac_ramp_a_per_s', label: 'AC ramp (A/s)', factor: 1, most: 10_000 },
  { field: 'dc_ramp_kw_per_s', label: 'DC ramp (kW/s)', factor: 1, most: 10_000 },
  { field: 'auxiliary_power_w', label: 'Heating and electronics (W)', factor: 1, most: 100_000 },
  { field: 'ac_efficiency', label: 'AC efficiency (%)', factor: 100, most: 100 },
  { field: 'dc_efficiency', label: 'DC efficiency (%)', factor: 100, most: 100 },
  { field: 'nominal_voltage_v', label: 'Battery voltage (V)', factor: 1, most: 2000 },
] as const;

export type MoreNumber = (typeof MORE_NUMBERS)[number]['field'];

/** Empty numbers are as the model, or the default car, has them. */
export type VehicleFormValues = {
  name: string;
  /** Separated by commas. */
  id_tags: string;
  model_id: string;
  battery_capacity_kwh: number | '';
  ac_phases: '' | '1' | '2' | '3';
  ac_max_power_kw: number | '';
  dc_max_power_kw: number | '';
  /** As `parseCurve` reads it. */
  dc_charging_curve: string;
} & Record<MoreNumber, number | ''>;

const NO_MORE = Object.fromEntries(MORE_NUMBERS.map(({ field }) => [field, ''])) as Record<
  MoreNumber,
  ''
>;

export const NEW_VEHICLE: VehicleFormValues = {
  name: '',
  id_tags: '',
  model_id: OWN_NUMBERS,
  battery_capacity_kwh: 60,
  ac_phases: '',
  ac_max_power_kw: '',
  dc_max_power_kw: '',
  dc_charging_curve: '',
  ...NO_MORE,
};

export function valuesOf(vehicle: Vehicle): VehicleFormValues {
  const more = MORE_NUMBERS.map(({ field, factor }) => {
    const value = vehicle[field];
    return [field, value === null ? '' : rounded(value * factor)];
  });
  const own = vehicle.battery_capacity_own || vehicle.model_id === null;
  return {
    name: vehicle.name,
    id_tags: vehicle.id_tags.join(', '),
    model_id: vehicle.model_id ?? OWN_NUMBERS,
    battery_capacity_kwh: own ? vehicle.battery_capacity_kwh : '',
    ac_phases: String(vehicle.ac_phases ?? '') as VehicleFormValues['ac_phases'],
    ac_max_power_kw: vehicle.ac_max_power_kw ?? '',
    dc_max_power_kw: vehicle.dc_max_power_kw ?? '',
    dc_charging_curve: formatCurve(vehicle.dc_charging_curve ?? []),
    ...(Object.fromEntries(more) as Record<MoreNumber, number | ''>),
  };
}

/** The tags that a text names, each once. */
export function tagsOf(text: string): string[] {
  const tags = text.split(',').map((tag) => tag.trim());
  return [...new Set(tags.filter((tag) => tag !== ''))];
}

const orNull = (value: number | string) => (value === '' ? null : Number(value));

export const CHECKS = {
  name: (name: string) => (name.trim() ? null : 'Give the vehicle a name.'),
  id_tags: (text: string) =>
    tagsOf(text).every((tag) => /^[\x20-\x7e]{1,20}$/.test(tag))
      ? null
      : 'A tag has 1 to 20 printable ASCII characters.',
  battery_capacity_kwh: (value: number | '', { model_id }: Pick<VehicleFormValues, 'model_id'>) => {
    if (value === '' && model_id !== OWN_NUMBERS) return null;
    return value !== '' && value > 0 ? null : 'Give a number above 0.';
  },
  dc_charging_curve: (text: string) =>
    text.trim() === '' || parseCurve(text)
      ? null
      : 'Write SoC:kW pairs with rising SoC, as in 0:80, 50:100, 100:10.',
};

/** The body of values that have passed the checks. */
export function bodyOf(values: VehicleFormValues): VehicleCreate {
  const more = MORE_NUMBERS.map(({ field, factor }) => {
    const value = values[field];
    return [field, value === '' ? null : rounded(value / factor)];
  });
  return {
    name: values.name.trim(),
    id_tags: tagsOf(values.id_tags),
    model_id: values.model_id === OWN_NUMBERS ? null : values.model_id,
    battery_capacity_kwh: orNull(values.battery_capacity_kwh),
    ac_phases: orNull(values.ac_phases),
    ac_max_power_kw: orNull(values.ac_max_power_kw),
    dc_max_power_kw: orNull(values.dc_max_power_kw),
    dc_charging_curve: values.dc_charging_curve.trim()
      ? parseCurve(values.dc_charging_curve)
      : null,
    ...(Object.fromEntries(more) as Record<MoreNumber, number | null>),
  };
}

/** What changes in the form with another model: its numbers count, and a name suggests itself. */
export function withModel(
  values: VehicleFormValues,
  before: VehicleModel | null,
  after: VehicleModel | null,
): Partial<VehicleFormValues> {
  const suggested = before === null ? '' : fullName(before);
  const unnamed = values.name.trim() === '' || values.name === suggested;
  if (after === null) {
    const capacity_kwh = values.battery_capacity_kwh;
    return {
      model_id: OWN_NUMBERS,
      battery_capacity_kwh:
        capacity_kwh === '' ? (before?.battery_capacity_kwh ?? 60) : capacity_kwh,
      ...(unnamed ? { name: '' } : {}),
    };
  }
  return {
    model_id: after.id,
    ...(before === null ? { battery_capacity_kwh: '' as const } : {}),
    ...(unnamed ? { name: fullName(after) } : {}),
  };
}

export function fullName({ brand, name }: VehicleModel): string {
  return `${brand} ${name}`;
}

/** What a stored model is called; its id where the library does not have it. */
export function modelName(id: string | null, models: readonly VehicleModel[]): string {
  const model = models.find((each) => each.id === id);
  return model ? fullName(model) : (id ?? '');
}

/** The models by brand, with their own numbers as the first choice; `unknown` is kept, too. */
export function modelChoices(models: readonly VehicleModel[], unknown: string | null) {
  const brands = [...new Set(models.map(({ brand }) => brand))];
  brands.sort((one, other) => one.localeCompare(other));
  return [
    { value: OWN_NUMBERS, label: 'Own numbers' },
    ...(unknown === null ? [] : [{ value: unknown, label: `${unknown} (not in the library)` }]),
    ...brands.map((brand) => ({
      group: brand,
      items: models
        .filter((model) => model.brand === brand)
        .map((model) => ({ value: model.id, label: fullName(model) })),
    })),
  ];
}

/** The DC curve that the car of the form has; null where it takes no DC. */
export function curveOf(values: VehicleFormValues, model: VehicleModel | null) {
  const most_kw = values.dc_max_power_kw === '' ? model?.dc_max_power_kw : values.dc_max_power_kw;
  const own = values.dc_charging_curve.trim() ? parseCurve(values.dc_charging_curve) : null;
  const points: readonly CurvePoint[] | undefined = own ?? model?.dc_charging_curve;
  if (most_kw === 0) return null;
  return wholeCurve(points ?? [], most_kw ?? DEFAULT_DC_KW);
}

/** Of the default car. */
const DEFAULT_DC_KW = 150;

/** How much of the model's AC power is left with the phases of the form: each keeps its own. */
export function phaseShare({ ac_phases }: VehicleFormValues, model: VehicleModel | null): number {
  return ac_phases === '' || model === null ? 1 : Number(ac_phases) / model.ac_phases;
}

/** What a field shows while it is empty. */
export function placeholderOf(
  field: keyof VehicleModel | MoreNumber,
  model: VehicleModel | null,
  factor = 1,
): string {
  const value = model && field in model ? model[field as keyof VehicleModel] : undefined;
  return typeof value === 'number' ? String(shown(value * factor)) : 'as the default car';
}

function shown(value: number): number {
  return Math.round(value * 1000) / 1000;
}

function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
