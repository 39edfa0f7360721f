import type { Connector } from '@/api/types';
import { CONNECTOR_COLORS } from '@/components/status';
import classes from './ConnectorPicture.module.css';
import { describe } from './model';

interface Props {
  connector: Connector;
  powered: boolean;
}

/** What is going on at a connector, as a picture: charger, cable, car, and what flows. */
export function ConnectorPicture({ connector, powered }: Props) {
  const { cable, cable_kind, status, meter, locked, lock_jammed } = connector;
  const carThere = cable === 'vehicle';
  const lit = powered ? `var(--mantine-color-${CONNECTOR_COLORS[status]}-6)` : '#868e96';
  const flows = status === 'Charging' && meter.power_w > 0;

  return (
    <svg
      className={classes.picture}
      viewBox="0 0 340 150"
      role="img"
      aria-label={describe(connector, powered)}
      data-status={powered ? status : 'NoPower'}
      data-cable={cable}
    >
      <line className={classes.ground} x1={8} y1={136} x2={332} y2={136} />
      {carThere ? <Car socPercent={meter.soc_percent} charging={flows} /> : <FreeSpace />}
      <Cable cable={cable} kind={cable_kind} flows={flows} />
      <ChargingPost lit={lit} status={powered ? status : null} />
      {cable !== 'none' && cable_kind === 'socket' && <Lock locked={locked} jammed={lock_jammed} />}
    </svg>
  );
}

function ChargingPost({ lit, status }: { lit: string; status: Connector['status'] | null }) {
  const waits = status === 'Preparing' || status === 'Finishing';
  return (
    <g>
      <rect className={classes.body} x={24} y={22} width={56} height={114} rx={9} />
      <rect className={classes.screen} x={33} y={32} width={38} height={30} rx={4} />
      <rect
        className={waits || status === 'Faulted' ? classes.attention : undefined}
        x={24}
        y={14}
        width={56}
        height={8}
        rx={4}
        fill={lit}
      />
      <g transform="translate(52 47)">
        <Symbol status={status} lit={lit} />
      </g>
      <circle className={classes.plug} cx={66} cy={88} r={8} />
    </g>
  );
}

/** What the charger's screen shows. */
function Symbol({ status, lit }: { status: Connector['status'] | null; lit: string }) {
  const stroke = {
    stroke: lit,
    strokeWidth: 3,
    fill: 'none',
    strokeLinecap: 'round',
    strokeLinejoin: 'round',
  } as const;
  switch (status) {
    case null:
      return null;
    case 'Available':
      return <path d="M-8 0 L-2 6 L9 -6" {...stroke} />;
    case 'Preparing':
      return (
        <g fill={lit}>
          <circle cx={-9} r={3} />
          <circle r={3} />
          <circle cx={9} r={3} />
        </g>
      );
    case 'Charging':
      return <path d="M2 -11 L-7 2 H-1 L-3 11 L7 -3 H1 Z" fill={lit} />;
    case 'SuspendedEV':
    case 'SuspendedEVSE':
      return <path d="M-5 -8 V8 M5 -8 V8" {...stroke} strokeWidth={4} />;
    case 'Finishing':
      return <path d="M-6 -9 V9 M-6 -8 H8 L4 -3.5 L8 1 H-6" {...stroke} />;
    case 'Reserved':
      return <path d="M0 -8 V0 L6 4 M9 0 A9 9 0 1 1 -9 0 A9 9 0 1 1 9 0" {...stroke} />;
    case 'Unavailable':
      return <path d="M-6 -6 L6 6 M9 0 A9 9 0 1 1 -9 0 A9 9 0 1 1 9 0" {...stroke} />;
    case 'Faulted':
      return <path d="M0 -10 L11 9 H-11 Z M0 -3 V3 M0 6 V6.2" {...stroke} strokeWidth={2.5} />;
  }
}

const PATHS = {
  /** From the charger to the car. */
  vehicle: 'M66 88 C 108 92, 104 132, 138 130 S 168 100, 192 96',
  /** Hangs down to the ground with its free end. */
  socket: 'M66 88 C 100 92, 92 130, 118 131 S 138 128, 146 122',
  /** Coiled on its holder. */
  holster: 'M66 88 C 96 90, 96 118, 84 122 S 80 102, 92 100',
};

interface CableProps {
  cable: Connector['cable'];
  kind: Connector['cable_kind'];
  flows: boolean;
}

function Cable({ cable, kind, flows }: CableProps) {
  if (cable === 'none' && kind === 'socket') return null;
  const path = cable === 'none' ? PATHS.holster : PATHS[cable];
  return (
    <g>
      <path className={classes.cable} d={path} />
      {flows && <path className={classes.energy} d={path} />}
      {cable === 'vehicle' && (
        <rect className={classes.plug} x={188} y={89} width={16} height={13} rx={4} />
      )}
      {cable === 'socket' && (
        <rect
          className={classes.plug}
          x={142}
          y={113}
          width={16}
          height={12}
          rx={4}
          transform="rotate(-28 150 119)"
        />
      )}
    </g>
  );
}

function Car({ socPercent, charging }: { socPercent: number | null; charging: boolean }) {
  const width = 62;
  const filled = (Math.min(100, Math.max(0, socPercent ?? 0)) / 100) * width;
  return (
    <g>
      <path
        className={classes.car}
        d="M198 122 C 193 122 192 116 193 108 C 194 98 200 93 212 91 L 230 72 C 235 66 240 64 248 64 H 284 C 292 64 297 67 302 73 L 314 89 C 324 91 329 95 330 104 C 331 114 330 122 326 122 Z"
      />
      <path className={classes.glass} d="M222 91 L 237 74 C 239 72 242 71 246 71 H 259 V 91 Z" />
      <path className={classes.glass} d="M265 91 V 71 H 283 C 289 71 292 73 295 77 L 304 91 Z" />
      <circle className={classes.wheel} cx={224} cy={123} r={12} />
      <circle className={classes.wheel} cx={300} cy={123} r={12} />
      <g transform="translate(231 97)">
        <rect
          width={width}
          height={14}
          rx={3}
          fill="var(--mantine-color-body)"
          stroke="var(--mantine-color-dimmed)"
          strokeWidth={1.5}
        />
        <rect
          width={filled}
          height={14}
          rx={3}
          fill={
            socPercent !== null && socPercent < 15
              ? 'var(--mantine-color-orange-6)'
              : 'var(--mantine-color-teal-6)'
          }
          className={charging ? classes.attention : undefined}
        />
        <rect x={width + 1} y={4} width={3} height={6} rx={1} fill="var(--mantine-color-dimmed)" />
      </g>
    </g>
  );
}

/** Where a car would stand. */
function FreeSpace() {
  return <path className={classes.space} d="M190 136 V 96 M 332 136 V 96" />;
}

function Lock({ locked, jammed }: { locked: boolean; jammed: boolean }) {
  const color = jammed ? 'var(--mantine-color-red-6)' : 'var(--mantine-color-dimmed)';
  return (
    <g transform="translate(46 86)" stroke={color} strokeWidth={2} fill="none">
      <rect x={-6} y={0} width={12} height={9} rx={2} fill={color} />
      <path d={locked ? 'M-4 0 V-3 A4 4 0 0 1 4 -3 V0' : 'M-4 0 V-5 A4 4 0 0 1 4 -5'} />
    </g>
  );
}
