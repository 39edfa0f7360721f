import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { LedgerDifference, ReconciliationReport } from '@/api/types';
import { problem, show } from '@/testing/render';
import { Reconciliation } from './ReconciliationPage';
import { byGravity, differenceText, valueText, verdict } from './reconciliation';

function aDifference(own: Partial<LedgerDifference> = {}): LedgerDifference {
  return {
    kind: 'energy_wh',
    charge_point_id: 'CP001',
    transaction_id: 42,
    local_transaction_id: 7,
    ours: 4000.5,
    theirs: 3000,
    difference: -1000.5,
    ...own,
  };
}

const MISSING = aDifference({
  kind: 'missing',
  transaction_id: null,
  ours: null,
  theirs: null,
  difference: null,
});

function aReport(own: Partial<ReconciliationReport> = {}): ReconciliationReport {
  return { compared: 3, agreeing: 3, differences: [], unread: [], ...own };
}

let asked: string[] = [];

beforeEach(() => {
  asked = [];
});

async function compare(answer: ReconciliationReport | Response) {
  vi.stubGlobal('fetch', (request: Request) => {
    asked.push(request.url);
    return Promise.resolve(answer instanceof Response ? answer : Response.json(answer));
  });
  const { container } = await show(<Reconciliation charger="CP001" />);
  const button = screen.getByRole('button', { name: 'Compare' });
  expect(button).toBeDisabled();
  const file = container.ownerDocument.querySelector<HTMLInputElement>('input[type="file"]');
  if (!file) throw new Error('no file input');
  await userEvent.upload(file, new File(['transaction_id\n1\n'], 'cdr.csv', { type: 'text/csv' }));
  await userEvent.click(button);
}

describe('reconciliation', () => {
  it('asks for the charger it came from, and for what has stopped', async () => {
    await compare(aReport());
    expect(
      await screen.findByText('3 of 3 compared transactions agree, no differences'),
    ).toBeInTheDocument();
    const url = new URL(asked[0] ?? '');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      charge_point_id: 'CP001',
      state: 'stopped',
      energy_tolerance_wh: '1',
      time_tolerance_s: '2',
    });
    expect(screen.queryByRole('table')).not.toBeInTheDocument();
  });

  it('lists what one side does not know before what differs, and rows it could not read', async () => {
    await compare(
      aReport({
        agreeing: 1,
        differences: [aDifference(), MISSING],
        unread: [{ row: 3, error: 'transaction_id: is missing' }],
      }),
    );
    const table = await screen.findByRole('table', { name: 'Differences' });
    const [, first, second] = within(table).getAllByRole('row');
    expect(first).toHaveTextContent('Not in the file' + 'not confirmed (our number 7)');
    expect(second).toHaveTextContent('4,000.5 Wh' + '3,000 Wh' + '−1,000.5 Wh');
    expect(screen.getByText(/2 differences, 1 row not read/)).toBeInTheDocument();
    expect(
      within(screen.getByRole('table', { name: 'Rows that could not be read' })).getByText(
        'transaction_id: is missing',
      ),
    ).toBeInTheDocument();
  });

  it('wonders about a file that knows none of our transactions', async () => {
    const extra = aDifference({ kind: 'extra', local_transaction_id: null, ours: null });
    await compare(aReport({ compared: 0, agreeing: 0, differences: [extra] }));
    expect(await screen.findByText(/No transaction of the file is one of ours/)).toBeVisible();
  });

  it('says why a file is none', async () => {
    await compare(problem(422, 'Unprocessable', 'the file has no column transaction_id'));
    expect(await screen.findByText(/has no column transaction_id/)).toBeInTheDocument();
  });
});

describe('what a reconciliation says', () => {
  it('puts the gravest first', () => {
    expect(byGravity([aDifference(), MISSING]).map(({ kind }) => kind)).toEqual([
      'missing',
      'energy_wh',
    ]);
  });

  it('writes times as times, and counts as counts', () => {
    expect(valueText('started_at', '2026-01-02T10:00:00.000Z')).toMatch(
      /^2026-01-0\d \d\d:\d\d:\d\d$/,
    );
    expect(valueText('duplicate', 2)).toBe('2 records');
    expect(valueText('id_tag', 'BLUE')).toBe('BLUE');
    expect(valueText('energy_wh', null)).toBe('');
    expect(differenceText(aDifference({ kind: 'stopped_at', difference: 90 }))).toBe('+1 min 30 s');
    expect(differenceText(MISSING)).toBe('');
  });

  it('does not call it agreement when there is nothing to compare', () => {
    expect(verdict(aReport({ compared: 0, agreeing: 0 })).clean).toBe(false);
    expect(verdict(aReport()).clean).toBe(true);
  });
});
