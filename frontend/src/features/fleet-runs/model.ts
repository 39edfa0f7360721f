/** What a fleet run is and came to, in words; pure. */
import type { FleetRun, FleetThreshold } from '@/api/types';
import { isOver } from '@/api/fleetRunCourse';
import { count, formatSpan } from '@/lib/units';

export type RunState = FleetRun['state'];

export const RUN_COLORS: Record<RunState, string> = {
  starting: 'blue',
  running: 'teal',
  ramping_down: 'violet',
  passed: 'green',
  failed: 'red',
  broken_off: 'orange',
  died: 'red',
};

export const RUN_WORDS: Record<RunState, string> = {
  starting: 'Starting',
  running: 'Running',
  ramping_down: 'Ramping down',
  passed: 'Passed',
  failed: 'Failed',
  broken_off: 'Broken off',
  died: 'Died',
};

export const RUN_MEANINGS: Record<RunState, string> = {
  starting: 'The chargers are being made.',
  running: 'The fleet is at work.',
  ramping_down: 'Drivers leave, and the chargers disconnect.',
  passed: 'It went to its end, and every threshold holds.',
  failed: 'A threshold does not hold.',
  broken_off: 'It was ended before its time.',
  died: 'Its process ended without a report.',
};

/** Of the planned time, in whole percent; what comes after it counts no more. */
export function progressPercent({ elapsed_s, planned_s }: FleetRun): number {
  return planned_s > 0 ? Math.min(100, Math.max(0, Math.round((elapsed_s / planned_s) * 100))) : 0;
}

/** How long it goes on, or went on: `15 s of 1 min`, and `1 min 05 s` with its ramp-down. */
export function lengthText(run: FleetRun): string {
  const { elapsed_s, planned_s } = run;
  if (elapsed_s >= planned_s) return formatSpan(isOver(run) ? elapsed_s : planned_s);
  return `${formatSpan(elapsed_s)} of ${formatSpan(planned_s)}`;
}

/** What became of a run so far, in a line. */
export interface Outcome {
  text: string;
  bad: boolean;
}

export function outcomeOf(run: FleetRun): Outcome {
  if (run.state === 'died') return { text: run.error ?? RUN_MEANINGS.died, bad: true };
  if (run.error !== null) return { text: run.error, bad: false };
  if (!isOver(run)) return { text: '', bad: false };
  return thresholdOutcome(run.thresholds);
}

function thresholdOutcome(thresholds: readonly FleetThreshold[]): Outcome {
  if (thresholds.length === 0) return { text: 'No thresholds', bad: false };
  const failing = thresholds.filter(({ holds }) => !holds);
  const [first] = failing;
  if (!first) {
    return { text: `${count(thresholds.length, 'threshold')} held`, bad: false };
  }
  const more = failing.length > 1 ? `, and ${failing.length - 1} more` : '';
  return { text: `${first.line}${more}`, bad: true };
}

/** What can be done about a run that died. */
export const DIED_REMEDY =
  'What it wrote until then is below. Run it again; with fewer chargers, or spread over more processes, if the machine was short of memory.';

/** Whether a run came to a result, and wrote its report. */
export function hasReport(run: FleetRun): boolean {
  return isOver(run) && run.state !== 'died' && run.error === null;
}
