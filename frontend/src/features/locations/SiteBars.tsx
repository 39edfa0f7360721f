import { Group, Stack, Text } from '@mantine/core';
import classes from './SiteBars.module.css';
import type { SiteBar } from './site';

/** How much of a grid connection is taken, and by whom. */
export function SiteBars({ bars }: { bars: SiteBar[] }) {
  return (
    <Stack gap="sm">
      {bars.map((bar) => (
        <div key={bar.label}>
          <Group gap="xs" wrap="nowrap">
            <Text size="sm" fw={600} className={classes.label}>
              {bar.label}
            </Text>
            <div
              className={classes.track}
              role="img"
              aria-label={`${bar.label}: ${bar.text}`}
              data-exceeded={bar.exceeded || undefined}
            >
              <div className={classes.base} style={{ width: percent(bar.base) }} />
              <div className={classes.chargers} style={{ width: percent(bar.chargers) }} />
              {bar.limit < 1 && (
                <div className={classes.limit} style={{ left: percent(bar.limit) }} />
              )}
            </div>
          </Group>
          <Text size="xs" c="dimmed" className={classes.text} aria-hidden>
            {bar.text}
          </Text>
        </div>
      ))}
      <Group gap="md" aria-hidden>
        <Legend kind="base" text="Building" />
        <Legend kind="chargers" text="Chargers" />
        {bars.some(({ limit }) => limit < 1) && (
          <Legend kind="limit" text="Limit of the grid alone" />
        )}
      </Group>
    </Stack>
  );
}

function Legend({ kind, text }: { kind: 'base' | 'chargers' | 'limit'; text: string }) {
  return (
    <Group gap={6}>
      <span className={classes.sample} data-kind={kind} />
      <Text size="xs" c="dimmed">
        {text}
      </Text>
    </Group>
  );
}

function percent(part: number): string {
  return `${(part * 100).toFixed(2)}%`;
}
