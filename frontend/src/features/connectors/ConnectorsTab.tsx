import { SimpleGrid } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useCharger, useHistory, useRefusals } from '@/api/chargers';
import type { ChargerDetail } from '@/api/types';
import { vehiclesQuery } from '@/api/vehicles';
import { SHARED_READER } from '@/api/live/reduce';
import { ConnectorCard } from './ConnectorCard';
import { RefusalNotice } from './RefusalNotice';
import { Reservations } from './Reservations';

/** The connectors of a charger as pictures of what is going on. */
export function ConnectorsTab() {
  const { chargePointId } = useParams({ from: '/shell/chargers/$chargePointId' });
  const { data: charger } = useCharger(chargePointId);
  return charger ? <Connectors charger={charger} /> : null;
}

function Connectors({ charger }: { charger: ChargerDetail }) {
  const vehicles = useQuery(vehiclesQuery(charger.location_id));
  const history = useHistory(charger.charge_point_id);
  const refusals = useRefusals(charger.charge_point_id);
  return (
    <>
      <RefusalNotice refusal={refusals[SHARED_READER]} />
      <SimpleGrid
        maw={charger.connectors.length > 1 ? undefined : 760}
        cols={{
          base: 1,
          md: charger.connectors.length > 1 ? 2 : 1,
          xl: Math.min(3, charger.connectors.length),
        }}
      >
        {charger.connectors.map((connector) => (
          <ConnectorCard
            key={connector.connector_id}
            charger={charger}
            connector={connector}
            vehicles={vehicles.data ?? []}
            samples={history[connector.connector_id] ?? []}
            refusal={refusals[connector.connector_id]}
          />
        ))}
      </SimpleGrid>
      <Reservations charger={charger} />
    </>
  );
}
