import {
  Alert,
  Button,
  Card,
  Code,
  FileInput,
  NumberInput,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  Table,
  Text,
  Title,
} from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconUpload } from '@tabler/icons-react';
import { useSearch } from '@tanstack/react-router';
import { type SyntheticEvent, useState } from 'react';
import { useFleet } from '@/api/chargers';
import { useReconcile } from '@/api/reconciliation';
import type { LedgerDifference, ReconciliationReport } from '@/api/types';
import { PageHeader } from '@/components/PageHeader';
import { ProblemAlert } from '@/components/ProblemAlert';
import { useDocumentTitle } from '@/lib/useDocumentTitle';
import { KIND_WORDS, byGravity, differenceText, valueText, verdict } from './reconciliation';

const ALL = '';
/** How many differences are shown; a wrong file has as many as there are transactions. */
const ROWS = 500;

/** Holds the records of a CSMS against the truth. */
export function ReconciliationPage() {
  const { charger } = useSearch({ from: '/shell/reconciliation' });
  useDocumentTitle('Reconciliation');
  return (
    <>
      <PageHeader
        title="Reconciliation"
        subtitle="The records of a CSMS, held against what really happened"
        within="locations"
      />
      <Reconciliation charger={charger ?? null} />
    </>
  );
}

export function Reconciliation({ charger }: { charger: string | null }) {
  const reconcile = useReconcile();
  const [file, setFile] = useState<File | null>(null);
  const [chargePointId, setChargePointId] = useState(charger ?? ALL);
  const [stoppedOnly, setStoppedOnly] = useState(true);
  const [energyToleranceWh, setEnergyTolerance] = useState(1);
  const [timeToleranceS, setTimeTolerance] = useState(2);
  const { fleet } = useFleet();
  const known = [...(fleet?.chargers.keys() ?? [])];
  const ids = chargePointId === ALL ? known : [...new Set([chargePointId, ...known])];

  function submit(event: SyntheticEvent) {
    event.preventDefault();
    if (!file) return;
    reconcile.mutate({
      file,
      chargePointId: chargePointId === ALL ? null : chargePointId,
      stoppedOnly,
      energyToleranceWh,
      timeToleranceS,
    });
  }

  return (
    <Stack>
      <Card withBorder padding="md" component="form" noValidate onSubmit={submit}>
        <Stack gap="sm">
          <Text size="sm">
            Export the transactions of your CSMS as CSV or JSON, with a <Code>transaction_id</Code>{' '}
            and whatever there is of <Code>charge_point_id</Code>, <Code>id_tag</Code>,{' '}
            <Code>energy_wh</Code> or <Code>energy_kwh</Code>, <Code>meter_start_wh</Code>,{' '}
            <Code>meter_stop_wh</Code>, <Code>started_at</Code> and <Code>stopped_at</Code> (ISO
            8601). Nothing of it is kept.
          </Text>
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
            <FileInput
              label="Records of the CSMS"
              placeholder="Choose a CSV or JSON file"
              accept=".csv,.json,text/csv,application/json"
              value={file}
              onChange={(chosen) => {
                setFile(chosen);
                reconcile.reset();
              }}
              leftSection={<IconUpload size={16} aria-hidden />}
              required
              clearable
            />
            <Select
              label="Held against"
              data={[
                { value: ALL, label: 'All chargers' },
                ...ids.map((id) => ({ value: id, label: id })),
              ]}
              value={chargePointId}
              onChange={(id) => {
                setChargePointId(id ?? ALL);
              }}
              allowDeselect={false}
              searchable
              limit={200}
            />
            <NumberInput
              label="Energies may differ by (Wh)"
              min={0}
              hideControls
              value={energyToleranceWh}
              onChange={(value) => {
                setEnergyTolerance(Number(value) || 0);
              }}
            />
            <NumberInput
              label="Times may differ by (s)"
              min={0}
              hideControls
              value={timeToleranceS}
              onChange={(value) => {
                setTimeTolerance(Number(value) || 0);
              }}
            />
          </SimpleGrid>
          <Switch
            label="Only transactions that have stopped"
            description="Off, when the file has those that are going on, too"
            checked={stoppedOnly}
            onChange={(event) => {
              setStoppedOnly(event.currentTarget.checked);
            }}
          />
          {reconcile.error && <ProblemAlert error={reconcile.error} />}
          <div>
            <Button type="submit" disabled={!file} loading={reconcile.isPending}>
              Compare
            </Button>
          </div>
        </Stack>
      </Card>
      <div aria-live="polite">{reconcile.data && <Report report={reconcile.data} />}</div>
    </Stack>
  );
}

function Report({ report }: { report: ReconciliationReport }) {
  const { clean, text } = verdict(report);
  return (
    <Stack>
      <Alert
        color={clean ? 'teal' : 'yellow'}
        icon={clean ? <IconCheck aria-hidden /> : <IconAlertTriangle aria-hidden />}
        title={text}
      >
        {report.compared === 0 && report.differences.length > 0 && (
          <Text size="sm">
            No transaction of the file is one of ours: is it of these chargers, and of this
            simulator?
          </Text>
        )}
      </Alert>
      {report.differences.length > 0 && <Differences differences={report.differences} />}
      {report.unread.length > 0 && (
        <section aria-labelledby="unread-rows">
          <Title order={2} size="h4" id="unread-rows">
            Rows that could not be read
          </Title>
          <Table aria-labelledby="unread-rows">
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">Row</Table.Th>
                <Table.Th scope="col">Why</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {report.unread.slice(0, ROWS).map(({ row, error }) => (
                <Table.Tr key={row}>
                  <Table.Td>{row}</Table.Td>
                  <Table.Td style={{ overflowWrap: 'anywhere' }}>{error}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
          <Rest shown={ROWS} of={report.unread.length} />
        </section>
      )}
    </Stack>
  );
}

function Differences({ differences }: { differences: readonly LedgerDifference[] }) {
  return (
    <section aria-labelledby="differences">
      <Title order={2} size="h4" id="differences">
        Differences
      </Title>
      <Table.ScrollContainer minWidth={720} scrollAreaProps={{ type: 'auto' }}>
        <Table aria-labelledby="differences">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">What</Table.Th>
              <Table.Th scope="col">Transaction</Table.Th>
              <Table.Th scope="col">Charger</Table.Th>
              <Table.Th scope="col">Ours</Table.Th>
              <Table.Th scope="col">The CSMS’s</Table.Th>
              <Table.Th scope="col">Difference</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody style={{ fontVariantNumeric: 'tabular-nums' }}>
            {byGravity(differences)
              .slice(0, ROWS)
              .map((one, index) => (
                <Table.Tr key={index}>
                  <Table.Th scope="row" fw={500}>
                    {KIND_WORDS[one.kind]}
                  </Table.Th>
                  <Table.Td>
                    {one.transaction_id ??
                      (one.local_transaction_id === null
                        ? '–'
                        : `not confirmed (our number ${one.local_transaction_id})`)}
                  </Table.Td>
                  <Table.Td>{one.charge_point_id ?? '–'}</Table.Td>
                  <Table.Td>{valueText(one.kind, one.ours)}</Table.Td>
                  <Table.Td>{valueText(one.kind, one.theirs)}</Table.Td>
                  <Table.Td>{differenceText(one)}</Table.Td>
                </Table.Tr>
              ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Rest shown={ROWS} of={differences.length} />
    </section>
  );
}

function Rest({ shown, of }: { shown: number; of: number }) {
  return of > shown ? (
    <Text size="sm" c="dimmed">
      The first {shown} of {of}.
    </Text>
  ) : null;
}
