import { Button } from '@mantine/core';
import { useChargerAction } from '@/api/bench';
import type { Charger } from '@/api/types';
import { isConnectedWish } from './model';

/** Connects or disconnects, whichever is the other; named after its charger for those who hear it. */
export function ConnectButton({
  charger,
}: {
  charger: Pick<Charger, 'charge_point_id' | 'charger_name' | 'connection'>;
}) {
  const act = useChargerAction(charger.charge_point_id);
  const connected = isConnectedWish(charger.connection.state);
  const word = connected ? 'Disconnect' : 'Connect';
  return (
    <Button
      size="compact-sm"
      variant={connected ? 'default' : 'light'}
      loading={act.isPending}
      aria-label={`${word} ${charger.charger_name}`}
      onClick={() => {
        act.mutate({ do: connected ? 'disconnect' : 'connect' });
      }}
    >
      {word}
    </Button>
  );
}
