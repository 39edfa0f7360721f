import { useMutation, useQueryClient } from '@tanstack/react-query';
import { bodyOf, client } from './client';
import { keys } from './keys';

/** What went well and what did not, the same for chargers and vehicles. */
export interface ImportOutcome {
  imported: string[];
  failed: { row: number; error: string }[];
}

function formOf(fields: Record<string, File | string>) {
  return () => {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    return form;
  };
}

export function useImportChargers(locationId: number) {
  const queries = useQueryClient();
  return useMutation({
    meta: { quiet: true },
    mutationFn: async ({ file, defaultUrl }: { file: File; defaultUrl: string }) => {
      const { success, failed } = bodyOf(
        await client.POST('/api/locations/{location_id}/import/chargers', {
          params: { path: { location_id: locationId } },
          body: { file: file.name },
          bodySerializer: formOf(
            defaultUrl ? { file, default_connection_url: defaultUrl } : { file },
          ),
        }),
      );
      return { imported: success.map(({ charge_point_id }) => charge_point_id), failed };
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.locations }),
  });
}

export function useImportVehicles(locationId: number) {
  const queries = useQueryClient();
  return useMutation({
    meta: { quiet: true },
    mutationFn: async ({ file }: { file: File }) => {
      const { success, failed } = bodyOf(
        await client.POST('/api/locations/{location_id}/import/vehicles', {
          params: { path: { location_id: locationId } },
          body: { file: file.name },
          bodySerializer: formOf({ file }),
        }),
      );
      return { imported: success.map(({ name }) => name), failed };
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.vehicles(locationId) }),
  });
}
