import { describe, expect, it } from 'vitest';
import { fileStatusColor, isFileNews } from '@/components/status';
import { someFiles } from '@/testing/things';
import { NO_OUTCOMES, checkDuration, outcomeValues, outcomesBody, sameOutcomes } from './model';

describe('the outcomes of file transfers', () => {
  it('are sent as they are shown', () => {
    const files = someFiles({ download: 'fail', signature: 'invalid', duration_s: 0 });
    expect(outcomesBody(outcomeValues(files))).toEqual({
      download: 'fail',
      install: null,
      signature: 'invalid',
      upload: null,
      duration_s: 0,
    });
  });

  it('are not set at first', () => {
    expect(sameOutcomes(outcomeValues(someFiles()), NO_OUTCOMES)).toBe(true);
    expect(sameOutcomes(outcomeValues(someFiles({ upload: 'ok' })), NO_OUTCOMES)).toBe(false);
  });

  it('take a time that makes sense', () => {
    expect(checkDuration('')).toBeNull();
    expect(checkDuration(0)).toBeNull();
    expect(checkDuration(-1)).not.toBeNull();
    expect(checkDuration(700_000)).not.toBeNull();
  });
});

describe('the status of a file transfer', () => {
  it('has a colour that tells how it went', () => {
    expect(
      ['Idle', 'Downloading', 'Installed', 'Uploaded', 'UploadFailed', 'InvalidSignature'].map(
        fileStatusColor,
      ),
    ).toEqual(['gray', 'blue', 'green', 'green', 'red', 'red']);
  });

  it('is news while something goes on, or went wrong', () => {
    expect(['Idle', 'Downloading', 'UploadFailed', 'Installed'].map(isFileNews)).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });
});
