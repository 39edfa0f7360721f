import {
  Button,
  Drawer,
  Group,
  SimpleGrid,
  Skeleton,
  Stack,
  Table,
  Text,
  Title,
} from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ledgerFiles, ledgerQuery } from '@/api/ledger';
import type { LedgerGap, LedgerMessage, TransactionLedger } from '@/api/types';
import { ProblemAlert } from '@/components/ProblemAlert';
import { StateBadge } from '@/components/StateBadge';
import { TimeText } from '@/components/TimeText';
import { TRANSACTION_COLORS } from '@/components/status';
import { secondsBetween } from '@/lib/time';
import { formatDuration, formatEnergy, formatPercent, formatPower, formatSpan } from '@/lib/units';
import { IntervalChart } from './IntervalChart';
import { GAP_WORDS, OUTCOME_COLORS, answeredAfterS, outcomeSummary } from './ledger';

interface Props {
  chargePointId: string;
  /** Null: closed. */
  localTransactionId: number | null;
  onClose: () => void;
}

/** What really happened in a transaction, beside what the CSMS was told. */
export function LedgerDrawer({ chargePointId, localTransactionId, onClose }: Props) {
  return (
    <Drawer
      opened={localTransactionId !== null}
      onClose={onClose}
      position="right"
      size="min(720px, 100vw)"
      title={
        <Text fw={600} component="span">
          Session ledger
        </Text>
      }
      closeButtonProps={{ 'aria-label': 'Close the ledger' }}
    >
      {localTransactionId !== null && (
        <LedgerOf chargePointId={chargePointId} localTransactionId={localTransactionId} />
      )}
    </Drawer>
  );
}

export function LedgerOf({
  chargePointId,
  localTransactionId,
}: {
  chargePointId: string;
  localTransactionId: number;
}) {
  const { data, error, refetch } = useQuery(ledgerQuery(chargePointId, localTransactionId));
  if (error && !data) return <ProblemAlert error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton height={320} role="status" aria-label="Loading the ledger" />;
  return (
    <Stack gap="lg">
      <Summary ledger={data} />
      <Group gap="xs">
        {ledgerFiles(chargePointId, localTransactionId).map(({ label, href, name }) => (
          <Button
            key={name}
            component="a"
            href={href}
            download={name}
            variant="default"
            size="xs"
            leftSection={<IconDownload size={14} aria-hidden />}
          >
            {label}
          </Button>
        ))}
      </Group>
      <section aria-labelledby="ledger-energy">
        <Title order={3} size="h5" id="ledger-energy" mb="xs">
          Energy every {formatSpan(data.interval_s)}
        </Title>
        <IntervalChart intervals={data.intervals} />
      </section>
      <section aria-labelledby="ledger-gaps">
        <Title order={3} size="h5" id="ledger-gaps" mb="xs">
          Gaps
        </Title>
        <Gaps gaps={data.gaps} />
      </section>
      <section aria-labelledby="ledger-messages">
        <Title order={3} size="h5" id="ledger-messages" mb="xs">
          Messages
        </Title>
        <Messages messages={data.messages} unrecorded={data.transaction.messages_unrecorded ?? 0} />
      </section>
    </Stack>
  );
}

function Summary({ ledger: { transaction } }: { ledger: TransactionLedger }) {
  const told =
    transaction.meter_stop_wh === null
      ? null
      : transaction.meter_stop_wh - transaction.meter_start_wh;
  const { started_at, stopped_at, soc_start_percent, soc_stop_percent } = transaction;
  const facts: [string, React.ReactNode][] = [
    ['Transaction', transaction.transaction_id ?? 'not confirmed'],
    [
      'State',
      <StateBadge
        key="s"
        color={TRANSACTION_COLORS[transaction.state]}
        label={transaction.state}
      />,
    ],
    ['Id tag', transaction.id_tag],
    ['Vehicle', transaction.vehicle_name ?? '–'],
    ['Started', started_at === null ? '–' : <TimeText key="a" iso={started_at} />],
    ['Stopped', stopped_at === null ? '–' : <TimeText key="o" iso={stopped_at} />],
    ['Energy', formatEnergy(transaction.energy_wh)],
    ['Told to the CSMS', told === null ? '–' : formatEnergy(told)],
    ['Peak', formatPower(transaction.peak_power_w)],
    [
      'State of charge',
      soc_start_percent === null
        ? '–'
        : soc_stop_percent === null
          ? `${formatPercent(soc_start_percent)} at the start`
          : `${formatPercent(soc_start_percent)} to ${formatPercent(soc_stop_percent)}`,
    ],
    ['Clock was off by', formatOffset(transaction.clock_offset_s)],
    ['Reason', transaction.stop_reason ?? '–'],
  ];
  return (
    <SimpleGrid component="dl" cols={{ base: 2, xs: 4 }} spacing="md" verticalSpacing="sm" m={0}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <Text component="dt" size="xs" c="dimmed">
            {name}
          </Text>
          <Text component="dd" size="sm" m={0} style={{ fontVariantNumeric: 'tabular-nums' }}>
            {value}
          </Text>
        </div>
      ))}
    </SimpleGrid>
  );
}

function formatOffset(offset_s: number | null): string {
  if (offset_s === null) return '–';
  if (Math.abs(offset_s) < 1) return 'less than 1 s';
  return `${offset_s > 0 ? '+' : '−'}${formatDuration(Math.abs(offset_s))}`;
}

function Gaps({ gaps }: { gaps: readonly LedgerGap[] }) {
  if (gaps.length === 0) {
    return (
      <Text c="dimmed" size="sm">
        The CSMS could hear of everything.
      </Text>
    );
  }
  return (
    <Table.ScrollContainer minWidth={340} scrollAreaProps={{ type: 'auto' }}>
      <Table aria-label="Gaps">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>What</Table.Th>
            <Table.Th>From</Table.Th>
            <Table.Th ta="right">For</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody style={{ fontVariantNumeric: 'tabular-nums' }}>
          {gaps.map((gap) => (
            <Table.Tr key={`${gap.kind} ${gap.from}`}>
              <Table.Td>{GAP_WORDS[gap.kind]}</Table.Td>
              <Table.Td>
                <TimeText iso={gap.from} />
              </Table.Td>
              <Table.Td ta="right" style={{ whiteSpace: 'nowrap' }}>
                {gap.to === null ? 'still' : formatDuration(secondsBetween(gap.from, gap.to))}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** As many rows of messages as are shown unasked: a long or fast session has thousands. */
const MESSAGES_SHOWN = 200;
/** With tens of thousands of rows a page stands still; the file has them all. */
const MOST_SHOWN = 2000;

/** `unrecorded`: at most so many more were dealt with before the simulator was killed. */
function Messages({
  messages,
  unrecorded,
}: {
  messages: readonly LedgerMessage[];
  unrecorded: number;
}) {
  const [most, setMost] = useState(MESSAGES_SHOWN);
  if (messages.length === 0) {
    return (
      <Text c="dimmed" size="sm">
        Nothing was sent yet.
      </Text>
    );
  }
  const first = Math.max(0, messages.length - most);
  return (
    <>
      <Text size="sm" mb="xs">
        {outcomeSummary(messages)}
        {unrecorded > 0 && `, up to ${unrecorded.toLocaleString('en')} not on record after a kill`}
      </Text>
      {first > 0 && (
        <Group gap="xs" mb="xs">
          <Text size="sm" c="dimmed">
            The last {most} of {messages.length}
            {most === MOST_SHOWN && '; all of them are in Messages (CSV)'}.
          </Text>
          {most < MOST_SHOWN && (
            <Button
              variant="default"
              size="compact-xs"
              onClick={() => {
                setMost(MOST_SHOWN);
              }}
            >
              {messages.length > MOST_SHOWN ? 'Show more' : 'Show all'}
            </Button>
          )}
        </Group>
      )}
      <Table.ScrollContainer minWidth={560} scrollAreaProps={{ type: 'auto' }} mah={360}>
        <Table aria-label="Messages of the transaction" stickyHeader>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Message</Table.Th>
              <Table.Th>Outcome</Table.Th>
              <Table.Th>Made at</Table.Th>
              <Table.Th ta="right">Answered after</Table.Th>
              <Table.Th ta="right">Attempts</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody style={{ fontVariantNumeric: 'tabular-nums' }}>
            {messages.slice(first).map((message, index) => (
              <Table.Tr key={message.sequence ?? `dropped ${first + index}`}>
                <Table.Td>{message.action}</Table.Td>
                <Table.Td>
                  <StateBadge color={OUTCOME_COLORS[message.outcome]} label={message.outcome} />
                  {message.detail && (
                    <Text size="xs" c="dimmed">
                      {message.detail}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>
                  {message.queued_at === null ? '–' : <TimeText iso={message.queued_at} clock />}
                </Table.Td>
                <Table.Td ta="right">{formatAnswer(message)}</Table.Td>
                <Table.Td ta="right">
                  {message.attempts}
                  {message.recovered && '+'}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </>
  );
}

function formatAnswer(message: LedgerMessage): string {
  const after_s = answeredAfterS(message);
  if (message.outcome !== 'acknowledged' || after_s === null) return '–';
  return after_s < 1 ? `${Math.round(after_s * 1000)} ms` : formatDuration(after_s);
}
