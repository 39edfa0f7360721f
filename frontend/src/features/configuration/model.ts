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

/** What is wrong with a value before the charger is asked; null when nothing is. */
export function checkValue(kind: ValueKind, value: string): string | null {
  return kind === 'integer' && !/^-?\d+$/.test(value.trim()) ? 'Give a whole number.' : null;
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
