import { act, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { fakeApi, problem, show } from '@/testing/render';
import { aCharger, aLocation } from '@/testing/things';
import { LocationsPage } from './LocationsPage';

describe('the locations', () => {
  it('are listed with their chargers, live', async () => {
    fakeApi({ 'GET /api/locations': [aLocation({ charger_count: 1 })] });
    const { streams } = await show(<LocationsPage />);
    const card = await screen.findByRole('article', { name: 'Station car park' });
    expect(within(card).getByText('1 charger')).toBeInTheDocument();
    act(() => {
      streams.at('/api/events').onEvent({
        event: 'snapshot',
        data: {
          seq: 1,
          totals: { chargers: 1, connected: 1, charging: 0, power_w: 7000 },
          chargers: [aCharger({ power_w: 7000 })],
          chargers_to_come: 0,
        },
      });
    });
    expect(await within(card).findByText('1 connected · 7.00 kW')).toBeInTheDocument();
  });

  it('are created from an empty list', async () => {
    const calls = fakeApi({ 'GET /api/locations': [], 'POST /api/locations': aLocation() });
    await show(<LocationsPage />);
    expect(await screen.findByText('No locations yet')).toBeInTheDocument();
    const [button] = screen.getAllByRole('button', { name: 'New location' });
    if (button) await userEvent.click(button);
    const dialog = await screen.findByRole('dialog', { name: 'New location' });
    await userEvent.click(within(dialog).getByRole('button', { name: 'Create location' }));
    expect(within(dialog).getByText('Give the location a name.')).toBeInTheDocument();
    await userEvent.type(within(dialog).getByRole('textbox', { name: /Name/ }), 'Depot');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Create location' }));
    expect(calls.find(({ method }) => method === 'POST')?.body).toEqual({
      name: 'Depot',
      address: '',
      time_scale: 1,
    });
  });

  it('with chargers are deleted only by who says so', async () => {
    const calls = fakeApi({
      'GET /api/locations': [aLocation({ charger_count: 2 })],
      'DELETE /api/locations/1': new Response(null, { status: 204 }),
    });
    await show(<LocationsPage />);
    await userEvent.click(
      await screen.findByRole('button', { name: 'Actions for Station car park' }),
    );
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Delete' }));
    const dialog = await screen.findByRole('dialog', { name: 'Delete location' });
    const button = within(dialog).getByRole('button', { name: 'Delete location' });
    expect(button).toBeDisabled();
    await userEvent.click(
      within(dialog).getByRole('checkbox', { name: 'Delete the chargers too' }),
    );
    await userEvent.click(button);
    expect(calls.some(({ method }) => method === 'DELETE')).toBe(true);
  });

  it('that cannot be fetched show why, and what to do', async () => {
    fakeApi({ 'GET /api/locations': problem(500, 'Internal Server Error', 'the disk is full') });
    await show(<LocationsPage />);
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('the disk is full');
    expect(within(alert).getByRole('button', { name: 'Try again' })).toBeInTheDocument();
  });
});
