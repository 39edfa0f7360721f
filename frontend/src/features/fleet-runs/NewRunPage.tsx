import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { givenRunQuery } from '@/api/fleetRuns';
import { PageHeader } from '@/components/PageHeader';
import { ProblemAlert } from '@/components/ProblemAlert';
import { useDocumentTitle } from '@/lib/useDocumentTitle';
import { EXAMPLES, exampleNamed } from './examples';
import { NewRunForm } from './NewRunForm';
import { NO_CHANGES, changesOf } from './newRun';

/** Where a run is made: from an example, a file, or the plan of an earlier run. */
export function NewRunPage() {
  const { from, example } = useSearch({ from: '/shell/fleet-runs/new' });
  const navigate = useNavigate();
  useDocumentTitle('New fleet run');
  const start = (runId: string) =>
    void navigate({ to: '/fleet-runs/$runId', params: { runId }, ignoreBlocker: true });
  return (
    <>
      <PageHeader title="New run" within="fleet-runs" />
      {from === undefined ? (
        <NewRunForm
          key={example ?? ''}
          plan={EXAMPLES[exampleNamed(example) ?? 'small'].plan}
          changes={NO_CHANGES}
          onStarted={start}
        />
      ) : (
        <AgainForm key={from} runId={from} onStarted={start} />
      )}
    </>
  );
}

/** An earlier run, with what stood instead of what its plan says. */
function AgainForm({ runId, onStarted }: { runId: string; onStarted: (runId: string) => void }) {
  const given = useQuery(givenRunQuery(runId));
  if (given.error) {
    return <ProblemAlert error={given.error} onRetry={() => void given.refetch()} />;
  }
  if (!given.data) {
    return <Skeleton height={460} role="status" aria-label="Loading the plan" />;
  }
  const { run, plan, preview } = given.data;
  return <NewRunForm plan={plan} changes={changesOf(run, plan, preview)} onStarted={onStarted} />;
}
