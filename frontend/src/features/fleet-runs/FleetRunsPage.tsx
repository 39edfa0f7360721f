import { Anchor, Button, Pagination, Skeleton, Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { IconActivityHeartbeat, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { fleetRunsQuery } from '@/api/fleetRuns';
import type { FleetRun } from '@/api/types';
import { EmptyState } from '@/components/EmptyState';
import { PageHeader } from '@/components/PageHeader';
import { ProblemAlert } from '@/components/ProblemAlert';
import { TimeText } from '@/components/TimeText';
import { count } from '@/lib/units';
import { useDocumentTitle } from '@/lib/useDocumentTitle';
import { RunBadge } from './RunBadge';
import { lengthText, outcomeOf } from './model';

const PAGE_SIZE = 50;

/** All fleet runs, newest first. */
export function FleetRunsPage() {
  useDocumentTitle('Fleet runs');
  return <FleetRuns />;
}

export function FleetRuns() {
  const runs = useQuery(fleetRunsQuery);
  return (
    <>
      <PageHeader
        title="Fleet runs"
        subtitle="Load tests: the chargers of a plan against a CSMS"
        actions={
          <Button
            leftSection={<IconPlus size={16} aria-hidden />}
            renderRoot={(props) => <Link to="/fleet-runs/new" {...props} />}
          >
            New run
          </Button>
        }
      />
      {runs.isPending && <Skeleton height={200} role="status" aria-label="Loading fleet runs" />}
      {runs.error && <ProblemAlert error={runs.error} onRetry={() => void runs.refetch()} />}
      {runs.data?.length === 0 && (
        <EmptyState
          icon={<IconActivityHeartbeat size={28} />}
          title="No fleet runs yet"
          actions={
            <Button
              renderRoot={(props) => (
                <Link to="/fleet-runs/new" search={{ example: 'small' }} {...props} />
              )}
            >
              Try a small one
            </Button>
          }
        >
          A fleet run brings the chargers of a plan to life, connects them to a CSMS and lets cars
          come and go. It measures how the CSMS copes, and tells whether it kept to the thresholds
          of the plan.
        </EmptyState>
      )}
      {runs.data && runs.data.length > 0 && <RunTable runs={runs.data} />}
    </>
  );
}

function RunTable({ runs }: { runs: readonly FleetRun[] }) {
  const [page, setPage] = useState(1);
  const pages = Math.ceil(runs.length / PAGE_SIZE);
  const onPage = Math.min(page, pages);
  return (
    <Stack>
      <Table highlightOnHover aria-label="Fleet runs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Run</Table.Th>
            <Table.Th scope="col">State</Table.Th>
            <Table.Th scope="col" ta="right" visibleFrom="sm">
              Chargers
            </Table.Th>
            <Table.Th scope="col" visibleFrom="sm">
              Began
            </Table.Th>
            <Table.Th scope="col" ta="right" visibleFrom="sm">
              Length
            </Table.Th>
            <Table.Th scope="col" visibleFrom="sm">
              Result
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody style={{ fontVariantNumeric: 'tabular-nums' }}>
          {runs.slice((onPage - 1) * PAGE_SIZE, onPage * PAGE_SIZE).map((run) => (
            <Row key={run.id} run={run} />
          ))}
        </Table.Tbody>
      </Table>
      {pages > 1 && (
        <Pagination
          total={pages}
          value={onPage}
          onChange={setPage}
          getControlProps={(control) => ({ 'aria-label': `${control} page` })}
          aria-label="Pages of fleet runs"
        />
      )}
    </Stack>
  );
}

function Row({ run }: { run: FleetRun }) {
  const length = lengthText(run);
  return (
    <Table.Tr>
      <Table.Td style={{ overflowWrap: 'anywhere' }} maw={320}>
        <Anchor
          renderRoot={(props) => (
            <Link to="/fleet-runs/$runId" params={{ runId: run.id }} {...props} />
          )}
          size="sm"
          fw={600}
        >
          {run.name}
        </Anchor>
        <Text component="div" size="xs" c="dimmed" hiddenFrom="sm">
          <TimeText iso={run.began_at} short />
          {` · ${count(run.chargers, 'charger')} · ${length}`}
          <Result run={run} />
        </Text>
      </Table.Td>
      <Table.Td>
        <RunBadge state={run.state} />
      </Table.Td>
      <Table.Td ta="right" visibleFrom="sm">
        {run.chargers.toLocaleString('en')}
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <TimeText iso={run.began_at} short />
      </Table.Td>
      <Table.Td ta="right" visibleFrom="sm" style={{ whiteSpace: 'nowrap' }}>
        {length}
      </Table.Td>
      <Table.Td visibleFrom="sm" maw={420} style={{ overflowWrap: 'anywhere' }}>
        <Result run={run} />
      </Table.Td>
    </Table.Tr>
  );
}

function Result({ run }: { run: FleetRun }) {
  const { text, bad } = outcomeOf(run);
  return (
    <Text component="div" inherit {...(bad ? {} : { c: 'dimmed' })} lineClamp={2}>
      {text}
    </Text>
  );
}
