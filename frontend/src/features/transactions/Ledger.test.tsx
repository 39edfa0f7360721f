import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import type { LedgerInterval, LedgerMessage, TransactionLedger } from '@/api/types';
import { fakeApi, problem, show } from '@/testing/render';
import { LedgerOf } from './LedgerDrawer';
import { answeredAfterS, offerText, outcomeSummary, withLength } from './ledger';

const PATH = 'GET /api/chargers/CP001/transactions/7/ledger';

function anInterval(own: Partial<LedgerInterval> = {}): LedgerInterval {
  return {
    from: '2026-01-01T10:00:00.000Z',
    to: '2026-01-01T10:15:00.000Z',
    energy_wh: 2760,
    register_from_wh: 0,
    register_to_wh: 2760,
    average_power_w: 11_040,
    peak_power_w: 11_040,
    lowest_offer_w: 11_040,
    highest_offer_w: 11_040,
    without_offer_s: 0,
    without_demand_s: 0,
    ...own,
  };
}

function aMessage(own: Partial<LedgerMessage> = {}): LedgerMessage {
  return {
    action: 'MeterValues',
    sequence: 1,
    outcome: 'acknowledged',
    detail: null,
    queued_at: '2026-01-01T10:00:00.000Z',
    first_sent_at: '2026-01-01T10:00:00.010Z',
    settled_at: '2026-01-01T10:00:00.050Z',
    attempts: 1,
    message_ids: 'a-1',
    recovered: false,
    size_bytes: 300,
    crc32: '00000000',
    ...own,
  };
}

function aLedger(own: Partial<TransactionLedger> = {}): TransactionLedger {
  return {
    transaction: {
      charge_point_id: 'CP001',
      connector_id: 1,
      transaction_id: 42,
      local_transaction_id: 7,
      id_tag: 'BLUE',
      state: 'stopped',
      vehicle_id: null,
      vehicle_name: 'Default car',
      plugged_in_at: null,
      authorised_at: null,
      started_at: '2026-01-01T10:00:00.000Z',
      stopped_at: '2026-01-01T10:30:00.000Z',
      unplugged_at: null,
      duration_s: 1800,
      reported_started_at: '2026-01-01T10:00:00.000Z',
      reported_stopped_at: '2026-01-01T10:30:00.000Z',
      clock_offset_s: -7200,
      meter_start_wh: 0,
      meter_stop_wh: 4000,
      register_start_wh: 0,
      register_stop_wh: 4000.5,
      energy_wh: 4000.5,
      peak_power_w: 11_040,
      average_power_w: 8001,
      without_offer_s: 0,
      without_demand_s: 0,
      soc_start_percent: 20,
      soc_stop_percent: 24,
      offline_s: 0,
      down_s: 0,
      messages_acknowledged: 1,
      messages_failed: 0,
      messages_dropped: 0,
      attempts: 1,
      stop_reason: 'Local',
      id_tag_status: 'Accepted',
      messages_unrecorded: 0,
    },
    interval_s: 900,
    intervals: [
      anInterval(),
      anInterval({
        from: '2026-01-01T10:15:00.000Z',
        to: '2026-01-01T10:30:00.000Z',
        energy_wh: 1240.5,
        without_demand_s: 300,
      }),
    ],
    gaps: [],
    messages: [aMessage()],
    ...own,
  };
}

describe('the ledger of a transaction', () => {
  it('shows the truth beside what the CSMS was told', async () => {
    fakeApi({ [PATH]: aLedger() });
    await show(<LedgerOf chargePointId="CP001" localTransactionId={7} />);
    expect(await screen.findByText('Told to the CSMS')).toBeInTheDocument();
    expect(screen.getByText('Default car')).toBeInTheDocument();
    expect(screen.getByText('The CSMS could hear of everything.')).toBeInTheDocument();
    expect(screen.getByText('1 acknowledged')).toBeInTheDocument();
    expect(screen.getByText('50 ms')).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'JSON' })).toHaveAttribute(
      'href',
      '/api/chargers/CP001/transactions/7/ledger',
    );
  });

  it('says how many messages a kill left without a record', async () => {
    const ledger = aLedger();
    ledger.transaction.messages_unrecorded = 6;
    fakeApi({ [PATH]: ledger });
    await show(<LedgerOf chargePointId="CP001" localTransactionId={7} />);
    expect(
      await screen.findByText('1 acknowledged, up to 6 not on record after a kill'),
    ).toBeVisible();
  });

  it('is read interval by interval with the keyboard', async () => {
    fakeApi({ [PATH]: aLedger() });
    await show(<LedgerOf chargePointId="CP001" localTransactionId={7} />);
    const chart = await screen.findByRole('slider', { name: 'Energy by interval' });
    expect(chart).toHaveAttribute('aria-valuenow', '2');
    expect(screen.getByText(/car took nothing/)).toBeInTheDocument();
    chart.focus();
    await userEvent.keyboard('{ArrowLeft}');
    expect(chart).toHaveAttribute('aria-valuenow', '1');
    expect(chart).toHaveAttribute('aria-valuetext', expect.stringContaining('2.76'));
    await userEvent.keyboard('{End}');
    expect(chart).toHaveAttribute('aria-valuenow', '2');
  });

  it('tells what is still to be answered, what failed and why, and when nobody listened', async () => {
    fakeApi({
      [PATH]: aLedger({
        gaps: [
          { kind: 'offline', from: '2026-01-01T10:05:00.000Z', to: null },
          {
            kind: 'power_off',
            from: '2026-01-01T10:06:00.000Z',
            to: '2026-01-01T10:07:00.000Z',
          },
        ],
        messages: [
          aMessage({ outcome: 'failed', detail: 'timeout', attempts: 3 }),
          aMessage({ sequence: 2, outcome: 'pending', settled_at: null, recovered: true }),
        ],
      }),
    });
    await show(<LedgerOf chargePointId="CP001" localTransactionId={7} />);
    const gaps = await screen.findByRole('table', { name: 'Gaps' });
    expect(within(gaps).getByText('still')).toBeInTheDocument();
    expect(within(gaps).getByText('No power')).toBeInTheDocument();
    const messages = screen.getByRole('table', { name: 'Messages of the transaction' });
    expect(within(messages).getByText('timeout')).toBeInTheDocument();
    expect(within(messages).getByText('1+')).toBeInTheDocument();
    expect(screen.getByText('1 pending, 1 failed')).toBeInTheDocument();
  });

  it('shows the last of many messages, and all of them to who asks', async () => {
    const messages = Array.from({ length: 203 }, (_, index) => aMessage({ sequence: index + 1 }));
    fakeApi({ [PATH]: aLedger({ messages }) });
    const { container } = await show(<LedgerOf chargePointId="CP001" localTransactionId={7} />);
    expect(await screen.findByText('The last 200 of 203.')).toBeInTheDocument();
    const rows = () => container.querySelectorAll('[aria-label^="Messages of"] tbody tr').length;
    expect(rows()).toBe(200);
    await userEvent.click(screen.getByRole('button', { name: 'Show all' }));
    expect(rows()).toBe(203);
  });

  it('leaves the most of very many messages to the file', async () => {
    const messages = Array.from({ length: 2001 }, (_, index) => aMessage({ sequence: index + 1 }));
    fakeApi({ [PATH]: aLedger({ messages }) });
    await show(<LedgerOf chargePointId="CP001" localTransactionId={7} />);
    expect(await screen.findByRole('button', { name: 'Show more' })).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'Show all' })).not.toBeInTheDocument();
  });

  it('says so when there is none', async () => {
    fakeApi({ [PATH]: problem(404, 'Not Found', 'CP001 has no transaction 7') });
    await show(<LedgerOf chargePointId="CP001" localTransactionId={7} />);
    expect(await screen.findByText(/has no transaction 7/)).toBeInTheDocument();
  });

  it('has nothing to show of a transaction that has just begun', async () => {
    fakeApi({
      [PATH]: aLedger({
        intervals: [anInterval({ to: '2026-01-01T10:00:00.000Z' })],
        messages: [],
      }),
    });
    await show(<LedgerOf chargePointId="CP001" localTransactionId={7} />);
    expect(await screen.findByText('No time has passed yet.')).toBeInTheDocument();
    expect(screen.getByText('Nothing was sent yet.')).toBeInTheDocument();
  });
});

describe('what the ledger shows', () => {
  it('has a bar for every interval with a length', () => {
    const none = anInterval({ to: '2026-01-01T10:00:00.000Z' });
    expect(withLength([anInterval(), none])).toEqual([anInterval()]);
  });

  it('names an offer once where nobody could tell its ends apart', () => {
    expect(offerText(anInterval({ lowest_offer_w: 11_039.8 }))).toBe('11.0 kW');
    expect(offerText(anInterval({ lowest_offer_w: 6900 }))).toBe('6.90 kW to 11.0 kW');
  });

  it('measures from the making of a message to its answer', () => {
    expect(answeredAfterS(aMessage())).toBeCloseTo(0.05);
    expect(answeredAfterS(aMessage({ settled_at: null }))).toBeNull();
    expect(outcomeSummary([])).toBe('');
  });
});
