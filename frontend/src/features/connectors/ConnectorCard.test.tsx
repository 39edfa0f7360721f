import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { fakeApi, show } from '@/testing/render';
import { aChargerDetail, aChargingConnector, aConnector, aVehicle } from '@/testing/things';
import { ConnectorCard } from './ConnectorCard';

const BASE = '/api/chargers/CP001';

function card(connector = aConnector(), powered = true) {
  return (
    <ConnectorCard
      charger={aChargerDetail({ powered, connectors: [connector] })}
      connector={connector}
      vehicles={[aVehicle()]}
      samples={[]}
    />
  );
}

describe('the card of a connector', () => {
  it('shows what is going on, for eyes and for ears', async () => {
    await show(card(aChargingConnector()));
    const region = screen.getByRole('region', { name: 'Connector 1' });
    expect(
      within(region).getByRole('img', { name: 'Blue van charges at 11.0 kW, 54.3 %' }),
    ).toHaveAttribute('data-status', 'Charging');
    expect(within(region).getByRole('status', { name: 'Connector 1 status' })).toHaveTextContent(
      'Charging',
    );
    expect(within(region).getByRole('group', { name: 'Charge: 54.3 %' })).toBeInTheDocument();
    expect(within(region).getByText('2.00 kWh')).toBeInTheDocument();
  });

  it('starts a session by one click, with the car and the tag that fit', async () => {
    const calls = fakeApi({
      [`POST ${BASE}/transactions/start`]: { transaction_id: 7, local_transaction_id: 1 },
    });
    await show(card());
    await userEvent.click(screen.getByRole('button', { name: 'Start charging' }));
    expect(calls).toEqual([
      {
        method: 'POST',
        path: `${BASE}/transactions/start`,
        body: { connector_id: 1, id_tag: 'BLUE', vehicle_id: 1, start_soc_percent: null },
      },
    ]);
    expect(await screen.findByText('Transaction 7 started')).toBeInTheDocument();
  });

  it('plugs in the car that is chosen', async () => {
    const calls = fakeApi({
      [`POST ${BASE}/connectors/1/plug-in`]: aConnector({ cable: 'vehicle' }),
    });
    await show(card());
    await userEvent.click(screen.getByRole('button', { name: 'Plug in' }));
    const dialog = await screen.findByRole('dialog', { name: 'Plug in' });
    await userEvent.type(within(dialog).getByLabelText('State of charge (%)'), '35');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Plug in' }));
    expect(calls[0]?.body).toEqual({ vehicle_id: 1, soc_percent: 35, lock_fails: false });
  });

  it('offers what the state allows', async () => {
    await show(card(aChargingConnector()));
    expect(screen.getByRole('button', { name: 'Stop' })).toBeEnabled();
    expect(screen.getByRole('button', { name: 'Pause EV' })).toBeEnabled();
    expect(screen.getByRole('button', { name: 'Unplug' })).toBeEnabled();
    expect(screen.queryByRole('button', { name: 'Start charging' })).not.toBeInTheDocument();
  });

  it('can be told nothing without power', async () => {
    await show(card(aConnector(), false));
    expect(screen.getByRole('button', { name: 'Start charging' })).toBeDisabled();
    expect(screen.getByRole('button', { name: 'Present tag' })).toBeDisabled();
    expect(screen.getByRole('img', { name: 'No power' })).toBeInTheDocument();
  });
});
