import { Alert, Text } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import type { FleetRunPreview } from '@/api/types';
import { count, formatSpan } from '@/lib/units';

/** What a plan that can be used would come to. */
export function CheckedPlan({ checked }: { checked: FleetRunPreview }) {
  return (
    <Alert color="teal" icon={<IconCheck aria-hidden />} title="The plan can be run">
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {count(checked.chargers, 'charger')} with {count(checked.connectors, 'connector')},{' '}
        {count(checked.visits, 'visit')} in {formatSpan(checked.duration_s)}, seed {checked.seed}.
        To {checked.csms_urls.join(', ')}.
      </Text>
    </Alert>
  );
}
