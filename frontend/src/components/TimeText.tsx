import { Text, Tooltip } from '@mantine/core';
import { useNow } from '@/lib/useNow';
import { clockTime, localDateTime, shortTime, utcDateTime } from '@/lib/time';

interface Props {
  iso: string;
  /** Only the time of day, with milliseconds. */
  clock?: boolean;
  /** To the minute, and without the date where that is today's. */
  short?: boolean;
}

/** A time in the reader's zone, with UTC in the tooltip. */
export function TimeText({ iso, clock = false, short = false }: Props) {
  const full = clock || short;
  const now = useNow(short, 60_000);
  return (
    <Tooltip label={full ? `${localDateTime(iso)} · ${utcDateTime(iso)}` : utcDateTime(iso)}>
      <Text
        component="time"
        dateTime={iso}
        inherit
        style={{ whiteSpace: 'nowrap', fontVariantNumeric: 'tabular-nums' }}
      >
        {short ? shortTime(iso, now) : clock ? clockTime(iso) : localDateTime(iso)}
      </Text>
    </Tooltip>
  );
}
