/** The values of the vehicle form and what the API gets of them; pure. */
import type { Vehicle, VehicleCreate } from '@/api/types';

export interface VehicleFormValues {
  name: string;
  /** Separated by commas. */
  id_tags: string;
  battery_capacity_kwh: number | '';
  /** Empty here and below: as the default car has it. */
  ac_phases: '' | '1' | '2' | '3';
  ac_max_power_kw: number | '';
  dc_max_power_kw: number | '';
}

export const NEW_VEHICLE: VehicleFormValues = {
  name: '',
  id_tags: '',
  battery_capacity_kwh: 60,
  ac_phases: '',
  ac_max_power_kw: '',
  dc_max_power_kw: '',
};

export function valuesOf(vehicle: Vehicle): VehicleFormValues {
  return {
    name: vehicle.name,
    id_tags: vehicle.id_tags.join(', '),
    battery_capacity_kwh: vehicle.battery_capacity_kwh,
    ac_phases: String(vehicle.ac_phases ?? '') as VehicleFormValues['ac_phases'],
    ac_max_power_kw: vehicle.ac_max_power_kw ?? '',
    dc_max_power_kw: vehicle.dc_max_power_kw ?? '',
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
  battery_capacity_kwh: (value: number | '') =>
    value !== '' && value > 0 ? null : 'Give a number above 0.',
};

/** The body of values that have passed the checks. */
export function bodyOf(values: VehicleFormValues): VehicleCreate {
  return {
    name: values.name.trim(),
    id_tags: tagsOf(values.id_tags),
    battery_capacity_kwh: Number(values.battery_capacity_kwh),
    ac_phases: orNull(values.ac_phases),
    ac_max_power_kw: orNull(values.ac_max_power_kw),
    dc_max_power_kw: orNull(values.dc_max_power_kw),
  };
}
