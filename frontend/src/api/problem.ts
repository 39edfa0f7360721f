/** Errors of the API, as RFC 9457 problem documents or as what stands in for one. */
import type { Problem } from './types';

/** An answer that is no success. `status` is 0 where there was no answer at all. */
export class ProblemError extends Error {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  /** `line` is that of a text with lines. */
  readonly fields: readonly { field: string; message: string; line: number | null }[];

  constructor(problem: Pick<Problem, 'status' | 'title' | 'detail'> & Partial<Problem>) {
    super(problem.detail || problem.title);
    this.name = 'ProblemError';
    this.status = problem.status;
    this.title = problem.title;
    this.detail = problem.detail;
    this.fields = (problem.errors ?? []).map(({ loc, msg, line }) => ({
      field: loc.filter((part) => part !== 'body').join('.'),
      message: msg,
      line: line ?? null,
    }));
  }
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'title' in body && 'status' in body;
}

/** Makes the error of an answer, whatever its body turned out to be. */
export function problemOf(response: Response, body: unknown): ProblemError {
  if (isProblem(body)) return new ProblemError(body);
  const text = typeof body === 'string' ? body.slice(0, 300) : '';
  return new ProblemError({
    status: response.status,
    title: response.statusText || `HTTP ${response.status}`,
    detail: text,
  });
}

/** The error of a request that nobody answered. */
export function unreachable(): ProblemError {
  return new ProblemError({
    status: 0,
    title: 'The simulator does not answer',
    detail: 'The connection to the simulator failed.',
  });
}

/** Whatever was thrown, as a problem that can be shown. */
export function asProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return new ProblemError({ status: -1, title: 'Something went wrong in this page', detail });
}

/** Why a page cannot be shown; its code comes in parts, when they are needed. */
export function asPageProblem(error: unknown): ProblemError {
  const problem = asProblem(error);
  if (!/preload|dynamically imported module|importing a module script/i.test(problem.detail)) {
    return problem;
  }
  return new ProblemError({
    status: -1,
    title: 'A part of this page could not be loaded',
    detail: 'The simulator does not answer, or it has been updated meanwhile.',
  });
}

/** What went wrong, in the words of this page rather than of HTTP. */
export function heading(problem: ProblemError): string {
  switch (problem.status) {
    case 409:
      return 'Not possible';
    case 422:
      return 'The input is not valid';
    default:
      return problem.title;
  }
}

/** The fields that the detail has not told about already. */
export function furtherFields({ detail, fields }: ProblemError): ProblemError['fields'] {
  return fields.filter(
    ({ field, message }) => detail !== message && detail !== `${field}: ${message}`,
  );
}

/** What a person can do about a problem, in one sentence. */
export function remedy(problem: ProblemError): string {
  switch (problem.status) {
    case 0:
      return 'Check that the simulator is running; this page reconnects by itself.';
    case 401:
      return 'Sign in and try again.';
    case 404:
      return 'It may have been deleted meanwhile; go back to the list.';
    case 409:
      return 'The present state does not allow this; look at the current state and try again.';
    case 422:
      return 'Correct the input and try again.';
    default:
      return problem.status >= 500
        ? 'The log of the simulator says more; try again.'
        : 'Reload the page and try again.';
  }
}
