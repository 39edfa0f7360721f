import {
  Button,
  Card,
  Group,
  SegmentedControl,
  Select,
  Skeleton,
  Stack,
  Table,
  Text,
  Title,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { IconTable } from '@tabler/icons-react';
import { useState } from 'react';
import { compositeScheduleQuery } from '@/api/smartCharging';
import type { ChargerDetail, RateUnit } from '@/api/types';
import { ProblemAlert } from '@/components/ProblemAlert';
import { TimeText } from '@/components/TimeText';
import { count } from '@/lib/units';
import { ScheduleChart } from './ScheduleChart';
import { type Step, formatRate, presentRateAt, stepsOf, usualUnit } from './model';

const DURATIONS = [
  { value: '3600', label: '1 h' },
  { value: '21600', label: '6 h' },
  { value: '86400', label: '24 h' },
  { value: '604800', label: '7 d' },
];

/** How many periods the table shows; a schedule may have thousands. */
const ROWS = 100;

/** What the charger expects to allow, as a chart and as a table. */
export function CompositeSection({ charger }: { charger: ChargerDetail }) {
  const { charge_point_id: chargePointId, connectors } = charger;
  const [connectorId, setConnectorId] = useState(connectors[0]?.connector_id ?? 0);
  const [durationS, setDurationS] = useState('86400');
  const [chosenUnit, setUnit] = useState<RateUnit | null>(null);
  const [tableShown, table] = useDisclosure(false);
  const unit = chosenUnit ?? usualUnit(charger, connectorId);
  const schedule = useQuery({
    ...compositeScheduleQuery(chargePointId, connectorId, Number(durationS), unit),
    placeholderData: keepPreviousData,
  });
  // Until an answer is there the last one is shown, which may be another connector's.
  const shown = schedule.data;
  const name = shown?.connector_id ? `connector ${shown.connector_id}` : 'the whole charger';
  const steps = shown ? stepsOf(shown) : [];

  return (
    <Card withBorder padding="md" component="section" aria-labelledby="composite-schedule">
      <Group justify="space-between" gap="sm" mb="sm">
        <Title order={2} size="h4" id="composite-schedule">
          Composite schedule
        </Title>
        <Group gap="xs">
          <Select
            aria-label="Of which connector"
            w={170}
            data={[
              ...connectors.map(({ connector_id: id }) => ({
                value: String(id),
                label: `Connector ${id}`,
              })),
              { value: '0', label: 'Whole charger' },
            ]}
            value={String(connectorId)}
            onChange={(value) => {
              if (value !== null) setConnectorId(Number(value));
            }}
            allowDeselect={false}
          />
          <SegmentedControl
            aria-label="How far ahead"
            value={durationS}
            onChange={setDurationS}
            data={DURATIONS}
          />
          <SegmentedControl
            aria-label="Unit"
            value={unit}
            onChange={setUnit}
            data={[
              { value: 'A', label: 'A' },
              { value: 'W', label: 'W' },
            ]}
          />
        </Group>
      </Group>
      {schedule.error && !shown && (
        <ProblemAlert error={schedule.error} onRetry={() => void schedule.refetch()} />
      )}
      {schedule.isPending && (
        <Skeleton height={260} role="status" aria-label="Loading the composite schedule" />
      )}
      {shown && (
        <Stack gap="sm">
          <ScheduleChart
            key={`${connectorId} ${durationS}`}
            name={name}
            steps={steps}
            unit={shown.unit}
            present={presentRateAt(charger, shown.connector_id, shown.unit)}
          />
          {steps.length === 0 && <Text c="dimmed">There is no limit to tell about.</Text>}
          <div>
            <Button
              variant="default"
              size="xs"
              leftSection={<IconTable size={14} aria-hidden />}
              aria-expanded={tableShown}
              onClick={table.toggle}
            >
              {tableShown ? 'Hide the table' : 'Show as a table'}
            </Button>
          </div>
          {tableShown && <StepTable steps={steps} unit={shown.unit} name={name} />}
        </Stack>
      )}
    </Card>
  );
}

function StepTable({
  steps,
  unit,
  name,
}: {
  steps: readonly Step[];
  unit: RateUnit;
  name: string;
}) {
  return (
    <>
      <Table.ScrollContainer minWidth={460} scrollAreaProps={{ type: 'auto' }}>
        <Table aria-label={`Composite schedule of ${name}`}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>From</Table.Th>
              <Table.Th>Until</Table.Th>
              <Table.Th ta="right">Limit</Table.Th>
              <Table.Th ta="right">Phases</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody style={{ fontVariantNumeric: 'tabular-nums' }}>
            {steps.slice(0, ROWS).map((step) => (
              <Table.Tr key={step.from_ms}>
                <Table.Td>
                  <TimeText iso={new Date(step.from_ms).toISOString()} />
                </Table.Td>
                <Table.Td>
                  <TimeText iso={new Date(step.to_ms).toISOString()} />
                </Table.Td>
                <Table.Td ta="right">{formatRate(step.limit, unit)}</Table.Td>
                <Table.Td ta="right">{step.phases ?? '–'}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {steps.length > ROWS && (
        <Text size="sm" c="dimmed">
          and {count(steps.length - ROWS, 'further period')}
        </Text>
      )}
    </>
  );
}
