import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { bodyOf, client } from './client';
import { keys } from './keys';
import { allPages } from './paging';
import type { Vehicle, VehicleCreate, VehicleModel } from './types';

export function vehiclesQuery(locationId: number) {
  return queryOptions({
    queryKey: keys.vehicles(locationId),
    queryFn: ({ signal }) =>
      allPages<Vehicle>((page) =>
        client.GET('/api/locations/{location_id}/vehicles', {
          params: { path: { location_id: locationId }, query: page },
          signal,
        }),
      ),
  });
}

/** The models that a vehicle can be of; they come with the program and never change. */
export const vehicleModelsQuery = queryOptions({
  queryKey: keys.vehicleModels,
  queryFn: ({ signal }) =>
    allPages<VehicleModel>((page) =>
      client.GET('/api/vehicle-models', { params: { query: page }, signal }),
    ),
  staleTime: Infinity,
});

/** Creates a vehicle at a location, or changes the one with `id`. */
export function useSaveVehicle(locationId: number) {
  const queries = useQueryClient();
  return useMutation({
    meta: { quiet: true },
    mutationFn: async ({ id, values }: { id: number | null; values: VehicleCreate }) =>
      id === null
        ? bodyOf(
            await client.POST('/api/locations/{location_id}/vehicles', {
              params: { path: { location_id: locationId } },
              body: values,
            }),
          )
        : bodyOf(
            await client.PATCH('/api/vehicles/{vehicle_id}', {
              params: { path: { vehicle_id: id } },
              body: values,
            }),
          ),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.vehicles(locationId) }),
  });
}

export function useDeleteVehicle(locationId: number) {
  const queries = useQueryClient();
  return useMutation({
    meta: { quiet: true },
    mutationFn: (vehicleId: number) =>
      client.DELETE('/api/vehicles/{vehicle_id}', {
        params: { path: { vehicle_id: vehicleId } },
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.vehicles(locationId) }),
  });
}
