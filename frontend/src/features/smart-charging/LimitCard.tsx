import { Badge, Card, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { limitQuery } from '@/api/smartCharging';
import type { Connector, Limit, LimitLayer } from '@/api/types';
import { ProblemAlert } from '@/components/ProblemAlert';
import { ConnectorBadge } from '@/components/StateBadge';
import { TimeText } from '@/components/TimeText';
import { formatPower } from '@/lib/units';
import classes from './LimitCard.module.css';
import { LAYER_NAMES, formatAllowance, remarkOf, sourceOf } from './model';

interface Props {
  chargePointId: string;
  connector: Connector;
  powered: boolean;
}

/** The limit in force at a connector and, layer by layer, why. */
export function LimitCard({ chargePointId, connector, powered }: Props) {
  const { connector_id: connectorId, status, meter } = connector;
  const name = `Connector ${connectorId}`;
  const limit = useQuery(limitQuery(chargePointId, connectorId));
  return (
    <Card
      withBorder
      padding="md"
      component="section"
      aria-label={`Limit of connector ${connectorId}`}
    >
      <Group justify="space-between" gap="xs" mb="xs">
        <Title order={3} size="h5">
          {name}
        </Title>
        <ConnectorBadge status={status} powered={powered} />
      </Group>
      {limit.data ? (
        <>
          <InForce limit={limit.data} powerW={meter.power_w} />
          <ol className={classes.layers} aria-label={`Layers of connector ${connectorId}`}>
            {limit.data.layers.map((layer, index) => (
              <Layer key={`${layer.layer}-${index}`} layer={layer} />
            ))}
          </ol>
        </>
      ) : limit.error ? (
        <ProblemAlert error={limit.error} onRetry={() => void limit.refetch()} />
      ) : (
        <Skeleton height={120} role="status" aria-label={`Loading the limit of ${name}`} />
      )}
    </Card>
  );
}

function InForce({ limit, powerW }: { limit: Limit; powerW: number }) {
  return (
    <Stack gap={2} mb="sm">
      <Text fz={26} fw={650} lh={1.15} style={{ fontVariantNumeric: 'tabular-nums' }}>
        {formatAllowance(limit)}
        {limit.current_a !== null && (
          <Text span fz="md" fw={400} c="dimmed" style={{ whiteSpace: 'nowrap' }}>
            {' = '}
            {formatPower(limit.power_w)}
          </Text>
        )}
      </Text>
      <Text size="sm">
        set by <strong>{LAYER_NAMES[limit.layer]}</strong>
        {limit.until && (
          <>
            {' '}
            until <TimeText iso={limit.until} />
          </>
        )}
      </Text>
      <Text size="sm" c="dimmed" style={{ fontVariantNumeric: 'tabular-nums' }}>
        {formatPower(limit.offered_power_w)} offered · {formatPower(powerW)} taken
      </Text>
    </Stack>
  );
}

function Layer({ layer }: { layer: LimitLayer }) {
  const source = sourceOf(layer);
  const remark = remarkOf(layer);
  return (
    <li className={classes.layer} data-in-force={layer.in_force || undefined}>
      <Group gap={6} justify="space-between" align="baseline">
        <Group gap={6}>
          <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
            {LAYER_NAMES[layer.layer]}
          </Text>
          {layer.in_force && (
            <Badge size="sm" variant="filled" tt="none">
              decides
            </Badge>
          )}
        </Group>
        <Text
          size="sm"
          ml="auto"
          style={{ fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' }}
        >
          {formatAllowance(layer)}
          {layer.current_a !== null && (
            <Text span inherit c="dimmed">
              {' = '}
              {formatPower(layer.power_w)}
            </Text>
          )}
        </Text>
      </Group>
      {(source !== null || layer.until !== null) && (
        <Text size="xs">
          {source}
          {layer.until !== null && (
            <>
              {source !== null && ' · '}until <TimeText iso={layer.until} />
            </>
          )}
        </Text>
      )}
      {remark !== null && (
        <Text size="xs" c="dimmed">
          {remark}
        </Text>
      )}
    </li>
  );
}
