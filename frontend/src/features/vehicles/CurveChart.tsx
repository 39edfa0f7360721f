import { Chart } from '@/components/Chart';
import { type CurvePoint, everyTen } from './curve';

const SOC_TICKS = [0, 20, 40, 60, 80, 100].map((soc) => ({ at: soc, label: `${soc} %` }));

/** The DC power of a car over its state of charge, of a curve from 0 to 100 %. */
export function CurveChart({ curve }: { curve: readonly CurvePoint[] }) {
  const points = everyTen(curve);
  return (
    <Chart
      name="DC charging curve"
      unit="State of charge"
      begin="first"
      height={150}
      least={10}
      xTicks={SOC_TICKS}
      format={formatKw}
      spans={points.map(({ soc_percent }) => ({ from: soc_percent, to: soc_percent }))}
      when={(index) => `${tenths(points[index]?.soc_percent ?? 0)} %`}
      series={[
        {
          name: 'power',
          color: 'teal',
          shape: 'area',
          values: points.map(({ power_kw }) => power_kw),
        },
      ]}
    />
  );
}

function formatKw(power_kw: number): string {
  return `${tenths(power_kw)} kW`;
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
