// Pages that remember everything that went wrong in them.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PICTURES = fileURLToPath(new URL('../../.cache/e2e', import.meta.url));

const HEIGHT = { 1440: 900, 400: 860 };

/** A page in the given width and colour scheme; `troubles` gathers what it complains about. */
export async function openPage(browser, { width, colorScheme, url }) {
  const context = await browser.newContext({
    baseURL: url,
    viewport: { width, height: HEIGHT[width] },
    colorScheme,
    reducedMotion: 'reduce',
    locale: 'en-GB',
  });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  const troubles = [];
  page.on('pageerror', (error) => troubles.push(`page error: ${error.message}`));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) {
      troubles.push(`console ${message.type()}: ${message.text()}`);
    }
  });
  page.on('response', (response) => {
    if (response.status() >= 500) troubles.push(`${response.status()} ${response.url()}`);
  });
  return { page, context, troubles };
}

/** Fails where the page can be scrolled sideways, and names what sticks out. */
export async function assertNoHorizontalOverflow(page) {
  const overflow = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return null;
    const culprits = [...document.body.querySelectorAll('*')]
      .filter((element) => element.getBoundingClientRect().right > clientWidth + 1)
      .slice(-3)
      .map((element) => `<${element.tagName.toLowerCase()} class="${element.className}">`);
    return { scrollWidth, clientWidth, culprits };
  });
  assert.equal(overflow, null, `${page.url()} overflows: ${JSON.stringify(overflow)}`);
}

/** Fails where anything on the page complained. */
export function assertUntroubled(troubles) {
  assert.deepEqual(troubles, []);
}

/** Keeps what the page looks like; gives the path of the picture. */
export async function savePicture(page, title) {
  mkdirSync(PICTURES, { recursive: true });
  const path = join(PICTURES, `${title.replaceAll(/[^A-Za-z0-9]+/g, '-')}.png`);
  await page.screenshot({ path, fullPage: true });
  return path;
}
