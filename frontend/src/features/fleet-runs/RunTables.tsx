import { Card, Table, Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import type { FleetFailure, FleetActionLatency, FleetThreshold } from '@/api/types';
import { StateBadge } from '@/components/StateBadge';
import { formatLatency } from '@/lib/units';
import classes from './RunTables.module.css';
import { kindText } from './numbers';

/** Each threshold, and whether it holds. */
export function ThresholdTable({ thresholds }: { thresholds: readonly FleetThreshold[] }) {
  return (
    <TitledTable title="Thresholds" columns={[{ name: 'Kept', width: 90 }, { name: 'Threshold' }]}>
      {thresholds.map(({ line, holds }) => (
        <Table.Tr key={line}>
          <Table.Td>
            <StateBadge color={holds ? 'green' : 'red'} label={holds ? 'Holds' : 'Fails'} />
          </Table.Td>
          <Table.Th scope="row" fw={400} style={{ overflowWrap: 'anywhere' }}>
            {line}
          </Table.Th>
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
      columns={[{ name: 'Action' }, ...numbers('Answers', 'p50', 'p95', 'p99')]}
      minWidth={320}
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
    <TitledTable
      title="Failures by kind"
      columns={[{ name: 'Of' }, { name: 'Kind' }, ...numbers('How often')]}
    >
      {failures.map((failure) => (
        <Table.Tr key={`${failure.action ?? ''} ${failure.kind}`}>
          <Table.Th scope="row" fw={400}>
            {failure.action ?? 'Connection'}
          </Table.Th>
          <Table.Td style={{ overflowWrap: 'anywhere' }}>{kindText(failure)}</Table.Td>
          <Table.Td ta="right">{failure.count.toLocaleString('en')}</Table.Td>
        </Table.Tr>
      ))}
    </TitledTable>
  );
}

interface Column {
  name: string;
  /** Numbers stand at the right. */
  number?: boolean;
  width?: number;
}

function numbers(...names: readonly string[]): Column[] {
  return names.map((name) => ({ name, number: true }));
}

interface Titled {
  title: string;
  columns: readonly Column[];
  /** Of many columns: narrower than that it scrolls. */
  minWidth?: number;
  children: ReactNode;
}

function TitledTable({ title, columns, minWidth = 0, children }: Titled) {
  const id = useId();
  const table = (
    <Table
      aria-labelledby={id}
      {...(minWidth > 0 ? { className: classes.tight } : {})}
      style={{ fontVariantNumeric: 'tabular-nums' }}
    >
      <Table.Thead>
        <Table.Tr>
          {columns.map(({ name, number = false, width }) => (
            <Table.Th key={name} scope="col" ta={number ? 'right' : 'left'} w={width}>
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
