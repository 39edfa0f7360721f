import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { fakeApi, problem, show } from '@/testing/render';
import { aChargerDetail, aChargingConnector, aLimit, aProfile, aSchedule } from '@/testing/things';
import { SmartCharging } from './SmartChargingTab';

const BASE = '/api/chargers/CP001';
const CHARGER = aChargerDetail({ connectors: [aChargingConnector()] });

function answers(own: Record<string, unknown> = {}) {
  return fakeApi({
    [`GET ${BASE}/connectors/1/limit`]: aLimit(),
    [`GET ${BASE}/connectors/1/composite-schedule`]: aSchedule(),
    [`GET ${BASE}/connectors/0/composite-schedule`]: aSchedule({ connector_id: 0, periods: [] }),
    [`GET ${BASE}/charging-profiles`]: [aProfile()],
    ...own,
  });
}

describe('smart charging', () => {
  it('says what limits a connector, layer by layer', async () => {
    answers();
    await show(<SmartCharging charger={CHARGER} />);
    const card = within(screen.getByRole('region', { name: 'Limit of connector 1' }));
    expect(await card.findByText(/set by/)).toHaveTextContent(/^set by TxDefaultProfile until /);
    const layers = within(card.getByRole('list', { name: 'Layers of connector 1' }));
    const [hardware, profile] = layers.getAllByRole('listitem') as [HTMLElement, HTMLElement];
    expect(hardware).toHaveTextContent('Hardware32 A × 3 phases = 22.1 kW');
    expect(within(hardware).queryByText('decides')).not.toBeInTheDocument();
    expect(profile).toHaveTextContent('Profile 7 · stack level 2 · period 1 (16 A) · until');
    expect(within(profile).getByText('decides')).toBeInTheDocument();
  });

  it('reads the schedule period by period with the keyboard', async () => {
    answers();
    await show(<SmartCharging charger={CHARGER} />);
    const chart = await screen.findByRole('slider', { name: 'Schedule of connector 1, period' });
    expect(chart).toHaveAttribute('aria-valuetext', expect.stringContaining('16 A on 3 phases'));
    expect(screen.getByText(/taken now 16 A/)).toBeInTheDocument();
    chart.focus();
    await userEvent.keyboard('{ArrowRight}');
    expect(chart).toHaveAttribute('aria-valuenow', '2');
    expect(chart).toHaveAttribute('aria-valuetext', expect.stringContaining('6 A on 1 phase'));
    await userEvent.keyboard('{Home}');
    expect(chart).toHaveAttribute('aria-valuenow', '1');
  });

  it('shows the schedule as a table, too', async () => {
    answers();
    await show(<SmartCharging charger={CHARGER} />);
    await userEvent.click(await screen.findByRole('button', { name: 'Show as a table' }));
    const table = screen.getByRole('table', { name: 'Composite schedule of connector 1' });
    expect(within(table).getAllByRole('row')).toHaveLength(3);
    await userEvent.click(screen.getByRole('button', { name: 'Hide the table' }));
    expect(
      screen.queryByRole('table', { name: 'Composite schedule of connector 1' }),
    ).not.toBeInTheDocument();
  });

  it('asks for the span, the unit and the connector that are chosen', async () => {
    const calls = answers();
    await show(<SmartCharging charger={CHARGER} />);
    await screen.findByRole('slider');
    await userEvent.click(screen.getByRole('radio', { name: '7 d' }));
    await userEvent.click(screen.getByRole('radio', { name: 'W' }));
    await userEvent.click(screen.getByRole('combobox', { name: 'Of which connector' }));
    await userEvent.click(await screen.findByRole('option', { name: 'Whole charger' }));
    expect(await screen.findByText('There is no limit to tell about.')).toBeInTheDocument();
    const asked = calls.filter(({ path }) => path.endsWith('/composite-schedule'));
    expect(asked.map(({ path }) => path.includes('/connectors/0/'))).toContain(true);
  });

  it('lists the profiles, with their periods on demand', async () => {
    answers();
    await show(<SmartCharging charger={CHARGER} />);
    const table = within(await screen.findByRole('table', { name: 'Charging profiles' }));
    expect(table.getByText('16 A on 3 phases')).toBeInTheDocument();
    expect(table.getByText('In force')).toBeInTheDocument();
    const toggle = table.getByRole('button', { name: 'Periods of profile 7' });
    expect(toggle).toHaveAttribute('aria-expanded', 'false');
    await userEvent.click(toggle);
    expect(screen.getByRole('table', { name: 'Periods of profile 7' })).toHaveTextContent(
      'on and on',
    );
  });

  it('says how profiles get there where there are none', async () => {
    answers({ [`GET ${BASE}/charging-profiles`]: [] });
    await show(<SmartCharging charger={CHARGER} />);
    expect(await screen.findByText('No charging profile is installed')).toBeInTheDocument();
    expect(screen.getByText(/SetChargingProfile/)).toBeInTheDocument();
  });

  it('asks for the limit again when the charger tells of other profiles', async () => {
    const calls = answers();
    const { queries, streams, feed } = await show(<SmartCharging charger={CHARGER} />);
    await screen.findByText(/set by/);
    feed.watch('charger:CP001');
    const asked = () => calls.filter(({ path }) => path.endsWith('/limit')).length;
    const before = asked();
    const stream = streams.at('/api/events?charge_point_id=CP001');
    stream.onEvent({ event: 'snapshot', data: { seq: 1, charger: CHARGER } });
    stream.onEvent({
      event: 'records',
      data: { charge_point_id: 'CP001', records: 'charging-profiles' },
    });
    await waitFor(() => {
      expect(asked()).toBeGreaterThan(before);
    });
    queries.clear();
  });

  it('says what is wrong where a limit cannot be had', async () => {
    answers({ [`GET ${BASE}/connectors/1/limit`]: problem(500, 'Internal Error', 'no limit') });
    await show(<SmartCharging charger={CHARGER} />);
    expect(await screen.findByText('no limit')).toBeInTheDocument();
  });
});
