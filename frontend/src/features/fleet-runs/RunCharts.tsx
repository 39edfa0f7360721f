import { Card, SimpleGrid, Text, Title } from '@mantine/core';
import { type FleetRun, type FleetRunPoint } from '@/api/types';
import { Chart, type ChartSeries } from '@/components/Chart';
import { formatLatency } from '@/lib/units';
import { elapsedTicks, failedPerS, formatCount, formatRate, momentText, spansOf } from './course';

interface Shown {
  name: string;
  format: (value: number) => string;
  /** The scale reaches at least up to that. */
  least: number;
  series: ChartSeries[];
}

const MOST_TICKS = 5;

function chartsOf(points: readonly FleetRunPoint[]): Shown[] {
  const all = (quantity: (point: FleetRunPoint) => number | null) => points.map(quantity);
  return [
    {
      name: 'Chargers',
      format: formatCount,
      least: 4,
      series: [
        { name: 'connected', color: 'teal', shape: 'area', values: all((p) => p.connected) },
        {
          name: 'ramped up',
          color: 'blue',
          shape: 'line',
          dashed: true,
          values: all((p) => p.there),
        },
      ],
    },
    {
      name: 'Connectors',
      format: formatCount,
      least: 4,
      series: [
        { name: 'charging', color: 'teal', shape: 'area', values: all((p) => p.charging) },
        { name: 'with a vehicle', color: 'blue', shape: 'line', values: all((p) => p.plugged_in) },
        {
          name: 'in a transaction',
          color: 'grape',
          shape: 'line',
          dashed: true,
          values: all((p) => p.transactions),
        },
      ],
    },
    {
      name: 'Messages',
      format: formatRate,
      least: 1,
      series: [
        { name: 'out', color: 'teal', shape: 'line', values: all((p) => p.sent_per_s) },
        {
          name: 'in',
          color: 'orange',
          shape: 'line',
          dashed: true,
          values: all((p) => p.received_per_s),
        },
      ],
    },
    {
      name: 'Latency',
      format: formatLatency,
      least: 1,
      series: [
        {
          name: 'p50',
          color: 'teal',
          shape: 'line',
          values: all((p) => p.latency_ms?.p50 ?? null),
        },
        {
          name: 'p95',
          color: 'blue',
          shape: 'line',
          values: all((p) => p.latency_ms?.p95 ?? null),
        },
        {
          name: 'p99',
          color: 'grape',
          shape: 'line',
          dashed: true,
          values: all((p) => p.latency_ms?.p99 ?? null),
        },
      ],
    },
    {
      name: 'Failed CALLs',
      format: formatRate,
      least: 1,
      series: [{ name: 'failed', color: 'orange', shape: 'steps', values: all(failedPerS) }],
    },
    {
      name: 'Loop lag of this simulator',
      format: formatLatency,
      least: 4,
      series: [
        { name: 'at most', color: 'orange', shape: 'line', values: all((p) => p.loop_lag_ms) },
      ],
    },
  ];
}

/** The course of a run. */
export function RunCharts({ run, points }: { run: FleetRun; points: readonly FleetRunPoint[] }) {
  if (points.length === 0) return <Text c="dimmed">There are no figures yet.</Text>;
  const spans = spansOf(points);
  const ticks = elapsedTicks({ from: spans[0]?.from ?? 0, to: spans.at(-1)?.to ?? 0 }, MOST_TICKS);
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
      {chartsOf(points).map(({ name, ...shown }) => (
        <Card key={name} withBorder padding="sm">
          <Title order={2} size="h5" mb={4}>
            {name}
          </Title>
          <Chart
            name={name}
            unit="Time"
            height={170}
            spans={spans}
            xTicks={ticks}
            when={(index) => momentText(run.began_at, points[index]?.to_s ?? 0)}
            {...shown}
          />
        </Card>
      ))}
    </SimpleGrid>
  );
}
