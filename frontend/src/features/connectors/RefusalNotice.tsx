import { Alert, Text } from '@mantine/core';
import { IconScan } from '@tabler/icons-react';
import { useState } from 'react';
import type { Refusal } from '@/api/live/reduce';
import { TimeText } from '@/components/TimeText';
import { useNow } from '@/lib/useNow';
import { isFresh, refusalReason } from './model';

/** Says that a reader has refused a tag, and why, until it is old or was put away. */
export function RefusalNotice({ refusal }: { refusal: Refusal | undefined }) {
  const [readAt, setReadAt] = useState<number | null>(null);
  const now = useNow(refusal !== undefined);
  const shown = isFresh(refusal, now) && refusal.at_ms !== readAt;
  return (
    <div role="status" aria-live="polite">
      {shown && (
        <Alert
          color="orange"
          mb="sm"
          icon={<IconScan aria-hidden />}
          title={`Tag ${refusal.id_tag} refused: ${refusal.status}`}
          withCloseButton
          closeButtonLabel="Dismiss the refusal"
          onClose={() => {
            setReadAt(refusal.at_ms);
          }}
          styles={{ title: { overflowWrap: 'anywhere' } }}
        >
          <Text size="sm">
            {refusalReason(refusal)}{' '}
            <Text span inherit c="dimmed">
              <TimeText iso={new Date(refusal.at_ms).toISOString()} clock />
            </Text>
          </Text>
        </Alert>
      )}
    </div>
  );
}
