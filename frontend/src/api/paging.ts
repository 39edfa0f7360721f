import { bodyOf } from './client';

/** The largest page that the API gives. */
export const PAGE_SIZE = 1000;

/** All pages of a list, one after the other. */
export async function allPages<T>(
  fetchPage: (page: { limit: number; offset: number }) => Promise<{ data?: T[] }>,
): Promise<T[]> {
  const items: T[] = [];
  for (;;) {
    const page = bodyOf(await fetchPage({ limit: PAGE_SIZE, offset: items.length }));
    items.push(...page);
    if (page.length < PAGE_SIZE) return items;
  }
}
