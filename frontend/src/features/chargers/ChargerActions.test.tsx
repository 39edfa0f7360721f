import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { fakeApi, show } from '@/testing/render';
import { aChargerDetail, aChargingConnector, aConnector } from '@/testing/things';
import { ChargerActions } from './ChargerActions';

const BASE = '/api/chargers/CP001';

async function openFromMenu(item: string, title = item) {
  await userEvent.click(screen.getByRole('button', { name: 'More charger actions' }));
  await userEvent.click(await screen.findByRole('menuitem', { name: item }));
  return within(await screen.findByRole('dialog', { name: title }));
}

async function chooseFromPower(item: string) {
  await userEvent.click(screen.getByRole('button', { name: 'Power' }));
  await userEvent.click(await screen.findByRole('menuitem', { name: item }));
}

describe('the software of a charger', () => {
  it('restarts at once where nobody charges', async () => {
    const calls = fakeApi({ [`POST ${BASE}/power`]: {} });
    await show(<ChargerActions charger={aChargerDetail()} />);
    await chooseFromPower('Restart software');
    expect(await screen.findByText('The software of North gate restarts')).toBeInTheDocument();
    expect(calls[0]?.body).toEqual({ state: 'restart' });
  });

  it('restarts during a transaction only when that is wanted', async () => {
    const calls = fakeApi({ [`POST ${BASE}/power`]: {} });
    await show(<ChargerActions charger={aChargerDetail({ connectors: [aChargingConnector()] })} />);
    await chooseFromPower('Restart software');
    const dialog = within(await screen.findByRole('dialog', { name: 'Restart software' }));
    expect(dialog.getByText(/ends with the reason Reboot/)).toBeInTheDocument();
    expect(calls).toEqual([]);
    await userEvent.click(dialog.getByRole('button', { name: 'Restart' }));
    expect(await screen.findByText('The software of North gate restarts')).toBeInTheDocument();
    expect(calls[0]?.body).toEqual({ state: 'restart' });
  });

  it('cannot restart without power', async () => {
    await show(<ChargerActions charger={aChargerDetail({ powered: false })} />);
    await userEvent.click(screen.getByRole('button', { name: 'Power' }));
    expect(await screen.findByRole('menuitem', { name: 'Restart software' })).toBeDisabled();
  });
});

describe('the bench of a charger', () => {
  it('makes its network slow and lossy', async () => {
    const calls = fakeApi({ [`POST ${BASE}/network`]: {} });
    await show(<ChargerActions charger={aChargerDetail()} />);
    const dialog = await openFromMenu('Network');
    await userEvent.clear(dialog.getByLabelText('Latency (ms)'));
    await userEvent.type(dialog.getByLabelText('Latency (ms)'), '200');
    await userEvent.clear(dialog.getByLabelText('Loss (%)'));
    await userEvent.type(dialog.getByLabelText('Loss (%)'), '101');
    expect(dialog.getByText('0 to 100 %.')).toBeInTheDocument();
    expect(dialog.getByRole('button', { name: 'Set network' })).toBeDisabled();
    await userEvent.clear(dialog.getByLabelText('Loss (%)'));
    await userEvent.type(dialog.getByLabelText('Loss (%)'), '5');
    await userEvent.click(dialog.getByRole('button', { name: 'Set network' }));
    expect(calls[0]?.body).toEqual({ state: 'up', latency_ms: 200, jitter_ms: 0, loss: 0.05 });
  });

  it('sets its clock wrong', async () => {
    const calls = fakeApi({ [`POST ${BASE}/clock`]: {} });
    await show(<ChargerActions charger={aChargerDetail()} />);
    const dialog = await openFromMenu('Clock');
    const offset = dialog.getByLabelText('Offset (s)');
    await userEvent.clear(offset);
    expect(dialog.getByRole('button', { name: 'Set clock' })).toBeDisabled();
    await userEvent.type(offset, '-3600');
    expect(dialog.getByText(/will be 1 h 00 min behind/)).toBeInTheDocument();
    await userEvent.click(dialog.getByRole('button', { name: 'Set clock' }));
    expect(calls[0]?.body).toEqual({ offset_s: -3600 });
  });

  it('sends a status that is not so', async () => {
    const calls = fakeApi({ [`POST ${BASE}/inject-status`]: {} });
    const charger = aChargerDetail({
      connectors: [aConnector(), aConnector({ connector_id: 2 })],
    });
    await show(<ChargerActions charger={charger} />);
    const dialog = await openFromMenu('Inject a status');
    await userEvent.click(dialog.getByLabelText('Connector', { selector: 'input' }));
    await userEvent.click(await screen.findByRole('option', { name: '2' }));
    await userEvent.click(dialog.getByLabelText('Status', { selector: 'input' }));
    await userEvent.click(await screen.findByRole('option', { name: 'Faulted' }));
    await userEvent.click(dialog.getByLabelText('Error code', { selector: 'input' }));
    await userEvent.click(await screen.findByRole('option', { name: 'GroundFailure' }));
    await userEvent.type(dialog.getByLabelText('Info'), 'a test');
    await userEvent.click(dialog.getByRole('button', { name: 'Send status' }));
    expect(calls[0]?.body).toEqual({
      connector_id: 2,
      status: 'Faulted',
      error_code: 'GroundFailure',
      info: 'a test',
      vendor_id: null,
      vendor_error_code: null,
    });
    expect(await screen.findByText('StatusNotification Faulted sent')).toBeInTheDocument();
  });
});
