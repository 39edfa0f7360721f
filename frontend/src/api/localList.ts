import { queryOptions } from '@tanstack/react-query';
import { bodyOf, client } from './client';
import { keys } from './keys';

/** The local authorization list of a charge point; the live feed says when it changes. */
export function localListQuery(chargePointId: string) {
  return queryOptions({
    queryKey: keys.localList(chargePointId),
    queryFn: async ({ signal }) =>
      bodyOf(
        await client.GET('/api/chargers/{charge_point_id}/local-list', {
          params: { path: { charge_point_id: chargePointId } },
          signal,
        }),
      ),
  });
}
