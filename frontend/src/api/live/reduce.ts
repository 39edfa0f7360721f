/** The state that a live stream describes, event by event; pure. */
import type { Charger, ChargerDetail, LiveEvent, Totals } from '@/api/types';

/** All chargers in summary, by charge point id, in the order of the server. */
export interface Fleet {
  totals: Totals;
  /** How many are missing: a large fleet comes in parts. */
  to_come: number;
  chargers: ReadonlyMap<string, Charger>;
}

function isSummary(charger: Charger | ChargerDetail): charger is Charger {
  return !('warnings' in charger);
}

/** The fleet after a batch of events; `before` is undefined until the first snapshot. */
export function reduceFleet(
  before: Fleet | undefined,
  events: readonly LiveEvent[],
): Fleet | undefined {
  let totals = before?.totals;
  let to_come = before?.to_come ?? 0;
  let chargers = before?.chargers;
  let changed: Map<string, Charger> | null = null;
  const came = (chargePointId: string) => {
    if (to_come > 0 && !chargers?.has(chargePointId)) to_come -= 1;
  };
  for (const event of events) {
    if (event.event === 'snapshot' && 'chargers' in event.data) {
      totals = event.data.totals;
      to_come = event.data.chargers_to_come;
      changed = new Map(event.data.chargers.map((charger) => [charger.charge_point_id, charger]));
      chargers = changed;
    } else if (event.event === 'totals') {
      totals = event.data;
    } else if (event.event === 'charger' && isSummary(event.data) && chargers) {
      came(event.data.charge_point_id);
      changed ??= new Map(chargers);
      changed.set(event.data.charge_point_id, event.data);
      chargers = changed;
    } else if (event.event === 'charger-removed' && chargers) {
      came(event.data.charge_point_id);
      changed ??= new Map(chargers);
      changed.delete(event.data.charge_point_id);
      chargers = changed;
    }
  }
  if (!totals || !chargers) return before;
  if (totals === before?.totals && chargers === before.chargers) return before;
  return { totals, to_come, chargers };
}

/** One charger after one event; undefined until it is known. */
export function reduceCharger(
  before: ChargerDetail | undefined,
  event: LiveEvent,
): ChargerDetail | undefined {
  switch (event.event) {
    case 'snapshot':
      return 'charger' in event.data ? event.data.charger : before;
    case 'charger':
      return isSummary(event.data) ? before : event.data;
    case 'connector': {
      const { connector } = event.data;
      return before && withConnector(before, connector.connector_id, () => connector);
    }
    case 'meter': {
      const { connector_id, meter } = event.data;
      return (
        before && withConnector(before, connector_id, (connector) => ({ ...connector, meter }))
      );
    }
    default:
      return before;
  }
}

type Connectors = ChargerDetail['connectors'];

function withConnector(
  charger: ChargerDetail,
  connectorId: number,
  change: (connector: Connectors[number]) => Connectors[number],
): ChargerDetail {
  const connectors = charger.connectors.map((connector) =>
    connector.connector_id === connectorId ? change(connector) : connector,
  );
  return {
    ...charger,
    connectors,
    power_w: connectors.reduce((sum, { meter }) => sum + meter.power_w, 0),
    energy_wh: connectors.reduce((sum, { meter }) => sum + meter.energy_wh, 0),
  };
}

/** One point of a connector's live chart. `at_ms` is Unix time in milliseconds. */
export interface Sample {
  at_ms: number;
  power_w: number;
  soc_percent: number | null;
}

export type History = Readonly<Record<number, readonly Sample[]>>;

/** How far back a live chart reaches. */
export const HISTORY_MS = 5 * 60_000;

/** The chart data after an event that arrived at `at_ms`; the oldest points fall out. */
export function reduceHistory(before: History, event: LiveEvent, at_ms: number): History {
  const readings =
    event.event === 'meter'
      ? [event.data]
      : event.event === 'snapshot' && 'charger' in event.data
        ? event.data.charger.connectors
        : event.event === 'connector'
          ? [event.data.connector]
          : [];
  if (readings.length === 0) return before;
  const after: Record<number, readonly Sample[]> = { ...before };
  for (const { connector_id, meter } of readings) {
    const kept = (before[connector_id] ?? []).filter(
      (sample) => sample.at_ms > at_ms - HISTORY_MS && sample.at_ms !== at_ms,
    );
    after[connector_id] = [
      ...kept,
      { at_ms, power_w: meter.power_w, soc_percent: meter.soc_percent },
    ];
  }
  return after;
}

/** A tag that a reader has refused. `at_ms` is Unix time in milliseconds. */
export interface Refusal {
  id_tag: string;
  status: string;
  reason: string | null;
  at_ms: number;
}

/** The last refusal at each connector; `SHARED_READER` stands for the reader that all share. */
export type Refusals = Readonly<Record<number, Refusal>>;

export const SHARED_READER = 0;

/** The refusals after an event that arrived at `at_ms`; an accepted tag takes its place's away. */
export function reduceRefusals(before: Refusals, event: LiveEvent, at_ms: number): Refusals {
  if (event.event !== 'authorization') return before;
  const { connector_id, id_tag, status, reason } = event.data;
  const place = connector_id ?? SHARED_READER;
  const others = Object.fromEntries(
    Object.entries(before).filter(([key]) => Number(key) !== place),
  ) as Refusals;
  return status === 'Accepted' ? others : { ...others, [place]: { id_tag, status, reason, at_ms } };
}
