import { queryOptions, useMutation } from '@tanstack/react-query';
import { bodyOf, client } from './client';
import { keys } from './keys';
import { addTransaction } from './records';
import { allPages } from './paging';
import type { Transaction } from './types';

/** The transactions of a charger, newest first; the live feed keeps them current. */
export function transactionsQuery(chargePointId: string) {
  return queryOptions({
    queryKey: keys.transactions(chargePointId),
    queryFn: async ({ signal }) => {
      const transactions = await allPages<Transaction>((page) =>
        client.GET('/api/chargers/{charge_point_id}/transactions', {
          params: { path: { charge_point_id: chargePointId }, query: page },
          signal,
        }),
      );
      return transactions.reduce<Transaction[]>(addTransaction, []);
    },
  });
}

/** Starts a session from plug to tag and waits for what the CSMS says. */
export function useStartTransaction(chargePointId: string) {
  return useMutation({
    mutationFn: async (values: {
      connectorId: number;
      idTag: string;
      vehicleId: number | null;
      modelId: string | null;
      socPercent: number | null;
    }) =>
      bodyOf(
        await client.POST('/api/chargers/{charge_point_id}/transactions/start', {
          params: { path: { charge_point_id: chargePointId } },
          body: {
            connector_id: values.connectorId,
            id_tag: values.idTag,
            vehicle_id: values.vehicleId,
            model_id: values.modelId,
            start_soc_percent: values.socPercent,
          },
        }),
      ),
  });
}

export function useStopTransaction(chargePointId: string) {
  return useMutation({
    mutationFn: async (connectorId: number) =>
      bodyOf(
        await client.POST('/api/chargers/{charge_point_id}/transactions/stop', {
          params: { path: { charge_point_id: chargePointId } },
          body: { connector_id: connectorId },
        }),
      ),
  });
}
