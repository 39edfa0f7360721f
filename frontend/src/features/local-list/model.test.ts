import { describe, expect, it } from 'vitest';
import { anEntry } from '@/testing/things';
import { filterEntries, isExpired } from './model';

describe('the entries of a local list', () => {
  it('are found by tag, parent and status', () => {
    const entries = [
      anEntry({ id_tag: 'RED', status: 'Blocked' }),
      anEntry({ id_tag: 'GREEN', parent_id_tag: 'FLEET' }),
    ];
    const found = (text: string) => filterEntries(entries, text).map(({ id_tag }) => id_tag);
    expect(found('')).toEqual(['RED', 'GREEN']);
    expect(found(' re ')).toEqual(['RED', 'GREEN']);
    expect(found('fleet')).toEqual(['GREEN']);
    expect(found('block')).toEqual(['RED']);
  });

  it('go out of date', () => {
    const now = Date.parse('2026-01-02T10:00:00Z');
    expect(isExpired(anEntry(), now)).toBe(false);
    expect(isExpired(anEntry({ expiry_date: '2026-01-02T09:59:59Z' }), now)).toBe(true);
    expect(isExpired(anEntry({ expiry_date: '2026-01-02T10:00:01Z' }), now)).toBe(false);
    expect(isExpired(anEntry({ expiry_date: 'never' }), now)).toBe(false);
  });
});
