// Takes the picture of the README, docs/images/charger.png, from a demo of its own.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { startDemo } from '../../e2e/support/demo.mjs';
import { launchChromium } from '../chromium.mjs';

const SETTLE_MS = 45_000;

const images = fileURLToPath(new URL('../../docs/images', import.meta.url));
mkdirSync(images, { recursive: true });

const demo = await startDemo();
const browser = await launchChromium();
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 1080 } });
  await page.goto(`${demo.url}/chargers/DEMO-AC-1`);
  const charging = page.getByText('Charging', { exact: true }).first();
  await charging.waitFor({ timeout: 60_000 });
  // Long enough for the curve to be one.
  await sleep(SETTLE_MS);
  await page.screenshot({ path: join(images, 'charger.png') });
} finally {
  await browser.close();
  await demo.stop();
}
