import { describe, expect, it } from 'vitest';
import { aKey } from '@/testing/things';
import { checkValue, filterKeys, groupByProfile, kindOf, listOf, rangeOf } from './model';

describe('configuration keys', () => {
  it('knows how each type is edited', () => {
    expect(['boolean', 'integer', 'CSL', 'string'].map((type) => kindOf({ type }))).toEqual([
      'boolean',
      'integer',
      'list',
      'text',
    ]);
  });

  it('reads a list with blanks, and an unset one', () => {
    expect(listOf('Energy.Active.Import.Register, SoC,')).toEqual([
      'Energy.Active.Import.Register',
      'SoC',
    ]);
    expect(listOf(null)).toEqual([]);
  });

  it('finds keys by name, value and description', () => {
    const keys = [
      aKey({ key: 'HeartbeatInterval', value: '300', description: 'Seconds between heartbeats' }),
      aKey({ key: 'NumberOfConnectors', value: '2', readonly: true, description: '' }),
    ];
    expect(filterKeys(keys, { text: 'HEART', writableOnly: false })).toHaveLength(1);
    expect(filterKeys(keys, { text: '300', writableOnly: false })).toHaveLength(1);
    expect(filterKeys(keys, { text: '', writableOnly: true }).map(({ key }) => key)).toEqual([
      'HeartbeatInterval',
    ]);
  });

  it('puts Core first and the keys in order', () => {
    const groups = groupByProfile([
      aKey({ key: 'B', profile: 'Core' }),
      aKey({ key: 'Z', profile: 'Custom' }),
      aKey({ key: 'A', profile: 'Core' }),
    ]);
    expect(groups.map(({ profile, keys }) => [profile, keys.map(({ key }) => key)])).toEqual([
      ['Core', ['A', 'B']],
      ['Custom', ['Z']],
    ]);
  });

  it('refuses what is no number before the charger has to', () => {
    expect(checkValue(aKey(), '12')).toBeNull();
    expect(checkValue(aKey(), 'twelve')).not.toBeNull();
    expect(checkValue(aKey({ type: 'CSL' }), 'anything')).toBeNull();
  });

  it('refuses a number that the key does not take', () => {
    const percent = aKey({ minimum: 1, maximum: 100 });
    expect(checkValue(percent, '0')).toBe('At least 1.');
    expect(checkValue(percent, '101')).toBe('At most 100.');
    expect(checkValue(aKey({ minimum: null, maximum: null }), '-1')).toBeNull();
  });

  it('tells bounds where there are some', () => {
    const MOST = 2_147_483_647;
    expect(rangeOf({ minimum: 0, maximum: MOST, unit: 's' })).toBeNull();
    expect(rangeOf({ minimum: 1, maximum: MOST, unit: 's' })).toBe('at least 1 s');
    expect(rangeOf({ minimum: 0, maximum: 100, unit: '%' })).toBe('0 to 100 %');
    expect(rangeOf({ minimum: 0, maximum: MOST, unit: null })).toBeNull();
    expect(rangeOf({ minimum: null, maximum: null, unit: null })).toBeNull();
  });
});
