import { describe, expect, it } from 'vitest';
import { aFleetRun, aFleetRunPoint } from '@/testing/things';
import { hasReport, outcomeOf, progressPercent } from './model';
import { kindText, numbersOf } from './numbers';

const holds = (line: string) => ({ line, holds: true });
const fails = (line: string) => ({ line, holds: false });

describe('what became of a run', () => {
  it('is nothing while it goes on', () => {
    expect(outcomeOf(aFleetRun())).toEqual({ text: '', bad: false });
  });

  it('is its thresholds, the failing ones first', () => {
    const passed = aFleetRun({ state: 'passed', thresholds: [holds('a'), holds('b')] });
    expect(outcomeOf(passed)).toEqual({ text: '2 thresholds held', bad: false });
    const failed = aFleetRun({ state: 'failed', thresholds: [holds('a'), fails('b')] });
    expect(outcomeOf(failed)).toEqual({ text: 'b', bad: true });
    const worse = aFleetRun({ state: 'failed', thresholds: [fails('a'), holds('b'), fails('c')] });
    expect(outcomeOf(worse).text).toBe('a, and 1 more');
    expect(outcomeOf(aFleetRun({ state: 'passed' })).text).toBe('No thresholds');
  });

  it('is its error where it came to no result', () => {
    const died = aFleetRun({ state: 'died', error: 'killed by signal 9' });
    expect(outcomeOf(died)).toEqual({ text: 'killed by signal 9', bad: true });
    expect(hasReport(died)).toBe(false);
    const brokenOff = aFleetRun({ state: 'broken_off', thresholds: [fails('a')] });
    expect(hasReport(brokenOff)).toBe(true);
    const killed = { ...brokenOff, error: 'it was ended at once' };
    expect(hasReport(killed)).toBe(false);
    expect(outcomeOf(killed)).toEqual({ text: 'it was ended at once', bad: false });
  });

  it('has gone as far as its time has, and no further', () => {
    expect(progressPercent(aFleetRun({ elapsed_s: 15, planned_s: 60 }))).toBe(25);
    expect(progressPercent(aFleetRun({ elapsed_s: 65, planned_s: 60 }))).toBe(100);
    expect(progressPercent(aFleetRun({ elapsed_s: 0, planned_s: 0 }))).toBe(0);
  });
});

describe('a run in numbers', () => {
  const points = [
    aFleetRunPoint({ to_s: 1, connected: 10, loop_lag_ms: 80 }),
    aFleetRunPoint({ from_s: 1, to_s: 2, connected: 8, sent_per_s: 2, received_per_s: 3 }),
  ];
  const failures = [
    { action: 'MeterValues', kind: 'timeout', count: 3 },
    { action: 'MeterValues', kind: 'lost', count: 40 },
    { action: null, kind: 'link lost: closed by the CSMS', count: 5 },
  ];
  const latencies = [{ action: 'MeterValues', count: 100, p50: 1, p95: 2, p99: 3 }];
  const latency_ms = { p50: 1, p95: 2, p99: 3 };
  const of = (state: 'running' | 'passed') =>
    Object.fromEntries(
      numbersOf(aFleetRun({ state }), { points, failures, latencies, latency_ms }).map((one) => [
        one.name,
        one,
      ]),
    );

  it('tells how it is now while it goes on', () => {
    const now = of('running');
    expect(now.Connected?.value).toBe('8');
    expect(now.Messages).toMatchObject({ value: '5/s', more: '2/s out, 3/s in' });
    expect(now['Latency p95']?.value).toBe('21 ms');
    expect(now['Loop lag']).toMatchObject({ value: '1.5 ms', bad: false });
  });

  it('tells how it was on the whole when it is over', () => {
    const whole = of('passed');
    expect(whole['Connected at most']?.value).toBe('10');
    expect(whole['Messages, mean']).toMatchObject({ value: '14/s', more: '100 answers in all' });
    expect(whole['Latency p95']).toMatchObject({ value: '2.0 ms', more: 'p99 3.0 ms' });
    expect(whole['Loop lag at most']).toMatchObject({ value: '80 ms', bad: true });
  });

  it('counts as errors the CALLs that failed and the connections, but no CALL that went with its link', () => {
    expect(of('running').Errors).toMatchObject({
      value: '8',
      more: '3 CALLs, 5 connections',
      bad: true,
    });
    expect(failures.map(kindText)[1]).toBe('lost with its link');
  });

  it('has no numbers before the first second', () => {
    const none = numbersOf(aFleetRun({ state: 'starting' }), {
      points: [],
      failures: [],
      latencies: [],
      latency_ms: null,
    });
    expect(none.map(({ value }) => value)).toEqual(['–', '–', '–', '–', '0', '–']);
  });
});
