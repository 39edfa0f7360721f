import { describe, expect, it } from 'vitest';
import { CONNECTOR_STATUSES, FAULT_CODES, registrationColor } from './status';

describe('the answer to BootNotification', () => {
  it('is green only while there is a connection', () => {
    expect(registrationColor('Accepted', true)).toBe('green');
    expect(registrationColor('Accepted', false)).toBe('gray');
    expect(registrationColor('Rejected', true)).toBe('red');
    expect(registrationColor(null, true)).toBe('gray');
  });
});

describe('the words of the standard', () => {
  it('are all there', () => {
    expect(CONNECTOR_STATUSES).toHaveLength(9);
    expect(FAULT_CODES).toHaveLength(15);
  });
});
