import { Group, Text } from '@mantine/core';
import type { Sample } from '@/api/live/reduce';
import { formatPercent, formatPower } from '@/lib/units';
import { useNow } from '@/lib/useNow';
import { chartShape, spanStart } from './chart';

const BOX = { width: 320, height: 64 };

/** Power (filled) and state of charge (dashed) over the last minutes. */
export function LiveChart({ samples }: { samples: readonly Sample[] }) {
  const now = useNow(samples.length > 0);
  const span = { from_ms: spanStart(samples, now), to_ms: now };
  const shown = samples.filter(({ at_ms }) => at_ms >= span.from_ms && at_ms <= now);
  const last = samples.at(-1);
  // Unchanged readings are not sent again: the last one holds until now.
  const held = last ? [...shown, { ...last, at_ms: now }] : shown;
  const { line, area, soc, top_w } = chartShape(held, span, BOX);
  const summary = last
    ? `Power over the last minutes, now ${formatPower(last.power_w)}${
        last.soc_percent === null ? '' : `, state of charge ${formatPercent(last.soc_percent)}`
      }`
    : 'No readings yet';

  return (
    <figure style={{ margin: 0 }}>
      <svg
        viewBox={`0 0 ${BOX.width} ${BOX.height}`}
        width="100%"
        height={BOX.height}
        preserveAspectRatio="none"
        role="img"
        aria-label={summary}
        style={{ display: 'block', overflow: 'hidden' }}
      >
        {[0, 0.5, 1].map((fraction) => (
          <line
            key={fraction}
            x1={0}
            x2={BOX.width}
            y1={fraction * BOX.height}
            y2={fraction * BOX.height}
            stroke="var(--mantine-color-default-border)"
            vectorEffect="non-scaling-stroke"
          />
        ))}
        <path d={area} fill="var(--mantine-color-teal-6)" opacity={0.18} />
        <path
          d={line}
          fill="none"
          stroke="var(--mantine-color-teal-6)"
          strokeWidth={2}
          vectorEffect="non-scaling-stroke"
        />
        <path
          d={soc}
          fill="none"
          stroke="var(--mantine-color-blue-5)"
          strokeWidth={1.5}
          strokeDasharray="4 3"
          vectorEffect="non-scaling-stroke"
        />
      </svg>
      <Group justify="space-between" gap="xs" mt={2} wrap="nowrap" aria-hidden>
        <Text size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
          {Math.round((span.to_ms - span.from_ms) / 60_000)} min ago
        </Text>
        <Text size="xs" c="dimmed" ta="center">
          <Text span inherit c="teal.6">
            ■
          </Text>{' '}
          power, 0 to {formatPower(top_w)}
          {soc !== '' && (
            <>
              {' · '}
              <Text span inherit c="blue.5">
                ┅
              </Text>{' '}
              charge
            </>
          )}
        </Text>
        <Text size="xs" c="dimmed">
          now
        </Text>
      </Group>
    </figure>
  );
}
