import { useMutation } from '@tanstack/react-query';
import { bodyOf, client } from './client';

export interface ReconciliationRequest {
  file: File;
  /** Null: of all chargers. */
  chargePointId: string | null;
  /** Only what has stopped ought to be in the file. */
  stoppedOnly: boolean;
  energyToleranceWh: number;
  timeToleranceS: number;
}

/** Holds a CSMS's records against what happened. */
export function useReconcile() {
  return useMutation({
    meta: { quiet: true },
    mutationFn: async (wanted: ReconciliationRequest) =>
      bodyOf(
        await client.POST('/api/transactions/reconcile', {
          params: {
            query: {
              energy_tolerance_wh: wanted.energyToleranceWh,
              time_tolerance_s: wanted.timeToleranceS,
              ...(wanted.chargePointId === null ? {} : { charge_point_id: wanted.chargePointId }),
              ...(wanted.stoppedOnly ? { state: 'stopped' as const } : {}),
            },
          },
          body: { file: wanted.file.name },
          bodySerializer: () => {
            const form = new FormData();
            form.append('file', wanted.file);
            return form;
          },
        }),
      ),
  });
}
