import { Card, Group, Skeleton, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useFeatureProfile } from '@/api/configuration';
import { reservationsQuery } from '@/api/reservations';
import type { ChargerDetail, Reservation } from '@/api/types';
import { ProblemAlert } from '@/components/ProblemAlert';
import { TimeText } from '@/components/TimeText';
import { timeLeft } from '@/lib/time';
import { formatDuration } from '@/lib/units';
import { chargerTime } from '@/lib/timeScale';
import { useNow } from '@/lib/useNow';

/** All reservations of a charger, those of no certain connector too. */
export function Reservations({ charger }: { charger: ChargerDetail }) {
  const { charge_point_id: chargePointId } = charger;
  const reservations = useQuery(reservationsQuery(chargePointId));
  const possible = useFeatureProfile(chargePointId, 'Reservation');
  return (
    <Card withBorder padding={0} mt="md" component="section" aria-labelledby="reservations">
      <Group gap="xs" px="md" py="sm">
        <Title order={2} size="h5" id="reservations">
          Reservations
        </Title>
        {reservations.data?.length === 0 && (
          <Text size="sm" c="dimmed">
            {possible
              ? 'None. Your CSMS makes one with ReserveNow.'
              : 'The feature profile Reservation is off: the charger makes none.'}
          </Text>
        )}
      </Group>
      {reservations.error && !reservations.data && (
        <ProblemAlert error={reservations.error} onRetry={() => void reservations.refetch()} />
      )}
      {reservations.isPending && (
        <Skeleton height={40} m="md" role="status" aria-label="Loading reservations" />
      )}
      {reservations.data && reservations.data.length > 0 && (
        <ReservationTable reservations={reservations.data} charger={charger} />
      )}
    </Card>
  );
}

interface TableProps {
  reservations: Reservation[];
  /** The one whose clock they expire by. */
  charger: ChargerDetail;
}

function ReservationTable({ reservations, charger }: TableProps) {
  const now = chargerTime(charger, useNow(true));
  return (
    <Table.ScrollContainer minWidth={640} scrollAreaProps={{ type: 'auto' }}>
      <Table aria-label="Reservations" horizontalSpacing="md">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Reservation</Table.Th>
            <Table.Th>Connector</Table.Th>
            <Table.Th>Id tag</Table.Th>
            <Table.Th>Parent tag</Table.Th>
            <Table.Th>Until</Table.Th>
            <Table.Th ta="right">Left</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody style={{ fontVariantNumeric: 'tabular-nums' }}>
          {reservations.map((one) => (
            <Table.Tr key={one.reservation_id}>
              <Table.Td fw={600}>{one.reservation_id}</Table.Td>
              <Table.Td style={{ whiteSpace: 'nowrap' }}>
                {one.connector_id === 0 ? '0 (any)' : one.connector_id}
              </Table.Td>
              <Table.Td ff="monospace" style={{ whiteSpace: 'nowrap' }}>
                {one.id_tag}
              </Table.Td>
              <Table.Td ff="monospace" style={{ whiteSpace: 'nowrap' }}>
                {one.parent_id_tag ?? '–'}
              </Table.Td>
              <Table.Td>
                <TimeText iso={one.expires_at} />
              </Table.Td>
              <Table.Td ta="right" style={{ whiteSpace: 'nowrap' }}>
                {formatDuration(timeLeft(one.expires_at, now))}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
