import { queryOptions } from '@tanstack/react-query';
import { bodyOf, client } from './client';
import { keys } from './keys';

const GROWS_MS = 5_000;

/** The ledger of a transaction; while something may still be added it is asked for again. */
export function ledgerQuery(chargePointId: string, localTransactionId: number) {
  return queryOptions({
    queryKey: keys.ledger(chargePointId, localTransactionId),
    queryFn: async ({ signal }) =>
      bodyOf(
        await client.GET(
          '/api/chargers/{charge_point_id}/transactions/{local_transaction_id}/ledger',
          {
            params: {
              path: {
                charge_point_id: chargePointId,
                local_transaction_id: localTransactionId,
              },
            },
            signal,
          },
        ),
      ),
    refetchInterval: ({ state }) => {
      const now = state.data?.transaction.state;
      return now === 'stopped' || now === 'failed' ? false : GROWS_MS;
    },
  });
}

/** Where the parts of a ledger can be downloaded. */
export function ledgerFiles(chargePointId: string, localTransactionId: number) {
  const path = `/api/chargers/${encodeURIComponent(chargePointId)}/transactions/${localTransactionId}/ledger`;
  const name = `${chargePointId}-${localTransactionId}`;
  return [
    { label: 'JSON', href: path, name: `${name}-ledger.json` },
    { label: 'Intervals (CSV)', href: `${path}/intervals.csv`, name: `${name}-intervals.csv` },
    { label: 'Messages (CSV)', href: `${path}/messages.csv`, name: `${name}-messages.csv` },
  ];
}
