/** What the world does to a charger as a whole, in forms and in words; pure. */
import type { ChargerDetail, Network, NetworkBody } from '@/api/types';
import { describeScale } from '@/lib/timeScale';
import { formatDuration, formatLatency, formatPercent } from '@/lib/units';

/** The network as a form: an empty number is 0, losses are in percent. */
export interface NetworkValues {
  state: Network['state'];
  latencyMs: number | '';
  jitterMs: number | '';
  lossPercent: number | '';
}

export const NETWORK_WORDS: Record<Network['state'], string> = {
  up: 'Frames pass.',
  cut: 'The connection closes, and new ones are refused.',
  blackhole: 'The connection stays, and everything vanishes in it without a word.',
};

const MAX_DELAY_MS = 600_000;
const MAX_OFFSET_S = 3_155_760_000;

export function networkValues(network: Network): NetworkValues {
  return {
    state: network.state,
    latencyMs: network.latency_ms,
    jitterMs: network.jitter_ms,
    lossPercent: Math.round(network.loss * 100_000) / 1000,
  };
}

export function checkDelay(delayMs: number | ''): string | null {
  return delayMs !== '' && (delayMs < 0 || delayMs > MAX_DELAY_MS)
    ? '0 to 600,000 ms (ten minutes).'
    : null;
}

export function checkLoss(lossPercent: number | ''): string | null {
  return lossPercent !== '' && (lossPercent < 0 || lossPercent > 100) ? '0 to 100 %.' : null;
}

export function isValidNetwork(values: NetworkValues): boolean {
  return (
    checkDelay(values.latencyMs) === null &&
    checkDelay(values.jitterMs) === null &&
    checkLoss(values.lossPercent) === null
  );
}

export function networkBody(values: NetworkValues): NetworkBody {
  return {
    state: values.state,
    latency_ms: values.latencyMs || 0,
    jitter_ms: values.jitterMs || 0,
    loss: (values.lossPercent || 0) / 100,
  };
}

/** What is wrong with the network, in a few words; null while it is perfect. */
export function describeNetwork({ state, latency_ms, jitter_ms, loss }: Network): string | null {
  if (state !== 'up') return state;
  const delay = [
    latency_ms > 0 ? formatLatency(latency_ms) : '',
    jitter_ms > 0 ? `± ${formatLatency(jitter_ms)}` : '',
  ]
    .filter(Boolean)
    .join(' ');
  const parts = [delay, loss > 0 ? `${formatPercent(loss * 100)} lost` : ''].filter(Boolean);
  return parts.length > 0 ? parts.join(', ') : null;
}

export function checkOffset(offsetS: number | ''): string | null {
  if (offsetS === '') return 'Give a number of seconds, 0 for a clock that is right.';
  return Math.abs(offsetS) > MAX_OFFSET_S ? 'A hundred years at most.' : null;
}

/** How fast its time runs, and by whose choice. */
export function describePace(
  charger: Pick<ChargerDetail, 'time_scale' | 'time_scale_in_force'>,
): string {
  const whose = charger.time_scale === 1 ? 'as its location or the simulation' : 'by itself';
  return `${describeScale(charger.time_scale_in_force)}, ${whose}; its clock runs ahead`;
}

/** How far a clock is from the true time, in words; null where it is right. */
export function describeOffset(offsetS: number): string | null {
  if (Math.abs(offsetS) < 0.5) return null;
  return `${formatDuration(Math.abs(offsetS))} ${offsetS > 0 ? 'ahead' : 'behind'}`;
}
