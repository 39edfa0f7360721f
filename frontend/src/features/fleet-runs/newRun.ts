/** What the form of a new run holds, and what the API says about it; pure. */
import type { ProblemError } from '@/api/problem';
import { fieldErrors } from '@/components/formProblem';
import type { FleetRun, FleetRunOrder, FleetRunPreview } from '@/api/types';

export interface RunForm {
  plan: string;
  /** One a line, or parted by commas; empty: as the plan says, as with duration and seed. */
  csmsUrls: string;
  duration: string;
  seed: number | '';
  processes: number | '';
}

/** The fields of a form that stand instead of the plan's. */
export type RunChanges = Omit<RunForm, 'plan'>;

export const NO_CHANGES: RunChanges = { csmsUrls: '', duration: '', seed: '', processes: '' };

/** The names that the API has for them. */
const FIELD_NAMES = ['csms_urls', 'duration', 'seed', 'processes'] as const;

export function urlsOf(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}

/** What is sent: without what the plan says itself. */
export function bodyOfForm({ plan, csmsUrls, duration, seed, processes }: RunForm): FleetRunOrder {
  const urls = urlsOf(csmsUrls);
  return {
    plan,
    ...(urls.length > 0 ? { csms_urls: urls } : {}),
    ...(duration.trim() === '' ? {} : { duration: duration.trim() }),
    ...(seed === '' ? {} : { seed }),
    processes: processes === '' ? 1 : processes,
  };
}

/** What is wrong with a plan, and at which line where that is known. */
export interface PlanFault {
  line: number | null;
  message: string;
}

/** The fault of the plan that a refusal tells of; null where it is about something else. */
export function planFaultOf({ detail, fields }: ProblemError): PlanFault | null {
  const named = fields.find(({ field }) => field === 'plan' || field.startsWith('plan.'));
  if (!named) return null;
  // The detail has the place in the words of the plan; the line stands beside it.
  return { line: named.line, message: detail.replace(/^plan: (line \d+: )?/, '') };
}

/** What is wrong with what stands instead, by the names of the API. */
export function changeFaultsOf(problem: ProblemError): Record<string, string> {
  const faults = Object.entries(fieldErrors(problem, FIELD_NAMES));
  // Beside its field a fault needs no name.
  return Object.fromEntries(
    faults.map(([field, message]) => [field, message.replace(`${field}: `, '')]),
  );
}

/**
 * What stood in a run instead of what its plan says; `preview` is what the plan comes to with the
 * same CSMS. Without it, whatever may have.
 */
export function changesOf(
  run: Pick<FleetRun, 'csms_urls' | 'seed' | 'planned_s'>,
  plan: string,
  preview: Pick<FleetRunPreview, 'seed' | 'duration_s'> | null,
): RunChanges {
  const said = wordsOf(plan);
  return {
    ...NO_CHANGES,
    csmsUrls: run.csms_urls.every((url) => said.has(url)) ? '' : run.csms_urls.join('\n'),
    duration: run.planned_s === preview?.duration_s ? '' : `${run.planned_s}s`,
    seed: run.seed === preview?.seed ? '' : run.seed,
  };
}

/** The values of a plan that have no blanks in them, without its comments. */
function wordsOf(plan: string): Set<string> {
  return new Set(plan.replaceAll(/(^|\s)#.*$/gm, '').split(/[\s"'[\]{},]+/));
}

/** Where a line is in a text, without its end; the last line where there are not so many. */
export function lineSpan(text: string, line: number): { start: number; end: number } {
  const lines = text.split('\n');
  const index = Math.min(Math.max(1, line), lines.length) - 1;
  const start = lines.slice(0, index).reduce((length, each) => length + each.length + 1, 0);
  return { start, end: start + (lines[index]?.length ?? 0) };
}

export function lineCount(text: string): number {
  return text.split('\n').length;
}
