import { Alert, Group, Progress, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { IconAlertTriangle } from '@tabler/icons-react';
import { isOver } from '@/api/fleetRunCourse';
import { type WatchedRun, fleetRunQuery } from '@/api/fleetRuns';
import type { FleetRun } from '@/api/types';
import { PageHeader } from '@/components/PageHeader';
import { ProblemAlert } from '@/components/ProblemAlert';
import { TimeText } from '@/components/TimeText';
import { count } from '@/lib/units';
import { useDocumentTitle } from '@/lib/useDocumentTitle';
import { RunActions } from './RunActions';
import { RunBadge } from './RunBadge';
import { RunCharts } from './RunCharts';
import { RunNumbers } from './RunNumbers';
import { FailureTable, LatencyTable, ThresholdTable } from './RunTables';
import { DIED_REMEDY, RUN_COLORS, lengthText, progressPercent } from './model';

/** A fleet run, live while it goes on. */
export function RunPage() {
  const { runId } = useParams({ from: '/shell/fleet-runs/$runId' });
  const watched = useQuery(fleetRunQuery(runId));
  useDocumentTitle(watched.data?.run.name ?? 'Fleet run');
  if (watched.data) return <WatchedRunView {...watched.data} error={watched.error} />;
  if (watched.error) {
    return (
      <>
        <PageHeader title="Fleet run" within="fleet-runs" />
        <ProblemAlert error={watched.error} onRetry={() => void watched.refetch()} />
      </>
    );
  }
  return <Skeleton height={320} role="status" aria-label="Loading fleet run" />;
}

/** What is known of a run; `error` is why there is nothing newer. */
export function WatchedRunView({ run, progress, error }: WatchedRun & { error: Error | null }) {
  return (
    <>
      <PageHeader
        title={run.name}
        subtitle={<Identity run={run} />}
        within="fleet-runs"
        actions={<RunActions run={run} />}
      />
      <Stack>
        {error && <ProblemAlert error={error} />}
        <RunState run={run} />
        <NoResult run={run} />
        <RunNumbers run={run} progress={progress} />
        {run.thresholds.length > 0 && <ThresholdTable thresholds={run.thresholds} />}
        <RunCharts run={run} points={progress.points} />
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
          <LatencyTable latencies={progress.latencies} />
          <FailureTable failures={progress.failures} />
        </SimpleGrid>
      </Stack>
    </>
  );
}

function Identity({ run }: { run: FleetRun }) {
  return (
    <>
      {count(run.chargers, 'charger')} with {count(run.connectors, 'connector')}
      {' · '}
      {run.csms_urls.join(', ')}
      {' · '}seed {run.seed}
      {' · '}began <TimeText iso={run.began_at} />
    </>
  );
}

/** Why there is no report, and what to do. */
function NoResult({ run }: { run: FleetRun }) {
  if (run.state !== 'died' && run.error === null) return null;
  const died = run.state === 'died';
  return (
    <Alert
      color={died ? 'red' : 'yellow'}
      icon={<IconAlertTriangle aria-hidden />}
      title={died ? 'The run died' : 'There is no report'}
      role="alert"
    >
      <Stack gap={4}>
        <Text size="sm" style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
          {run.error ?? 'Its process ended, and did not say why.'}
        </Text>
        {died && (
          <Text size="sm" c="dimmed">
            {DIED_REMEDY}
          </Text>
        )}
      </Stack>
    </Alert>
  );
}

function RunState({ run }: { run: FleetRun }) {
  return (
    <Group gap="sm">
      <div role="status" aria-label="State of the run">
        <RunBadge state={run.state} />
      </div>
      {!isOver(run) && (
        <Progress.Root size="md" style={{ flex: '1 1 160px' }}>
          <Progress.Section
            value={progressPercent(run)}
            color={RUN_COLORS[run.state]}
            aria-label="Progress of the run"
          />
        </Progress.Root>
      )}
      <Text size="sm" c="dimmed" style={{ fontVariantNumeric: 'tabular-nums' }}>
        {lengthText(run)}
        {run.ended_at !== null && (
          <>
            {' · '}ended <TimeText iso={run.ended_at} />
          </>
        )}
      </Text>
    </Group>
  );
}
