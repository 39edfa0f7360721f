/** What a person or the world does to a charger, one function an action. */
import { useMutation } from '@tanstack/react-query';
import { bodyOf, client } from './client';
import type {
  Connector,
  FaultBody,
  FilesBody,
  InjectStatusBody,
  NetworkBody,
  PlugInBody,
} from './types';

type ConnectorAction =
  | { do: 'plug-in'; body: PlugInBody }
  | { do: 'unplug'; side: 'ev' | 'charger' }
  | { do: 'ev'; draws: boolean }
  | { do: 'id-tag'; idTag: string }
  | { do: 'stop-button' }
  | { do: 'fault'; fault: FaultBody }
  | { do: 'clear-fault' }
  | { do: 'lock'; jammed: boolean };

/**
 * Does something at a connector; connector 0 (faults only) is the charger as a whole. The answer
 * is not shown: it may overtake an older event of the live feed, which is the one source of state.
 */
export function useConnectorAction(chargePointId: string, connectorId: number) {
  const params = { path: { charge_point_id: chargePointId, connector_id: connectorId } };
  return useMutation({
    mutationFn: async (action: ConnectorAction): Promise<Connector> => {
      const base = '/api/chargers/{charge_point_id}/connectors/{connector_id}' as const;
      switch (action.do) {
        case 'plug-in':
          return bodyOf(await client.POST(`${base}/plug-in`, { params, body: action.body }));
        case 'unplug':
          return bodyOf(
            await client.POST(`${base}/unplug`, { params, body: { side: action.side } }),
          );
        case 'ev':
          return bodyOf(await client.POST(`${base}/ev`, { params, body: { draws: action.draws } }));
        case 'id-tag':
          return bodyOf(
            await client.POST(`${base}/id-tag`, { params, body: { id_tag: action.idTag } }),
          );
        case 'stop-button':
          return bodyOf(await client.POST(`${base}/stop-button`, { params }));
        case 'fault':
          return bodyOf(await client.POST(`${base}/fault`, { params, body: action.fault }));
        case 'clear-fault':
          return bodyOf(await client.DELETE(`${base}/fault`, { params }));
        case 'lock':
          return bodyOf(
            await client.POST(`${base}/lock`, { params, body: { jammed: action.jammed } }),
          );
      }
    },
  });
}

type ChargerAction =
  | { do: 'connect' | 'disconnect' | 'go-offline' | 'go-online' | 'emergency-stop' }
  | { do: 'id-tag'; idTag: string }
  | { do: 'power'; state: 'off' | 'on' | 'cycle' | 'restart' }
  | { do: 'network'; network: NetworkBody }
  | { do: 'clock'; offsetS: number }
  | { do: 'inject-status'; status: InjectStatusBody }
  | { do: 'files'; files: FilesBody }
  | { do: 'factory-reset' };

/** Does something to a charger as a whole; its new state comes by the live feed. */
export function useChargerAction(chargePointId: string) {
  const params = { path: { charge_point_id: chargePointId } };
  return useMutation({
    mutationFn: async (action: ChargerAction): Promise<void> => {
      switch (action.do) {
        case 'connect':
          await client.POST('/api/chargers/{charge_point_id}/connect', { params });
          return;
        case 'disconnect':
          await client.POST('/api/chargers/{charge_point_id}/disconnect', { params });
          return;
        case 'go-offline':
          await client.POST('/api/chargers/{charge_point_id}/go-offline', { params });
          return;
        case 'go-online':
          await client.POST('/api/chargers/{charge_point_id}/go-online', { params });
          return;
        case 'emergency-stop':
          await client.POST('/api/chargers/{charge_point_id}/emergency-stop', { params });
          return;
        case 'id-tag':
          await client.POST('/api/chargers/{charge_point_id}/id-tag', {
            params,
            body: { id_tag: action.idTag },
          });
          return;
        case 'power':
          await client.POST('/api/chargers/{charge_point_id}/power', {
            params,
            body: { state: action.state },
          });
          return;
        case 'network':
          await client.POST('/api/chargers/{charge_point_id}/network', {
            params,
            body: action.network,
          });
          return;
        case 'clock':
          await client.POST('/api/chargers/{charge_point_id}/clock', {
            params,
            body: { offset_s: action.offsetS },
          });
          return;
        case 'inject-status':
          await client.POST('/api/chargers/{charge_point_id}/inject-status', {
            params,
            body: action.status,
          });
          return;
        case 'files':
          await client.POST('/api/chargers/{charge_point_id}/files', {
            params,
            body: action.files,
          });
          return;
        case 'factory-reset':
          await client.POST('/api/chargers/{charge_point_id}/factory-reset', { params });
      }
    },
  });
}
