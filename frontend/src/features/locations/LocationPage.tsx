import { ActionIcon, Menu, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Outlet, useLocation, useNavigate, useParams } from '@tanstack/react-router';
import {
  IconBuildingFactory2,
  IconCar,
  IconChargingPile,
  IconDots,
  IconPencil,
  IconTrash,
} from '@tabler/icons-react';
import { useState } from 'react';
import { useChargersAt } from '@/api/chargers';
import { locationQuery } from '@/api/locations';
import type { Location } from '@/api/types';
import { vehiclesQuery } from '@/api/vehicles';
import { PageHeader } from '@/components/PageHeader';
import { ProblemAlert } from '@/components/ProblemAlert';
import { TabLinks } from '@/components/TabLinks';
import { useDocumentTitle } from '@/lib/useDocumentTitle';
import { DeleteLocationDialog } from './DeleteLocationDialog';
import { LocationFormDialog } from './LocationFormDialog';

const PATHS = {
  chargers: '/locations/$locationId',
  vehicles: '/locations/$locationId/vehicles',
  site: '/locations/$locationId/site',
} as const;

/** The tab that a path, or the name of a tab, ends with. */
function tabOf(path: string): keyof typeof PATHS {
  if (path.endsWith('vehicles')) return 'vehicles';
  return path.endsWith('site') ? 'site' : 'chargers';
}

/** A location: its head, and its chargers, vehicles or site below as tabs. */
export function LocationPage() {
  const { locationId } = useParams({ from: '/shell/locations/$locationId' });
  const location = useQuery(locationQuery(Number(locationId)));
  useDocumentTitle(location.data?.name ?? 'Location');

  if (location.error && !location.data) {
    return (
      <>
        <PageHeader title="Location" within="locations" />
        <ProblemAlert error={location.error} onRetry={() => void location.refetch()} />
      </>
    );
  }
  if (!location.data) return <Skeleton height={240} role="status" aria-label="Loading location" />;
  return <LoadedLocation location={location.data} />;
}

function LoadedLocation({ location }: { location: Location }) {
  const navigate = useNavigate();
  const shown = useLocation({ select: ({ pathname }) => tabOf(pathname) });
  const { chargers } = useChargersAt(location.id);
  const vehicles = useQuery(vehiclesQuery(location.id));
  const [dialog, setDialog] = useState<'edit' | 'delete' | null>(null);
  const params = { locationId: String(location.id) };
  const close = () => {
    setDialog(null);
  };

  return (
    <>
      <PageHeader
        title={location.name}
        subtitle={location.address}
        within="locations"
        actions={
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon variant="default" size="lg" aria-label="Location actions">
                <IconDots size={18} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item
                leftSection={<IconPencil size={16} aria-hidden />}
                onClick={() => {
                  setDialog('edit');
                }}
              >
                Edit location
              </Menu.Item>
              <Menu.Item
                color="red"
                leftSection={<IconTrash size={16} aria-hidden />}
                onClick={() => {
                  setDialog('delete');
                }}
              >
                Delete location
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        }
      />
      <TabLinks
        label="Location"
        value={shown}
        tabs={[
          {
            value: 'chargers',
            label: 'Chargers',
            icon: <IconChargingPile size={16} aria-hidden />,
            count: chargers?.length,
          },
          {
            value: 'vehicles',
            label: 'Vehicles',
            icon: <IconCar size={16} aria-hidden />,
            count: vehicles.data?.length,
          },
          {
            value: 'site',
            label: 'Site',
            icon: <IconBuildingFactory2 size={16} aria-hidden />,
          },
        ]}
        onChange={(tab) => {
          void navigate({ to: PATHS[tabOf(tab)], params });
        }}
      >
        <Outlet />
      </TabLinks>
      <LocationFormDialog opened={dialog === 'edit'} location={location} onClose={close} />
      <DeleteLocationDialog
        location={
          dialog === 'delete'
            ? { ...location, charger_count: chargers?.length ?? location.charger_count }
            : null
        }
        onClose={close}
        onDeleted={() => void navigate({ to: '/locations' })}
      />
    </>
  );
}
