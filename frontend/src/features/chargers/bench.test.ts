import { describe, expect, it } from 'vitest';
import {
  checkDelay,
  checkLoss,
  checkOffset,
  describeNetwork,
  describeOffset,
  describePace,
  isValidNetwork,
  networkBody,
  networkValues,
} from './bench';

const PERFECT = { state: 'up', latency_ms: 0, jitter_ms: 0, loss: 0 } as const;

describe('the network of a charger', () => {
  it('is shown as it was set, and sent as it is shown', () => {
    const network = { state: 'up', latency_ms: 200, jitter_ms: 50, loss: 0.07 } as const;
    expect(networkValues(network).lossPercent).toBe(7);
    expect(networkBody(networkValues(network))).toEqual(network);
  });

  it('is perfect where nothing is given', () => {
    const nothing = { state: 'up', latencyMs: '', jitterMs: '', lossPercent: '' } as const;
    expect(isValidNetwork(nothing)).toBe(true);
    expect(networkBody(nothing)).toEqual(PERFECT);
  });

  it('takes no number that makes no sense', () => {
    expect(checkDelay(-1)).not.toBeNull();
    expect(checkDelay(600_001)).not.toBeNull();
    expect(checkLoss(101)).not.toBeNull();
    expect(isValidNetwork({ ...networkValues(PERFECT), lossPercent: -3 })).toBe(false);
  });

  it('is described by what is wrong with it', () => {
    expect(describeNetwork(PERFECT)).toBeNull();
    expect(describeNetwork({ ...PERFECT, state: 'cut' })).toBe('cut');
    expect(describeNetwork({ ...PERFECT, latency_ms: 200, jitter_ms: 50, loss: 0.05 })).toBe(
      '200 ms ± 50 ms, 5.0 % lost',
    );
    expect(describeNetwork({ ...PERFECT, loss: 1 })).toBe('100 % lost');
  });
});

describe('the clock of a charger', () => {
  it('is right, ahead or behind', () => {
    expect(describeOffset(0.2)).toBeNull();
    expect(describeOffset(90)).toBe('1 min 30 s ahead');
    expect(describeOffset(-86_400)).toBe('1 d 0 h behind');
  });

  it('runs ahead where its time is fast, by its own choice or not', () => {
    expect(describePace({ time_scale: 1, time_scale_in_force: 60 })).toBe(
      '×60, a minute a second, as its location or the simulation; its clock runs ahead',
    );
    expect(describePace({ time_scale: 7, time_scale_in_force: 7 })).toBe(
      '×7, by itself; its clock runs ahead',
    );
  });

  it('is off by a number', () => {
    expect(checkOffset('')).not.toBeNull();
    expect(checkOffset(4_000_000_000)).not.toBeNull();
    expect(checkOffset(-60)).toBeNull();
  });
});
