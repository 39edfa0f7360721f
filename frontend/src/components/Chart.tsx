import { Button, Table, Text } from '@mantine/core';
import { useDisclosure, useElementSize } from '@mantine/hooks';
import { IconTable } from '@tabler/icons-react';
import { type KeyboardEvent, type PointerEvent, type ReactNode, useState } from 'react';
import classes from './Chart.module.css';
import { ChartDrawing, Swatch, boxOf } from './ChartDrawing';
import { type Span, type Tick, nearestSpan, timeTicks, valueTicks, wholeOf } from './chartGeometry';

export type ChartColor = 'teal' | 'orange' | 'blue' | 'grape';

/** One quantity over all spans; they part where a value is null. */
export interface ChartSeries {
  name: string;
  color: ChartColor;
  /** `line` and `area` join the middles of the spans; `steps` has an area, too; `marks` are not joined. */
  shape: 'line' | 'area' | 'steps' | 'bars' | 'marks';
  dashed?: boolean;
  /** One for each span. */
  values: readonly (number | null)[];
  /** How a value is written, where that is not as at the axis. */
  text?: (index: number) => string;
}

/** A value that has no time: a dashed line across. */
export interface ChartLevel {
  name: string;
  color: ChartColor;
  value: number;
}

export interface ChartProps {
  /** What the chart is of. */
  name: string;
  /** In order. Unix milliseconds, unless `xTicks` says what they are. */
  spans: readonly Span[];
  series: readonly ChartSeries[];
  levels?: readonly ChartLevel[];
  xTicks?: readonly Tick[];
  /** Writes a value. */
  format: (value: number) => string;
  /** Says in a few words which span that is. */
  when: (index: number) => string;
  /** What the spans are called, in the table. */
  unit: string;
  /** What else there is to say of a span. */
  note?: (index: number) => ReactNode;
  /** Which end is read until somebody chooses: the last one goes along with a chart that grows. */
  begin?: 'first' | 'last';
  height?: number;
  /** The scale reaches at least up to that. */
  least?: number;
  /** Whether the numbers are offered as a table; not where the page has a better one. */
  table?: boolean;
}

const TICK_WIDTH = 76;
const STEP_HEIGHT = 38;
/** How many rows the table has; a chart may have thousands of spans. */
const ROWS = 500;

/**
 * Quantities of one unit over time, or over something else: to be seen, to be read span by span with
 * the arrow keys or a pointer, and as a table.
 */
export function Chart(props: ChartProps) {
  const { name, spans, series, levels = [], begin = 'last', height = 200, when, note } = props;
  const { ref, width } = useElementSize<HTMLDivElement>();
  // Kept as a place on the axis: spans come and go while a chart is alive.
  const [wanted, setWanted] = useState<number | null>(null);
  if (spans.length === 0) return null;

  const end = spans.length - 1;
  const chosen = wanted === null ? (begin === 'last' ? end : 0) : nearestSpan(spans, wanted);
  const box = boxOf(width, height);
  const whole = wholeOf(spans);
  const most = [
    ...levels.map(({ value }) => value),
    ...series.map(({ values }) => highest(values)),
  ];
  const yTicks = valueTicks(
    Math.max(props.least ?? 0, ...most),
    Math.max(2, Math.floor(box.height / STEP_HEIGHT)),
  );
  const xTicks = props.xTicks ?? timeTicks(whole, Math.max(2, Math.floor(box.width / TICK_WIDTH)));

  function choose(index: number) {
    // At its end a chart that grows is followed again.
    const span = spans[index];
    setWanted(!span || (begin === 'last' && index === end) ? null : (span.from + span.to) / 2);
  }

  function move(event: KeyboardEvent) {
    const to = {
      ArrowLeft: chosen - 1,
      ArrowDown: chosen - 1,
      ArrowRight: chosen + 1,
      ArrowUp: chosen + 1,
      Home: 0,
      End: end,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    choose(Math.min(end, Math.max(0, to)));
  }

  function point(event: PointerEvent) {
    const { left } = event.currentTarget.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - left - box.left) / box.width));
    choose(nearestSpan(spans, whole.from + share * (whole.to - whole.from)));
  }

  const values = series.map((one) => ({ ...one, written: written(one, chosen, props.format) }));
  const spoken = values.map((one) => `${one.name} ${one.written}`).join(', ');
  const more = note?.(chosen);
  return (
    <figure style={{ margin: 0 }}>
      <div
        ref={ref}
        className={classes.frame}
        role="slider"
        tabIndex={0}
        aria-label={name}
        aria-valuemin={1}
        aria-valuemax={spans.length}
        aria-valuenow={chosen + 1}
        aria-valuetext={`${when(chosen)}: ${spoken}`}
        onKeyDown={move}
        onPointerMove={point}
        onPointerDown={point}
      >
        <ChartDrawing
          spans={spans}
          series={series}
          levels={levels}
          chosen={chosen}
          box={box}
          xTicks={xTicks}
          yTicks={yTicks}
          format={props.format}
        />
      </div>
      <figcaption className={classes.caption}>
        <strong>{when(chosen)}</strong>
        <ul className={classes.legend}>
          {values.map((one) => (
            <li key={one.name}>
              <Swatch color={one.color} shape={one.shape} dashed={one.dashed ?? false} />
              {one.name} {one.written}
            </li>
          ))}
          {levels.map((level) => (
            <li key={level.name}>
              <Swatch color={level.color} shape="line" dashed />
              {level.name} {props.format(level.value)}
            </li>
          ))}
        </ul>
        {more != null && (
          <Text span inherit c="dimmed">
            {more}
          </Text>
        )}
      </figcaption>
      {props.table !== false && <ChartTable {...props} />}
    </figure>
  );
}

function ChartTable({ name, spans, series, format, when, unit }: ChartProps) {
  const [shown, { toggle }] = useDisclosure(false);
  const first = Math.max(0, spans.length - ROWS);
  return (
    <>
      <Button
        mt={6}
        variant="subtle"
        color="gray"
        size="compact-xs"
        leftSection={<IconTable size={14} aria-hidden />}
        aria-expanded={shown}
        onClick={toggle}
      >
        {shown ? 'Hide the table' : 'Show as a table'}
      </Button>
      {shown && (
        // A region that scrolls is reached by the keyboard, too.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- see above
        <div className={classes.rows} role="region" aria-label={`Table: ${name}`} tabIndex={0}>
          <Table.ScrollContainer minWidth={120 + series.length * 90}>
            <Table aria-label={name} stickyHeader>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th scope="col">{unit}</Table.Th>
                  {series.map((one) => (
                    <Table.Th key={one.name} scope="col" ta="right" tt="capitalize">
                      {one.name}
                    </Table.Th>
                  ))}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody style={{ fontVariantNumeric: 'tabular-nums' }}>
                {spans.slice(first).map((span, index) => (
                  <Table.Tr key={`${span.from} ${index}`}>
                    <Table.Th scope="row" fw={400} style={{ whiteSpace: 'nowrap' }}>
                      {when(first + index)}
                    </Table.Th>
                    {series.map((one) => (
                      <Table.Td key={one.name} ta="right">
                        {written(one, first + index, format)}
                      </Table.Td>
                    ))}
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
          {first > 0 && (
            <Text size="xs" c="dimmed">
              The last {ROWS} of {spans.length}.
            </Text>
          )}
        </div>
      )}
    </>
  );
}

function written(series: ChartSeries, index: number, format: (value: number) => string): string {
  const value = series.values[index];
  if (value == null) return '–';
  return series.text ? series.text(index) : format(value);
}

function highest(values: readonly (number | null)[]): number {
  return values.reduce<number>((high, value) => Math.max(high, value ?? 0), 0);
}
