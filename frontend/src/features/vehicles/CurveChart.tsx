import { useElementSize } from '@mantine/hooks';
import classes from './CurveChart.module.css';
import { type CurvePoint, curvePaths, powerAt, topOf } from './curve';

interface Props {
  /** From 0 to 100 %. */
  curve: readonly CurvePoint[];
}

const HEIGHT = 120;
const MARGIN = { left: 48, right: 22, top: 8, bottom: 20 };
/** Where nothing has a size, as before the first layout. */
const USUAL_WIDTH = 380;
const SOC_TICKS = [0, 20, 40, 60, 80, 100];

/** The DC power of a car over its state of charge. */
export function CurveChart({ curve }: Props) {
  const { ref, width: measured } = useElementSize<HTMLDivElement>();
  const width = measured || USUAL_WIDTH;
  const box = {
    left: MARGIN.left,
    top: MARGIN.top,
    width: Math.max(1, width - MARGIN.left - MARGIN.right),
    height: HEIGHT - MARGIN.top - MARGIN.bottom,
  };
  const top = topOf(curve);
  const { line, area } = curvePaths(curve, top, box);
  const bottom = box.top + box.height;
  return (
    <div ref={ref}>
      <svg
        className={classes.svg}
        height={HEIGHT}
        viewBox={`0 0 ${width} ${HEIGHT}`}
        role="img"
        aria-label={`DC charging curve: ${spoken(curve)}`}
      >
        {[0, 0.5, 1].map((share) => {
          const y = bottom - share * box.height;
          return (
            <g key={share}>
              <line
                className={classes.grid}
                x1={box.left}
                x2={box.left + box.width}
                y1={y}
                y2={y}
              />
              <text className={classes.label} x={box.left - 6} y={y + 4} textAnchor="end">
                {share * top} kW
              </text>
            </g>
          );
        })}
        {SOC_TICKS.map((soc) => (
          <text
            key={soc}
            className={classes.label}
            x={box.left + (soc / 100) * box.width}
            y={HEIGHT - 5}
            textAnchor="middle"
          >
            {soc}
            {soc === 100 ? ' %' : ''}
          </text>
        ))}
        <path className={classes.area} d={area} />
        <path className={classes.line} d={line} />
      </svg>
    </div>
  );
}

function spoken(curve: readonly CurvePoint[]): string {
  return [10, 50, 80].map((soc) => `${Math.round(powerAt(curve, soc))} kW at ${soc} %`).join(', ');
}
