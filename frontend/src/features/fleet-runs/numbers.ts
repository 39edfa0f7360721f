/** A run in a few numbers; pure. */
import { isOver } from '@/api/fleetRunCourse';
import type { FleetRun, FleetFailure, FleetRunProgress } from '@/api/types';
import { count, formatEnergy, formatLatency } from '@/lib/units';
import { formatCount, formatRate, highest, meanOverTime, messagesPerS } from './course';

export interface ShownNumber {
  name: string;
  value: string;
  /** What it is of, or what belongs to it. */
  more: string;
  bad?: boolean;
}

const NONE = '–';
/** From then on a good part of the latency that is measured is the simulator's own. */
const MUCH_LAG_MS = 50;
/** Of a CALL: its link went down before the answer, so it is no failure of the CSMS. */
const LOST = 'lost';

/** While a run goes on, how it is now; when it is over, how it was on the whole. */
export function numbersOf(run: FleetRun, { points, ...progress }: FleetRunProgress): ShownNumber[] {
  const over = isOver(run);
  const now = points.at(-1);
  const connected = over ? highest(points, (point) => point.connected) : now?.connected;
  const charging = over ? highest(points, (point) => point.charging) : now?.charging;
  const messages = over ? meanOverTime(points, messagesPerS) : now && messagesPerS(now);
  const loopLag_ms = over ? highest(points, (point) => point.loop_lag_ms) : now?.loop_lag_ms;
  const latency_ms = over ? progress.latency_ms : now?.latency_ms;
  const failed = sumOf(progress.failures, isFailedCall);
  const links = sumOf(progress.failures, ({ action }) => action === null);
  const answered = progress.latencies.reduce((sum, one) => sum + one.count, 0);
  return [
    {
      name: over ? 'Connected at most' : 'Connected',
      value: shown(connected, formatCount),
      more: `of ${count(run.chargers, 'charger')}`,
    },
    {
      name: over ? 'Charging at most' : 'Charging',
      value: shown(charging, formatCount),
      more: `${count(run.sessions, 'session')}${over ? '' : ' ended'}, ${formatEnergy(run.energy_wh)}`,
    },
    {
      name: over ? 'Messages, mean' : 'Messages',
      value: shown(messages, formatRate),
      more: over
        ? `${count(answered, 'answer')} in all`
        : now
          ? `${formatRate(now.sent_per_s)} out, ${formatRate(now.received_per_s)} in`
          : '',
    },
    {
      name: 'Latency p95',
      value: formatLatency(latency_ms?.p95),
      more: `p99 ${formatLatency(latency_ms?.p99)}`,
    },
    {
      name: 'Errors',
      value: (failed + links).toLocaleString('en'),
      more: `${count(failed, 'CALL')}, ${count(links, 'connection')}`,
      bad: failed + links > 0,
    },
    {
      name: over ? 'Loop lag at most' : 'Loop lag',
      value: formatLatency(loopLag_ms),
      more:
        (loopLag_ms ?? 0) >= MUCH_LAG_MS ? 'this simulator is at its limit' : 'of this simulator',
      bad: (loopLag_ms ?? 0) >= MUCH_LAG_MS,
    },
  ];
}

/** What the kind of a failure means, where its name does not say it. */
export function kindText({ action, kind }: FleetFailure): string {
  return action !== null && kind === LOST ? 'lost with its link' : kind;
}

function isFailedCall({ action, kind }: FleetFailure): boolean {
  return action !== null && kind !== LOST;
}

function sumOf(
  failures: readonly FleetFailure[],
  counts: (failure: FleetFailure) => boolean,
): number {
  return failures.filter(counts).reduce((sum, { count: times }) => sum + times, 0);
}

function shown(value: number | null | undefined, format: (value: number) => string): string {
  return value == null ? NONE : format(value);
}
