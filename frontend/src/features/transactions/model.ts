/** What the list of transactions says of each; pure. */
import type { Transaction } from '@/api/types';
import { secondsBetween } from '@/lib/time';

/** Seconds from start to stop, or to now (Unix milliseconds) while it goes on. */
export function durationS(transaction: Transaction, now_ms: number): number | null {
  return secondsBetween(transaction.started_at, transaction.stopped_at ?? now_ms);
}

/** The meter's difference where both ends are known, else what the charger reports. */
export function energyWh(transaction: Transaction): number | null {
  const { meter_start_wh, meter_stop_wh, energy_wh } = transaction;
  return meter_stop_wh === null ? energy_wh : meter_stop_wh - meter_start_wh;
}

export function isOpen(transaction: Transaction): boolean {
  return transaction.state === 'starting' || transaction.state === 'running';
}
