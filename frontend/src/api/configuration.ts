import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { bodyOf, client } from './client';
import { keys } from './keys';

export function configurationQuery(chargePointId: string) {
  return queryOptions({
    queryKey: keys.configuration(chargePointId),
    queryFn: async ({ signal }) =>
      bodyOf(
        await client.GET('/api/chargers/{charge_point_id}/configuration', {
          params: { path: { charge_point_id: chargePointId } },
          signal,
        }),
      ),
  });
}

export function useSetConfiguration(chargePointId: string) {
  const queries = useQueryClient();
  return useMutation({
    meta: { quiet: true },
    mutationFn: async (values: Record<string, string>) =>
      bodyOf(
        await client.PATCH('/api/chargers/{charge_point_id}/configuration', {
          params: { path: { charge_point_id: chargePointId } },
          body: values,
        }),
      ),
    onSuccess: (configuration) => {
      queries.setQueryData(keys.configuration(chargePointId), configuration);
    },
  });
}

export type FeatureProfile =
  'FirmwareManagement' | 'LocalAuthListManagement' | 'Reservation' | 'SmartCharging';

/** Whether a charge point has a feature profile; true until that is known. */
export function useFeatureProfile(chargePointId: string, profile: FeatureProfile): boolean {
  const { data } = useQuery({
    ...configurationQuery(chargePointId),
    select: (keys) => keys.find(({ key }) => key === 'SupportedFeatureProfiles')?.value,
  });
  return data == null || data.split(',').includes(profile);
}
