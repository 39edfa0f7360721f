import classes from './Chart.module.css';
import type { ChartColor, ChartLevel, ChartSeries } from './Chart';
import { type Box, type Span, type Tick, pathsOf, wholeOf, xOf, yOf } from './chartGeometry';

const MARGIN = { left: 58, right: 12, top: 10, bottom: 24 };
/** Where nothing has a size, as before the first layout. */
const USUAL_WIDTH = 560;
const GAP = 1;
/** Half of what a label at the edge needs. */
const HALF_LABEL = 18;

/** Where the values are drawn, of a chart of that size. */
export function boxOf(width: number, height: number): Box {
  return {
    left: MARGIN.left,
    top: MARGIN.top,
    width: Math.max(1, (width || USUAL_WIDTH) - MARGIN.left - MARGIN.right),
    height: height - MARGIN.top - MARGIN.bottom,
  };
}

interface Props {
  spans: readonly Span[];
  series: readonly ChartSeries[];
  levels: readonly ChartLevel[];
  chosen: number;
  box: Box;
  xTicks: readonly Tick[];
  yTicks: readonly number[];
  format: (value: number) => string;
}

/** Axes and values of a chart; all of it is told in words elsewhere. */
export function ChartDrawing({
  spans,
  series,
  levels,
  chosen,
  box,
  xTicks,
  yTicks,
  format,
}: Props) {
  const whole = wholeOf(spans);
  const top = yTicks.at(-1) ?? 1;
  const right = box.left + box.width;
  const bottom = box.top + box.height;
  const width = right + MARGIN.right;
  const height = bottom + MARGIN.bottom;
  const span = spans[chosen];
  return (
    <svg
      className={classes.svg}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      aria-hidden
      focusable="false"
    >
      {yTicks.map((value) => {
        const y = yOf(value, top, box);
        return (
          <g key={value}>
            <line className={classes.grid} x1={box.left} x2={right} y1={y} y2={y} />
            <text className={classes.label} x={box.left - 8} y={y + 4} textAnchor="end">
              {format(value)}
            </text>
          </g>
        );
      })}
      {xTicks.map(({ at, label }) => {
        const x = xOf(at, whole, box);
        return (
          <g key={at}>
            <line className={classes.grid} x1={x} x2={x} y1={bottom} y2={bottom + 5} />
            <text
              className={classes.label}
              x={Math.min(x, width - HALF_LABEL)}
              y={height - 6}
              textAnchor="middle"
            >
              {label}
            </text>
          </g>
        );
      })}
      {span && spans.length > 1 && <Chosen span={span} whole={whole} box={box} />}
      {series.map((one) => (
        <g key={one.name} className={classes[one.color]}>
          <Values series={one} spans={spans} chosen={chosen} top={top} box={box} />
        </g>
      ))}
      {levels.map(({ name, color, value }) => {
        const y = yOf(value, top, box);
        return (
          <g key={name} className={classes[color]}>
            <line className={lineClass(true)} x1={box.left} x2={right} y1={y} y2={y} />
            <circle className={classes.dot} cx={box.left} cy={y} r={6} />
          </g>
        );
      })}
    </svg>
  );
}

function Chosen({ span, whole, box }: { span: Span; whole: Span; box: Box }) {
  const from = xOf(span.from, whole, box);
  const to = xOf(span.to, whole, box);
  return to - from < 2 ? (
    <line
      className={classes.chosenLine}
      x1={(from + to) / 2}
      x2={(from + to) / 2}
      y1={box.top}
      y2={box.top + box.height}
    />
  ) : (
    <rect className={classes.chosen} x={from} width={to - from} y={box.top} height={box.height} />
  );
}

interface ValuesProps {
  series: ChartSeries;
  spans: readonly Span[];
  chosen: number;
  top: number;
  box: Box;
}

function Values({ series, spans, chosen, top, box }: ValuesProps) {
  const { shape, values, dashed = false } = series;
  if (shape === 'line' || shape === 'area' || shape === 'steps') {
    const join = shape === 'steps' ? 'steps' : 'points';
    const { line, area } = pathsOf(spans, values, join, top, box);
    return (
      <>
        {shape !== 'line' && <path className={classes.area} d={area} />}
        <path className={lineClass(dashed)} d={line} />
      </>
    );
  }
  const whole = wholeOf(spans);
  return spans.map((span, index) => {
    const value = values[index];
    if (value == null) return null;
    const left = xOf(span.from, whole, box);
    const wide = Math.max(1, xOf(span.to, whole, box) - left - GAP);
    const y = yOf(value, top, box);
    return shape === 'bars' ? (
      <rect
        key={span.from}
        className={index === chosen ? classes.barChosen : classes.bar}
        x={left}
        width={wide}
        y={y}
        height={box.top + box.height - y}
      />
    ) : (
      <line
        key={span.from}
        className={lineClass(dashed)}
        x1={left}
        x2={left + wide}
        y1={y}
        y2={y}
      />
    );
  });
}

function lineClass(dashed: boolean): string {
  return [classes.line, dashed ? classes.dashed : ''].join(' ').trim();
}

interface SwatchProps {
  color: ChartColor;
  shape: ChartSeries['shape'];
  dashed?: boolean;
}

/** A piece of the line, or of a bar, for the legend. */
export function Swatch({ color, shape, dashed = false }: SwatchProps) {
  return (
    <svg className={classes[color]} width={18} height={10} aria-hidden focusable="false">
      {shape === 'bars' ? (
        <rect className={classes.bar} width={18} height={10} rx={2} />
      ) : (
        <line className={lineClass(dashed)} x1={0} x2={18} y1={5} y2={5} />
      )}
    </svg>
  );
}
