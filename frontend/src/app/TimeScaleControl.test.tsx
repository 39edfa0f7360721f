import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { fakeApi, problem, show } from '@/testing/render';
import { TimeScaleControl } from './TimeScaleControl';

const REAL = { time_scale: 1, fast_chargers: 0 };
const FAST = { time_scale: 60, fast_chargers: 3 };

async function open(button: string) {
  await userEvent.click(await screen.findByRole('button', { name: button }));
  return within(await screen.findByRole('dialog'));
}

describe('the time scale of the simulation', () => {
  it('is changed to one that is offered, and then seen', async () => {
    const calls = fakeApi({ 'GET /api/simulation': REAL, 'PATCH /api/simulation': FAST });
    await show(<TimeScaleControl />);
    const dialog = await open('Time: ×1, real time');
    await userEvent.click(dialog.getByRole('radio', { name: '×60, a minute a second' }));
    await userEvent.click(dialog.getByRole('button', { name: 'Set' }));
    const changed = await screen.findByRole('button', { name: 'Time: ×60, a minute a second' });
    expect(changed).toHaveTextContent('×60');
    expect(calls.find(({ method }) => method === 'PATCH')?.body).toEqual({ time_scale: 60 });
    await waitFor(() => {
      expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
    });
  });

  it('may be another one, within what there is', async () => {
    const calls = fakeApi({
      'GET /api/simulation': { time_scale: 7, fast_chargers: 0 },
      'PATCH /api/simulation': { time_scale: 120, fast_chargers: 0 },
    });
    await show(<TimeScaleControl />);
    const dialog = await open('Time: ×7');
    const own = dialog.getByRole('textbox', { name: 'Times real time' });
    expect(own).toHaveValue('7');
    await userEvent.clear(own);
    await userEvent.type(own, '120{Enter}');
    await screen.findByRole('button', { name: 'Time: ×120' });
    expect(calls.find(({ method }) => method === 'PATCH')?.body).toEqual({ time_scale: 120 });
  });

  it('says why it cannot be set', async () => {
    fakeApi({
      'GET /api/simulation': REAL,
      'PATCH /api/simulation': problem(503, 'Unavailable', 'the simulator is not running'),
    });
    await show(<TimeScaleControl />);
    const dialog = await open('Time: ×1, real time');
    await userEvent.click(dialog.getByRole('button', { name: 'Set' }));
    expect(await dialog.findByText('the simulator is not running')).toBeInTheDocument();
  });
});
