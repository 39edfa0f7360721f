import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { bodyOf, client } from './client';
import { keys } from './keys';
import { allPages } from './paging';
import type { Location, LocationCreate } from './types';

export const locationsQuery = queryOptions({
  queryKey: keys.locations,
  queryFn: ({ signal }) =>
    allPages<Location>((page) => client.GET('/api/locations', { params: { query: page }, signal })),
});

export function locationQuery(locationId: number) {
  return queryOptions({
    queryKey: keys.location(locationId),
    queryFn: async ({ signal }) =>
      bodyOf(
        await client.GET('/api/locations/{location_id}', {
          params: { path: { location_id: locationId } },
          signal,
        }),
      ),
  });
}

/** Creates a location, or changes the one with `id`. */
export function useSaveLocation() {
  const queries = useQueryClient();
  return useMutation({
    meta: { quiet: true },
    mutationFn: async ({ id, values }: { id: number | null; values: LocationCreate }) =>
      id === null
        ? bodyOf(await client.POST('/api/locations', { body: values }))
        : bodyOf(
            await client.PATCH('/api/locations/{location_id}', {
              params: { path: { location_id: id } },
              body: values,
            }),
          ),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.locations }),
  });
}

/** Deletes a location; with `force` also one that still has chargers, and these with it. */
export function useDeleteLocation() {
  const queries = useQueryClient();
  return useMutation({
    meta: { quiet: true },
    mutationFn: ({ id, force }: { id: number; force: boolean }) =>
      client.DELETE('/api/locations/{location_id}', {
        params: { path: { location_id: id }, query: { force } },
      }),
    onSuccess: (_, { id }) => {
      queries.removeQueries({ queryKey: keys.location(id) });
      return queries.invalidateQueries({ queryKey: keys.locations, exact: true });
    },
  });
}
