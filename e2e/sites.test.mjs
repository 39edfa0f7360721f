// A site with a charger from a template and cars of the library, faster than real time, and the truth
// of what happened there.

import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { launchChromium } from '../tools/chromium.mjs';
import { openPage } from './support/browser.mjs';
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

async function api(method, path, body) {
  const answer = await fetch(`${demo.url}/api/${path}`, {
    method,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
  return answer.json();
}

for (const sight of SIGHTS) {
  describe(`${sight.width} wide, ${sight.colorScheme}`, () => {
    let page;
    let context;
    let troubles;
    const id = `SITE-${sight.width}-${sight.colorScheme}`;
    const place = `Depot ${id}`;
    const car = `Van of ${id}`;
    const step = makeStep(id, () => ({ page, troubles }));

    before(async () => {
      await api('PATCH', 'simulation', { time_scale: 1 });
      const location = await api('POST', 'locations', { name: place, address: '2 Test Lane' });
      ({ page, context, troubles } = await openPage(browser, { ...sight, url: demo.url }));
      await page.goto(`/locations/${location.id}`);
    });
    after(() => context?.close());

    const region = (name) => page.getByRole(...exactly('region', name));
    const dialog = (name) => page.getByRole(...exactly('dialog', name));
    const press = (within, name) => within.getByRole(...exactly('button', name)).click();
    const openTab = (title) => page.getByRole('tab', { name: title }).click();
    const status = (word) =>
      page
        .getByRole(...exactly('status', 'Connector 1 status'))
        .getByText(word, { exact: true })
        .waitFor();

    /** Chooses what is found by typing, with the keyboard alone. */
    async function search(within, label, words, option) {
      const box = within.getByRole(...exactly('combobox', label));
      await box.fill(words);
      await page.getByRole('option', { name: option }).waitFor();
      await box.press('ArrowDown');
      await box.press('Enter');
      await page.getByRole('option').first().waitFor({ state: 'hidden' });
    }

    async function setPace(current, wanted) {
      await page.getByRole('button', { name: current }).press('Enter');
      const choice = page.getByRole('radio', { name: wanted });
      await choice.check();
      await choice.press('Enter');
      await page.getByRole('button', { name: `Time: ${wanted}` }).waitFor();
    }

    step('all of the simulation runs faster', async () => {
      await page.getByRole(...exactly('heading', place)).waitFor();
      await setPace('Time: ×1, real time', '×60, a minute a second');
    });

    step('a vehicle is one of the library, with its own curve', async () => {
      await openTab('Vehicles');
      await page.getByRole('button', { name: 'Add vehicle' }).first().click();
      const form = dialog('Add vehicle');
      await form.getByLabel('Name').fill(car);
      await form.getByLabel('Id tags').fill(`TAG-${id}`);
      await search(form, 'Model', 'zoe ze50', 'Renault Zoe ZE50');
      const curve = form.getByRole('slider', { name: 'DC charging curve' });
      await curve.press('ArrowRight');
      assert.match(await form.getByLabel('Battery (kWh)').getAttribute('placeholder'), /52/);
      const ofTheLibrary = await curve.getAttribute('aria-valuetext');
      assert.match(ofTheLibrary, /^10 %: power [\d.]+ kW$/);
      assert.notEqual(ofTheLibrary, '10 %: power 20 kW');
      await form.getByLabel('DC power (kW)').fill('20');
      await form.locator('[aria-valuetext="10 %: power 20 kW"]').waitFor();
      await press(form, 'Add vehicle');
      const row = page.getByRole('row').filter({ hasText: car });
      await row.getByText('Renault Zoe ZE50').waitFor();
    });

    step('a site without a limit says so, and is given one', async () => {
      await openTab('Site');
      await page.getByText('No limit at this location').waitFor();
      await page.getByRole('button', { name: 'Set a grid limit' }).click();
      const form = dialog('Grid limit');
      await form.getByRole(...exactly('textbox', 'Grid limit')).fill('20');
      await press(form, 'Add a point to Base load');
      await press(form, 'Save');
      await form.getByText('Give each point a time (HH:MM).').waitFor();
      await form.getByLabel('Base load, point 1: time').fill('00:00');
      await form.getByLabel('Base load, point 1: kW').fill('2.07');
      await press(form, 'Save');
      await region('The site').getByText('20 A a phase').waitFor();
      await region('The site').getByText('2.07 kW all day').waitFor();
      await region('The site now')
        .getByRole('img', { name: /^L3: .* import 3\.0 A of 20/ })
        .waitFor();
    });

    step('a charger is made from a template, which can be changed', async () => {
      await openTab('Chargers');
      await page.getByRole('button', { name: 'Add charger' }).first().click();
      const form = dialog('Add charger');
      await search(form, 'Template', '2 x 22 kW on a shared', /on a shared supply$/);
      await form.getByText(/^22\.08 kW shared/).waitFor();
      await form.getByRole(...exactly('textbox', 'Name')).fill(`Charger ${id}`);
      await form.getByLabel('Charge point id').fill(id);
      await form.getByLabel('CSMS address').fill(demo.csmsUrl);
      await form.getByRole('switch', { name: 'Connect at once' }).check();
      await press(form, 'Advanced');
      const supply = form.getByRole(...exactly('group', 'Supply and meters'));
      const shared = supply.getByLabel('Shared power (kW)');
      assert.equal(await shared.inputValue(), '22.08');
      await shared.fill('11.04');
      await press(form, 'Add charger');
      await page.getByRole('link', { name: `Charger ${id}` }).click();
      await page.getByRole(...exactly('heading', `Charger ${id}`)).waitFor();
      const state = page.getByRole(...exactly('status', 'Charger state'));
      await state.getByText('Accepted', { exact: true }).waitFor();
      await state.getByText('Time ×60', { exact: true }).waitFor();
      await region('Connector 2').waitFor();
    });

    step('a car that passes by comes with a cold battery, and charges', async () => {
      const connector = region('Connector 1');
      await press(connector, 'Plug in');
      const form = dialog('Plug in');
      await search(form, 'Vehicle', 'id.3 58', /ID\.3/);
      await form.getByLabel('State of charge (%)').fill('20');
      await form.getByLabel('Battery temperature (°C)').fill('-10');
      await press(form, 'Plug in');
      await status('Preparing');
      await press(connector, 'Present tag');
      await dialog('Present tag').getByLabel('Id tag').fill(`TAG-${id}`);
      await press(dialog('Present tag'), 'Present tag');
      await status('Charging');
      await connector.getByText(/ID\.3/).waitFor();
    });

    step('the limit names the charger and the site among its layers', async () => {
      await openTab('Smart charging');
      const layers = page.getByRole('list', { name: 'Layers of connector 1' });
      await layers.getByText('Site’s load management').waitFor();
      const charger = layers.getByRole('listitem').filter({ hasText: 'all connectors together' });
      await charger.getByText(/16 A/).waitFor();
      await charger.getByText('decides').waitFor();
    });

    step('the site shows live who takes what', async () => {
      await page.getByRole('navigation').getByRole('link', { name: place }).click();
      await openTab('Site');
      const now = region('The site now');
      const row = now.getByRole('row').filter({ hasText: `${id} · 1` });
      await row.getByText('charging', { exact: true }).waitFor();
      await row.getByText(/kW$/).waitFor();
      await now.getByRole('img', { name: /^L1: chargers 1\d(\.\d)? A/ }).waitFor();
      await row.getByRole('link').click();
    });

    step(
      'the ledger tells the truth of a transaction, and closes where it was opened',
      async () => {
        await openTab('Connectors');
        await press(region('Connector 1'), 'Stop');
        await status('Finishing');
        await openTab('Transactions');
        const opener = page.getByRole('button', { name: /^Ledger of transaction \d+$/ });
        await opener.press('Enter');
        const ledger = dialog('Session ledger');
        await ledger.getByText('stopped', { exact: true }).waitFor();
        const messages = ledger.getByRole('table', { name: 'Messages of the transaction' });
        const last = messages.getByRole('row').filter({ hasText: 'StopTransaction' });
        await last.getByText('acknowledged', { exact: true }).waitFor();
        const chart = ledger.getByRole('slider', { name: 'Energy by interval' });
        await chart.press('Home');
        assert.equal(await chart.getAttribute('aria-valuenow'), '1');
        assert.match(
          await chart.getAttribute('aria-valuetext'),
          /Wh\), peak [\d.]+ k?W, offered [\d.]+ k?W/,
        );
        for (const part of ['JSON', 'Intervals (CSV)', 'Messages (CSV)']) {
          const downloading = page.waitForEvent('download');
          await ledger.getByRole(...exactly('link', part)).click();
          const download = await downloading;
          assert.match(download.suggestedFilename(), new RegExp(`^${id}-\\d+-`));
          assert.equal(await download.failure(), null);
        }
        await page.keyboard.press('Escape');
        await ledger.waitFor({ state: 'hidden' });
        await page.waitForFunction(
          (element) => document.activeElement === element,
          await opener.elementHandle(),
        );
      },
    );

    step('the records of a CSMS are held against the transaction', async () => {
      const name = await page
        .getByRole('button', { name: /^Ledger of transaction \d+$/ })
        .getAttribute('aria-label');
      const transaction = name.match(/\d+$/)[0];
      await page.getByRole('link', { name: 'Reconcile with a CSMS' }).press('Enter');
      await page.getByRole(...exactly('heading', 'Reconciliation')).waitFor();
      await page.locator('input[type="file"]').setInputFiles({
        name: 'cdr.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from(`transaction_id,energy_wh\n${transaction},-5\n`),
      });
      await page.getByRole('button', { name: 'Compare' }).press('Enter');
      await page.getByText('0 of 1 compared transactions agree, 1 difference').waitFor();
      const differences = page.getByRole('table', { name: 'Differences' });
      await differences
        .getByRole('row')
        .filter({ hasText: transaction })
        .getByText('-5 Wh')
        .waitFor();
      await page.goBack();
      await page.getByRole(...exactly('heading', `Charger ${id}`)).waitFor();
    });

    step('a charger and a location have paces of their own', async () => {
      await page.getByRole('navigation').getByRole('link', { name: place }).click();
      await page.getByRole('button', { name: 'Location actions' }).click();
      await page.getByRole('menuitem', { name: 'Edit location' }).click();
      const form = dialog('Edit location');
      await form.getByLabel('Time scale').fill('');
      await press(form, 'Save');
      await form.getByText('From 1 to 3600.').waitFor();
      await form.getByLabel('Time scale').fill('10');
      await press(form, 'Save');
      await form.waitFor({ state: 'hidden' });
      await page.getByRole('link', { name: `Charger ${id}` }).click();
      const state = page.getByRole(...exactly('status', 'Charger state'));
      await state.getByText('Time ×10', { exact: true }).waitFor();
      await page.getByRole('button', { name: 'More charger actions' }).click();
      await page.getByRole('menuitem', { name: 'Edit charger' }).click();
      await press(dialog('Edit charger'), 'Advanced');
      await dialog('Edit charger').getByLabel('Time scale').fill('2');
      await press(dialog('Edit charger'), 'Save');
      await state.getByText('Time ×2', { exact: true }).waitFor();
      await setPace('Time: ×60, a minute a second', '×1, real time');
      await state.getByText('Time ×2', { exact: true }).waitFor();
    });

    step('the site is removed, and limits nobody', async () => {
      await page.getByRole('navigation').getByRole('link', { name: place }).click();
      await openTab('Site');
      await page.getByRole('button', { name: 'Remove' }).click();
      await press(dialog('Remove the site'), 'Remove site');
      await page.getByText('No limit at this location').waitFor();
    });
  });
}
