// What a newcomer sees: the demo charges by itself, and survives being killed.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { launchChromium } from '../tools/chromium.mjs';
import { assertNoHorizontalOverflow, assertUntroubled, openPage } from './support/browser.mjs';
import { startDemo } from './support/demo.mjs';

const LIMIT_MS = 60_000;

let demo;
let browser;

before(async () => {
  [demo, browser] = await Promise.all([startDemo(), launchChromium()]);
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

const get = async (path) => (await fetch(`${demo.url}/api/${path}`)).json();

/** What `probe` gives, once it gives something. */
async function eventually(probe, what) {
  const giveUpAt = Date.now() + LIMIT_MS;
  for (;;) {
    const value = await probe();
    if (value) return value;
    if (Date.now() > giveUpAt) throw new Error(`never came: ${what}`);
    await sleep(200);
  }
}

const openTransaction = () =>
  eventually(async () => {
    const all = await get('transactions?charge_point_id=DEMO-DC-1');
    return all.find(({ state, transaction_id: id }) => state === 'running' && id !== null);
  }, 'a transaction');

describe('the demo', () => {
  for (const colorScheme of ['light', 'dark']) {
    test(`a car charges while one looks on (${colorScheme})`, async () => {
      const { page, context, troubles } = await openPage(browser, {
        width: 1440,
        colorScheme,
        url: demo.url,
      });
      context.setDefaultTimeout(LIMIT_MS);
      await page.goto('/chargers/DEMO-DC-1');
      const connector = page.getByRole('region', { name: 'Connector 1' });
      await page
        .getByRole('status', { name: 'Connector 1 status' })
        .getByText('Charging', { exact: true })
        .waitFor();
      const charge = connector.getByText(/^\d+(\.\d+)? %$/);
      const seen = await charge.textContent();
      await page.waitForFunction(
        ([element, before]) => element.textContent !== before,
        [await charge.elementHandle(), seen],
      );
      await page.getByRole('tab', { name: 'Messages' }).click();
      const rows = page.getByRole('list', { name: 'Messages' }).getByRole('listitem');
      await rows.filter({ hasText: 'MeterValues' }).first().waitFor();
      assert.equal(await rows.filter({ hasText: 'breaks OCPP' }).count(), 0);
      await assertNoHorizontalOverflow(page);
      assertUntroubled(troubles);
      await context.close();
    });
  }

  test('killed and started again, the transaction goes on or is stopped', async () => {
    const { transaction_id: id } = await openTransaction();
    await demo.kill();
    demo = await startDemo({ folder: demo.folder });
    const after = await eventually(async () => {
      const all = await get('transactions?charge_point_id=DEMO-DC-1');
      const same = all.find(({ transaction_id }) => transaction_id === id);
      return same && ['running', 'stopped'].includes(same.state) ? same : undefined;
    }, 'the transaction from before');
    if (after.state === 'stopped') assert.equal(after.stop_reason, 'PowerLoss');
    await eventually(
      async () => (await get('chargers/DEMO-DC-1')).queued_messages === 0,
      'delivery',
    );
    await openTransaction();
  });

  test('Ctrl-C ends it cleanly', async () => {
    const code = await demo.stop();
    assert.equal(code, 0, demo.output());
    assert.doesNotMatch(demo.output(), /Traceback|ERROR/);
  });
});
