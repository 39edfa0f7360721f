// Stories: steps in one page, each of which must leave the page untroubled.

import { test } from 'node:test';
import { assertNoHorizontalOverflow, assertUntroubled, savePicture } from './browser.mjs';

/** Every width and colour scheme that the pages are looked at in. */
export const SIGHTS = [
  { width: 1440, colorScheme: 'light' },
  { width: 1440, colorScheme: 'dark' },
  { width: 400, colorScheme: 'light' },
  { width: 400, colorScheme: 'dark' },
];

/** The arguments of a locator for a role with exactly that name. */
export const exactly = (role, name) => [role, { name, exact: true }];

/**
 * Gives a function that adds one step to the story called `id`; what comes after a broken step is
 * not tried. `scene()` gives the page and its troubles once they are there.
 */
export function makeStep(id, scene) {
  let broken = false;
  return function step(title, act) {
    test(title, async (t) => {
      if (broken) {
        t.skip('an earlier step failed');
        return;
      }
      broken = true;
      const { page, troubles } = scene();
      try {
        await act();
        await assertNoHorizontalOverflow(page);
        assertUntroubled(troubles);
      } catch (error) {
        const picture = await savePicture(page, `${id}: ${title}`);
        error.message += `\n(picture: ${picture})`;
        throw error;
      }
      broken = false;
    });
  };
}
