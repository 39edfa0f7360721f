/** How file transfers stand and shall go, as a form and in words; pure. */
import type { Files, FilesBody } from '@/api/types';

/** The outcomes as a form: '' is not set. */
export interface OutcomeValues {
  download: '' | 'ok' | 'fail';
  install: '' | 'ok' | 'fail';
  signature: '' | 'ok' | 'invalid';
  upload: '' | 'ok' | 'fail';
  durationS: number | '';
}

export function outcomeValues(files: Files): OutcomeValues {
  return {
    download: files.download ?? '',
    install: files.install ?? '',
    signature: files.signature ?? '',
    upload: files.upload ?? '',
    durationS: files.duration_s ?? '',
  };
}

export function outcomesBody(values: OutcomeValues): FilesBody {
  return {
    download: values.download || null,
    install: values.install || null,
    signature: values.signature || null,
    upload: values.upload || null,
    duration_s: values.durationS === '' ? null : values.durationS,
  };
}

export function sameOutcomes(one: OutcomeValues, other: OutcomeValues): boolean {
  return (Object.keys(one) as (keyof OutcomeValues)[]).every((key) => one[key] === other[key]);
}

export const NO_OUTCOMES: OutcomeValues = {
  download: '',
  install: '',
  signature: '',
  upload: '',
  durationS: '',
};

const MAX_DURATION_S = 604_800;

export function checkDuration(durationS: number | ''): string | null {
  return durationS !== '' && (durationS < 0 || durationS > MAX_DURATION_S)
    ? '0 to 604,800 s (a week).'
    : null;
}

/** What a status of firmware or diagnostics means, in a sentence. */
export const STATUS_MEANINGS: Record<
  Files['firmware_status'] | Files['diagnostics_status'],
  string
> = {
  Idle: 'No transfer is going on.',
  Downloading: 'The firmware is on its way to the charger.',
  Downloaded: 'The firmware has arrived and waits to be installed.',
  DownloadFailed: 'The firmware could not be fetched.',
  Installing: 'The firmware is being installed.',
  Installed: 'The firmware was installed.',
  InstallationFailed: 'The firmware could not be installed.',
  Uploading: 'The file is on its way to the CSMS.',
  Uploaded: 'The file has arrived.',
  UploadFailed: 'The file could not be delivered.',
};
