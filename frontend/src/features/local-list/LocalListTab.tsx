import {
  Alert,
  Card,
  Group,
  Pagination,
  Skeleton,
  Stack,
  Table,
  Text,
  TextInput,
} from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { IconListCheck, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useCharger } from '@/api/chargers';
import { useFeatureProfile } from '@/api/configuration';
import { localListQuery } from '@/api/localList';
import type { LocalList, LocalListEntry } from '@/api/types';
import { EmptyState } from '@/components/EmptyState';
import { ProblemAlert } from '@/components/ProblemAlert';
import { ProfileOff } from '@/components/ProfileOff';
import { StateBadge } from '@/components/StateBadge';
import { TimeText } from '@/components/TimeText';
import { count } from '@/lib/units';
import { useNow } from '@/lib/useNow';
import { STATUS_COLORS, filterEntries, isExpired } from './model';

const PAGE_SIZE = 50;

/** The local authorization list of a charge point. */
export function LocalListTab() {
  const { chargePointId } = useParams({ from: '/shell/chargers/$chargePointId' });
  const { data: charger } = useCharger(chargePointId);
  return (
    <LocalListOf
      key={chargePointId}
      chargePointId={chargePointId}
      clockOffsetS={charger?.clock_offset_s ?? 0}
    />
  );
}

interface Props {
  chargePointId: string;
  /** How far the clock that entries expire by is from the true time. */
  clockOffsetS: number;
}

export function LocalListOf({ chargePointId, clockOffsetS }: Props) {
  const list = useQuery(localListQuery(chargePointId));
  const possible = useFeatureProfile(chargePointId, 'LocalAuthListManagement');
  if (list.error && !list.data) {
    return <ProblemAlert error={list.error} onRetry={() => void list.refetch()} />;
  }
  if (!list.data) {
    return <Skeleton height={200} role="status" aria-label="Loading the local list" />;
  }
  return (
    <Stack>
      <ProfileOff chargePointId={chargePointId} profile="LocalAuthListManagement" />
      <Head list={list.data} possible={possible} />
      {list.data.entries.length > 0 ? (
        <Entries entries={list.data.entries} clockOffsetS={clockOffsetS} />
      ) : (
        <EmptyState icon={<IconListCheck size={28} />} title="No tag is in the local list">
          Your CSMS fills it with SendLocalList; the charger then knows those tags even where it
          cannot ask. What answers to Authorize have taught it is the cache, which is not shown
          here.
        </EmptyState>
      )}
    </Stack>
  );
}

function Head({ list, possible }: { list: LocalList; possible: boolean }) {
  return (
    <>
      <Group gap="xs">
        <StateBadge
          color={list.version > 0 ? 'blue' : 'gray'}
          label={`Version ${list.version}`}
          hint={list.version > 0 ? 'As GetLocalListVersion answers' : 'There is no list.'}
        />
        <StateBadge
          color={list.enabled ? 'green' : 'gray'}
          label={list.enabled ? 'Enabled' : 'Not enabled'}
          hint="The configuration key LocalAuthListEnabled"
        />
        <Text size="sm" c="dimmed" role="status">
          {count(list.entries.length, 'tag')}
        </Text>
      </Group>
      {possible && !list.enabled && list.entries.length > 0 && (
        <Alert color="yellow" title="The list is not used">
          The configuration key LocalAuthListEnabled is false.
        </Alert>
      )}
    </>
  );
}

interface EntriesProps {
  entries: readonly LocalListEntry[];
  clockOffsetS: number;
}

function Entries({ entries, clockOffsetS }: EntriesProps) {
  const [text, setText] = useState('');
  const [page, setPage] = useState(1);
  const now = useNow(true, 30_000) + clockOffsetS * 1000;
  const found = filterEntries(entries, text);
  const pages = Math.max(1, Math.ceil(found.length / PAGE_SIZE));
  const onPage = Math.min(page, pages);
  return (
    <>
      <Group gap="xs">
        <TextInput
          aria-label="Search the local list"
          placeholder="Search by tag, parent, status"
          leftSection={<IconSearch size={16} aria-hidden />}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
          }}
          style={{ flex: '1 1 220px' }}
          maw={{ base: '100%', sm: 360 }}
        />
        {text !== '' && (
          <Text size="sm" c="dimmed" role="status">
            {count(found.length, 'tag')} found
          </Text>
        )}
      </Group>
      {found.length === 0 ? (
        <Text c="dimmed">No tag fits this search.</Text>
      ) : (
        <Card withBorder padding={0}>
          <Table.ScrollContainer minWidth={640} scrollAreaProps={{ type: 'auto' }}>
            <Table aria-label="Local list" highlightOnHover horizontalSpacing="md">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Id tag</Table.Th>
                  <Table.Th>Status</Table.Th>
                  <Table.Th>Expires</Table.Th>
                  <Table.Th>Parent tag</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {found.slice((onPage - 1) * PAGE_SIZE, onPage * PAGE_SIZE).map((entry) => (
                  <Entry key={entry.id_tag} entry={entry} expired={isExpired(entry, now)} />
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </Card>
      )}
      {pages > 1 && (
        <Pagination
          total={pages}
          value={onPage}
          onChange={setPage}
          getControlProps={(control) => ({ 'aria-label': `${control} page` })}
        />
      )}
    </>
  );
}

function Entry({ entry, expired }: { entry: LocalListEntry; expired: boolean }) {
  return (
    <Table.Tr>
      <Table.Td ff="monospace" fw={600} style={{ whiteSpace: 'nowrap' }}>
        {entry.id_tag}
      </Table.Td>
      <Table.Td>
        <StateBadge color={STATUS_COLORS[entry.status]} label={entry.status} />
      </Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>
        {entry.expiry_date === null ? (
          'never'
        ) : (
          <>
            <TimeText iso={entry.expiry_date} />
            {expired && (
              <Text span inherit c="dimmed">
                {' (expired)'}
              </Text>
            )}
          </>
        )}
      </Table.Td>
      <Table.Td ff="monospace" style={{ whiteSpace: 'nowrap' }}>
        {entry.parent_id_tag ?? '–'}
      </Table.Td>
    </Table.Tr>
  );
}
