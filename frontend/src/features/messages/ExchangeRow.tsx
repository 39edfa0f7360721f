import { Box, Collapse, Group, Text, UnstyledButton } from '@mantine/core';
import { IconArrowLeft, IconArrowRight } from '@tabler/icons-react';
import { memo, useId, useState } from 'react';
import type { Message } from '@/api/types';
import { CodeBlock } from '@/components/CodeBlock';
import { StateBadge } from '@/components/StateBadge';
import { TimeText } from '@/components/TimeText';
import { formatLatency } from '@/lib/units';
import classes from './ExchangeRow.module.css';
import { type Exchange, isValid, outcomeOf, pretty, preview } from './model';

/** A CALL with its answer in one line; opened, both payloads. */
export const ExchangeRow = memo(
  function ExchangeRow({ exchange }: { exchange: Exchange }) {
    const [opened, setOpened] = useState(false);
    const framesId = useId();
    const { first, answer } = exchange;
    const sent = first.direction === 'sent';
    return (
      <Box component="li" className={classes.row}>
        <UnstyledButton
          className={classes.head}
          aria-expanded={opened}
          aria-controls={framesId}
          onClick={() => {
            setOpened(!opened);
          }}
        >
          <Text size="sm" c="dimmed" ff="monospace" component="span">
            <TimeText iso={first.timestamp} clock />
          </Text>
          <Group gap={4} wrap="nowrap" component="span">
            {sent ? (
              <IconArrowRight
                size={16}
                color="var(--mantine-color-blue-6)"
                style={{ flexShrink: 0 }}
                aria-hidden
              />
            ) : (
              <IconArrowLeft
                size={16}
                color="var(--mantine-color-grape-6)"
                style={{ flexShrink: 0 }}
                aria-hidden
              />
            )}
            <Text size="sm" span>
              {first.direction}
            </Text>
          </Group>
          <Text size="sm" fw={600} className={classes.action} span>
            {first.action ?? first.kind ?? 'not OCPP'}
          </Text>
          <Text size="xs" c="dimmed" ff="monospace" className={classes.preview} span>
            {preview(first)}
          </Text>
          <Group gap={6} wrap="nowrap" justify="flex-end" component="span">
            {!isValid(exchange) && <StateBadge color="red" label="breaks OCPP" />}
            <OutcomeBadge exchange={exchange} />
          </Group>
        </UnstyledButton>
        <Collapse expanded={opened} id={framesId}>
          {opened && (
            <div className={classes.frames}>
              <Frame message={first} />
              {answer && <Frame message={answer} />}
            </div>
          )}
        </Collapse>
      </Box>
    );
  },
  // Exchanges are made anew with each frame; their frames are not.
  (before, after) =>
    before.exchange.first === after.exchange.first &&
    before.exchange.answer === after.exchange.answer,
);

function OutcomeBadge({ exchange }: { exchange: Exchange }) {
  const latency_ms = exchange.answer?.latency_ms ?? null;
  switch (outcomeOf(exchange)) {
    case 'waiting':
      return <StateBadge color="yellow" label="no answer yet" />;
    case 'answered':
      return <StateBadge color="teal" label={<Answered latency_ms={latency_ms} />} />;
    case 'refused':
      return (
        <StateBadge
          color="red"
          label={`CALLERROR${latency_ms === null ? '' : ` in ${formatLatency(latency_ms)}`}`}
        />
      );
    case 'odd':
      return <StateBadge color="gray" label={exchange.first.kind ?? 'text'} />;
  }
}

/** `answered in 12 ms`; where there is little room, only the time. */
function Answered({ latency_ms }: { latency_ms: number | null }) {
  if (latency_ms === null) return 'answered';
  return (
    <>
      <span className={classes.wide}>answered in </span>
      {formatLatency(latency_ms)}
    </>
  );
}

function Frame({ message }: { message: Message }) {
  const name = `${message.kind ?? 'Text'} ${message.action ?? ''}`.trim();
  return (
    <div style={{ minWidth: 0 }}>
      <Group gap="xs" mb={4}>
        <Text size="sm" fw={600}>
          {message.kind ?? 'Text'}
        </Text>
        <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {message.direction}, <TimeText iso={message.timestamp} clock />
          {message.message_id ? `, id ${message.message_id}` : ''}
        </Text>
      </Group>
      {message.violation && (
        <Text size="sm" c="red" mb={4}>
          {message.violation}
        </Text>
      )}
      <CodeBlock label={`Payload of ${name}`} text={pretty(message.payload)} />
    </div>
  );
}
