import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { bodyOf, client } from './client';
import { keys } from './keys';
import { useLinkStatus, useLiveFeed, useWatch } from './live/LiveFeedContext';
import type { LiveFeed } from './live/feed';
import type { Fleet, History, Refusals } from './live/reduce';
import { chargerTopic } from './live/topics';
import { ProblemError } from './problem';
import type { Charger, ChargerCreate, ChargerDetail, ChargerUpdate, Meter } from './types';

/** The whole fleet as the live feed tells it; null until its first snapshot is there. */
export function useFleet(): { fleet: Fleet | null; problem: ProblemError | null } {
  useWatch('fleet');
  const { problem } = useLinkStatus('fleet');
  const { data } = useQuery<Fleet>({
    queryKey: keys.fleet,
    queryFn: () => Promise.reject(new Error('The live feed brings the fleet.')),
    enabled: false,
    staleTime: Infinity,
    gcTime: Infinity,
    // A fleet is large and is replaced as a whole.
    structuralSharing: false,
  });
  return { fleet: data ?? null, problem: data || !problem ? null : new ProblemError(problem) };
}

/**
 * The chargers of one location, live, in the order of their names. There are more of them until
 * they are `complete`.
 */
export function useChargersAt(locationId: number): {
  chargers: readonly Charger[] | null;
  complete: boolean;
  problem: ProblemError | null;
} {
  const { fleet, problem } = useFleet();
  const chargers = useMemo(() => fleet && chargersAt(fleet, locationId), [fleet, locationId]);
  return { chargers, complete: fleet?.to_come === 0, problem };
}

/** Several components ask for the same, and ten thousand take a while to sort. */
const sorted = new WeakMap<Fleet, Map<number, readonly Charger[]>>();

function chargersAt(fleet: Fleet, locationId: number): readonly Charger[] {
  const byLocation = sorted.get(fleet) ?? new Map<number, readonly Charger[]>();
  sorted.set(fleet, byLocation);
  const found =
    byLocation.get(locationId) ??
    [...fleet.chargers.values()]
      .filter((charger) => charger.location_id === locationId)
      .sort((a, b) => names.compare(a.charger_name, b.charger_name));
  byLocation.set(locationId, found);
  return found;
}

/** Made once: a comparison of texts by themselves looks the rules up each time. */
const names = new Intl.Collator(undefined, { numeric: true });

function chargerQuery(feed: LiveFeed, chargePointId: string) {
  const queryKey = keys.charger(chargePointId);
  return queryOptions({
    queryKey,
    queryFn: async ({ signal, client: queries }): Promise<ChargerDetail> => {
      const charger = bodyOf(
        await client.GET('/api/chargers/{charge_point_id}', {
          params: { path: { charge_point_id: chargePointId } },
          signal,
        }),
      );
      // What the live feed has said meanwhile is newer.
      const live = feed.status(chargerTopic(chargePointId)).state === 'open';
      return (live ? queries.getQueryData<ChargerDetail>(queryKey) : null) ?? charger;
    },
    staleTime: Infinity,
  });
}

/** One charger in detail, kept live. */
export function useCharger(chargePointId: string) {
  useWatch(chargerTopic(chargePointId));
  return useQuery(chargerQuery(useLiveFeed(), chargePointId));
}

/** The last minutes of each connector's power and state of charge, by connector id. */
export function useHistory(chargePointId: string): History {
  const { data } = useQuery<History>({
    queryKey: keys.history(chargePointId),
    queryFn: () => Promise.reject(new Error('The live feed brings the history.')),
    enabled: false,
    staleTime: Infinity,
    structuralSharing: false,
  });
  return data ?? {};
}

/** The last tag that each reader of the charger has refused, by connector id. */
export function useRefusals(chargePointId: string): Refusals {
  const { data } = useQuery<Refusals>({
    queryKey: keys.refusals(chargePointId),
    queryFn: () => Promise.reject(new Error('The live feed brings the refusals.')),
    enabled: false,
    staleTime: Infinity,
  });
  return data ?? {};
}

export function useCreateCharger(locationId: number) {
  const queries = useQueryClient();
  return useMutation({
    meta: { quiet: true },
    mutationFn: async (values: ChargerCreate) =>
      bodyOf(
        await client.POST('/api/locations/{location_id}/chargers', {
          params: { path: { location_id: locationId } },
          body: values,
        }),
      ),
    onSuccess: (charger) => {
      queries.setQueryData(keys.charger(charger.charge_point_id), charger);
      return queries.invalidateQueries({ queryKey: keys.locations });
    },
  });
}

export function useUpdateCharger(chargePointId: string) {
  const queries = useQueryClient();
  return useMutation({
    meta: { quiet: true },
    mutationFn: async (values: ChargerUpdate) =>
      bodyOf(
        await client.PATCH('/api/chargers/{charge_point_id}', {
          params: { path: { charge_point_id: chargePointId } },
          body: values,
        }),
      ),
    onSuccess: (charger) => {
      queries.setQueryData(keys.charger(chargePointId), charger);
    },
  });
}

/** Deletes a charger; with `force` also in the middle of a transaction. */
export function useDeleteCharger() {
  const queries = useQueryClient();
  return useMutation({
    meta: { quiet: true },
    mutationFn: ({ chargePointId, force }: { chargePointId: string; force: boolean }) =>
      client.DELETE('/api/chargers/{charge_point_id}', {
        params: { path: { charge_point_id: chargePointId }, query: { force } },
      }),
    onSuccess: (_, { chargePointId }) => {
      queries.setQueryData<Fleet>(keys.fleet, (fleet) => {
        if (!fleet) return fleet;
        const chargers = new Map(fleet.chargers);
        chargers.delete(chargePointId);
        return { ...fleet, chargers };
      });
      return queries.invalidateQueries({ queryKey: keys.locations });
    },
  });
}

export type { Fleet, History, Meter };
