import { ActionIcon, Menu, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Outlet, useLocation, useNavigate, useParams } from '@tanstack/react-router';
import { IconCar, IconChargingPile, IconDots, IconPencil, IconTrash } from '@tabler/icons-react';
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

/** A location: its head, and its chargers or vehicles below as tabs. */
export function LocationPage() {
  const { locationId } = useParams({ from: '/shell/locations/$locationId' });
  const location = useQuery(locationQuery(Number(locationId)));
  useDocumentTitle(location.data?.name ?? 'Location');

  if (location.error && !location.data) {
    return (
      <>
        <PageHeader title="Location" withinLocations />
        <ProblemAlert error={location.error} onRetry={() => void location.refetch()} />
      </>
    );
  }
  if (!location.data) return <Skeleton height={240} role="status" aria-label="Loading location" />;
  return <LoadedLocation location={location.data} />;
}

function LoadedLocation({ location }: { location: Location }) {
  const navigate = useNavigate();
  const vehiclesShown = useLocation({ select: ({ pathname }) => pathname.endsWith('/vehicles') });
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
        withinLocations
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
        value={vehiclesShown ? 'vehicles' : 'chargers'}
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
        ]}
        onChange={(tab) => {
          void navigate(
            tab === 'vehicles'
              ? { to: '/locations/$locationId/vehicles', params }
              : { to: '/locations/$locationId', params },
          );
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
