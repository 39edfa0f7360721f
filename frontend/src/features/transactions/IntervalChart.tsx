import { Text } from '@mantine/core';
import type { LedgerInterval } from '@/api/types';
import { Chart } from '@/components/Chart';
import { clockTime, localDateTime } from '@/lib/time';
import { formatDuration, formatEnergy, formatPower } from '@/lib/units';
import { offerText, withLength } from './ledger';

/** Average power by interval, with peak and offer. */
export function IntervalChart({ intervals }: { intervals: readonly LedgerInterval[] }) {
  const shown = withLength(intervals);
  if (shown.length === 0) return <Text c="dimmed">No time has passed yet.</Text>;
  const dated = days(shown) > 1;
  const words = shown.map((one) => wordsOf(one, dated));
  return (
    <Chart
      name="Energy by interval"
      unit="Interval"
      height={190}
      least={1000}
      format={formatPower}
      spans={shown.map(({ from, to }) => ({ from: Date.parse(from), to: Date.parse(to) }))}
      when={(index) => words[index]?.when ?? ''}
      series={[
        {
          name: 'average',
          color: 'teal',
          shape: 'bars',
          values: shown.map((one) => one.average_power_w),
          text: (index) => words[index]?.average ?? '',
        },
        {
          name: 'peak',
          color: 'teal',
          shape: 'marks',
          values: shown.map((one) => one.peak_power_w),
        },
        {
          name: 'offered',
          color: 'orange',
          shape: 'marks',
          dashed: true,
          values: shown.map((one) => one.highest_offer_w),
          text: (index) => words[index]?.offer ?? '',
        },
      ]}
      note={(index) => words[index]?.idleness}
    />
  );
}

function wordsOf(interval: LedgerInterval, dated: boolean) {
  const { from, to, average_power_w, energy_wh } = interval;
  return {
    when: `${dated ? localDateTime(from) : toTheSecond(from)} – ${toTheSecond(to)}`,
    average: `${formatPower(average_power_w)} (${formatEnergy(energy_wh)})`,
    offer: offerText(interval),
    idleness: idleness(interval),
  };
}

/** How many days of the reader's calendar the intervals begin on. */
function days(intervals: readonly LedgerInterval[]): number {
  return new Set(intervals.map(({ from }) => new Date(from).toDateString())).size;
}

function toTheSecond(iso: string): string {
  return clockTime(iso).slice(0, 8);
}

/** For how long there was no power, and for whose sake; null where there was all the time. */
function idleness({ without_demand_s, without_offer_s }: LedgerInterval): string | null {
  const parts = [
    without_demand_s > 0 ? `car took nothing for ${formatDuration(without_demand_s)}` : '',
    without_offer_s > 0 ? `nothing offered for ${formatDuration(without_offer_s)}` : '',
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(', ') : null;
}
