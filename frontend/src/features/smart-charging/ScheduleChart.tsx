import { Text } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { type KeyboardEvent, type PointerEvent, useState } from 'react';
import type { RateUnit } from '@/api/types';
import { TimeText } from '@/components/TimeText';
import classes from './ScheduleChart.module.css';
import { scaleTop, stepAt, stepPaths, timeTicks, xOf, yOf } from './chart';
import { type Step, formatPeriod, formatRate, toTenths } from './model';

interface Props {
  /** What the schedule is of. */
  name: string;
  steps: readonly Step[];
  unit: RateUnit;
  /** What is taken now, in the same unit. */
  present: number;
}

const HEIGHT = 220;
const MARGIN = { left: 58, right: 12, top: 12, bottom: 24 };
/** Where nothing has a size, as before the first layout. */
const USUAL_WIDTH = 640;
const TICK_WIDTH = 76;
/** The highest line stays off the edge. */
const HEADROOM = 1.05;
/** Below that a quarter of the scale is no round number any more. */
const LEAST_TOP: Record<RateUnit, number> = { A: 4, W: 1000 };

/** A schedule as steps over time; the arrow keys or a pointer read it period by period. */
export function ScheduleChart({ name, steps, unit, present }: Props) {
  const { ref, width: measured } = useElementSize<HTMLDivElement>();
  const [wanted, setWanted] = useState(0);
  const [first] = steps;
  const last = steps.at(-1);
  if (!first || !last) return null;

  const chosen = Math.min(wanted, steps.length - 1);
  const step = steps[chosen] ?? first;
  const width = measured || USUAL_WIDTH;
  const box = {
    left: MARGIN.left,
    top: MARGIN.top,
    width: Math.max(1, width - MARGIN.left - MARGIN.right),
    height: HEIGHT - MARGIN.top - MARGIN.bottom,
  };
  const span = { from_ms: first.from_ms, to_ms: last.to_ms };
  const most = steps.reduce((high, { limit }) => Math.max(high, limit), present);
  const top = scaleTop(Math.max(most * HEADROOM, LEAST_TOP[unit]));
  const { line, area } = stepPaths(steps, top, span, box);
  const bottom = box.top + box.height;
  const presentY = yOf(present, top, box);

  function move(event: KeyboardEvent) {
    const to = {
      ArrowLeft: chosen - 1,
      ArrowDown: chosen - 1,
      ArrowRight: chosen + 1,
      ArrowUp: chosen + 1,
      Home: 0,
      End: steps.length - 1,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    setWanted(Math.min(steps.length - 1, Math.max(0, to)));
  }

  function point(event: PointerEvent) {
    const { left } = event.currentTarget.getBoundingClientRect();
    const share = (event.clientX - left - box.left) / box.width;
    const at_ms = span.from_ms + Math.min(1, Math.max(0, share)) * (span.to_ms - span.from_ms);
    setWanted(stepAt(steps, at_ms));
  }

  return (
    <figure style={{ margin: 0 }}>
      <div
        ref={ref}
        className={classes.chart}
        role="slider"
        tabIndex={0}
        aria-label={`Schedule of ${name}, period`}
        aria-valuemin={1}
        aria-valuemax={steps.length}
        aria-valuenow={chosen + 1}
        aria-valuetext={`${spokenTime(step.from_ms)} to ${spokenTime(step.to_ms)}: ${rateOf(step, unit)}`}
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
          {[0, 0.25, 0.5, 0.75, 1].map((fraction) => {
            const y = yOf(fraction * top, top, box);
            return (
              <g key={fraction}>
                <line
                  className={classes.grid}
                  x1={box.left}
                  x2={box.left + box.width}
                  y1={y}
                  y2={y}
                />
                <text className={classes.label} x={box.left - 8} y={y + 4} textAnchor="end">
                  {formatRate(fraction * top, unit)}
                </text>
              </g>
            );
          })}
          {timeTicks(span, Math.max(2, Math.floor(box.width / TICK_WIDTH))).map(({ at, label }) => (
            <g key={at}>
              <line
                className={classes.grid}
                x1={xOf(at, span, box)}
                x2={xOf(at, span, box)}
                y1={bottom}
                y2={bottom + 5}
              />
              <text
                className={classes.label}
                x={Math.min(xOf(at, span, box), width - 18)}
                y={HEIGHT - 6}
                textAnchor="middle"
              >
                {label}
              </text>
            </g>
          ))}
          <path className={classes.area} d={area} />
          {steps.length > 1 && (
            <rect
              className={classes.chosen}
              x={xOf(step.from_ms, span, box)}
              width={Math.max(2, xOf(step.to_ms, span, box) - xOf(step.from_ms, span, box))}
              y={box.top}
              height={box.height}
            />
          )}
          <path className={classes.line} d={line} />
          <line
            className={classes.presentLine}
            x1={box.left}
            x2={box.left + box.width}
            y1={presentY}
            y2={presentY}
          />
          <circle className={classes.present} cx={box.left} cy={presentY} r={6} />
        </svg>
      </div>
      <Text size="sm" mt={4} style={{ fontVariantNumeric: 'tabular-nums' }} component="figcaption">
        <TimeText iso={isoOf(step.from_ms)} /> – <TimeText iso={isoOf(step.to_ms)} />:{' '}
        <strong style={{ whiteSpace: 'nowrap' }}>{rateOf(step, unit)}</strong>
        <Text span inherit c="dimmed">
          {steps.length > 1 && ` · period ${chosen + 1} of ${steps.length}`}
        </Text>
        <br />
        <Text span inherit c="dimmed">
          <Text span inherit c="teal.6" aria-hidden>
            ━
          </Text>{' '}
          limit ·{' '}
          <Text span inherit c="orange.6" aria-hidden>
            ●
          </Text>{' '}
          taken now: {formatRate(toTenths(present), unit)}
        </Text>
      </Text>
    </figure>
  );
}

function rateOf({ limit, phases }: Step, unit: RateUnit): string {
  return formatPeriod({ limit, number_phases: phases }, unit);
}

function isoOf(at_ms: number): string {
  return new Date(at_ms).toISOString();
}

function spokenTime(at_ms: number): string {
  return new Date(at_ms).toLocaleString('en-GB', {
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
}
