// From an empty location to a charged car and back, in every width and colour scheme.

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

for (const sight of SIGHTS) {
  const name = `${sight.width} wide, ${sight.colorScheme}`;
  describe(name, () => {
    let page;
    let context;
    let troubles;
    const id = `E2E-${sight.width}-${sight.colorScheme}`;
    const place = `Bench ${id}`;
    const car = `Car of ${id}`;

    before(async () => {
      ({ page, context, troubles } = await openPage(browser, { ...sight, url: demo.url }));
    });
    after(() => context?.close());

    const step = makeStep(id, () => ({ page, troubles }));
    const dialog = (title) => page.getByRole(...exactly('dialog', title));
    const connector = () => page.getByRole(...exactly('region', 'Connector 1'));
    const press = (title) =>
      connector()
        .getByRole(...exactly('button', title))
        .click();
    const confirm = (title, button) =>
      dialog(title)
        .getByRole(...exactly('button', button))
        .click();

    async function status(word) {
      const shown = page.getByRole(...exactly('status', 'Connector 1 status'));
      await shown.getByText(word, { exact: true }).waitFor();
    }

    const chargerState = (word) =>
      page.getByRole(...exactly('status', 'Charger state')).getByText(word, { exact: true });

    async function openTab(title) {
      await page.getByRole('tab', { name: title }).click();
    }

    step('the demo location is there, with its chargers', async () => {
      await page.goto('/');
      await page.waitForURL('**/locations');
      const card = page.getByRole(...exactly('article', 'Demo site'));
      await card.getByText('3 chargers').waitFor();
    });

    step('the colour scheme is the one that the system asks for', async () => {
      const scheme = await page.locator('html').getAttribute('data-mantine-color-scheme');
      assert.equal(scheme, sight.colorScheme);
    });

    step('a location is created', async () => {
      await page.getByRole('button', { name: 'New location' }).first().click();
      await dialog('New location').getByLabel('Name').fill(place);
      await dialog('New location').getByLabel('Address').fill('1 Test Lane');
      await confirm('New location', 'Create location');
      await page.getByRole(...exactly('heading', place)).waitFor();
    });

    step('a vehicle is added to it', async () => {
      await openTab('Vehicles');
      await page.getByRole('button', { name: 'Add vehicle' }).click();
      await dialog('Add vehicle').getByLabel('Name').fill(car);
      await dialog('Add vehicle').getByLabel('Id tags').fill(`TAG-${sight.width}`);
      await dialog('Add vehicle').getByLabel('Battery (kWh)').fill('50');
      await confirm('Add vehicle', 'Add vehicle');
      await page.getByRole('table', { name: 'Vehicles' }).getByText(car).waitFor();
    });

    step('a charger is added, and connects to the CSMS', async () => {
      await openTab('Chargers');
      await page.getByRole('button', { name: 'Add charger' }).click();
      const form = dialog('Add charger');
      await form.getByRole(...exactly('textbox', 'Name')).fill(`Charger ${id}`);
      await form.getByLabel('Charge point id').fill(id);
      await form.getByLabel('CSMS address').fill(demo.csmsUrl);
      await form.getByRole('switch', { name: 'Connect at once' }).check();
      await confirm('Add charger', 'Add charger');
      await page.getByRole('link', { name: `Charger ${id}` }).click();
      await page.getByRole(...exactly('heading', `Charger ${id}`)).waitFor();
      await chargerState('Accepted').waitFor();
      await status('Available');
    });

    step('the car is plugged in', async () => {
      await press('Plug in');
      await confirm('Plug in', 'Plug in');
      await status('Preparing');
    });

    step('a tag is presented, and it charges', async () => {
      await press('Present tag');
      await dialog('Present tag').getByLabel('Id tag').fill(`TAG-${sight.width}`);
      await confirm('Present tag', 'Present tag');
      await status('Charging');
      await connector()
        .getByText(/^Transaction \d+/)
        .waitFor();
    });

    step('energy flows', async () => {
      const energy = connector().locator('dt', { hasText: 'Session' }).locator('+ dd');
      const before = await energy.textContent();
      await page.waitForFunction(
        ([element, text]) => element.textContent !== text,
        [await energy.elementHandle(), before],
      );
    });

    step('the car pauses, and goes on', async () => {
      await press('Pause EV');
      await status('SuspendedEV');
      await press('Resume EV');
      await status('Charging');
    });

    step('without a network it charges on', async () => {
      await page.getByRole(...exactly('button', 'Go offline')).click();
      await chargerState('Offline').waitFor();
      await status('Charging');
    });

    step('what happens offline is delivered later', async () => {
      await press('Stop');
      await status('Finishing');
      await chargerState('1 message queued').waitFor();
      await page.getByRole(...exactly('button', 'Go online')).click();
      await chargerState('Connected').waitFor();
      await chargerState('1 message queued').waitFor({ state: 'detached' });
    });

    step('the car leaves, with its cable', async () => {
      await press('Unplug');
      await press('Socket');
      await page.getByRole('menuitem', { name: 'Take the cable out' }).click();
      await status('Available');
    });

    step('a fault covers the state, which comes back', async () => {
      await press('Fault');
      await dialog('Raise a fault').getByLabel('Error code', { exact: true }).first().click();
      await page.getByRole(...exactly('option', 'GroundFailure')).click();
      await confirm('Raise a fault', 'Raise fault');
      await status('Faulted');
      await press('Clear fault');
      await connector()
        .getByRole(...exactly('button', 'Fault'))
        .waitFor();
    });

    step('the configuration is changed, and stays', async () => {
      await openTab('Configuration');
      const key = page.getByRole(...exactly('group', 'MeterValueSampleInterval'));
      await key.getByRole('textbox').fill('7');
      await key.getByRole('button', { name: 'Save' }).click();
      await page.getByText('MeterValueSampleInterval saved').waitFor();
      await page.reload();
      assert.equal(await key.getByRole('textbox').inputValue(), '7');
      const fixed = page.getByRole(...exactly('group', 'NumberOfConnectors'));
      await fixed.getByText('read-only').waitFor();
    });

    step('the messages were seen, each with its answer', async () => {
      await openTab('Messages');
      const rows = page.getByRole('list', { name: 'Messages' }).getByRole('listitem');
      await rows.filter({ hasText: 'BootNotification' }).first().waitFor();
      await page.getByLabel('Action', { exact: true }).first().click();
      await page.getByRole(...exactly('option', 'StartTransaction')).click();
      await page.getByText('1 exchange, live').waitFor();
      await rows.getByRole('button').click();
      await rows.getByLabel('Payload of CALL StartTransaction').getByText('"idTag"').waitFor();
      await rows
        .getByLabel(/^Payload of CALLRESULT/)
        .getByText('"transactionId"')
        .waitFor();
    });

    step('the transaction is listed', async () => {
      await openTab('Transactions');
      const table = page.getByRole('table', { name: 'Transactions' });
      await table.getByText(`TAG-${sight.width}`).first().waitFor();
      await table.getByText('stopped', { exact: true }).first().waitFor();
    });

    step('the charger is deleted, and its location', async () => {
      await page.getByRole('button', { name: 'More charger actions' }).click();
      await page.getByRole('menuitem', { name: 'Delete charger' }).click();
      await confirm('Delete charger', 'Delete charger');
      await page.getByRole(...exactly('heading', place)).waitFor();
      await page.getByRole('button', { name: 'Location actions' }).click();
      await page.getByRole('menuitem', { name: 'Delete location' }).click();
      await page
        .getByRole('dialog')
        .getByRole('button', { name: /^Delete/ })
        .click();
      await page.waitForURL('**/locations');
    });
  });
}
