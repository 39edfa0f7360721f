import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { fakeApi, problem, refusal, show } from '@/testing/render';
import { aFleetRun, aFleetRunPoint } from '@/testing/things';
import { FleetRuns } from './FleetRunsPage';
import { NewRunForm } from './NewRunForm';
import { WatchedRunView } from './RunPage';
import { NO_CHANGES } from './newRun';

const PLAN = 'version: 1\nchargers:\n  - {cuont: 3}\n';
const RUN = aFleetRun();

async function newRun() {
  const onStarted = vi.fn();
  await show(<NewRunForm plan={PLAN} changes={NO_CHANGES} onStarted={onStarted} />);
  return onStarted;
}

const press = (name: string) => userEvent.click(screen.getByRole('button', { name }));

describe('the list of fleet runs', () => {
  it('says what a run is where there is none, and offers one', async () => {
    fakeApi({ 'GET /api/fleet-runs': [] });
    await show(<FleetRuns />);
    const offer = await screen.findByRole('link', { name: 'Try a small one' });
    expect(offer).toHaveAttribute('href', '/fleet-runs/new?example=small');
  });

  it('tells what failed', async () => {
    const line = 'all answers p95: 812.0 ms, at most 500 ms';
    fakeApi({
      'GET /api/fleet-runs': [
        aFleetRun({ state: 'failed', thresholds: [{ line, holds: false }], elapsed_s: 60 }),
      ],
    });
    await show(<FleetRuns />);
    const table = await screen.findByRole('table', { name: 'Fleet runs' });
    expect(within(table).getByRole('link', { name: 'Small run' })).toHaveAttribute(
      'href',
      '/fleet-runs/20260102-100000-a1b2',
    );
    expect(within(table).getByText('Failed')).toBeInTheDocument();
    expect(within(table).getAllByText(line)[0]).toBeInTheDocument();
  });
});

describe('a new run', () => {
  it('takes who checks a plan to the line that is wrong', async () => {
    fakeApi({
      'POST /api/fleet-runs/check': Response.json(
        {
          type: 'about:blank',
          title: 'Unprocessable Content',
          status: 422,
          detail: 'plan: line 3: chargers[0].cuont: no such field',
          errors: [
            { loc: ['body', 'plan', 'chargers', 0, 'cuont'], msg: 'no such field', line: 3 },
          ],
        },
        { status: 422 },
      ),
    });
    await newRun();
    await press('Check');
    const field = screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Plan' });
    await vi.waitFor(() => {
      expect(field).toHaveFocus();
    });
    expect(field).toHaveAccessibleDescription('Line 3: chargers[0].cuont: no such field');
    expect(field.value.slice(field.selectionStart, field.selectionEnd)).toBe('  - {cuont: 3}');
    await userEvent.type(field, '#');
    expect(field).not.toHaveAccessibleDescription();
  });

  it('shows at its field what is wrong with what stands instead', async () => {
    fakeApi({ 'POST /api/fleet-runs': refusal('duration', 'it is above 0 and at most 366d') });
    const onStarted = await newRun();
    const duration = screen.getByRole('textbox', { name: 'Duration' });
    await userEvent.type(duration, '0');
    await press('Start');
    await vi.waitFor(() => {
      expect(duration).toHaveFocus();
    });
    expect(duration).toHaveAccessibleDescription('it is above 0 and at most 366d');
    expect(onStarted).not.toHaveBeenCalled();
  });

  it('tells what it would be, until something is changed', async () => {
    fakeApi({
      'POST /api/fleet-runs/check': {
        name: 'Small run',
        chargers: 1000,
        connectors: 1200,
        duration_s: 600,
        csms_urls: ['ws://csms.example/ocpp'],
        visits: 250,
        seed: 7,
      },
    });
    await newRun();
    await press('Check');
    const text = /^1,000 chargers with 1,200 connectors, 250 visits in 10 min, seed 7\./;
    expect(await screen.findByText(text)).toBeInTheDocument();
    await userEvent.type(screen.getByRole('textbox', { name: 'Seed' }), '8');
    expect(screen.queryByText(text)).not.toBeInTheDocument();
  });

  it('is started with what stands instead, and is gone to', async () => {
    const calls = fakeApi({ 'POST /api/fleet-runs': RUN });
    const onStarted = await newRun();
    await userEvent.click(screen.getByRole('textbox', { name: 'CSMS address' }));
    await userEvent.paste('ws://csms.example/ocpp');
    await press('Start');
    await vi.waitFor(() => {
      expect(onStarted).toHaveBeenCalledWith(RUN.id);
    });
    expect(calls[0]?.body).toEqual({
      plan: PLAN,
      csms_urls: ['ws://csms.example/ocpp'],
      processes: 1,
    });
  });

  it('does not put an example in the place of what somebody has written', async () => {
    fakeApi({});
    await newRun();
    const field = screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Plan' });
    await userEvent.type(field, '# mine');
    await press('Load');
    await screen.findByRole('dialog', { name: 'Replace the plan' });
    expect(field.value).toContain('# mine');
    await press('Replace');
    expect(field.value).toContain('name: Load test');
    await press('Bad day');
    expect(field.value).toContain('name: Bad day');
  });
});

describe('a run', () => {
  const progress = {
    points: [aFleetRunPoint(), aFleetRunPoint({ from_s: 1, to_s: 2, connected: 9 })],
    failures: [{ action: 'MeterValues', kind: 'timeout', count: 3 }],
    latencies: [{ action: 'MeterValues', count: 100, p50: 4, p95: 21, p99: 1400 }],
    latency_ms: { p50: 4, p95: 21, p99: 1400 },
  };

  it('is to be watched, and stopped when that was confirmed', async () => {
    const calls = fakeApi({ [`POST /api/fleet-runs/${RUN.id}/stop`]: {} });
    await show(<WatchedRunView run={RUN} progress={progress} error={null} />);
    expect(screen.getByRole('status', { name: 'State of the run' })).toHaveTextContent('Running');
    expect(screen.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '25');
    expect(screen.getByText('15 s of 1 min')).toBeInTheDocument();
    expect(screen.getByRole('slider', { name: 'Latency' })).toHaveAttribute(
      'aria-valuetext',
      expect.stringMatching(/^0:02 .*: p50 4.0 ms, p95 21 ms, p99 40 ms$/),
    );
    expect(screen.queryByRole('link', { name: 'Report' })).not.toBeInTheDocument();
    await press('Stop');
    expect(calls).toEqual([]);
    await press('Stop run');
    await vi.waitFor(() => {
      expect(calls).toMatchObject([{ method: 'POST' }]);
    });
  });

  it('has a report when it is over, and can be run again', async () => {
    const run = aFleetRun({
      state: 'passed',
      thresholds: [{ line: 'lost links: 0', holds: true }],
    });
    await show(<WatchedRunView run={run} progress={progress} error={null} />);
    const report = screen.getByRole('link', { name: 'Report' });
    expect(report).toHaveAttribute('href', `/api/fleet-runs/${run.id}/report`);
    expect(report).toHaveAttribute('target', '_blank');
    expect(screen.getByRole('link', { name: 'Run again' })).toHaveAttribute(
      'href',
      `/fleet-runs/new?from=${run.id}`,
    );
    expect(screen.getByRole('table', { name: 'Thresholds' })).toHaveTextContent('Holds');
    expect(screen.getByRole('table', { name: 'Latency by action' })).toHaveTextContent('1.40 s');
    expect(screen.getByRole('table', { name: 'Failures by kind' })).toHaveTextContent('timeout');
  });

  it('that died says why, and has no report', async () => {
    const run = aFleetRun({ state: 'died', error: 'its process was killed' });
    await show(<WatchedRunView run={run} progress={progress} error={null} />);
    expect(screen.getByRole('alert')).toHaveTextContent('its process was killed');
    expect(screen.queryByRole('link', { name: 'Report' })).not.toBeInTheDocument();
  });

  it('is deleted when that was confirmed, or says why not', async () => {
    const run = aFleetRun({ state: 'passed' });
    fakeApi({
      [`DELETE /api/fleet-runs/${run.id}`]: problem(409, 'Conflict', 'the run goes on'),
    });
    await show(<WatchedRunView run={run} progress={progress} error={null} />);
    await press('More run actions');
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Delete run' }));
    await press('Delete');
    expect(await screen.findByText('the run goes on')).toBeInTheDocument();
  });
});
