import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { bodyOf, client } from './client';
import { keys } from './keys';
import { MESSAGE_LIMIT, addMessages } from './records';
import type { Message } from './types';

/** The newest messages of a charger by rising id; the live feed appends to them. */
export function messagesQuery(chargePointId: string) {
  const queryKey = keys.messages(chargePointId);
  return queryOptions({
    queryKey,
    queryFn: async ({ signal, client: queries }) => {
      const fetched = bodyOf(
        await client.GET('/api/chargers/{charge_point_id}/messages', {
          params: { path: { charge_point_id: chargePointId }, query: { limit: MESSAGE_LIMIT } },
          signal,
        }),
      );
      // The feed may have brought newer ones while the answer was on its way.
      return addMessages(fetched, queries.getQueryData<Message[]>(queryKey) ?? []);
    },
  });
}

export function useClearMessages(chargePointId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () =>
      client.DELETE('/api/chargers/{charge_point_id}/messages', {
        params: { path: { charge_point_id: chargePointId } },
      }),
    onSuccess: () => {
      queries.setQueryData<Message[]>(keys.messages(chargePointId), []);
    },
  });
}

/** Sends a CALL of any kind and waits for the CSMS's answer. */
export function useSendCall(chargePointId: string) {
  return useMutation({
    meta: { quiet: true },
    mutationFn: async (call: { action: string; payload: Record<string, unknown> }) =>
      bodyOf(
        await client.POST('/api/chargers/{charge_point_id}/messages', {
          params: { path: { charge_point_id: chargePointId } },
          body: call,
        }),
      ),
  });
}

/** Sends a text as it is. */
export function useSendRaw(chargePointId: string) {
  return useMutation({
    meta: { quiet: true },
    mutationFn: (text: string) =>
      client.POST('/api/chargers/{charge_point_id}/messages/raw', {
        params: { path: { charge_point_id: chargePointId } },
        body: { text },
      }),
  });
}
