/** The course of a fleet run as it is gathered, a piece at a time; pure. */
import type { FleetRun, FleetRunPoint } from './types';

/** Whether nothing more comes of a run. */
export function isOver({ state }: Pick<FleetRun, 'state'>): boolean {
  switch (state) {
    case 'starting':
    case 'running':
    case 'ramping_down':
      return false;
    case 'passed':
    case 'failed':
    case 'broken_off':
    case 'died':
      return true;
  }
}

/** More than the course of a run ever has, however long it is: then it is fetched anew. */
export const MOST_POINTS = 1440;

/**
 * The course with what was added. The last point grows until it is as long as the others, and all
 * of them become longer in the course of a run, so that what is added may stand for what was there.
 */
export function addPoints(
  before: readonly FleetRunPoint[],
  added: readonly FleetRunPoint[],
): FleetRunPoint[] {
  const first = added[0];
  if (!first) return [...before];
  return [...before.filter(({ to_s }) => to_s <= first.from_s), ...added];
}

/** After which second of the run there may be more to tell. */
export function knownUntil(points: readonly FleetRunPoint[]): number {
  return points.length > MOST_POINTS ? 0 : (points.at(-1)?.to_s ?? 0);
}
