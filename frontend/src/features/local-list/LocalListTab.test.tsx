import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { fakeApi, show } from '@/testing/render';
import { aKey, aLocalList, anEntry } from '@/testing/things';
import { LocalListOf } from './LocalListTab';

const PATH = 'GET /api/chargers/CP001/local-list';

describe('the local list', () => {
  it('says how tags get into an empty one', async () => {
    fakeApi({ [PATH]: aLocalList({ version: 0, entries: [] }) });
    await show(<LocalListOf chargePointId="CP001" clockOffsetS={0} />);
    expect(await screen.findByText('No tag is in the local list')).toBeInTheDocument();
    expect(screen.getByText(/SendLocalList/)).toBeInTheDocument();
    expect(screen.getByText('Version 0')).toBeInTheDocument();
  });

  it('shows each tag with what it may', async () => {
    fakeApi({
      [PATH]: aLocalList({
        enabled: false,
        entries: [
          anEntry(),
          anEntry({
            id_tag: 'RED',
            status: 'Blocked',
            expiry_date: '2020-01-01T00:00:00Z',
            parent_id_tag: 'FLEET',
          }),
        ],
      }),
    });
    await show(<LocalListOf chargePointId="CP001" clockOffsetS={0} />);
    const row = await screen.findByRole('row', { name: /RED/ });
    expect(within(row).getByText('Blocked')).toBeInTheDocument();
    expect(within(row).getByText('FLEET')).toBeInTheDocument();
    expect(within(row).getByText('(expired)')).toBeInTheDocument();
    expect(screen.getByText('The list is not used')).toBeInTheDocument();
  });

  it('is not used where its feature profile is off, whatever else is set', async () => {
    fakeApi({
      [PATH]: aLocalList({ enabled: false }),
      'GET /api/chargers/CP001/configuration': [
        aKey({ key: 'SupportedFeatureProfiles', type: 'CSL', value: 'Core', readonly: true }),
      ],
    });
    await show(<LocalListOf chargePointId="CP001" clockOffsetS={0} />);
    expect(
      await screen.findByText('The feature profile LocalAuthListManagement is off'),
    ).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'configuration' })).toBeInTheDocument();
    expect(screen.queryByText('The list is not used')).not.toBeInTheDocument();
  });

  it('is searched, and turned page by page', async () => {
    const entries = Array.from({ length: 60 }, (_, index) => anEntry({ id_tag: `TAG-${index}` }));
    fakeApi({ [PATH]: aLocalList({ entries }) });
    await show(<LocalListOf chargePointId="CP001" clockOffsetS={0} />);
    expect(await screen.findAllByText(/^TAG-/)).toHaveLength(50);
    await userEvent.click(screen.getByLabelText('next page'));
    expect(screen.getAllByText(/^TAG-/)).toHaveLength(10);
    await userEvent.click(screen.getByLabelText('Search the local list'));
    await userEvent.paste('tag-59');
    expect(await screen.findByText('1 tag found')).toBeInTheDocument();
    expect(screen.getAllByText(/^TAG-/)).toHaveLength(1);
    await userEvent.paste('x');
    expect(await screen.findByText('No tag fits this search.')).toBeInTheDocument();
  });
});
