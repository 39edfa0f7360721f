// What a CSMS leaves at a charger, and what a person does to it on the bench, as its page shows it.

import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { launchChromium } from '../tools/chromium.mjs';
import { openPage } from './support/browser.mjs';
import { startDemo } from './support/demo.mjs';
import { SIGHTS, exactly, makeStep } from './support/story.mjs';

const LIMIT_MS = 20_000;

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
    body: body && JSON.stringify(body),
  });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
  return answer.json();
}

/** A time so many seconds from now, as OCPP writes it. */
const inSeconds = (seconds) => new Date(Date.now() + seconds * 1000).toISOString();

const accepted = (answer) => assert.deepEqual(answer, { status: 'Accepted' });

for (const sight of SIGHTS) {
  describe(`${sight.width} wide, ${sight.colorScheme}`, () => {
    let page;
    let context;
    let troubles;
    const id = `FP-${sight.width}-${sight.colorScheme}`;
    const name = `Charger ${id} at the far end of the third parking deck`;
    const step = makeStep(id, () => ({ page, troubles }));
    const command = (action, payload) => demo.command(id, action, payload);

    before(async () => {
      const location = await api('POST', 'locations', { name: `Site of ${id}`, address: '-' });
      await api('POST', `locations/${location.id}/chargers`, {
        connection_url: demo.csmsUrl,
        charge_point_id: id,
        charger_name: name,
        evse_count: 2,
        auto_connect: true,
        configuration: { LocalAuthListEnabled: 'true', ReserveConnectorZeroSupported: 'true' },
      });
      const giveUpAt = Date.now() + LIMIT_MS;
      while ((await api('GET', `chargers/${id}`)).registration !== 'Accepted') {
        assert.ok(Date.now() < giveUpAt, 'the charger was not accepted');
        await sleep(100);
      }
      ({ page, context, troubles } = await openPage(browser, { ...sight, url: demo.url }));
    });
    after(() => context?.close());

    const region = (name) => page.getByRole(...exactly('region', name));
    const table = (name) => page.getByRole(...exactly('table', name));
    const dialog = (name) => page.getByRole(...exactly('dialog', name));
    const chargerState = (word) =>
      page.getByRole(...exactly('status', 'Charger state')).getByText(word, { exact: true });

    async function openTab(title) {
      await page.getByRole('tab', { name: title }).click();
    }

    async function openFromMenu(item) {
      await page.getByRole('button', { name: 'More charger actions' }).click();
      await page.getByRole('menuitem', { name: item }).click();
      await dialog(item).waitFor();
    }

    async function choose(label, option) {
      await page.getByLabel(label, { exact: true }).first().click();
      await page.getByRole(...exactly('option', option)).click();
    }

    step('a link is followed with the keyboard, which stays in the page', async () => {
      await page.goto('/locations');
      await page.getByRole('link', { name: `Site of ${id}` }).press('Enter');
      await page.getByRole('link', { name }).press('Enter');
      await page.getByRole(...exactly('heading', name)).waitFor();
      await page.waitForFunction(() => document.activeElement?.id === 'content');
    });

    step('without a profile the hardware sets the limit', async () => {
      await openTab('Smart charging');
      const limit = region('Limit of connector 1');
      await limit.getByText('set by Hardware').waitFor();
      await limit.getByText('32 A × 3 phases').first().waitFor();
      await page.getByText('No charging profile is installed').waitFor();
    });

    step('a profile that the CSMS sets is seen at once, and why it counts', async () => {
      accepted(
        await command('SetChargingProfile', {
          connectorId: 0,
          csChargingProfiles: {
            chargingProfileId: 1,
            stackLevel: 0,
            chargingProfilePurpose: 'ChargePointMaxProfile',
            chargingProfileKind: 'Absolute',
            chargingSchedule: {
              chargingRateUnit: 'A',
              startSchedule: inSeconds(-60),
              chargingSchedulePeriod: [{ startPeriod: 0, limit: 40 }],
            },
          },
        }),
      );
      accepted(
        await command('SetChargingProfile', {
          connectorId: 1,
          csChargingProfiles: {
            chargingProfileId: 2,
            stackLevel: 3,
            chargingProfilePurpose: 'TxDefaultProfile',
            chargingProfileKind: 'Recurring',
            recurrencyKind: 'Daily',
            validTo: inSeconds(30 * 86_400),
            chargingSchedule: {
              chargingRateUnit: 'A',
              startSchedule: inSeconds(-60),
              duration: 86_400,
              chargingSchedulePeriod: [
                { startPeriod: 0, limit: 10 },
                { startPeriod: 7200, limit: 16, numberPhases: 3 },
              ],
            },
          },
        }),
      );
      const limit = region('Limit of connector 1');
      await limit.getByText('set by TxDefaultProfile').waitFor();
      const decisive = limit.getByRole('listitem').filter({ hasText: 'decides' });
      await decisive.getByText(/Profile 2 · stack level 3 · period 1 \(10 A\) · until/).waitFor();
      assert.equal(await decisive.count(), 1);
      const rows = table('Charging profiles').getByRole('row');
      await rows.filter({ hasText: '10 A for 2 h, then 16 A on 3 phases for 22 h' }).waitFor();
    });

    step('the composite schedule is read with the keyboard, and as a table', async () => {
      const chart = page.getByRole('slider', { name: 'Schedule of connector 1, period' });
      await chart.focus();
      await chart.press('ArrowRight');
      assert.match(await chart.getAttribute('aria-valuetext'), /: limit 16 A on 3 phases$/);
      await page.getByRole('button', { name: 'Show as a table' }).click();
      const rows = table('Composite schedule of connector 1').getByRole('row');
      await rows.filter({ hasText: '16 A' }).first().waitFor();
    });

    step('it is drawn for a week, in watts, for the whole charger', async () => {
      await page.getByText('7 d', { exact: true }).click();
      await page.getByText('W', { exact: true }).click();
      await choose('Of which connector', 'Whole charger');
      const chart = page.getByRole('slider', { name: 'Schedule of the whole charger, period' });
      await chart.waitFor();
      await page.waitForFunction(
        (element) => / kW/.test(element.getAttribute('aria-valuetext')),
        await chart.elementHandle(),
      );
    });

    step('a profile opens to its periods, and goes when it is cleared', async () => {
      await page.getByRole('button', { name: 'Periods of profile 2' }).click();
      await table('Periods of profile 2').getByText('2 h', { exact: true }).first().waitFor();
      accepted(await command('ClearChargingProfile', {}));
      await page.getByText('No charging profile is installed').waitFor();
      await region('Limit of connector 1').getByText('set by Hardware').waitFor();
    });

    step('a local list is seen when it comes, searched and turned over', async () => {
      await openTab('Local list');
      await page.getByText('No tag is in the local list').waitFor();
      const tags = Array.from({ length: 60 }, (_, index) => ({
        idTag: `TAG-${index}`,
        idTagInfo: { status: 'Accepted' },
      }));
      const red = {
        idTag: 'RED',
        idTagInfo: { status: 'Blocked', parentIdTag: 'FLEET', expiryDate: inSeconds(86_400) },
      };
      accepted(
        await command('SendLocalList', {
          listVersion: 4,
          updateType: 'Full',
          localAuthorizationList: [...tags, red],
        }),
      );
      await page.getByText('Version 4', { exact: true }).waitFor();
      await page.getByRole('button', { name: 'next page' }).click();
      await page.getByLabel('Search the local list').fill('fleet');
      const row = table('Local list').getByRole('row').filter({ hasText: 'RED' });
      await row.getByText('Blocked', { exact: true }).waitFor();
    });

    step('a reserved connector says for whom, and refuses everybody else', async () => {
      await openTab('Connectors');
      await page.getByText('Your CSMS makes one with ReserveNow.').waitFor();
      const reservation = { expiryDate: inSeconds(3600), idTag: 'TAG-1' };
      accepted(await command('ReserveNow', { ...reservation, connectorId: 1, reservationId: 21 }));
      const card = region('Connector 1');
      // In the last hour of a day the reservation ends tomorrow, and its text says which day.
      await card
        .getByText(/^Reserved for TAG-1 until (\d{4}-\d\d-\d\d )?\d\d:\d\d · reservation 21$/)
        .waitFor();
      await card.getByRole('button', { name: 'Present tag' }).click();
      await dialog('Present tag').getByLabel('Id tag').fill('RED');
      await dialog('Present tag')
        .getByRole(...exactly('button', 'Present tag'))
        .click();
      await card.getByText(/^Tag RED refused: /).waitFor();
      await card.getByRole('button', { name: 'Dismiss the refusal' }).click();
      await card.getByText(/^Tag RED refused: /).waitFor({ state: 'detached' });
      accepted(await command('CancelReservation', { reservationId: 21 }));
      accepted(await command('ReserveNow', { ...reservation, connectorId: 0, reservationId: 22 }));
      await table('Reservations').getByRole('row').filter({ hasText: '0 (any)' }).waitFor();
      accepted(await command('CancelReservation', { reservationId: 22 }));
      await page.getByText('Your CSMS makes one with ReserveNow.').waitFor();
    });

    step('the next download fails as it was told to', async () => {
      await openTab('Files');
      const download = page.getByRole(...exactly('radiogroup', 'Firmware download'));
      await download.getByText('Fails', { exact: true }).click();
      await page.getByLabel('Duration of each (s)').fill('0');
      await page.getByRole('button', { name: 'Set outcomes' }).click();
      await page.getByText('The next transfers go as set').waitFor();
      await command('UpdateFirmware', {
        location: 'http://firmware.invalid/2.0.bin',
        retrieveDate: inSeconds(-1),
        retries: 0,
      });
      const status = page.getByRole(...exactly('status', 'Firmware status'));
      await status.getByText('DownloadFailed', { exact: true }).waitFor();
      await chargerState('Firmware: DownloadFailed').waitFor();
      await page.getByRole('button', { name: 'Reset' }).click();
      await page.getByRole('button', { name: 'Reset', disabled: true }).waitFor();
    });

    step('the network and the clock are made worse', async () => {
      await openFromMenu('Network');
      await dialog('Network').getByLabel('Latency (ms)').fill('20');
      await dialog('Network').getByLabel('Jitter (ms)').fill('5');
      await dialog('Network').getByRole('button', { name: 'Set network' }).click();
      await chargerState('Network: 20 ms ± 5.0 ms').waitFor();
      await openFromMenu('Clock');
      await dialog('Clock').getByLabel('Offset (s)').fill('-3600');
      await dialog('Clock').getByRole('button', { name: 'Set clock' }).click();
      await chargerState('Clock: 1 h 00 min behind').waitFor();
      await openFromMenu('Clock');
      await dialog('Clock').getByLabel('Offset (s)').fill('0');
      await dialog('Clock').getByRole('button', { name: 'Set clock' }).click();
      await chargerState('Clock: 1 h 00 min behind').waitFor({ state: 'detached' });
    });

    step('a status that is not so is sent, and told where it is in nobody’s way', async () => {
      await openTab('Messages');
      await openFromMenu('Inject a status');
      await choose('Status', 'Faulted');
      await choose('Error code', 'WeakSignal');
      await dialog('Inject a status').getByLabel('Info').fill('only a test');
      await dialog('Inject a status').getByRole('button', { name: 'Send status' }).click();
      const toast = page.getByRole('status').filter({ hasText: 'StatusNotification Faulted sent' });
      await toast.waitFor();
      if (sight.width === 400) assert.ok((await toast.boundingBox()).y < 60);
      await page.getByLabel('Search messages').fill('only a test');
      const rows = page.getByRole('list', { name: 'Messages' }).getByRole('listitem');
      await rows.filter({ hasText: 'StatusNotification' }).first().waitFor();
    });

    step('a thin cable limits the current', async () => {
      await openTab('Connectors');
      await region('Connector 2').getByRole('button', { name: 'Plug in' }).click();
      await choose('Cable rating', '13 A');
      await dialog('Plug in')
        .getByRole(...exactly('button', 'Plug in'))
        .click();
      await region('Connector 2')
        .getByText(/cable for 13 A/)
        .waitFor();
      await openTab('Smart charging');
      await region('Limit of connector 2').getByText('set by Cable').waitFor();
    });

    step('the configuration says units and bounds', async () => {
      await openTab('Configuration');
      const key = page.getByRole(...exactly('group', 'HeartbeatInterval'));
      await key.getByText('s', { exact: true }).waitFor();
    });

    step('a feature profile is switched off and on, by tag after tag', async () => {
      const key = page.getByRole(...exactly('group', 'SupportedFeatureProfiles'));
      await key.getByRole('button', { name: 'Change SupportedFeatureProfiles' }).click();
      await key
        .getByText('SmartCharging', { exact: true })
        .locator('..')
        .getByRole('button', { includeHidden: true })
        .click();
      await key.getByRole('button', { name: 'Save' }).click();
      await openTab('Smart charging');
      await page.getByText('The feature profile SmartCharging is off').waitFor();
      await page.getByRole(...exactly('link', 'configuration')).click();
      await key.getByRole('button', { name: 'Change SupportedFeatureProfiles' }).click();
      await key.getByRole('combobox').or(key.getByRole('textbox')).fill('Smart');
      await page.getByRole(...exactly('option', 'SmartCharging')).click();
      await key.getByRole('button', { name: 'Save' }).click();
      await openTab('Smart charging');
      await page
        .getByText('The feature profile SmartCharging is off')
        .waitFor({ state: 'detached' });
    });

    step('its software restarts in the middle of a transaction, which ends', async () => {
      await openTab('Connectors');
      const card = region('Connector 2');
      await card.getByRole(...exactly('button', 'Start charging')).click();
      await card.getByRole(...exactly('button', 'Stop')).waitFor();
      await page.getByRole(...exactly('button', 'Power')).click();
      await page.getByRole('menuitem', { name: 'Restart software' }).click();
      await dialog('Restart software')
        .getByRole(...exactly('button', 'Restart'))
        .click();
      await openTab('Transactions');
      await page.getByText('Reboot', { exact: true }).waitFor();
      await chargerState('Connected').waitFor();
    });

    step('the charger leaves its CSMS, and the keyboard keeps its place', async () => {
      await page.getByRole(...exactly('button', 'Disconnect')).press('Enter');
      await chargerState('Disconnected').waitFor();
      await page.getByRole(...exactly('button', 'Connect')).waitFor();
      await page.waitForFunction(() => document.activeElement?.ariaLabel === 'Charger actions');
    });
  });
}
