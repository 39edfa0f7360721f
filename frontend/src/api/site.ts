import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { bodyOf, client } from './client';
import { keys } from './keys';
import type { SiteBody } from './types';

const SITE_REFRESH_MS = 2000;

/** What a site takes, leaves and shares now; looked at again while it is shown. */
export function siteStateQuery(locationId: number) {
  return queryOptions({
    queryKey: keys.site(locationId),
    queryFn: async ({ signal }) =>
      bodyOf(
        await client.GET('/api/locations/{location_id}/site', {
          params: { path: { location_id: locationId } },
          signal,
        }),
      ),
    refetchInterval: SITE_REFRESH_MS,
  });
}

/** Gives a location its site anew; null removes it. */
export function useSaveSite(locationId: number) {
  const queries = useQueryClient();
  return useMutation({
    meta: { quiet: true },
    onMutate: () => queries.cancelQueries({ queryKey: keys.site(locationId) }),
    mutationFn: async (site: SiteBody | null) =>
      bodyOf(
        await client.PATCH('/api/locations/{location_id}', {
          params: { path: { location_id: locationId } },
          body: { site },
        }),
      ),
    onSuccess: (location) => {
      queries.setQueryData(keys.location(locationId), location);
      // What happens at a site that is gone cannot be asked for.
      const gone = location.site === null ? keys.site(locationId)[2] : null;
      return queries.invalidateQueries({
        queryKey: keys.locations,
        predicate: ({ queryKey }) => queryKey[2] === undefined || queryKey[2] !== gone,
      });
    },
  });
}
