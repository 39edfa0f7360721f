import { Card, Table, Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import type { FleetFailure, FleetActionLatency, FleetThreshold } from '@/api/types';
import { StateBadge } from '@/components/StateBadge';
import { formatLatency } from '@/lib/units';
import { kindText } from './numbers';

/** Each threshold, and whether it holds. */
export function ThresholdTable({ thresholds }: { thresholds: readonly FleetThreshold[] }) {
  return (
    <TitledTable title="Thresholds" head={['Threshold', 'Kept']}>
      {thresholds.map(({ line, holds }) => (
        <Table.Tr key={line}>
          <Table.Th scope="row" fw={400} style={{ overflowWrap: 'anywhere' }}>
            {line}
          </Table.Th>
          <Table.Td ta="right">
            <StateBadge color={holds ? 'green' : 'red'} label={holds ? 'Holds' : 'Fails'} />
          </Table.Td>
        </Table.Tr>
      ))}
    </TitledTable>
  );
}

/** From a CALL to its answer, by action. */
export function LatencyTable({ latencies }: { latencies: readonly FleetActionLatency[] }) {
  if (latencies.length === 0) return null;
  return (
    <TitledTable
      title="Latency by action"
      head={['Action', 'Answers', 'p50', 'p95', 'p99']}
      minWidth={420}
    >
      {latencies.map(({ action, count, p50, p95, p99 }) => (
        <Table.Tr key={action}>
          <Table.Th scope="row" fw={400}>
            {action}
          </Table.Th>
          <Table.Td ta="right">{count.toLocaleString('en')}</Table.Td>
          {[p50, p95, p99].map((value, index) => (
            <Table.Td key={index} ta="right" style={{ whiteSpace: 'nowrap' }}>
              {formatLatency(value)}
            </Table.Td>
          ))}
        </Table.Tr>
      ))}
    </TitledTable>
  );
}

/** What went wrong, by action and kind. */
export function FailureTable({ failures }: { failures: readonly FleetFailure[] }) {
  if (failures.length === 0) return null;
  return (
    <TitledTable title="Failures by kind" head={['Of', 'Kind', 'How often']}>
      {failures.map((failure) => (
        <Table.Tr key={`${failure.action ?? ''} ${failure.kind}`}>
          <Table.Th scope="row" fw={400} style={{ overflowWrap: 'anywhere' }}>
            {failure.action ?? 'Connection'}
          </Table.Th>
          <Table.Td style={{ overflowWrap: 'anywhere' }}>{kindText(failure)}</Table.Td>
          <Table.Td ta="right">{failure.count.toLocaleString('en')}</Table.Td>
        </Table.Tr>
      ))}
    </TitledTable>
  );
}

interface Titled {
  title: string;
  head: readonly string[];
  /** Narrower than that it scrolls. */
  minWidth?: number;
  children: ReactNode;
}

/** Numbers stand at the right: every column but the first, and texts that say otherwise. */
function TitledTable({ title, head, minWidth = 0, children }: Titled) {
  const id = useId();
  const table = (
    <Table aria-labelledby={id} style={{ fontVariantNumeric: 'tabular-nums' }}>
      <Table.Thead>
        <Table.Tr>
          {head.map((name, index) => (
            <Table.Th key={name} scope="col" ta={index > 0 && name !== 'Kind' ? 'right' : 'left'}>
              {name}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>{children}</Table.Tbody>
    </Table>
  );
  return (
    <Card withBorder padding="sm">
      <Title order={2} size="h5" id={id}>
        {title}
      </Title>
      {minWidth > 0 ? (
        <Table.ScrollContainer minWidth={minWidth}>{table}</Table.ScrollContainer>
      ) : (
        table
      )}
    </Card>
  );
}
