import {
  Button,
  Group,
  Pagination,
  SegmentedControl,
  Select,
  SimpleGrid,
  Skeleton,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { useParams } from '@tanstack/react-router';
import {
  IconChargingPile,
  IconFileImport,
  IconPlug,
  IconPlugOff,
  IconPlus,
  IconSearch,
} from '@tabler/icons-react';
import { useState } from 'react';
import { useChargersAt } from '@/api/chargers';
import { useImportChargers } from '@/api/imports';
import { useStartBulk } from '@/api/operations';
import type { Charger, ConnectionState, ConnectorStatus } from '@/api/types';
import { EmptyState } from '@/components/EmptyState';
import { ImportDialog } from '@/components/ImportDialog';
import { ProblemAlert } from '@/components/ProblemAlert';
import { CONNECTION_WORDS, CONNECTOR_COLORS } from '@/components/status';
import { count } from '@/lib/units';
import { useGradually } from '@/lib/useGradually';
import { BulkProgress } from './BulkProgress';
import { ChargerCard } from './ChargerCard';
import { AddChargerDialog } from './ChargerFormDialog';
import { ChargerTable } from './ChargerTable';
import { type ChargerFilter, NO_FILTER, filterChargers } from './model';

const PAGE_SIZE = 60;
const DRAWN_AT_ONCE = 12;

/** The chargers of a location, live. */
export function ChargersTab() {
  const { locationId } = useParams({ from: '/shell/locations/$locationId' });
  const { chargers, complete, problem } = useChargersAt(Number(locationId));
  const importChargers = useImportChargers(Number(locationId));
  const [dialog, setDialog] = useState<'add' | 'import' | null>(null);

  if (problem) return <ProblemAlert error={problem} />;
  if (!chargers || (chargers.length === 0 && !complete)) return <Loading />;
  const close = () => {
    setDialog(null);
  };
  const actions = (
    <>
      <Button
        leftSection={<IconPlus size={16} aria-hidden />}
        onClick={() => {
          setDialog('add');
        }}
      >
        Add charger
      </Button>
      <Button
        variant="default"
        leftSection={<IconFileImport size={16} aria-hidden />}
        onClick={() => {
          setDialog('import');
        }}
      >
        Import
      </Button>
    </>
  );
  return (
    <>
      {chargers.length === 0 ? (
        <EmptyState
          icon={<IconChargingPile size={28} />}
          title="No chargers here yet"
          actions={actions}
        >
          Add a charger and point it at your CSMS, or import many from a CSV or JSON file.
        </EmptyState>
      ) : (
        <ChargerList chargers={chargers} complete={complete} actions={actions} />
      )}
      <AddChargerDialog opened={dialog === 'add'} locationId={Number(locationId)} onClose={close} />
      <ImportDialog
        opened={dialog === 'import'}
        thing="charger"
        withDefaultUrl
        run={importChargers.mutateAsync}
        onClose={close}
      />
    </>
  );
}

function ChargerList({
  chargers,
  complete,
  actions,
}: {
  chargers: readonly Charger[];
  complete: boolean;
  actions: React.ReactNode;
}) {
  const [view, setView] = useLocalStorage({
    key: 'ocppsim-charger-view',
    defaultValue: 'cards',
  });
  const [filter, setFilter] = useState(NO_FILTER);
  const [page, setPage] = useState(1);
  const shown = filterChargers(chargers, filter);
  const pages = Math.max(1, Math.ceil(shown.length / PAGE_SIZE));
  const onPage = Math.min(page, pages);
  const drawn = useGradually(PAGE_SIZE, DRAWN_AT_ONCE);
  const visible = shown.slice((onPage - 1) * PAGE_SIZE).slice(0, drawn);

  return (
    <Stack>
      <Group justify="space-between" gap="sm">
        <Group gap="xs">{actions}</Group>
        <SegmentedControl
          aria-label="View"
          value={view}
          onChange={setView}
          data={[
            { value: 'cards', label: 'Cards' },
            { value: 'table', label: 'Table' },
          ]}
        />
      </Group>
      <Filters filter={filter} onChange={setFilter} />
      <BulkActions
        chargers={shown}
        complete={complete}
        filtered={shown.length !== chargers.length}
      />
      {shown.length === 0 && complete && (
        <Text c="dimmed" py="lg" ta="center">
          No charger fits this search.
        </Text>
      )}
      {view === 'table' && shown.length > 0 && <ChargerTable chargers={visible} />}
      {view !== 'table' && (
        <SimpleGrid
          cols={{ base: 1, xs: 2, md: 3, lg: 4 }}
          component="ul"
          aria-label="Chargers"
          m={0}
          p={0}
          style={{ listStyle: 'none' }}
        >
          {visible.map((charger) => (
            <li key={charger.charge_point_id}>
              <ChargerCard charger={charger} />
            </li>
          ))}
        </SimpleGrid>
      )}
      {pages > 1 && (
        <Pagination
          total={pages}
          value={onPage}
          onChange={setPage}
          getControlProps={(control) => ({ 'aria-label': `${control} page` })}
        />
      )}
    </Stack>
  );
}

function Filters({
  filter,
  onChange,
}: {
  filter: ChargerFilter;
  onChange: (filter: ChargerFilter) => void;
}) {
  return (
    <Group gap="xs">
      <TextInput
        aria-label="Search chargers"
        placeholder="Search by name, id, vendor, model"
        leftSection={<IconSearch size={16} aria-hidden />}
        value={filter.text}
        onChange={(event) => {
          onChange({ ...filter, text: event.currentTarget.value });
        }}
        style={{ flex: '1 1 220px' }}
        maw={{ base: '100%', sm: 360 }}
      />
      <Select
        aria-label="Status"
        placeholder="Any status"
        clearable
        data={Object.keys(CONNECTOR_COLORS)}
        value={filter.status}
        onChange={(status) => {
          onChange({ ...filter, status: status as ConnectorStatus | null });
        }}
        w={160}
      />
      <Select
        aria-label="Connection"
        placeholder="Any connection"
        clearable
        data={Object.entries(CONNECTION_WORDS).map(([value, label]) => ({ value, label }))}
        value={filter.connection}
        onChange={(connection) => {
          onChange({ ...filter, connection: connection as ConnectionState | null });
        }}
        w={170}
      />
    </Group>
  );
}

/** Acts on all chargers that are listed, on all pages, once all are there. */
function BulkActions({
  chargers,
  complete,
  filtered,
}: {
  chargers: readonly Charger[];
  complete: boolean;
  filtered: boolean;
}) {
  const start = useStartBulk();
  const [running, setRunning] = useState<{ id: string; title: string } | null>(null);

  function run(action: 'connect' | 'disconnect', title: string) {
    const chargePointIds = chargers.map(({ charge_point_id }) => charge_point_id);
    start.mutate(
      { action, chargePointIds },
      {
        onSuccess: (id) => {
          setRunning({ id, title });
        },
      },
    );
  }

  return (
    <Stack gap="sm">
      <Group gap="xs">
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlug size={14} aria-hidden />}
          disabled={chargers.length === 0 || !complete}
          loading={start.isPending && start.variables.action === 'connect'}
          onClick={() => {
            run('connect', 'Connecting');
          }}
        >
          Connect all
        </Button>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlugOff size={14} aria-hidden />}
          disabled={chargers.length === 0 || !complete}
          loading={start.isPending && start.variables.action === 'disconnect'}
          onClick={() => {
            run('disconnect', 'Disconnecting');
          }}
        >
          Disconnect all
        </Button>
        <Text size="sm" c="dimmed" role="status">
          {count(chargers.length, 'charger')}
          {filtered ? ' match' : ''}
        </Text>
      </Group>
      {running && (
        <BulkProgress
          key={running.id}
          operationId={running.id}
          title={running.title}
          onClose={() => {
            setRunning(null);
          }}
        />
      )}
    </Stack>
  );
}

function Loading() {
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} role="status" aria-label="Loading chargers">
      {[1, 2, 3, 4, 5, 6].map((key) => (
        <Skeleton key={key} height={160} />
      ))}
    </SimpleGrid>
  );
}
