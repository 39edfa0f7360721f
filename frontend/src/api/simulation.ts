import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { bodyOf, client } from './client';
import { keys } from './keys';

/** How fast time runs; another window may change it, so it is asked for anew now and then. */
export const simulationQuery = queryOptions({
  queryKey: keys.simulation,
  queryFn: async ({ signal }) => bodyOf(await client.GET('/api/simulation', { signal })),
  refetchInterval: 30_000,
});

/** Lets time run so many times as fast as real time, wherever nothing else is set. */
export function useSetTimeScale() {
  const queries = useQueryClient();
  return useMutation({
    meta: { quiet: true },
    mutationFn: async (timeScale: number) =>
      bodyOf(await client.PATCH('/api/simulation', { body: { time_scale: timeScale } })),
    onSuccess: (simulation) => {
      queries.setQueryData(keys.simulation, simulation);
    },
  });
}
