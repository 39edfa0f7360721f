import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { fakeApi, problem, show } from '@/testing/render';
import { aKey } from '@/testing/things';
import { KeyRow } from './KeyRow';

const PATCH = 'PATCH /api/chargers/CP001/configuration';

describe('a configuration key', () => {
  it('is saved when it was changed to something that fits', async () => {
    const calls = fakeApi({ [PATCH]: [] });
    await show(<KeyRow chargePointId="CP001" entry={aKey()} />);
    const input = screen.getByRole('textbox', { name: 'HeartbeatInterval' });
    await userEvent.clear(input);
    await userEvent.type(input, '60');
    await userEvent.click(screen.getByRole('button', { name: 'Save HeartbeatInterval' }));
    expect(calls[0]?.body).toEqual({ HeartbeatInterval: '60' });
  });

  it('says why the charger refuses a value', async () => {
    fakeApi({ [PATCH]: problem(422, 'Unprocessable Entity', 'at least 0') });
    await show(<KeyRow chargePointId="CP001" entry={aKey({ minimum: null })} />);
    const input = screen.getByRole('textbox', { name: 'HeartbeatInterval' });
    await userEvent.clear(input);
    await userEvent.type(input, '-1');
    await userEvent.click(screen.getByRole('button', { name: 'Save HeartbeatInterval' }));
    expect(await screen.findByText('at least 0')).toBeInTheDocument();
  });

  it('says in which unit it is', async () => {
    await show(<KeyRow chargePointId="CP001" entry={aKey({ minimum: 1, maximum: 60 })} />);
    expect(screen.getByText(/Takes 1 to 60 s\./)).toBeInTheDocument();
    expect(screen.getByText('s')).toBeInTheDocument();
  });

  it('of type boolean is a switch', async () => {
    const calls = fakeApi({ [PATCH]: [] });
    await show(
      <KeyRow
        chargePointId="CP001"
        entry={aKey({ key: 'AuthorizeRemoteTxRequests', type: 'boolean', value: 'false' })}
      />,
    );
    await userEvent.click(screen.getByRole('switch', { name: 'AuthorizeRemoteTxRequests' }));
    expect(calls[0]?.body).toEqual({ AuthorizeRemoteTxRequests: 'true' });
  });

  it('that is read-only or needs a reboot says so', async () => {
    await show(
      <KeyRow chargePointId="CP001" entry={aKey({ readonly: true, reboot_required: true })} />,
    );
    expect(screen.getByText('read-only')).toBeInTheDocument();
    expect(screen.getByText('needs reboot')).toBeInTheDocument();
    expect(screen.queryByRole('textbox')).not.toBeInTheDocument();
  });

  it('that is read-only for the CSMS can be changed on the bench', async () => {
    const calls = fakeApi({ [PATCH]: [] });
    const key = { key: 'MaxChargingProfilesInstalled', value: '20', readonly: true };
    await show(<KeyRow chargePointId="CP001" entry={aKey(key)} />);
    await userEvent.click(
      screen.getByRole('button', { name: 'Change MaxChargingProfilesInstalled' }),
    );
    const input = screen.getByRole('textbox', { name: 'MaxChargingProfilesInstalled' });
    await userEvent.clear(input);
    await userEvent.type(input, '2');
    await userEvent.click(
      screen.getByRole('button', { name: 'Save MaxChargingProfilesInstalled' }),
    );
    expect(calls[0]?.body).toEqual({ MaxChargingProfilesInstalled: '2' });
    expect(screen.queryByRole('textbox')).not.toBeInTheDocument();
  });

  it('that is a list offers what the standard knows', async () => {
    const calls = fakeApi({ [PATCH]: [] });
    const key = {
      key: 'SupportedFeatureProfiles',
      type: 'CSL',
      value: 'Core,RemoteTrigger',
      readonly: true,
    };
    await show(<KeyRow chargePointId="CP001" entry={aKey(key)} />);
    await userEvent.click(screen.getByRole('button', { name: 'Change SupportedFeatureProfiles' }));
    await userEvent.type(
      screen.getByLabelText('SupportedFeatureProfiles', { selector: 'input' }),
      'Smart',
    );
    await userEvent.click(await screen.findByRole('option', { name: 'SmartCharging' }));
    await userEvent.click(screen.getByRole('button', { name: 'Save SupportedFeatureProfiles' }));
    expect(calls[0]?.body).toEqual({
      SupportedFeatureProfiles: 'Core,RemoteTrigger,SmartCharging',
    });
  });
});
