import {
  Anchor,
  Button,
  Group,
  Pagination,
  SegmentedControl,
  Skeleton,
  Stack,
  Table,
  Text,
  Tooltip,
} from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { IconReceipt, IconScale } from '@tabler/icons-react';
import { useState } from 'react';
import { useCharger } from '@/api/chargers';
import { transactionsQuery } from '@/api/transactions';
import type { Transaction } from '@/api/types';
import { EmptyState } from '@/components/EmptyState';
import { ProblemAlert } from '@/components/ProblemAlert';
import { StateBadge } from '@/components/StateBadge';
import { TimeText } from '@/components/TimeText';
import { TRANSACTION_COLORS } from '@/components/status';
import { formatDuration, formatEnergy } from '@/lib/units';
import { chargerTime } from '@/lib/timeScale';
import { useNow } from '@/lib/useNow';
import { LedgerDrawer } from './LedgerDrawer';
import { durationS, energyWh, isOpen } from './model';

const PAGE_SIZE = 50;

/** The transactions of a charger, newest first, live. */
export function TransactionsTab() {
  const { chargePointId } = useParams({ from: '/shell/chargers/$chargePointId' });
  const transactions = useQuery(transactionsQuery(chargePointId));
  const [shown, setShown] = useState('all');

  if (transactions.error && !transactions.data) {
    return <ProblemAlert error={transactions.error} onRetry={() => void transactions.refetch()} />;
  }
  if (!transactions.data) {
    return <Skeleton height={200} role="status" aria-label="Loading transactions" />;
  }
  if (transactions.data.length === 0) {
    return (
      <EmptyState
        icon={<IconReceipt size={28} />}
        title="No transactions yet"
        actions={<ReconcileLink chargePointId={chargePointId} />}
      >
        Start charging at a connector, or from your CSMS; each session is listed here.
      </EmptyState>
    );
  }
  const listed = transactions.data.filter((one) => shown === 'all' || isOpen(one));
  return (
    <Stack>
      <Group justify="space-between" gap="xs">
        <SegmentedControl
          aria-label="Which transactions"
          value={shown}
          onChange={setShown}
          data={[
            { value: 'all', label: 'All' },
            { value: 'open', label: 'Going on' },
          ]}
        />
        <ReconcileLink chargePointId={chargePointId} />
      </Group>
      {listed.length === 0 ? (
        <Text c="dimmed">No transaction is going on.</Text>
      ) : (
        <TransactionTable transactions={listed} chargePointId={chargePointId} />
      )}
    </Stack>
  );
}

function ReconcileLink({ chargePointId }: { chargePointId: string }) {
  return (
    <Button
      variant="default"
      leftSection={<IconScale size={16} aria-hidden />}
      renderRoot={(props) => (
        <Link to="/reconciliation" search={{ charger: chargePointId }} {...props} />
      )}
    >
      Reconcile with a CSMS
    </Button>
  );
}

function TransactionTable({
  transactions,
  chargePointId,
}: {
  transactions: Transaction[];
  chargePointId: string;
}) {
  const { data: charger } = useCharger(chargePointId);
  const trueNow = useNow(transactions.some(isOpen));
  const now = charger ? chargerTime(charger, trueNow) : trueNow;
  const [page, setPage] = useState(1);
  const [opened, setOpened] = useState<number | null>(null);
  const pages = Math.ceil(transactions.length / PAGE_SIZE);
  const onPage = Math.min(page, pages);

  /** The connector's meter is newer than the transaction's last event. */
  function energyNow(transaction: Transaction): number | null {
    const connector = charger?.connectors.find(
      ({ transaction: open }) => open?.local_transaction_id === transaction.local_transaction_id,
    );
    return isOpen(transaction) && connector
      ? Math.max(0, connector.meter.energy_wh - transaction.meter_start_wh)
      : energyWh(transaction);
  }

  return (
    <>
      <Table.ScrollContainer minWidth={820} scrollAreaProps={{ type: 'auto' }}>
        <Table highlightOnHover aria-label="Transactions">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Transaction</Table.Th>
              <Table.Th>State</Table.Th>
              <Table.Th>Connector</Table.Th>
              <Table.Th>Id tag</Table.Th>
              <Table.Th>Started</Table.Th>
              <Table.Th ta="right">Duration</Table.Th>
              <Table.Th ta="right">Energy</Table.Th>
              <Table.Th>Reason</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody style={{ fontVariantNumeric: 'tabular-nums' }}>
            {transactions.slice((onPage - 1) * PAGE_SIZE, onPage * PAGE_SIZE).map((one) => (
              <Table.Tr key={one.local_transaction_id}>
                <Table.Td>
                  <Tooltip
                    label={`Number ${one.local_transaction_id} of this charger: open its ledger`}
                  >
                    <Anchor
                      component="button"
                      type="button"
                      fw={600}
                      inherit
                      aria-haspopup="dialog"
                      aria-label={`Ledger of transaction ${one.transaction_id ?? `number ${one.local_transaction_id}`}`}
                      onClick={() => {
                        setOpened(one.local_transaction_id);
                      }}
                    >
                      {one.transaction_id ?? 'not confirmed'}
                    </Anchor>
                  </Tooltip>
                </Table.Td>
                <Table.Td>
                  <StateBadge color={TRANSACTION_COLORS[one.state]} label={one.state} />
                </Table.Td>
                <Table.Td>{one.connector_id}</Table.Td>
                <Table.Td ff="monospace" style={{ whiteSpace: 'nowrap' }}>
                  {one.id_tag}
                </Table.Td>
                <Table.Td>
                  <TimeText iso={one.started_at} />
                </Table.Td>
                <Table.Td ta="right">{formatDuration(durationS(one, now))}</Table.Td>
                <Table.Td ta="right">{formatEnergy(energyNow(one))}</Table.Td>
                <Table.Td>
                  {one.stop_reason ??
                    (one.id_tag_status && one.id_tag_status !== 'Accepted'
                      ? `Tag: ${one.id_tag_status}`
                      : '–')}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {pages > 1 && (
        <Pagination
          total={pages}
          value={onPage}
          onChange={setPage}
          getControlProps={(control) => ({ 'aria-label': `${control} page` })}
        />
      )}
      <LedgerDrawer
        chargePointId={chargePointId}
        localTransactionId={opened}
        onClose={() => {
          setOpened(null);
        }}
      />
    </>
  );
}
