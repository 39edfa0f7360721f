import type { ProblemError } from '@/api/problem';

/**
 * The form errors that a refused input names, by field. What names no field of the form is
 * left to the alert above the buttons.
 */
export function fieldErrors(
  problem: ProblemError,
  fields: readonly string[],
): Record<string, string> {
  return Object.fromEntries(
    problem.fields
      .filter(({ field }) => fields.includes(field))
      .map(({ field, message }) => [field, message]),
  );
}
