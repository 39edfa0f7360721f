import { ActionIcon, Button, Group, Menu, Text } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import {
  IconDots,
  IconFileDownload,
  IconPlayerStop,
  IconReload,
  IconReportAnalytics,
  IconTrash,
} from '@tabler/icons-react';
import { useState } from 'react';
import { isOver } from '@/api/fleetRunCourse';
import { fleetRunFiles, useDeleteFleetRun, useStopFleetRun } from '@/api/fleetRuns';
import type { FleetRun } from '@/api/types';
import { ConfirmDialog } from '@/components/ConfirmDialog';
import { useKeptFocus } from '@/lib/useKeptFocus';
import { hasReport } from './model';

/** What can be done with a run, by whether it goes on. */
export function RunActions({ run }: { run: FleetRun }) {
  const files = fleetRunFiles(run);
  const over = isOver(run);
  const [asked, setAsked] = useState<'stop' | 'end' | 'delete' | null>(null);
  const group = useKeptFocus<HTMLDivElement>();
  const close = () => {
    setAsked(null);
  };
  return (
    <Group ref={group} gap="xs" role="group" aria-label="Run actions" tabIndex={-1}>
      {!over && (
        <Button
          color="red"
          variant="light"
          leftSection={<IconPlayerStop size={16} aria-hidden />}
          onClick={() => {
            setAsked(run.state === 'ramping_down' ? 'end' : 'stop');
          }}
        >
          {run.state === 'ramping_down' ? 'End at once' : 'Stop'}
        </Button>
      )}
      {hasReport(run) && (
        <Button
          component="a"
          href={files.report}
          target="_blank"
          rel="noopener"
          leftSection={<IconReportAnalytics size={16} aria-hidden />}
        >
          Report
        </Button>
      )}
      {over && (
        <Button
          variant="default"
          leftSection={<IconReload size={16} aria-hidden />}
          renderRoot={(props) => <Link to="/fleet-runs/new" search={{ from: run.id }} {...props} />}
        >
          Run again
        </Button>
      )}
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size="lg" aria-label="More run actions">
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {hasReport(run) && (
            <Menu.Item
              component="a"
              href={files.summary.href}
              download={files.summary.name}
              leftSection={<IconFileDownload size={16} aria-hidden />}
            >
              Summary (JSON)
            </Menu.Item>
          )}
          <Menu.Item
            component="a"
            href={files.plan.href}
            download={files.plan.name}
            leftSection={<IconFileDownload size={16} aria-hidden />}
          >
            Plan (YAML)
          </Menu.Item>
          {over && (
            <Menu.Item
              color="red"
              leftSection={<IconTrash size={16} aria-hidden />}
              onClick={() => {
                setAsked('delete');
              }}
            >
              Delete run
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <StopDialog run={run} atOnce={false} opened={asked === 'stop' && !over} onClose={close} />
      <StopDialog run={run} atOnce opened={asked === 'end' && !over} onClose={close} />
      <DeleteDialog run={run} opened={asked === 'delete'} onClose={close} />
    </Group>
  );
}

interface DialogProps {
  run: FleetRun;
  opened: boolean;
  onClose: () => void;
}

function StopDialog({ run, atOnce, opened, onClose }: DialogProps & { atOnce: boolean }) {
  const stop = useStopFleetRun(run.id);
  return (
    <ConfirmDialog
      opened={opened}
      title={atOnce ? 'End the run at once' : 'Stop the run'}
      confirm={atOnce ? 'End at once' : 'Stop run'}
      pending={stop.isPending}
      error={stop.error}
      onConfirm={() => {
        stop.mutate({ atOnce }, { onSuccess: onClose });
      }}
      onClose={() => {
        stop.reset();
        onClose();
      }}
    >
      <Text size="sm">
        {atOnce
          ? 'Its chargers vanish as they are, and there is no report.'
          : 'It ramps down: drivers leave, what is queued is delivered, the chargers disconnect. The report tells of the run until then.'}
      </Text>
    </ConfirmDialog>
  );
}

function DeleteDialog({ run, opened, onClose }: DialogProps) {
  const remove = useDeleteFleetRun();
  const navigate = useNavigate();
  return (
    <ConfirmDialog
      opened={opened}
      title="Delete the run"
      confirm="Delete"
      pending={remove.isPending}
      error={remove.error}
      onConfirm={() => {
        remove.mutate(run.id, { onSuccess: () => void navigate({ to: '/fleet-runs' }) });
      }}
      onClose={() => {
        remove.reset();
        onClose();
      }}
    >
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        “{run.name}” is deleted with its report, its figures and the database of its transactions.
      </Text>
    </ConfirmDialog>
  );
}
