/** Which entries of a local list are shown, and how; pure. */
import type { LocalListEntry } from '@/api/types';

export const STATUS_COLORS: Record<LocalListEntry['status'], string> = {
  Accepted: 'green',
  Blocked: 'red',
  Expired: 'orange',
  Invalid: 'red',
  ConcurrentTx: 'yellow',
};

/** The entries whose tag, parent or status contain the text. */
export function filterEntries(entries: readonly LocalListEntry[], text: string): LocalListEntry[] {
  const wanted = text.trim().toLowerCase();
  return entries.filter(({ id_tag, parent_id_tag, status }) =>
    [id_tag, parent_id_tag ?? '', status].some((word) => word.toLowerCase().includes(wanted)),
  );
}

/** Whether an entry is out of date; one whose date cannot be read is not. */
export function isExpired({ expiry_date }: LocalListEntry, now_ms: number): boolean {
  return expiry_date !== null && Date.parse(expiry_date) <= now_ms;
}
