import { describe, expect, it } from 'vitest';
import { ProblemError } from '@/api/problem';
import {
  NO_CHANGES,
  bodyOfForm,
  changeFaultsOf,
  changesOf,
  lineCount,
  lineSpan,
  planFaultOf,
  urlsOf,
} from './newRun';

/** As the API refuses a plan, or a field beside it. */
function refused(
  detail: string,
  loc: string[],
  line: number | null = null,
  msg = 'no such field',
): ProblemError {
  const errors = [{ loc: ['body', ...loc], msg, line }];
  return new ProblemError({ status: 422, title: 'Unprocessable', detail, errors });
}

describe('the body of a new run', () => {
  it('has nothing but the plan where nothing stands instead', () => {
    expect(bodyOfForm({ plan: 'version: 1', ...NO_CHANGES })).toEqual({
      plan: 'version: 1',
      processes: 1,
    });
  });

  it('has what stands instead of what the plan says', () => {
    const changes = {
      csmsUrls: 'ws://a.example/ocpp\n ws://b.example/ocpp, ',
      duration: ' 90s ',
      seed: 0,
      processes: 2,
    };
    expect(bodyOfForm({ plan: '', ...changes })).toEqual({
      plan: '',
      csms_urls: ['ws://a.example/ocpp', 'ws://b.example/ocpp'],
      duration: '90s',
      seed: 0,
      processes: 2,
    });
    expect(urlsOf(' \n')).toEqual([]);
  });
});

describe('what is wrong with a plan', () => {
  it('is told with its line', () => {
    const problem = refused('plan: line 7: chargers[0].cuont: no such field', ['plan', 'cuont'], 7);
    const message = 'chargers[0].cuont: no such field';
    expect(planFaultOf(problem)).toEqual({ line: 7, message });
  });

  it('may have no line', () => {
    const problem = refused('plan: live.csms_urls: is missing', ['plan', 'live', 'csms_urls']);
    expect(planFaultOf(problem)).toEqual({ line: null, message: 'live.csms_urls: is missing' });
  });

  it('is not what is wrong with what stands instead', () => {
    const problem = refused(
      'duration: it is above 0',
      ['duration'],
      null,
      'duration: it is above 0',
    );
    expect(planFaultOf(problem)).toBeNull();
    expect(changeFaultsOf(problem)).toEqual({ duration: 'it is above 0' });
  });
});

describe('what stood instead of the plan’s', () => {
  const run = { csms_urls: ['ws://a.example', 'ws://b.example'], seed: 7, planned_s: 90 };
  const plan = 'live:\n  csms_urls: [ws://a.example, "ws://b.example"]';

  it('is what the plan does not come to', () => {
    expect(changesOf(run, plan, { seed: 7, duration_s: 90 })).toEqual(NO_CHANGES);
    expect(changesOf(run, plan, { seed: 8, duration_s: 60 })).toEqual({
      ...NO_CHANGES,
      duration: '90s',
      seed: 7,
    });
  });

  it('is the CSMS that the plan does not name', () => {
    const other = { ...run, csms_urls: ['ws://a.example/of'] };
    const said = `# ws://a.example/of\n${plan}`;
    expect(changesOf(other, said, { seed: 7, duration_s: 90 })).toEqual({
      ...NO_CHANGES,
      csmsUrls: 'ws://a.example/of',
    });
  });

  it('may be anything where the plan cannot be used', () => {
    expect(changesOf(run, '', null)).toEqual({
      csmsUrls: 'ws://a.example\nws://b.example',
      duration: '90s',
      seed: 7,
      processes: '',
    });
  });
});

describe('the lines of a plan', () => {
  const text = 'one\ntwo\n\nfour';

  it('are found', () => {
    expect(lineCount(text)).toBe(4);
    const { start, end } = lineSpan(text, 2);
    expect(text.slice(start, end)).toBe('two');
    expect(lineSpan(text, 3)).toEqual({ start: 8, end: 8 });
  });

  it('are the last one where there are not so many', () => {
    const { start, end } = lineSpan(text, 9);
    expect(text.slice(start, end)).toBe('four');
    expect(lineSpan('', 1)).toEqual({ start: 0, end: 0 });
  });
});
