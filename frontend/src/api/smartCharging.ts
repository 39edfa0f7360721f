import { queryOptions } from '@tanstack/react-query';
import { bodyOf, client } from './client';
import { keys } from './keys';
import { allPages } from './paging';
import type { ChargingProfile, RateUnit } from './types';

/**
 * How long a page trusts a limit at most. The live feed tells of every change but those that the
 * mere passing of time brings, and the charger's clock need not be the reader's.
 */
const LIMIT_TRUST_MS = 15_000;

export function chargingProfilesQuery(chargePointId: string) {
  return queryOptions({
    queryKey: keys.chargingProfiles(chargePointId),
    queryFn: ({ signal }) =>
      allPages<ChargingProfile>((page) =>
        client.GET('/api/chargers/{charge_point_id}/charging-profiles', {
          params: { path: { charge_point_id: chargePointId }, query: page },
          signal,
        }),
      ),
    refetchInterval: LIMIT_TRUST_MS,
  });
}

/** The limit in force at a connector; asked for again when it ends. */
export function limitQuery(chargePointId: string, connectorId: number) {
  return queryOptions({
    queryKey: keys.limits(chargePointId, connectorId),
    queryFn: async ({ signal }) =>
      bodyOf(
        await client.GET('/api/chargers/{charge_point_id}/connectors/{connector_id}/limit', {
          params: { path: { charge_point_id: chargePointId, connector_id: connectorId } },
          signal,
        }),
      ),
    refetchInterval: ({ state }) => refetchInMs(state.data?.until ?? null, Date.now()),
  });
}

/** When to ask again for what holds until a time: just after it, within reason. */
export function refetchInMs(until: string | null, now_ms: number): number {
  const left_ms = until === null ? NaN : Date.parse(until) - now_ms;
  return left_ms > 0 ? Math.min(left_ms + 250, LIMIT_TRUST_MS) : LIMIT_TRUST_MS;
}

/** The limits to be expected of a connector (0: of the whole charger), from now on. */
export function compositeScheduleQuery(
  chargePointId: string,
  connectorId: number,
  durationS: number,
  unit: RateUnit,
) {
  return queryOptions({
    queryKey: keys.compositeSchedules(chargePointId, connectorId, durationS, unit),
    queryFn: async ({ signal }) =>
      bodyOf(
        await client.GET(
          '/api/chargers/{charge_point_id}/connectors/{connector_id}/composite-schedule',
          {
            params: {
              path: { charge_point_id: chargePointId, connector_id: connectorId },
              query: { duration_s: durationS, unit },
            },
            signal,
          },
        ),
      ),
    // It begins now: the chart moves on by itself.
    refetchInterval: LIMIT_TRUST_MS,
  });
}
