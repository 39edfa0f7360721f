import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useEffect, useState } from 'react';
import { describe, expect, it } from 'vitest';
import type { Refusal } from '@/api/live/reduce';
import { fakeApi, show } from '@/testing/render';
import {
  aChargerDetail,
  aChargingConnector,
  aConnector,
  aVehicle,
  aVehicleModel,
} from '@/testing/things';
import { ConnectorCard } from './ConnectorCard';

const BASE = '/api/chargers/CP001';

function card(connector = aConnector(), powered = true, refusal?: Refusal) {
  return (
    <ConnectorCard
      charger={aChargerDetail({ powered, connectors: [connector] })}
      connector={connector}
      vehicles={[aVehicle()]}
      samples={[]}
      refusal={refusal}
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

  it('tells the power factor and the reactive power where there is alternating current', async () => {
    const connector = aChargingConnector();
    const meter = { ...connector.meter, power_factor: 0.995, reactive_power_var: 1104 };
    await show(card({ ...connector, meter }));
    expect(screen.getByText('0.995')).toBeInTheDocument();
    expect(screen.getByText('1.10 kvar')).toBeInTheDocument();
  });

  it('has neither where there is direct current', async () => {
    await show(card({ ...aChargingConnector(), power_type: 'DC' }));
    expect(screen.queryByText('Power factor')).not.toBeInTheDocument();
    expect(screen.queryByText('Reactive')).not.toBeInTheDocument();
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
        body: {
          connector_id: 1,
          id_tag: 'BLUE',
          vehicle_id: 1,
          model_id: null,
          start_soc_percent: null,
        },
      },
    ]);
    expect(await screen.findByText('Transaction 7 started')).toBeInTheDocument();
  });

  it('can be worked by the keyboard alone, without losing the place', async () => {
    fakeApi({ [`POST ${BASE}/connectors/1/id-tag`]: aConnector() });
    await show(card());
    screen.getByRole('button', { name: 'Plug in' }).focus();
    await userEvent.keyboard('{Enter}');
    const plugIn = await screen.findByRole('dialog', { name: 'Plug in' });
    await waitFor(() => {
      expect(within(plugIn).getByLabelText('Vehicle', { selector: 'input' })).toHaveFocus();
    });
    await userEvent.keyboard('{Escape}');
    await waitFor(() => {
      expect(screen.getByRole('button', { name: 'Plug in' })).toHaveFocus();
    });
    screen.getByRole('button', { name: 'Present tag' }).focus();
    await userEvent.keyboard('{Enter}');
    const dialog = await screen.findByRole('dialog', { name: 'Present tag' });
    const tag = within(dialog).getByLabelText(/Id tag/, { selector: 'input' });
    await userEvent.clear(tag);
    await userEvent.type(tag, 'NOBODYS{Enter}');
    expect(await screen.findByText('Tag NOBODYS shown to the reader')).toBeInTheDocument();
    await waitFor(() => {
      expect(screen.getByRole('button', { name: 'Present tag' })).toHaveFocus();
    });
  });

  it('closes the dialog at the first Escape where no known tag fits what was typed', async () => {
    await show(card());
    await userEvent.click(screen.getByRole('button', { name: 'Present tag' }));
    const dialog = await screen.findByRole('dialog', { name: 'Present tag' });
    const tag = within(dialog).getByLabelText(/Id tag/, { selector: 'input' });
    await userEvent.clear(tag);
    await userEvent.type(tag, 'NOBODYS{Escape}');
    await waitFor(() => {
      expect(screen.queryByRole('dialog', { name: 'Present tag' })).not.toBeInTheDocument();
    });
  });

  it('keeps the place of the keyboard where the button that was pressed goes away', async () => {
    let stop: () => void = () => undefined;
    function Changing() {
      const [connector, setConnector] = useState(aChargingConnector());
      useEffect(() => {
        stop = () => {
          setConnector(aConnector());
        };
      }, []);
      return card(connector);
    }
    await show(<Changing />);
    screen.getByRole('button', { name: 'Stop' }).focus();
    act(stop);
    expect(screen.getByRole('group', { name: 'Actions at connector 1' })).toHaveFocus();
  });

  it('plugs in the car that is chosen', async () => {
    const calls = fakeApi({
      [`POST ${BASE}/connectors/1/plug-in`]: aConnector({ cable: 'vehicle' }),
    });
    await show(card());
    await userEvent.click(screen.getByRole('button', { name: 'Plug in' }));
    const dialog = await screen.findByRole('dialog', { name: 'Plug in' });
    await userEvent.type(within(dialog).getByLabelText('State of charge (%)'), '35');
    await userEvent.type(within(dialog).getByLabelText('Battery temperature (°C)'), '-5');
    await userEvent.type(within(dialog).getByLabelText('Leaves after (min)'), '90');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Plug in' }));
    expect(calls.find(({ method }) => method === 'POST')?.body).toEqual({
      vehicle_id: 1,
      model_id: null,
      soc_percent: 35,
      battery_temperature_celsius: -5,
      cable_current_a: null,
      lock_fails: false,
      departs_after_s: 5400,
    });
  });

  it('plugs in with a thin cable', async () => {
    const calls = fakeApi({
      [`POST ${BASE}/connectors/1/plug-in`]: aConnector({ cable: 'vehicle' }),
    });
    await show(card());
    await userEvent.click(screen.getByRole('button', { name: 'Plug in' }));
    const dialog = await screen.findByRole('dialog', { name: 'Plug in' });
    await userEvent.click(within(dialog).getByLabelText('Cable rating', { selector: 'input' }));
    await userEvent.click(await screen.findByRole('option', { name: '20 A' }));
    await userEvent.click(within(dialog).getByRole('button', { name: 'Plug in' }));
    expect(calls.find(({ method }) => method === 'POST')?.body).toMatchObject({
      cable_current_a: 20,
    });
  });

  it('plugs in a car of a model that passes by', async () => {
    const calls = fakeApi({
      'GET /api/vehicle-models': [aVehicleModel({ id: 'zeta-van', brand: 'Zeta', name: 'Van' })],
      [`POST ${BASE}/connectors/1/plug-in`]: aConnector({ cable: 'vehicle' }),
    });
    await show(card());
    await userEvent.click(screen.getByRole('button', { name: 'Plug in' }));
    const dialog = await screen.findByRole('dialog', { name: 'Plug in' });
    const vehicle = within(dialog).getByRole('combobox', { name: 'Vehicle' });
    await userEvent.clear(vehicle);
    await userEvent.type(vehicle, 'zeta');
    await userEvent.click(await screen.findByRole('option', { name: 'Zeta Van (52 kWh)' }));
    await userEvent.click(within(dialog).getByRole('button', { name: 'Plug in' }));
    expect(calls.find(({ method }) => method === 'POST')?.body).toMatchObject({
      vehicle_id: null,
      model_id: 'zeta-van',
    });
  });

  it('asks for no cable where one is there', async () => {
    await show(card(aConnector({ cable: 'socket' })));
    await userEvent.click(screen.getByRole('button', { name: 'Plug in' }));
    const dialog = await screen.findByRole('dialog', { name: 'Plug in' });
    expect(within(dialog).queryByLabelText('Cable rating')).not.toBeInTheDocument();
  });

  it('says when the car leaves', async () => {
    await show(card(aConnector({ cable: 'vehicle', departs_at: '2099-01-02T14:30:00Z' })));
    expect(screen.getByText(/The car leaves/)).toHaveTextContent(
      /^The car leaves 2099-01-0[123] \d\d:\d\d$/,
    );
  });

  it('says for whom and until when it is kept', async () => {
    const reservation = { reservation_id: 5, id_tag: 'BLUE', expires_at: '2099-01-02T14:30:00Z' };
    await show(card(aConnector({ status: 'Reserved', reservation })));
    const line = screen.getByText(/Reserved for/);
    expect(line).toHaveTextContent(
      /^Reserved for BLUE until 2099-01-0[123] \d\d:\d\d · reservation 5$/,
    );
  });

  it('says which tag was refused and why, until that is read', async () => {
    const refusal = {
      id_tag: 'NOBODYS',
      status: 'Blocked',
      reason: 'the CSMS answered Blocked',
      at_ms: Date.now(),
    };
    await show(card(aConnector(), true, refusal));
    expect(screen.getByText('Tag NOBODYS refused: Blocked')).toBeInTheDocument();
    expect(screen.getByText(/The CSMS answered Blocked\./)).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Dismiss the refusal' }));
    expect(screen.queryByText('Tag NOBODYS refused: Blocked')).not.toBeInTheDocument();
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
