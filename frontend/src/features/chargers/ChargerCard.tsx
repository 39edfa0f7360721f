import { Anchor, Card, Group, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import type { Charger } from '@/api/types';
import { ConnectionBadge, ConnectorBadge } from '@/components/StateBadge';
import { formatPercent, formatPower } from '@/lib/units';
import { ConnectButton } from './ConnectButton';

/** A charger in the grid; drawn anew only when its own summary changes. */
export const ChargerCard = memo(function ChargerCard({ charger }: { charger: Charger }) {
  const { charge_point_id, charger_name, connection, connectors, power_type } = charger;
  return (
    <Card withBorder padding="md" h="100%" component="article" aria-label={charger_name}>
      <Group justify="space-between" wrap="nowrap" align="flex-start" gap="xs">
        <div style={{ minWidth: 0 }}>
          <Title order={2} size="h5" style={{ overflowWrap: 'anywhere' }}>
            <Anchor
              renderRoot={(props) => (
                <Link
                  to="/chargers/$chargePointId"
                  params={{ chargePointId: charge_point_id }}
                  {...props}
                />
              )}
              inherit
              c="inherit"
            >
              {charger_name}
            </Anchor>
          </Title>
          <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            {charge_point_id} · {power_type}
            {charger.powered ? '' : ' · no power'}
          </Text>
        </div>
        <ConnectionBadge state={connection.state} error={connection.last_error} />
      </Group>
      <Stack gap={6} my="sm" style={{ flex: 1 }}>
        {connectors.map((connector) => (
          <Group key={connector.connector_id} gap="xs" wrap="nowrap" justify="space-between">
            <Group gap="xs" wrap="nowrap">
              <Text size="sm" c="dimmed" w={14} ta="right" aria-hidden>
                {connector.connector_id}
              </Text>
              <ConnectorBadge status={connector.status} />
            </Group>
            <Text size="sm" style={{ fontVariantNumeric: 'tabular-nums' }} truncate>
              {connector.soc_percent !== null && (
                <Text span inherit c="dimmed">
                  {formatPercent(connector.soc_percent)}
                  {connector.power_w > 0 && ' · '}
                </Text>
              )}
              {connector.power_w > 0 && formatPower(connector.power_w)}
            </Text>
          </Group>
        ))}
      </Stack>
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={600} style={{ fontVariantNumeric: 'tabular-nums' }}>
          {formatPower(charger.power_w)}
        </Text>
        <ConnectButton charger={charger} />
      </Group>
    </Card>
  );
});
