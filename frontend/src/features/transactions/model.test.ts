import { describe, expect, it } from 'vitest';
import { aTransaction } from '@/testing/things';
import { durationS, energyWh, isOpen } from './model';

describe('a transaction', () => {
  it('lasts until its stop, and until now before that', () => {
    const running = aTransaction({ started_at: '2026-01-02T10:00:00Z', stopped_at: null });
    expect(durationS(running, Date.parse('2026-01-02T10:01:00Z'))).toBe(60);
    const stopped = aTransaction({
      started_at: '2026-01-02T10:00:00Z',
      stopped_at: '2026-01-02T10:30:00Z',
    });
    expect(durationS(stopped, Date.parse('2026-01-02T12:00:00Z'))).toBe(1800);
  });

  it('has delivered what its meter went up by', () => {
    expect(energyWh(aTransaction({ meter_start_wh: 100, meter_stop_wh: 850 }))).toBe(750);
    expect(energyWh(aTransaction({ meter_stop_wh: null, energy_wh: 42 }))).toBe(42);
    expect(energyWh(aTransaction({ meter_stop_wh: null, energy_wh: null }))).toBeNull();
  });

  it('is open until it is stopped', () => {
    expect(isOpen(aTransaction({ state: 'running' }))).toBe(true);
    expect(isOpen(aTransaction({ state: 'stopping' }))).toBe(false);
  });
});
