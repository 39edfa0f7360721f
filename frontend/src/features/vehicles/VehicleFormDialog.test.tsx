import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import type { Vehicle } from '@/api/types';
import { fakeApi, refusal, show } from '@/testing/render';
import { aVehicle, aVehicleModel } from '@/testing/things';
import { VehicleFormDialog } from './VehicleFormDialog';

const MODELS = [
  aVehicleModel({ id: 'mini-plug', brand: 'Mini', name: 'Plug', dc_max_power_kw: 0 }),
  aVehicleModel({ id: 'zeta-van', brand: 'Zeta', name: 'Van', battery_capacity_kwh: 75 }),
];

async function open(vehicle: Vehicle | null, answers: Record<string, unknown> = {}) {
  const calls = fakeApi({
    'GET /api/vehicle-models': MODELS,
    'POST /api/locations/1/vehicles': aVehicle(),
    'PATCH /api/vehicles/1': aVehicle(),
    ...answers,
  });
  const onClose = vi.fn();
  await show(<VehicleFormDialog opened locationId={1} vehicle={vehicle} onClose={onClose} />);
  const title = vehicle ? 'Edit vehicle' : 'Add vehicle';
  return { calls, onClose, dialog: await screen.findByRole('dialog', { name: title }) };
}

describe('the dialog of a vehicle', () => {
  it('finds a model by its name and leaves all numbers to it', async () => {
    const { calls, onClose, dialog } = await open(null);
    const model = within(dialog).getByRole('combobox', { name: 'Model' });
    expect(model).toHaveValue('Own numbers');
    await userEvent.clear(model);
    await userEvent.type(model, 'van');
    expect(screen.queryByRole('option', { name: 'Mini Plug' })).not.toBeInTheDocument();
    await userEvent.click(await screen.findByRole('option', { name: 'Zeta Van' }));
    expect(within(dialog).getByRole('textbox', { name: /Name/ })).toHaveValue('Zeta Van');
    expect(within(dialog).getByLabelText('Battery (kWh)')).toHaveAttribute('placeholder', '75');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Show as a table' }));
    expect(within(dialog).getByRole('row', { name: '50 % 46 kW' })).toBeInTheDocument();
    expect(within(dialog).getByRole('row', { name: '80 % 23.8 kW' })).toBeInTheDocument();
    await userEvent.click(within(dialog).getByRole('button', { name: 'Add vehicle' }));
    expect(calls.find(({ method }) => method === 'POST')?.body).toMatchObject({
      name: 'Zeta Van',
      model_id: 'zeta-van',
      battery_capacity_kwh: null,
      dc_charging_curve: null,
    });
    expect(onClose).toHaveBeenCalled();
  });

  it('goes back to own numbers with the capacity that there was', async () => {
    const own = { model_id: 'mini-plug', battery_capacity_own: false };
    const { calls, dialog } = await open(aVehicle(own));
    expect(within(dialog).getByRole('combobox', { name: 'Model' })).toHaveValue('Mini Plug');
    await userEvent.click(within(dialog).getByRole('combobox', { name: 'Model' }));
    await userEvent.click(await screen.findByRole('option', { name: 'Own numbers' }));
    expect(within(dialog).getByLabelText(/Battery \(kWh\)/)).toHaveValue('52');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Save' }));
    expect(calls.find(({ method }) => method === 'PATCH')?.body).toMatchObject({
      model_id: null,
      battery_capacity_kwh: 52,
    });
  });

  it('says that a car has no inlet for DC, and keeps a model that is gone', async () => {
    const { dialog } = await open(aVehicle({ model_id: 'gone', dc_max_power_kw: 0 }));
    expect(within(dialog).getByText('It charges with AC only.')).toBeInTheDocument();
    expect(within(dialog).getByRole('combobox', { name: 'Model' })).toHaveValue(
      'gone (not in the library)',
    );
  });

  it('opens the closed section of what is wrong, and goes there', async () => {
    const { calls, dialog } = await open(aVehicle());
    const section = within(dialog).getByRole('button', { name: /Curve, ramps/ });
    await userEvent.click(section);
    await userEvent.type(within(dialog).getByLabelText('DC curve'), '50:1, 10:2');
    await userEvent.click(section);
    expect(section).toHaveAttribute('aria-expanded', 'false');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Save' }));
    expect(section).toHaveAttribute('aria-expanded', 'true');
    expect(within(dialog).getByLabelText('DC curve')).toHaveFocus();
    expect(calls.some(({ method }) => method === 'PATCH')).toBe(false);
  });

  it('does so for what the server refuses, too', async () => {
    const { dialog } = await open(aVehicle(), {
      'PATCH /api/vehicles/1': refusal('reaction_delay_s', 'Far too slow.'),
    });
    await userEvent.click(within(dialog).getByRole('button', { name: 'Save' }));
    const field = within(dialog).getByLabelText('Reacts to an offer after (s)');
    await waitFor(() => {
      expect(field).toHaveFocus();
    });
    expect(field).toHaveAccessibleDescription('Far too slow.');
  });
});
