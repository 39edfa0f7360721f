import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { fakeApi, show } from '@/testing/render';
import { aChargerDetail, someFiles } from '@/testing/things';
import { FilesOf } from './FilesTab';

const POST = 'POST /api/chargers/CP001/files';

describe('the files of a charger', () => {
  it('show how firmware and diagnostics stand', async () => {
    const files = someFiles({ firmware_status: 'Downloading', diagnostics_status: 'UploadFailed' });
    await show(<FilesOf charger={aChargerDetail({ files })} />);
    expect(screen.getByRole('status', { name: 'Firmware status' })).toHaveTextContent(
      'Downloading',
    );
    expect(screen.getByRole('status', { name: 'Diagnostics status' })).toHaveTextContent(
      'UploadFailed',
    );
    expect(screen.getByText('Version 1.0.0')).toBeInTheDocument();
    expect(screen.getByText('The file could not be delivered.')).toBeInTheDocument();
  });

  it('are told how the next transfers end', async () => {
    const calls = fakeApi({ [POST]: {} });
    await show(<FilesOf charger={aChargerDetail()} />);
    expect(screen.getByRole('button', { name: 'Set outcomes' })).toBeDisabled();
    const download = within(screen.getByRole('radiogroup', { name: 'Firmware download' }));
    await userEvent.click(download.getByRole('radio', { name: 'Fails' }));
    const duration = screen.getByLabelText('Duration of each (s)');
    await userEvent.type(duration, '-1');
    expect(screen.getByText('0 to 604,800 s (a week).')).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Set outcomes' })).toBeDisabled();
    await userEvent.clear(duration);
    await userEvent.type(duration, '5');
    await userEvent.click(screen.getByRole('button', { name: 'Set outcomes' }));
    expect(calls.find(({ method }) => method === 'POST')?.body).toEqual({
      download: 'fail',
      install: null,
      signature: null,
      upload: null,
      duration_s: 5,
    });
  });

  it('are set back by one click', async () => {
    const calls = fakeApi({ [POST]: {} });
    const files = someFiles({ upload: 'fail' });
    await show(<FilesOf charger={aChargerDetail({ files })} />);
    await userEvent.click(screen.getByRole('button', { name: 'Reset' }));
    expect(calls.find(({ method }) => method === 'POST')?.body).toMatchObject({ upload: null });
  });
});
