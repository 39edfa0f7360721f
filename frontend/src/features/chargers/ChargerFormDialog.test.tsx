import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { fakeApi, problem, show } from '@/testing/render';
import { aChargerDetail, aChargerTemplate } from '@/testing/things';
import { AddChargerDialog } from './ChargerFormDialog';

const CREATE = 'POST /api/locations/1/chargers';

async function openForm() {
  await show(<AddChargerDialog opened locationId={1} onClose={() => undefined} />);
  return within(await screen.findByRole('dialog', { name: 'Add charger' }));
}

function created(calls: ReturnType<typeof fakeApi>) {
  return calls.find(({ method }) => method === 'POST')?.body as Record<string, unknown> | undefined;
}

describe('a new charger', () => {
  it('is made from no template unless one is chosen', async () => {
    const calls = fakeApi({
      'GET /api/charger-templates': [aChargerTemplate()],
      [CREATE]: aChargerDetail(),
    });
    const form = await openForm();
    expect(form.getByRole('combobox', { name: 'Template' })).toHaveValue('Custom');
    await userEvent.click(form.getByRole('button', { name: 'Add charger' }));
    await waitFor(() => {
      expect(created(calls)).toMatchObject({ template_id: null, charge_point_vendor: 'ocppsim' });
    });
  });

  it('is filled from the template that the keyboard finds, and can be changed then', async () => {
    const calls = fakeApi({
      'GET /api/charger-templates': [aChargerTemplate()],
      [CREATE]: aChargerDetail(),
    });
    const form = await openForm();
    const select = form.getByRole('combobox', { name: 'Template' });
    await userEvent.clear(select);
    await userEvent.type(select, 'double');
    await screen.findByRole('option', { name: 'DC double' });
    await userEvent.keyboard('{ArrowDown}{Enter}');
    expect(form.getByText('Two cables on five modules.')).toBeInTheDocument();
    expect(form.getByRole('textbox', { name: 'Connectors' })).toHaveValue('2');
    await userEvent.clear(form.getByRole('textbox', { name: 'Power (kW)' }));
    await userEvent.type(form.getByRole('textbox', { name: 'Power (kW)' }), '75');
    await userEvent.click(form.getByRole('button', { name: 'Add charger' }));
    await waitFor(() => {
      expect(created(calls)).toMatchObject({
        template_id: 'dc-duo',
        charge_point_vendor: 'Maker',
        connectors: [{ max_power_w: 75_000 }, { max_power_w: 75_000 }],
      });
    });
  });

  it('says what of its hardware does not fit together', async () => {
    const calls = fakeApi({ 'GET /api/charger-templates': [], [CREATE]: aChargerDetail() });
    const form = await openForm();
    await userEvent.click(form.getByRole('button', { name: 'Advanced' }));
    await userEvent.type(await form.findByLabelText('Power module (kW)'), '30');
    await userEvent.click(form.getByRole('button', { name: 'Add charger' }));
    expect(await form.findByRole('alert')).toHaveTextContent('give the shared power, too');
    expect(created(calls)).toBeUndefined();
    await userEvent.type(form.getByLabelText('Shared power (kW)'), '90');
    await userEvent.click(form.getByRole('button', { name: 'Add charger' }));
    await waitFor(() => {
      expect(created(calls)).toMatchObject({ shared_power_w: 90_000, module_power_w: 30_000 });
    });
  });

  it('can be made without templates where they cannot be had', async () => {
    fakeApi({ 'GET /api/charger-templates': problem(503, 'Unavailable', 'not now') });
    const form = await openForm();
    expect(await form.findByText('The templates cannot be had; Custom works.')).toBeInTheDocument();
    expect(form.getByRole('button', { name: 'Add charger' })).toBeEnabled();
  });
});
