import { Alert, Button, Group, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useLinkStatus, useLiveFeed } from '@/api/live/LiveFeedContext';

/** Says that what is shown may be old; when the line is back, everything is fetched anew. */
export function ConnectionLost() {
  const { state } = useLinkStatus('fleet');
  const feed = useLiveFeed();
  const queries = useQueryClient();
  const wasLost = useRef(false);

  useEffect(() => {
    if (state === 'lost') {
      wasLost.current = true;
    } else if (state === 'open' && wasLost.current) {
      wasLost.current = false;
      void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'fleet' });
    }
  }, [state, queries]);

  return (
    <div role="status" aria-live="assertive">
      {state === 'lost' && (
        <Alert
          color="yellow"
          radius={0}
          icon={<IconPlugConnectedX aria-hidden />}
          title="Connection to the simulator lost"
        >
          <Group justify="space-between" gap="sm">
            <Text size="sm">
              What you see may be out of date. This page reconnects by itself and catches up.
            </Text>
            <Button
              size="xs"
              variant="default"
              onClick={() => {
                feed.retry();
              }}
            >
              Reconnect now
            </Button>
          </Group>
        </Alert>
      )}
    </div>
  );
}
