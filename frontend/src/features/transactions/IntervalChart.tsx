import { Group, Text } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { type KeyboardEvent, type PointerEvent, useState } from 'react';
import type { LedgerInterval } from '@/api/types';
import { clockTime } from '@/lib/time';
import { formatDuration, formatEnergy, formatPower } from '@/lib/units';
import classes from './IntervalChart.module.css';
import { barsOf, roundTop } from './ledger';

const HEIGHT = 180;
const MARGIN = { left: 58, right: 8, top: 10, bottom: 22 };
/** Where nothing has a size, as before the first layout. */
const USUAL_WIDTH = 560;
const GAP = 1;

/** Average power by interval, with peak and offer; arrow keys or a pointer read it one by one. */
export function IntervalChart({ intervals }: { intervals: readonly LedgerInterval[] }) {
  const { ref, width: measured } = useElementSize<HTMLDivElement>();
  const [wanted, setWanted] = useState(Number.MAX_SAFE_INTEGER);
  const bars = barsOf(intervals);
  const first = bars[0];
  const last = bars.at(-1);
  if (!first || !last) return <Text c="dimmed">No time has passed yet.</Text>;

  const chosen = Math.min(wanted, bars.length - 1);
  const bar = bars[chosen] ?? last;
  const width = measured || USUAL_WIDTH;
  const inner = Math.max(1, width - MARGIN.left - MARGIN.right);
  const bottom = HEIGHT - MARGIN.bottom;
  const most = bars.reduce(
    (high, { interval }) => Math.max(high, interval.peak_power_w, interval.highest_offer_w),
    0,
  );
  const top = roundTop(most);
  const span = last.to_ms - first.from_ms;
  const x = (at_ms: number) => MARGIN.left + ((at_ms - first.from_ms) / span) * inner;
  const y = (power_w: number) =>
    bottom - Math.min(1, Math.max(0, power_w / top)) * (bottom - MARGIN.top);

  function move(event: KeyboardEvent) {
    const to = {
      ArrowLeft: chosen - 1,
      ArrowDown: chosen - 1,
      ArrowRight: chosen + 1,
      ArrowUp: chosen + 1,
      Home: 0,
      End: bars.length - 1,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    setWanted(Math.min(bars.length - 1, Math.max(0, to)));
  }

  function point(event: PointerEvent) {
    const { left } = event.currentTarget.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - left - MARGIN.left) / inner));
    const at_ms = (first?.from_ms ?? 0) + share * span;
    const found = bars.findIndex(({ to_ms }) => at_ms <= to_ms);
    setWanted(found === -1 ? bars.length - 1 : found);
  }

  const { interval } = bar;
  const when = `${clockTime(interval.from).slice(0, 8)} – ${clockTime(interval.to).slice(0, 8)}`;
  return (
    <figure style={{ margin: 0 }}>
      <div
        ref={ref}
        className={classes.chart}
        role="slider"
        tabIndex={0}
        aria-label="Energy by interval"
        aria-valuemin={1}
        aria-valuemax={bars.length}
        aria-valuenow={chosen + 1}
        aria-valuetext={`${when}: ${formatEnergy(interval.energy_wh)}, peak ${formatPower(interval.peak_power_w)}`}
        onKeyDown={move}
        onPointerMove={point}
        onPointerDown={point}
      >
        <svg
          className={classes.svg}
          height={HEIGHT}
          viewBox={`0 0 ${width} ${HEIGHT}`}
          aria-hidden
          focusable="false"
        >
          {[0, 0.5, 1].map((share) => (
            <g key={share}>
              <line
                className={classes.grid}
                x1={MARGIN.left}
                x2={MARGIN.left + inner}
                y1={y(share * top)}
                y2={y(share * top)}
              />
              <text
                className={classes.label}
                x={MARGIN.left - 8}
                y={y(share * top) + 4}
                textAnchor="end"
              >
                {formatPower(share * top)}
              </text>
            </g>
          ))}
          {bars.map(({ interval: one, from_ms, to_ms }, index) => {
            const left = x(from_ms);
            const wide = Math.max(1, x(to_ms) - left - GAP);
            return (
              <g key={one.from}>
                <rect
                  className={index === chosen ? classes.chosen : classes.bar}
                  x={left}
                  width={wide}
                  y={y(one.average_power_w)}
                  height={Math.max(0, bottom - y(one.average_power_w))}
                />
                <line
                  className={classes.peak}
                  x1={left}
                  x2={left + wide}
                  y1={y(one.peak_power_w)}
                  y2={y(one.peak_power_w)}
                />
                <line
                  className={classes.offer}
                  x1={left}
                  x2={left + wide}
                  y1={y(one.highest_offer_w)}
                  y2={y(one.highest_offer_w)}
                />
              </g>
            );
          })}
          <text className={classes.label} x={MARGIN.left} y={HEIGHT - 6}>
            {clockTime(first.interval.from).slice(0, 5)}
          </text>
          <text className={classes.label} x={MARGIN.left + inner} y={HEIGHT - 6} textAnchor="end">
            {clockTime(last.interval.to).slice(0, 5)}
          </text>
        </svg>
      </div>
      <Text component="figcaption" size="sm" mt={4}>
        <Group gap="xs" style={{ fontVariantNumeric: 'tabular-nums' }}>
          <Text span inherit fw={600}>
            {when}
          </Text>
          <span>{formatEnergy(interval.energy_wh)}</span>
          <span>average {formatPower(interval.average_power_w)}</span>
          <span>peak {formatPower(interval.peak_power_w)}</span>
          <span>
            offered{' '}
            {interval.lowest_offer_w === interval.highest_offer_w
              ? formatPower(interval.highest_offer_w)
              : `${formatPower(interval.lowest_offer_w)} to ${formatPower(interval.highest_offer_w)}`}
          </span>
          {interval.without_demand_s > 0 && (
            <span>car took nothing for {formatDuration(interval.without_demand_s)}</span>
          )}
          {interval.without_offer_s > 0 && (
            <span>nothing offered for {formatDuration(interval.without_offer_s)}</span>
          )}
        </Group>
        <Text span size="xs" c="dimmed">
          Bars: average power; line: peak; dashed: the most that was offered.
        </Text>
      </Text>
    </figure>
  );
}
