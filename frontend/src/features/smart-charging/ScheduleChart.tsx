import type { RateUnit } from '@/api/types';
import { Chart } from '@/components/Chart';
import { localDateTime } from '@/lib/time';
import { type Step, formatPeriod, formatRate, toTenths } from './model';

interface Props {
  /** What the schedule is of. */
  name: string;
  steps: readonly Step[];
  unit: RateUnit;
  /** What is taken now, in the same unit. */
  present: number;
}

/** Below that the scale has no round steps any more. */
const LEAST_TOP: Record<RateUnit, number> = { A: 4, W: 1000 };
/** The highest line stays off the edge. */
const HEADROOM = 1.05;

/** A schedule as steps over time, beside what is taken now. */
export function ScheduleChart({ name, steps, unit, present }: Props) {
  const most = steps.reduce((high, { limit }) => Math.max(high, limit), present);
  return (
    <Chart
      name={`Schedule of ${name}, period`}
      unit="Period"
      begin="first"
      height={220}
      least={Math.max(most * HEADROOM, LEAST_TOP[unit])}
      format={(value) => formatRate(value, unit)}
      spans={steps.map(({ from_ms, to_ms }) => ({ from: from_ms, to: to_ms }))}
      when={(index) => periodText(steps[index])}
      series={[
        {
          name: 'limit',
          color: 'teal',
          shape: 'steps',
          values: steps.map(({ limit }) => limit),
          text: (index) => rateText(steps[index], unit),
        },
      ]}
      levels={[{ name: 'taken now', color: 'orange', value: toTenths(present) }]}
      note={(index) => (steps.length > 1 ? `period ${index + 1} of ${steps.length}` : null)}
      table={false}
    />
  );
}

function rateText(step: Step | undefined, unit: RateUnit): string {
  return step ? formatPeriod({ limit: step.limit, number_phases: step.phases }, unit) : '';
}

function periodText(step: Step | undefined): string {
  return step ? `${timeOf(step.from_ms)} – ${timeOf(step.to_ms)}` : '';
}

function timeOf(at_ms: number): string {
  return localDateTime(new Date(at_ms).toISOString());
}
