import { queryOptions, useMutation } from '@tanstack/react-query';
import { bodyOf, client } from './client';
import { keys } from './keys';
import type { BulkAction } from './types';

/** Starts one action on many chargers; the result is the operation's id. */
export function useStartBulk() {
  return useMutation({
    mutationFn: async (bulk: { action: BulkAction; chargePointIds: string[] }) =>
      bodyOf(
        await client.POST('/api/chargers/bulk', {
          body: { action: bulk.action, ids: bulk.chargePointIds },
        }),
      ).operation_id,
  });
}

/** The progress of an operation; asked for again while it runs, since no event tells it. */
export function operationQuery(operationId: string) {
  return queryOptions({
    queryKey: keys.operation(operationId),
    queryFn: async ({ signal }) =>
      bodyOf(
        await client.GET('/api/operations/{operation_id}', {
          params: { path: { operation_id: operationId } },
          signal,
        }),
      ),
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? 400 : false),
  });
}

export function useCancelOperation() {
  return useMutation({
    mutationFn: (operationId: string) =>
      client.DELETE('/api/operations/{operation_id}', {
        params: { path: { operation_id: operationId } },
      }),
  });
}
