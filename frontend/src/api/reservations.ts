import { queryOptions } from '@tanstack/react-query';
import { client } from './client';
import { keys } from './keys';
import { allPages } from './paging';
import type { Reservation } from './types';

/** The reservations that hold, by connector; the live feed says when they change. */
export function reservationsQuery(chargePointId: string) {
  return queryOptions({
    queryKey: keys.reservations(chargePointId),
    queryFn: ({ signal }) =>
      allPages<Reservation>((page) =>
        client.GET('/api/chargers/{charge_point_id}/reservations', {
          params: { path: { charge_point_id: chargePointId }, query: page },
          signal,
        }),
      ),
  });
}
