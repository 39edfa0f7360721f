import { describe, expect, it } from 'vitest';
import { ProblemError } from '@/api/problem';
import { fieldErrors } from './formProblem';

const refused = (...loc: (string | number)[]) =>
  new ProblemError({
    status: 422,
    title: 'Unprocessable Content',
    detail: '',
    errors: [{ loc: ['body', ...loc], msg: 'Too much.', type: 'value_error' }],
  } as never);

describe('the errors of a refused form', () => {
  it('are at the field that the server names, or that it names a part of', () => {
    expect(fieldErrors(refused('name'), ['name'])).toEqual({ name: 'Too much.' });
    expect(fieldErrors(refused('curve', 0, 'power_kw'), ['curve'])).toEqual({
      curve: 'Too much.',
    });
  });

  it('leave what the form does not have to the alert', () => {
    expect(fieldErrors(refused('names'), ['name'])).toEqual({});
  });
});
