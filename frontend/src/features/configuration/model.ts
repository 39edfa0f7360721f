/** Configuration keys as a form: kinds of values, checks, filter, groups; pure. */
import type { ConfigurationKey } from '@/api/types';

export type ValueKind = 'boolean' | 'integer' | 'list' | 'text';

export function kindOf({ type }: Pick<ConfigurationKey, 'type'>): ValueKind {
  switch (type.toLowerCase()) {
    case 'boolean':
    case 'bool':
      return 'boolean';
    case 'integer':
    case 'int':
      return 'integer';
    case 'csl':
      return 'list';
    default:
      return 'text';
  }
}

/** The entries of a comma-separated list. */
export function listOf(value: string | null): string[] {
  return (value ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

/** What a list may hold, where the standard names it. */
export const LIST_CHOICES: Record<string, string[]> = {
  SupportedFeatureProfiles: [
    'Core',
    'FirmwareManagement',
    'LocalAuthListManagement',
    'Reservation',
    'SmartCharging',
    'RemoteTrigger',
  ],
};

/** What is wrong with a value before the charger is asked; null when nothing is. */
export function checkValue(
  key: Pick<ConfigurationKey, 'type' | 'minimum' | 'maximum'>,
  value: string,
): string | null {
  if (kindOf(key) !== 'integer') return null;
  if (!/^-?\d+$/.test(value.trim())) return 'Give a whole number.';
  const number = Number(value);
  if (key.minimum !== null && number < key.minimum) return `At least ${key.minimum}.`;
  if (key.maximum !== null && number > key.maximum) return `At most ${key.maximum}.`;
  return null;
}

/** The largest integer of OCPP says nothing of a key. */
const LARGEST_INTEGER = 2 ** 31 - 1;

/** Which numbers a key takes, where that is worth telling; else null. */
export function rangeOf({
  minimum,
  maximum,
  unit,
}: Pick<ConfigurationKey, 'minimum' | 'maximum' | 'unit'>): string | null {
  const suffix = unit ? ` ${unit}` : '';
  const least = minimum ?? 0;
  if (maximum !== null && maximum < LARGEST_INTEGER) return `${least} to ${maximum}${suffix}`;
  if (minimum !== null && minimum !== 0) return `at least ${minimum}${suffix}`;
  return null;
}

export interface ConfigurationFilter {
  text: string;
  writableOnly: boolean;
}

export function filterKeys(
  keys: readonly ConfigurationKey[],
  { text, writableOnly }: ConfigurationFilter,
): ConfigurationKey[] {
  const wanted = text.trim().toLowerCase();
  return keys.filter(
    ({ key, value, description, readonly }) =>
      (!writableOnly || !readonly) &&
      [key, value ?? '', description].some((word) => word.toLowerCase().includes(wanted)),
  );
}

/** The keys by feature profile, Core first, each group in alphabetical order. */
export function groupByProfile(
  keys: readonly ConfigurationKey[],
): { profile: string; keys: ConfigurationKey[] }[] {
  const groups = new Map<string, ConfigurationKey[]>();
  for (const key of keys) groups.set(key.profile, [...(groups.get(key.profile) ?? []), key]);
  return [...groups]
    .map(([profile, members]) => ({
      profile,
      keys: members.sort((a, b) => a.key.localeCompare(b.key)),
    }))
    .sort(
      (a, b) =>
        Number(b.profile === 'Core') - Number(a.profile === 'Core') ||
        a.profile.localeCompare(b.profile),
    );
}
