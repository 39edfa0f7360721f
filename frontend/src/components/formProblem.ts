import type { ProblemError } from '@/api/problem';

/**
 * The form errors that a refused input names, by field; what is wrong in a part of a field is wrong
 * with the field. What names no field of the form is left to the alert above the buttons.
 */
export function fieldErrors(
  problem: ProblemError,
  fields: readonly string[],
): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const { field: named, message } of problem.fields) {
    const field = fields.find((each) => named === each || named.startsWith(`${each}.`));
    if (field !== undefined) errors[field] ??= message;
  }
  return errors;
}
