import {
  Button,
  Card,
  Group,
  SegmentedControl,
  Select,
  Skeleton,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import {
  IconMessages,
  IconPlayerPause,
  IconPlayerPlay,
  IconSearch,
  IconSend,
  IconTrash,
} from '@tabler/icons-react';
import { useDeferredValue, useMemo, useState } from 'react';
import { messagesQuery, useClearMessages } from '@/api/messages';
import type { Message } from '@/api/types';
import { ConfirmDialog } from '@/components/ConfirmDialog';
import { EmptyState } from '@/components/EmptyState';
import { ProblemAlert } from '@/components/ProblemAlert';
import { toastSuccess } from '@/components/toasts';
import { count } from '@/lib/units';
import { ExchangeRow } from './ExchangeRow';
import { SendDialog } from './SendDialog';
import { type MessageFilter, NO_FILTER, actionsIn, filterExchanges, pairUp } from './model';

const STEP = 100;

/** The frames between a charger and its CSMS, live, newest first. */
export function MessagesTab() {
  const { chargePointId } = useParams({ from: '/shell/chargers/$chargePointId' });
  const messages = useQuery(messagesQuery(chargePointId));

  if (messages.error && !messages.data) {
    return <ProblemAlert error={messages.error} onRetry={() => void messages.refetch()} />;
  }
  if (!messages.data) {
    return <Skeleton height={300} role="status" aria-label="Loading messages" />;
  }
  return <Messages key={chargePointId} chargePointId={chargePointId} live={messages.data} />;
}

function Messages({ chargePointId, live }: { chargePointId: string; live: Message[] }) {
  const [paused, setPaused] = useState<Message[] | null>(null);
  const [filter, setFilter] = useState(NO_FILTER);
  const [limit, setLimit] = useState(STEP);
  const [dialog, setDialog] = useState<'send' | 'clear' | null>(null);
  const messages = paused ?? live;
  const exchanges = useMemo(() => pairUp(messages).reverse(), [messages]);
  const shown = filterExchanges(exchanges, useDeferredValue(filter));
  const waiting = paused
    ? live.length - live.findLastIndex(({ id }) => id === paused.at(-1)?.id) - 1
    : 0;
  const close = () => {
    setDialog(null);
  };

  return (
    <Stack>
      <Group gap="xs">
        <Button
          leftSection={<IconSend size={16} aria-hidden />}
          onClick={() => {
            setDialog('send');
          }}
        >
          Send
        </Button>
        <Button
          variant="default"
          leftSection={
            paused ? (
              <IconPlayerPlay size={16} aria-hidden />
            ) : (
              <IconPlayerPause size={16} aria-hidden />
            )
          }
          onClick={() => {
            setPaused(paused ? null : live);
          }}
        >
          {paused ? 'Resume' : 'Pause'}
        </Button>
        <Button
          variant="default"
          leftSection={<IconTrash size={16} aria-hidden />}
          disabled={live.length === 0}
          onClick={() => {
            setDialog('clear');
          }}
        >
          Clear
        </Button>
        <Text size="sm" c="dimmed" role="status">
          {paused
            ? `Paused, ${count(waiting, 'new message')}`
            : `${count(shown.length, 'exchange')}, live`}
        </Text>
      </Group>
      <Filters filter={filter} onChange={setFilter} actions={actionsIn(messages)} />
      {exchanges.length === 0 && (
        <EmptyState icon={<IconMessages size={28} />} title="No messages yet">
          What the charger and its CSMS say to each other appears here as it happens, while the
          charger is connected.
        </EmptyState>
      )}
      {exchanges.length > 0 && shown.length === 0 && (
        <Text c="dimmed">No message fits this search.</Text>
      )}
      {shown.length > 0 && (
        <Card withBorder padding={0}>
          <ol aria-label="Messages" style={{ listStyle: 'none', margin: 0, padding: 0 }}>
            {shown.slice(0, limit).map((exchange) => (
              <ExchangeRow key={exchange.id} exchange={exchange} />
            ))}
          </ol>
        </Card>
      )}
      {shown.length > limit && (
        <Button
          variant="default"
          onClick={() => {
            setLimit(limit + STEP);
          }}
        >
          Show {Math.min(STEP, shown.length - limit)} more
        </Button>
      )}
      <SendDialog opened={dialog === 'send'} chargePointId={chargePointId} onClose={close} />
      <ClearDialog
        opened={dialog === 'clear'}
        chargePointId={chargePointId}
        onClose={close}
        onCleared={() => {
          setPaused(null);
        }}
      />
    </Stack>
  );
}

interface FiltersProps {
  filter: MessageFilter;
  onChange: (filter: MessageFilter) => void;
  actions: string[];
}

function Filters({ filter, onChange, actions }: FiltersProps) {
  return (
    <Group gap="xs">
      <SegmentedControl
        aria-label="Direction"
        value={filter.direction}
        onChange={(direction) => {
          onChange({ ...filter, direction });
        }}
        data={[
          { value: 'all', label: 'Both' },
          { value: 'sent', label: 'Sent' },
          { value: 'received', label: 'Received' },
        ]}
      />
      <Select
        aria-label="Action"
        placeholder="Any action"
        data={actions}
        value={filter.action}
        onChange={(action) => {
          onChange({ ...filter, action });
        }}
        clearable
        searchable
        w={220}
      />
      <TextInput
        aria-label="Search messages"
        placeholder="Search in payloads and ids"
        leftSection={<IconSearch size={16} aria-hidden />}
        value={filter.text}
        onChange={(event) => {
          onChange({ ...filter, text: event.currentTarget.value });
        }}
        style={{ flex: '1 1 200px' }}
        maw={{ base: '100%', sm: 360 }}
      />
    </Group>
  );
}

interface ClearProps {
  opened: boolean;
  chargePointId: string;
  onClose: () => void;
  onCleared: () => void;
}

function ClearDialog({ opened, chargePointId, onClose, onCleared }: ClearProps) {
  const clear = useClearMessages(chargePointId);
  return (
    <ConfirmDialog
      opened={opened}
      title="Clear messages"
      confirm="Clear messages"
      pending={clear.isPending}
      onClose={onClose}
      onConfirm={() => {
        clear.mutate(undefined, {
          onSuccess: () => {
            onCleared();
            onClose();
            toastSuccess('Messages cleared');
          },
        });
      }}
    >
      <Text>Clear the list of messages of this charger? They cannot be brought back.</Text>
    </ConfirmDialog>
  );
}
