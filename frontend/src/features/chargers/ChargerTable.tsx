import { Anchor, Group, Table, Text, VisuallyHidden } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import type { Charger } from '@/api/types';
import { ConnectionBadge, ConnectorBadge } from '@/components/StateBadge';
import { formatPercent, formatPower } from '@/lib/units';
import { ConnectButton } from './ConnectButton';

export function ChargerTable({ chargers }: { chargers: readonly Charger[] }) {
  return (
    <Table.ScrollContainer minWidth={760} scrollAreaProps={{ type: 'auto' }}>
      <Table highlightOnHover aria-label="Chargers">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            <Table.Th>Charge point id</Table.Th>
            <Table.Th>Connection</Table.Th>
            <Table.Th>Connectors</Table.Th>
            <Table.Th ta="right">Power</Table.Th>
            <Table.Th>
              <VisuallyHidden>Actions</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {chargers.map((charger) => (
            <Row key={charger.charge_point_id} charger={charger} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

const Row = memo(function Row({ charger }: { charger: Charger }) {
  return (
    <Table.Tr>
      <Table.Td maw={240} style={{ overflowWrap: 'anywhere' }}>
        <Anchor
          renderRoot={(props) => (
            <Link
              to="/chargers/$chargePointId"
              params={{ chargePointId: charger.charge_point_id }}
              {...props}
            />
          )}
          size="sm"
          fw={600}
        >
          {charger.charger_name}
        </Anchor>
        {!charger.powered && (
          <Text size="xs" c="dimmed">
            no power
          </Text>
        )}
      </Table.Td>
      <Table.Td maw={220} style={{ overflowWrap: 'anywhere' }}>
        {charger.charge_point_id}
      </Table.Td>
      <Table.Td>
        <ConnectionBadge state={charger.connection.state} error={charger.connection.last_error} />
      </Table.Td>
      <Table.Td>
        <Group gap={6}>
          {charger.connectors.map(({ connector_id, status, soc_percent }) => (
            <Group key={connector_id} gap={4} wrap="nowrap">
              <ConnectorBadge status={status} />
              {soc_percent !== null && (
                <Text size="xs" c="dimmed">
                  {formatPercent(soc_percent)}
                </Text>
              )}
            </Group>
          ))}
        </Group>
      </Table.Td>
      <Table.Td ta="right" style={{ whiteSpace: 'nowrap', fontVariantNumeric: 'tabular-nums' }}>
        {formatPower(charger.power_w)}
      </Table.Td>
      <Table.Td ta="right">
        <ConnectButton charger={charger} />
      </Table.Td>
    </Table.Tr>
  );
});
