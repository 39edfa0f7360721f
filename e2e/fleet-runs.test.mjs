// A small load test against the demo CSMS: written, started, watched, stopped, reported, deleted.

import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { launchChromium } from '../tools/chromium.mjs';
import { assertUntroubled, openPage } from './support/browser.mjs';
import { startDemo } from './support/demo.mjs';
import { SIGHTS, exactly, makeStep } from './support/story.mjs';

let demo;
let browser;

before(async () => {
  [demo, browser] = await Promise.all([startDemo(), launchChromium()]);
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

/** Five chargers for a few seconds; `wrong` is a line that does not belong there. */
const planOf = (name, { duration, wrong = '' }) => `version: 1
name: ${name}
start: 2026-03-02T08:00:00Z
duration: ${duration}
chargers:
  - count: 5
    id_prefix: ${name.replaceAll(/\W+/g, '-')}-
    ${wrong}
    configuration: {MeterValueSampleInterval: 1}
arrivals:
  - {per_day: 100000, stay_h: 0.001, tag_after_s: 0}
live:
  ramp_up: 1s
  ramp_down: 1s
  settle: 1s
thresholds:
  latency: {"*": {p95_ms: 20000}}
`;

for (const [index, sight] of SIGHTS.entries()) {
  describe(`${sight.width} wide, ${sight.colorScheme}`, () => {
    let page;
    let context;
    let troubles;
    const id = `FLEET-${sight.width}-${sight.colorScheme}`;
    // One goes to its end by itself, the others are stopped
    const stopped = index > 0;
    const step = makeStep(id, () => ({ page, troubles }));

    before(async () => {
      ({ page, context, troubles } = await openPage(browser, { ...sight, url: demo.url }));
      await page.goto('/');
    });
    after(() => context?.close());

    const button = (name) => page.getByRole(...exactly('button', name));
    const dialog = (name) => page.getByRole(...exactly('dialog', name));
    const link = (name) => page.getByRole(...exactly('link', name));
    const plan = () => page.getByRole(...exactly('textbox', 'Plan'));
    const planSays = (text) =>
      page.waitForFunction(
        (wanted) => document.querySelector('form textarea')?.value.includes(wanted),
        text,
      );
    const state = (word) =>
      page.getByRole(...exactly('status', 'State of the run')).getByText(word, { exact: true });

    step('the way to a new run, with plans to begin with that can be run', async () => {
      await link('Fleet runs').click();
      await page.getByRole(...exactly('heading', 'Fleet runs')).waitFor();
      if (index === 0) await link('Try a small one').click();
      else await link('New run').click();
      await planSays('name: Small run');
      await page.getByLabel('CSMS address').fill(demo.csmsUrl);
      if (index > 0) return;
      for (const [name, chargers] of [
        ['Bad day', '100 chargers'],
        ['Load', '1,000 chargers'],
        ['Small', '10 chargers'],
      ]) {
        await button(name).click();
        await button('Check').click();
        await page.getByText(new RegExp(`^${chargers} with`)).waitFor();
      }
    });

    step('a plan comes from a file, and what is wrong is shown at its line', async () => {
      await page.locator('input[type="file"]').setInputFiles({
        name: 'plan.yaml',
        mimeType: 'application/yaml',
        buffer: Buffer.from(planOf(id, { duration: '5s', wrong: 'cuont: 3' })),
      });
      await planSays(`name: ${id}`);
      await button('Check').press('Enter');
      await page.getByText(/^Line 8: .*cuont/).waitFor();
      await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
      const chosen = await plan().evaluate((field) =>
        field.value.slice(field.selectionStart, field.selectionEnd),
      );
      assert.equal(chosen, '    cuont: 3');
      // The refusal is no trouble; the browser notes it like any answer of that kind
      assert.match(troubles.pop() ?? '', /422/);
      await plan().press('Delete');
      await button('Check').press('Enter');
      await page.getByText(/^5 chargers with 5 connectors/).waitFor();
    });

    step('the run is started, and watched', async () => {
      if (stopped) await plan().fill(planOf(id, { duration: '120s' }));
      await button('Start').click();
      await page.getByRole(...exactly('heading', id)).waitFor();
      await state('Running').waitFor();
      await page.locator('dl').getByText('of 5 chargers').waitFor();
      const chargers = page.getByRole(...exactly('slider', 'Chargers'));
      await chargers.and(page.locator('[aria-valuetext*="connected 5,"]')).waitFor();
      const latency = page.getByRole(...exactly('slider', 'Latency'));
      await latency.press('Home');
      assert.equal(await latency.getAttribute('aria-valuenow'), '1');
      await page
        .getByRole(...exactly('table', 'Latency by action'))
        .getByRole('row', { name: /^BootNotification/ })
        .waitFor();
    });

    step('it is stopped, or goes to its end', async () => {
      if (stopped) {
        await button('Stop').press('Enter');
        await dialog('Stop the run').getByRole('button', { name: 'Stop run' }).press('Enter');
        await state('Broken off').waitFor();
      } else {
        await state('Passed').waitFor();
      }
      const thresholds = page.getByRole(...exactly('table', 'Thresholds'));
      await thresholds
        .getByRole('row', { name: /all answers p95/ })
        .getByText('Holds')
        .waitFor();
    });

    step('the report opens beside it, and the figures can be had', async () => {
      const opening = page.waitForEvent('popup');
      await link('Report').click();
      const report = await opening;
      await report.getByRole('heading', { name: id }).waitFor();
      await report.close();
      for (const [what, name] of [
        ['Summary (JSON)', /-summary\.json$/],
        ['Plan (YAML)', /-plan\.yaml$/],
      ]) {
        await button('More run actions').click();
        const downloading = page.waitForEvent('download');
        await page.getByRole(...exactly('menuitem', what)).click();
        const download = await downloading;
        assert.match(download.suggestedFilename(), name);
        assert.equal(await download.failure(), null);
      }
    });

    step('it can be run again with the same plan, and what stood instead', async () => {
      await link('Run again').click();
      await planSays(`name: ${id}`);
      assert.equal(await page.getByLabel('CSMS address').inputValue(), demo.csmsUrl);
      assert.equal(await page.getByLabel('Duration').inputValue(), '');
      await page.goBack();
      await page.getByRole(...exactly('heading', id)).waitFor();
    });

    step('it is deleted', async () => {
      await button('More run actions').click();
      await page.getByRole(...exactly('menuitem', 'Delete run')).click();
      await dialog('Delete the run')
        .getByRole(...exactly('button', 'Delete'))
        .click();
      await page.getByRole(...exactly('heading', 'Fleet runs')).waitFor();
      await page.getByText('No fleet runs yet').waitFor();
      assertUntroubled(troubles);
    });
  });
}
