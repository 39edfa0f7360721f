import {
  ActionIcon,
  Anchor,
  Button,
  Card,
  Group,
  Menu,
  SimpleGrid,
  Skeleton,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import {
  IconDots,
  IconMapPin,
  IconMapPinPlus,
  IconPencil,
  IconSearch,
  IconTrash,
} from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useFleet } from '@/api/chargers';
import { locationsQuery } from '@/api/locations';
import type { Location } from '@/api/types';
import { EmptyState } from '@/components/EmptyState';
import { PageHeader } from '@/components/PageHeader';
import { ProblemAlert } from '@/components/ProblemAlert';
import { StateBadge } from '@/components/StateBadge';
import { count, formatPower } from '@/lib/units';
import { useDocumentTitle } from '@/lib/useDocumentTitle';
import { DeleteLocationDialog } from './DeleteLocationDialog';
import { LocationFormDialog } from './LocationFormDialog';
import { type LocationActivity, activityByLocation, filterLocations } from './model';

export function LocationsPage() {
  useDocumentTitle('Locations');
  const navigate = useNavigate();
  const locations = useQuery(locationsQuery);
  const { fleet } = useFleet();
  const [search, setSearch] = useState('');
  const [edited, setEdited] = useState<Location | 'new' | null>(null);
  const [deleted, setDeleted] = useState<Location | null>(null);
  const activity = useMemo(() => fleet && activityByLocation(fleet.chargers.values()), [fleet]);
  const shown = filterLocations(locations.data ?? [], search);

  const newLocation = (
    <Button
      leftSection={<IconMapPinPlus size={16} aria-hidden />}
      onClick={() => {
        setEdited('new');
      }}
    >
      New location
    </Button>
  );

  return (
    <>
      <PageHeader
        title="Locations"
        subtitle="Places with chargers and the cars that charge there"
        actions={newLocation}
      />
      {locations.isPending && <Loading />}
      {locations.error && (
        <ProblemAlert error={locations.error} onRetry={() => void locations.refetch()} />
      )}
      {locations.data?.length === 0 && (
        <EmptyState icon={<IconMapPin size={28} />} title="No locations yet" actions={newLocation}>
          A location holds chargers and the cars that charge there. Create one to begin.
        </EmptyState>
      )}
      {locations.data && locations.data.length > 0 && (
        <Stack>
          {locations.data.length > 6 && (
            <TextInput
              aria-label="Search locations"
              placeholder="Search by name or address"
              leftSection={<IconSearch size={16} aria-hidden />}
              value={search}
              onChange={(event) => {
                setSearch(event.currentTarget.value);
              }}
              maw={{ base: '100%', sm: 360 }}
            />
          )}
          {shown.length === 0 && <Text c="dimmed">No location matches “{search}”.</Text>}
          <SimpleGrid
            cols={{ base: 1, sm: 2, lg: 3 }}
            component="ul"
            aria-label="Locations"
            m={0}
            p={0}
            style={{ listStyle: 'none' }}
          >
            {shown.map((location) => (
              <li key={location.id}>
                <LocationCard
                  location={location}
                  activity={activity?.get(location.id)}
                  onEdit={() => {
                    setEdited(location);
                  }}
                  onDelete={() => {
                    setDeleted(location);
                  }}
                />
              </li>
            ))}
          </SimpleGrid>
        </Stack>
      )}
      <LocationFormDialog
        opened={edited !== null}
        location={edited === 'new' ? null : edited}
        onClose={() => {
          setEdited(null);
        }}
        onSaved={({ id }) => {
          if (edited !== 'new') return;
          void navigate({ to: '/locations/$locationId', params: { locationId: String(id) } });
        }}
      />
      <DeleteLocationDialog
        location={deleted}
        onClose={() => {
          setDeleted(null);
        }}
      />
    </>
  );
}

interface CardProps {
  location: Location;
  activity: LocationActivity | undefined;
  onEdit: () => void;
  onDelete: () => void;
}

function LocationCard({ location, activity, onEdit, onDelete }: CardProps) {
  return (
    <Card withBorder padding="lg" h="100%" component="article" aria-label={location.name}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div style={{ minWidth: 0 }}>
          <Title order={2} size="h4" style={{ overflowWrap: 'anywhere' }}>
            <Anchor
              renderRoot={(props) => (
                <Link
                  to="/locations/$locationId"
                  params={{ locationId: String(location.id) }}
                  {...props}
                />
              )}
              inherit
              c="inherit"
            >
              {location.name}
            </Anchor>
          </Title>
          <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            {location.address || 'No address'}
          </Text>
        </div>
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" aria-label={`Actions for ${location.name}`}>
              <IconDots size={18} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={onEdit}>
              Edit
            </Menu.Item>
            <Menu.Item
              color="red"
              leftSection={<IconTrash size={16} aria-hidden />}
              onClick={onDelete}
            >
              Delete
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </Group>
      <Group gap="xs" mt="md">
        <Text fw={600}>{count(location.charger_count, 'charger')}</Text>
        {activity && location.charger_count > 0 && (
          <Text size="sm" c="dimmed">
            {activity.connected} connected · {formatPower(activity.power_w)}
          </Text>
        )}
      </Group>
      {activity && activity.charging + activity.faulted > 0 && (
        <Group gap="xs" mt="xs">
          {activity.charging > 0 && (
            <StateBadge color="teal" label={`${activity.charging} charging`} />
          )}
          {activity.faulted > 0 && <StateBadge color="red" label={`${activity.faulted} faulted`} />}
        </Group>
      )}
    </Card>
  );
}

function Loading() {
  return (
    <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} role="status" aria-label="Loading locations">
      {[1, 2, 3].map((key) => (
        <Skeleton key={key} height={132} />
      ))}
    </SimpleGrid>
  );
}
