import { Button, Card, FileButton, Grid, Group, Stack, Text, Title } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';
import { IconPlayerPlay, IconUpload } from '@tabler/icons-react';
import { type SyntheticEvent, useRef, useState } from 'react';
import { useCheckFleetRun, useStartFleetRun } from '@/api/fleetRuns';
import { asProblem } from '@/api/problem';
import { ConfirmDialog } from '@/components/ConfirmDialog';
import { ProblemAlert } from '@/components/ProblemAlert';
import { toastProblem } from '@/components/toasts';
import { useFirstFault } from '@/components/useFirstFault';
import { useKeptFocus } from '@/lib/useKeptFocus';
import { ChangeFields } from './ChangeFields';
import { CheckedPlan } from './CheckedPlan';
import { PlanEditor, showLine } from './PlanEditor';
import { EXAMPLES, EXAMPLE_NAMES } from './examples';
import { type RunChanges, bodyOfForm, changeFaultsOf, planFaultOf } from './newRun';

interface Props {
  /** What it begins with. */
  plan: string;
  changes: RunChanges;
  onStarted: (runId: string) => void;
}

/** A plan, what stands instead of what it says, and what both come to. */
export function NewRunForm({ plan: given, changes: givenChanges, onStarted }: Props) {
  const check = useCheckFleetRun();
  const start = useStartFleetRun();
  const [plan, setPlan] = useState(given);
  const [changes, setChanges] = useState(givenChanges);
  /** What the plan was before anybody wrote in it. */
  const [untouched, setUntouched] = useState(given);
  /** A plan that would take the place of one that somebody has written in. */
  const [offered, setOffered] = useState<string | null>(null);
  const text = useRef<HTMLTextAreaElement>(null);
  const buttons = useKeptFocus<HTMLDivElement>();
  const forgetFile = useRef<() => void>(null);
  const { form, showFirstFault } = useFirstFault();

  const error = start.error ?? check.error;
  const problem = error ? asProblem(error) : null;
  const fault = problem && planFaultOf(problem);
  const faults = problem ? changeFaultsOf(problem) : {};
  const elsewhere = problem && !fault && Object.keys(faults).length === 0;
  const written = plan !== untouched;
  const leaving = useBlocker({
    shouldBlockFn: () => written,
    enableBeforeUnload: () => written,
    withResolver: true,
  });

  function forget() {
    check.reset();
    start.reset();
  }

  function replace(by: string) {
    forget();
    setPlan(by);
    setUntouched(by);
    setOffered(null);
  }

  function offer(by: string) {
    if (written && by !== plan) setOffered(by);
    else replace(by);
  }

  function showFault(failure: Error) {
    const found = planFaultOf(asProblem(failure));
    if (found && text.current) showLine(text.current, found.line);
    else showFirstFault();
  }

  function submit(event: SyntheticEvent) {
    event.preventDefault();
    forget();
    start.mutate(bodyOfForm({ plan, ...changes }), {
      onSuccess: ({ id }) => {
        onStarted(id);
      },
      onError: showFault,
    });
  }

  return (
    <form ref={form} noValidate onSubmit={submit}>
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Group gap="xs" mb="xs" role="group" aria-label="Begin with">
            <Text size="sm" c="dimmed" aria-hidden>
              Begin with
            </Text>
            {EXAMPLE_NAMES.map((name) => (
              <Button
                key={name}
                size="compact-sm"
                variant="default"
                title={EXAMPLES[name].about}
                onClick={() => {
                  offer(EXAMPLES[name].plan);
                }}
              >
                {EXAMPLES[name].label}
              </Button>
            ))}
            <FileButton
              resetRef={forgetFile}
              accept=".yaml,.yml,.json,application/yaml,text/yaml"
              onChange={(file) => {
                if (file) void file.text().then(offer, toastProblem);
                // The same file can be chosen again, as it is by then.
                forgetFile.current?.();
              }}
            >
              {(props) => (
                <Button
                  {...props}
                  size="compact-sm"
                  variant="default"
                  leftSection={<IconUpload size={14} aria-hidden />}
                >
                  A file…
                </Button>
              )}
            </FileButton>
          </Group>
          <PlanEditor
            value={plan}
            textRef={text}
            fault={fault}
            onChange={(value) => {
              forget();
              setPlan(value);
            }}
          />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Card withBorder padding="md">
            <Stack gap="sm">
              <Title order={2} size="h5">
                Instead of the plan’s
              </Title>
              <ChangeFields
                values={changes}
                errors={faults}
                onChange={(values) => {
                  forget();
                  setChanges(values);
                }}
              />
              {elsewhere && <ProblemAlert error={problem} />}
              <div aria-live="polite">{check.data && <CheckedPlan checked={check.data} />}</div>
              <Group ref={buttons} gap="xs" tabIndex={-1}>
                <Button
                  variant="default"
                  loading={check.isPending}
                  onClick={() => {
                    forget();
                    check.mutate(bodyOfForm({ plan, ...changes }), { onError: showFault });
                  }}
                >
                  Check
                </Button>
                <Button
                  type="submit"
                  leftSection={<IconPlayerPlay size={16} aria-hidden />}
                  loading={start.isPending}
                >
                  Start
                </Button>
              </Group>
            </Stack>
          </Card>
        </Grid.Col>
      </Grid>
      <ConfirmDialog
        opened={offered !== null}
        title="Replace the plan"
        confirm="Replace"
        onConfirm={() => {
          replace(offered ?? '');
        }}
        onClose={() => {
          setOffered(null);
        }}
      >
        <Text size="sm">What you have written is lost.</Text>
      </ConfirmDialog>
      <ConfirmDialog
        opened={leaving.status === 'blocked'}
        title="Leave without starting"
        confirm="Leave"
        onConfirm={() => leaving.proceed?.()}
        onClose={() => leaving.reset?.()}
      >
        <Text size="sm">What you have written in the plan is lost.</Text>
      </ConfirmDialog>
    </form>
  );
}
