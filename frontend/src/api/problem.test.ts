import { describe, expect, it } from 'vitest';
import {
  ProblemError,
  asPageProblem,
  asProblem,
  furtherFields,
  heading,
  problemOf,
  remedy,
  unreachable,
} from './problem';

describe('problems', () => {
  it('keeps what a problem document says, with the fields by name', () => {
    const problem = problemOf(new Response(null, { status: 422 }), {
      type: 'about:blank',
      title: 'Unprocessable Entity',
      status: 422,
      detail: 'charger_name is empty',
      errors: [{ loc: ['body', 'charger_name'], msg: 'is empty' }],
    });
    expect(problem.title).toBe('Unprocessable Entity');
    expect(problem.fields).toEqual([{ field: 'charger_name', message: 'is empty', line: null }]);
  });

  it('makes do with an answer that is no problem document', () => {
    const problem = problemOf(
      new Response(null, { status: 502, statusText: 'Bad Gateway' }),
      'upstream is down',
    );
    expect([problem.status, problem.title, problem.detail]).toEqual([
      502,
      'Bad Gateway',
      'upstream is down',
    ]);
  });

  it('is headed by words of this page, not of HTTP', () => {
    expect(
      heading(new ProblemError({ status: 422, title: 'Unprocessable Entity', detail: '' })),
    ).toBe('The input is not valid');
    expect(heading(unreachable())).toBe('The simulator does not answer');
  });

  it('does not tell a field twice that the detail has told about', () => {
    const problem = new ProblemError({
      status: 422,
      title: 'Unprocessable Entity',
      detail: 'the file is empty',
      errors: [
        { loc: ['body', 'file'], msg: 'the file is empty' },
        { loc: ['body', 'name'], msg: 'too long' },
      ],
    });
    expect(furtherFields(problem)).toEqual([{ field: 'name', message: 'too long', line: null }]);
  });

  it('says of code that did not come why that may be', () => {
    const failure = new Error('Failed to fetch dynamically imported module: /assets/x.js');
    expect(asPageProblem(failure).detail).toContain('does not answer');
    expect(asPageProblem(new Error('x is undefined')).detail).toBe('x is undefined');
  });

  it('says what to do, whatever went wrong', () => {
    expect(remedy(unreachable())).toContain('reconnects');
    for (const status of [401, 404, 409, 422, 500, 418]) {
      expect(remedy(new ProblemError({ status, title: '', detail: '' }))).not.toBe('');
    }
    expect(asProblem(new Error('boom')).detail).toBe('boom');
  });
});
