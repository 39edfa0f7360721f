import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LiveEvent } from '@/api/types';
import { FakeStreams } from '@/testing/fakeStreams';
import { aCharger, aChargerDetail } from '@/testing/things';
import { Hub, type HubMessage, retryDelayMs } from './hub';
import { chargerTopic } from './topics';

const FLEET = '/api/events';
const totals = { chargers: 1, connected: 1, charging: 0, power_w: 0 };
const snapshot: LiveEvent = {
  event: 'snapshot',
  data: { seq: 1, totals, chargers: [aCharger()], chargers_to_come: 0 },
};

function aTab(hub: Hub) {
  const heard: HubMessage[] = [];
  const port = hub.join((message) => heard.push(message));
  const events = () =>
    heard.flatMap((message) => (message.type === 'events' ? message.events : []));
  const states = () =>
    heard.flatMap((message) => (message.type === 'status' ? message.status.state : []));
  return { port, events, states };
}

describe('the hub', () => {
  let streams: FakeStreams;
  let hub: Hub;

  beforeEach(() => {
    vi.useFakeTimers();
    streams = new FakeStreams();
    hub = new Hub(streams.open);
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('holds one stream for all tabs, and none when the last has gone', () => {
    const first = aTab(hub);
    const second = aTab(hub);
    first.port.receive({ type: 'watch', topic: 'fleet' });
    second.port.receive({ type: 'watch', topic: 'fleet' });
    expect(streams.opened).toEqual([FLEET]);
    first.port.leave();
    expect(streams.live.size).toBe(1);
    second.port.receive({ type: 'unwatch', topic: 'fleet' });
    expect(streams.live.size).toBe(0);
  });

  it('gives a tab that comes later a snapshot of all that happened', () => {
    const first = aTab(hub);
    first.port.receive({ type: 'watch', topic: 'fleet' });
    streams.at(FLEET).onEvent(snapshot);
    streams.at(FLEET).onEvent({ event: 'charger', data: aCharger({ charger_name: 'Renamed' }) });
    const second = aTab(hub);
    second.port.receive({ type: 'watch', topic: 'fleet' });
    expect(second.events()).toEqual([
      {
        event: 'snapshot',
        data: {
          seq: 0,
          totals,
          chargers: [aCharger({ charger_name: 'Renamed' })],
          chargers_to_come: 0,
        },
      },
    ]);
    expect(second.states()).toEqual(['open']);
    // The first tab has not missed what was on its way.
    expect(first.events()).toHaveLength(2);
  });

  it('hands events on in batches, in order', () => {
    const tab = aTab(hub);
    tab.port.receive({ type: 'watch', topic: 'fleet' });
    streams.at(FLEET).onEvent(snapshot);
    streams.at(FLEET).onEvent({ event: 'totals', data: totals });
    expect(tab.events()).toHaveLength(1);
    vi.advanceTimersByTime(100);
    expect(tab.events().map(({ event }) => event)).toEqual(['snapshot', 'totals']);
  });

  it('connects again, later and later, and says so', () => {
    const tab = aTab(hub);
    tab.port.receive({ type: 'watch', topic: 'fleet' });
    streams.break(FLEET);
    vi.advanceTimersByTime(retryDelayMs(0));
    streams.break(FLEET);
    vi.advanceTimersByTime(retryDelayMs(0));
    expect(streams.opened).toHaveLength(2);
    vi.advanceTimersByTime(retryDelayMs(1));
    expect(streams.opened).toHaveLength(3);
    streams.at(FLEET).onOpen();
    streams.at(FLEET).onEvent(snapshot);
    expect(tab.states()).toEqual(['connecting', 'lost', 'lost', 'open']);
  });

  it('does not knock at a door that is shut until it is asked to', () => {
    const tab = aTab(hub);
    tab.port.receive({ type: 'watch', topic: 'fleet' });
    streams.break(FLEET, { status: 401, title: 'Unauthorized', detail: '' });
    vi.advanceTimersByTime(60_000);
    expect(streams.opened).toHaveLength(1);
    tab.port.receive({ type: 'retry' });
    expect(streams.opened).toHaveLength(2);
  });

  it('leaves connections free: only the chargers that were asked for last are live', () => {
    const tab = aTab(hub);
    tab.port.receive({ type: 'watch', topic: 'fleet' });
    for (const id of ['A', 'B', 'C', 'D']) {
      tab.port.receive({ type: 'watch', topic: chargerTopic(id) });
    }
    const at = (id: string) => `${FLEET}?charge_point_id=${id}`;
    expect([...streams.live.keys()]).toEqual([FLEET, at('B'), at('C'), at('D')]);
    expect(tab.states()).toContain('parked');
    tab.port.receive({ type: 'watch', topic: chargerTopic('A') });
    expect([...streams.live.keys()]).toEqual([FLEET, at('C'), at('D'), at('A')]);
  });

  it('keeps a charger apart from the fleet', () => {
    const tab = aTab(hub);
    tab.port.receive({ type: 'watch', topic: chargerTopic('CP 1') });
    expect(streams.opened).toEqual([`${FLEET}?charge_point_id=CP%201`]);
    streams.at(`${FLEET}?charge_point_id=CP%201`).onEvent({
      event: 'snapshot',
      data: { seq: 1, charger: aChargerDetail() },
    });
    expect(tab.events()).toHaveLength(1);
  });
});
