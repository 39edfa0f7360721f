import { describe, expect, it } from 'vitest';
import { CALL_TEMPLATES, parsePayload, templateOf } from './callTemplates';

describe('the CALLs to start from', () => {
  it('are all objects that can be sent as they are', () => {
    for (const action of Object.keys(CALL_TEMPLATES)) {
      expect(parsePayload(templateOf(action, new Date(0)))).toBeTypeOf('object');
    }
    expect(templateOf('Heartbeat', new Date(0))).toBe('{}');
    expect(templateOf('MadeUp', new Date(0))).toBe('{}');
    expect(templateOf('StatusNotification', new Date(0))).toContain('1970-01-01T00:00:00.000Z');
  });

  it('says what is wrong with a text that is no payload', () => {
    expect(parsePayload('{')).toBeTypeOf('string');
    expect(parsePayload('[]')).toBe('A payload is a JSON object.');
    expect(parsePayload('null')).toBe('A payload is a JSON object.');
  });
});
