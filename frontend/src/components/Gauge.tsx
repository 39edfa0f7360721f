import { Stack, Text } from '@mantine/core';
import classes from './Gauge.module.css';

interface Props {
  label: string;
  /** What is shown in the middle. */
  text: string;
  /** How full the ring is, 0 to 1; null leaves it empty. */
  fraction: number | null;
  color: string;
}

const RADIUS = 34;
const LENGTH = 2 * Math.PI * RADIUS;

/** A ring that fills up, with its value in the middle and its name below. */
export function Gauge({ label, text, fraction, color }: Props) {
  const filled = Math.min(1, Math.max(0, fraction ?? 0));
  return (
    <Stack gap={0} align="center" role="group" aria-label={`${label}: ${text}`}>
      <svg viewBox="0 0 80 80" width={84} height={84} aria-hidden>
        <circle className={classes.track} cx={40} cy={40} r={RADIUS} fill="none" strokeWidth={7} />
        {filled > 0 && (
          <circle
            className={classes.value}
            cx={40}
            cy={40}
            r={RADIUS}
            fill="none"
            stroke={`var(--mantine-color-${color}-6)`}
            strokeWidth={7}
            strokeLinecap="round"
            strokeDasharray={LENGTH}
            strokeDashoffset={LENGTH * (1 - filled)}
            transform="rotate(-90 40 40)"
          />
        )}
        <text
          x={40}
          y={44.5}
          textAnchor="middle"
          fontSize={text.length > 6 ? 11.5 : 13.5}
          fontWeight={650}
          fill="currentColor"
        >
          {text}
        </text>
      </svg>
      <Text size="xs" c="dimmed" aria-hidden>
        {label}
      </Text>
    </Stack>
  );
}
