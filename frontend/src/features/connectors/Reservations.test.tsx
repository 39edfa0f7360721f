import { screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { fakeApi, show } from '@/testing/render';
import { aChargerDetail, aKey, aReservation } from '@/testing/things';
import { Reservations } from './Reservations';

const GET = 'GET /api/chargers/CP001/reservations';
const CONFIGURATION = 'GET /api/chargers/CP001/configuration';

describe('the reservations of a charger', () => {
  it('are listed, those of no certain connector too', async () => {
    const expires_at = new Date(Date.now() + 5400_000).toISOString();
    fakeApi({
      [GET]: [
        aReservation({ connector_id: 0, parent_id_tag: 'FLEET', expires_at }),
        aReservation({ reservation_id: 6, expires_at }),
      ],
    });
    await show(<Reservations charger={aChargerDetail({ clock_offset_s: 3600 })} />);
    const table = within(await screen.findByRole('table', { name: 'Reservations' }));
    const any = table.getByRole('row', { name: /^5 0 \(any\) BLUE FLEET/ });
    // The clock of the charger, which goes an hour ahead, decides.
    expect(any).toHaveTextContent(/(29|30) min/);
    expect(table.getByRole('row', { name: /^6 1 BLUE –/ })).toBeInTheDocument();
  });

  it('come from the CSMS where there are none', async () => {
    fakeApi({ [GET]: [] });
    await show(<Reservations charger={aChargerDetail()} />);
    expect(await screen.findByText(/ReserveNow/)).toBeInTheDocument();
  });

  it('cannot be where the feature profile is off', async () => {
    const profiles = aKey({ key: 'SupportedFeatureProfiles', value: 'Core,SmartCharging' });
    fakeApi({ [GET]: [], [CONFIGURATION]: [profiles] });
    await show(<Reservations charger={aChargerDetail()} />);
    expect(await screen.findByText(/The feature profile Reservation is off/)).toBeInTheDocument();
  });
});
