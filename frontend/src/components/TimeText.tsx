import { Text, Tooltip } from '@mantine/core';
import { clockTime, localDateTime, utcDateTime } from '@/lib/time';

interface Props {
  iso: string;
  /** Only the time of day, with milliseconds. */
  clock?: boolean;
}

/** A time in the reader's zone, with UTC in the tooltip. */
export function TimeText({ iso, clock = false }: Props) {
  return (
    <Tooltip label={clock ? `${localDateTime(iso)} · ${utcDateTime(iso)}` : utcDateTime(iso)}>
      <Text
        component="time"
        dateTime={iso}
        inherit
        style={{ whiteSpace: 'nowrap', fontVariantNumeric: 'tabular-nums' }}
      >
        {clock ? clockTime(iso) : localDateTime(iso)}
      </Text>
    </Tooltip>
  );
}
