import type * as Router from '@tanstack/react-router';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { fakeApi, problem, show } from '@/testing/render';
import { aLocation } from '@/testing/things';
import type { Site, SiteState } from '@/api/types';
import { SiteTab } from './SiteTab';

vi.mock('@tanstack/react-router', async (original) => ({
  ...(await original<typeof Router>()),
  useParams: () => ({ locationId: '1' }),
}));

const SITE: Site = {
  grid_limit_a_per_phase: 40,
  grid_limit_kw: null,
  base_load: [],
  pv: [],
  sharing: 'equal',
  minimum_current_a: 6,
  interval_s: 10,
};

const STATE: SiteState = {
  at: '2026-01-02T10:00:00.000Z',
  grid_limit_a: [40, 40, 40],
  grid_limit_w: 27_600,
  base_load_w: 0,
  pv_w: 0,
  left_a: [40, 40, 40],
  left_w: 27_600,
  drawn_a: [20, 20, 20],
  drawn_w: 13_800,
  grid_a: [20, 20, 20],
  grid_w: 13_800,
  connectors: [
    {
      charge_point_id: 'CP1',
      connector_id: 1,
      state: 'charging',
      phases: [1, 2, 3],
      share_a: 20,
      drawn_a: 20,
      power_w: 13_800,
    },
    {
      charge_point_id: 'CP2',
      connector_id: 1,
      state: 'waiting',
      phases: [2],
      share_a: 0,
      drawn_a: 0,
      power_w: 0,
    },
  ],
};

describe('the site of a location', () => {
  it('is set where there is none', async () => {
    const calls = fakeApi({
      'GET /api/locations/1': aLocation(),
      'PATCH /api/locations/1': aLocation({ site: SITE }),
    });
    await show(<SiteTab />);
    await userEvent.click(await screen.findByRole('button', { name: 'Set a grid limit' }));
    const dialog = await screen.findByRole('dialog', { name: 'Grid limit' });
    const limit = within(dialog).getByRole('textbox', { name: /Grid limit/ });
    await userEvent.clear(limit);
    await userEvent.type(limit, '40');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Add a point to Base load' }));
    await userEvent.click(within(dialog).getByRole('button', { name: 'Save' }));
    expect(within(dialog).getByText('Give each point a time (HH:MM).')).toBeInTheDocument();
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Remove Base load, point 1' }),
    );
    expect(within(dialog).getByRole('button', { name: 'Add a point to Base load' })).toHaveFocus();
    await userEvent.click(within(dialog).getByRole('button', { name: 'Save' }));
    expect(calls.find(({ method }) => method === 'PATCH')?.body).toEqual({ site: SITE });
  });

  it('shows each phase, and who charges and who waits', async () => {
    fakeApi({
      'GET /api/locations/1': aLocation({ site: SITE }),
      'GET /api/locations/1/site': STATE,
    });
    await show(<SiteTab />);
    const now = await screen.findByRole('region', { name: 'The site now' });
    expect(within(now).getByRole('img', { name: /^L1: chargers 20.0 A of 40.0 A/ })).toBeVisible();
    const waiting = within(now).getByRole('row', { name: /CP2/ });
    expect(waiting).toHaveTextContent('waiting');
    expect(waiting).toHaveTextContent('L2');
  });

  it('is removed only by who says so', async () => {
    const calls = fakeApi({
      'GET /api/locations/1': aLocation({ site: SITE }),
      'GET /api/locations/1/site': STATE,
      'PATCH /api/locations/1': aLocation(),
    });
    await show(<SiteTab />);
    await userEvent.click(await screen.findByRole('button', { name: 'Remove' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Remove site' }));
    expect(calls.find(({ method }) => method === 'PATCH')?.body).toEqual({ site: null });
  });

  it('says why it cannot be removed', async () => {
    fakeApi({
      'GET /api/locations/1': aLocation({ site: SITE }),
      'GET /api/locations/1/site': STATE,
      'PATCH /api/locations/1': problem(503, 'Unavailable', 'not now'),
    });
    await show(<SiteTab />);
    await userEvent.click(await screen.findByRole('button', { name: 'Remove' }));
    const dialog = await screen.findByRole('dialog', { name: 'Remove the site' });
    await userEvent.click(within(dialog).getByRole('button', { name: 'Remove site' }));
    expect(await within(dialog).findByText(/not now/)).toBeVisible();
  });
});
