import {
  ActionIcon,
  Badge,
  Button,
  Group,
  Skeleton,
  Stack,
  Table,
  Text,
  TextInput,
  VisuallyHidden,
} from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import {
  IconCar,
  IconFileImport,
  IconPencil,
  IconPlus,
  IconSearch,
  IconTrash,
} from '@tabler/icons-react';
import { useState } from 'react';
import { useImportVehicles } from '@/api/imports';
import type { Vehicle } from '@/api/types';
import { useDeleteVehicle, vehicleModelsQuery, vehiclesQuery } from '@/api/vehicles';
import { ConfirmDialog } from '@/components/ConfirmDialog';
import { EmptyState } from '@/components/EmptyState';
import { ImportDialog } from '@/components/ImportDialog';
import { ProblemAlert } from '@/components/ProblemAlert';
import { toastSuccess } from '@/components/toasts';
import { VehicleFormDialog } from './VehicleFormDialog';
import { modelName } from './vehicleForm';

/** The vehicles of a location. */
export function VehiclesTab() {
  const params = useParams({ from: '/shell/locations/$locationId' });
  const locationId = Number(params.locationId);
  const vehicles = useQuery(vehiclesQuery(locationId));
  const importVehicles = useImportVehicles(locationId);
  const [edited, setEdited] = useState<Vehicle | 'new' | null>(null);
  const [deleted, setDeleted] = useState<Vehicle | null>(null);
  const [importing, setImporting] = useState(false);

  if (vehicles.error && !vehicles.data) {
    return <ProblemAlert error={vehicles.error} onRetry={() => void vehicles.refetch()} />;
  }
  if (!vehicles.data) return <Skeleton height={200} role="status" aria-label="Loading vehicles" />;

  const actions = (
    <>
      <Button
        leftSection={<IconPlus size={16} aria-hidden />}
        onClick={() => {
          setEdited('new');
        }}
      >
        Add vehicle
      </Button>
      <Button
        variant="default"
        leftSection={<IconFileImport size={16} aria-hidden />}
        onClick={() => {
          setImporting(true);
        }}
      >
        Import
      </Button>
    </>
  );
  return (
    <>
      {vehicles.data.length === 0 ? (
        <EmptyState icon={<IconCar size={28} />} title="No vehicles here yet" actions={actions}>
          Without one, a car with 100 kWh at 20 % comes to every session. Add your own to choose its
          model, or battery and power, and its id tags.
        </EmptyState>
      ) : (
        <Stack>
          <Group gap="xs">{actions}</Group>
          <VehicleTable vehicles={vehicles.data} onEdit={setEdited} onDelete={setDeleted} />
        </Stack>
      )}
      <VehicleFormDialog
        opened={edited !== null}
        locationId={locationId}
        vehicle={edited === 'new' ? null : edited}
        onClose={() => {
          setEdited(null);
        }}
      />
      <ImportDialog
        opened={importing}
        thing="vehicle"
        run={importVehicles.mutateAsync}
        onClose={() => {
          setImporting(false);
        }}
      />
      <DeleteVehicleDialog
        locationId={locationId}
        vehicle={deleted}
        onClose={() => {
          setDeleted(null);
        }}
      />
    </>
  );
}

interface TableProps {
  vehicles: readonly Vehicle[];
  onEdit: (vehicle: Vehicle) => void;
  onDelete: (vehicle: Vehicle) => void;
}

function VehicleTable({ vehicles, onEdit, onDelete }: TableProps) {
  const [search, setSearch] = useState('');
  const models = useQuery(vehicleModelsQuery).data ?? [];
  const wanted = search.trim().toLowerCase();
  const shown = vehicles
    .map((vehicle) => ({ vehicle, model: modelName(vehicle.model_id, models) }))
    .filter(({ vehicle: { name, id_tags }, model }) =>
      [name, ...id_tags, model].some((word) => word.toLowerCase().includes(wanted)),
    );
  return (
    <>
      {vehicles.length > 8 && (
        <TextInput
          aria-label="Search vehicles"
          placeholder="Search by name, tag or model"
          leftSection={<IconSearch size={16} aria-hidden />}
          value={search}
          onChange={(event) => {
            setSearch(event.currentTarget.value);
          }}
          maw={{ base: '100%', sm: 360 }}
        />
      )}
      {shown.length === 0 && <Text c="dimmed">No vehicle matches “{search}”.</Text>}
      {shown.length > 0 && (
        <Table.ScrollContainer minWidth={680} scrollAreaProps={{ type: 'auto' }}>
          <Table highlightOnHover aria-label="Vehicles">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Name</Table.Th>
                <Table.Th>Id tags</Table.Th>
                <Table.Th ta="right">Battery</Table.Th>
                <Table.Th ta="right">AC</Table.Th>
                <Table.Th ta="right">DC</Table.Th>
                <Table.Th>
                  <VisuallyHidden>Actions</VisuallyHidden>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {shown.map(({ vehicle, model }) => (
                <Table.Tr key={vehicle.id}>
                  <Table.Td maw={240} fw={600} style={{ overflowWrap: 'anywhere' }}>
                    {vehicle.name}
                    {model && model !== vehicle.name && (
                      <Text size="xs" c="dimmed">
                        {model}
                      </Text>
                    )}
                  </Table.Td>
                  <Table.Td>
                    <Group gap={4}>
                      {vehicle.id_tags.map((tag) => (
                        <Badge key={tag} variant="default" tt="none" ff="monospace" fw={500}>
                          {tag}
                        </Badge>
                      ))}
                    </Group>
                  </Table.Td>
                  <Table.Td ta="right">{vehicle.battery_capacity_kwh} kWh</Table.Td>
                  <Table.Td ta="right" style={{ whiteSpace: 'nowrap' }}>
                    {vehicle.resolved.ac_max_power_kw} kW, {vehicle.resolved.ac_phases}~
                  </Table.Td>
                  <Table.Td ta="right" style={{ whiteSpace: 'nowrap' }}>
                    {vehicle.resolved.dc_max_power_kw > 0
                      ? `${vehicle.resolved.dc_max_power_kw} kW`
                      : '–'}
                  </Table.Td>
                  <Table.Td>
                    <Group gap={4} justify="flex-end" wrap="nowrap">
                      <ActionIcon
                        variant="subtle"
                        color="gray"
                        aria-label={`Edit ${vehicle.name}`}
                        onClick={() => {
                          onEdit(vehicle);
                        }}
                      >
                        <IconPencil size={16} />
                      </ActionIcon>
                      <ActionIcon
                        variant="subtle"
                        color="red"
                        aria-label={`Delete ${vehicle.name}`}
                        onClick={() => {
                          onDelete(vehicle);
                        }}
                      >
                        <IconTrash size={16} />
                      </ActionIcon>
                    </Group>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </>
  );
}

interface DeleteProps {
  locationId: number;
  vehicle: Vehicle | null;
  onClose: () => void;
}

function DeleteVehicleDialog({ locationId, vehicle, onClose }: DeleteProps) {
  const remove = useDeleteVehicle(locationId);
  return (
    <ConfirmDialog
      opened={vehicle !== null}
      title="Delete vehicle"
      confirm="Delete vehicle"
      pending={remove.isPending}
      error={remove.error}
      onClose={() => {
        remove.reset();
        onClose();
      }}
      onConfirm={() => {
        if (!vehicle) return;
        remove.mutate(vehicle.id, {
          onSuccess: () => {
            toastSuccess(`${vehicle.name} deleted`);
            onClose();
          },
        });
      }}
    >
      <Text>
        Delete <strong>{vehicle?.name}</strong>? This cannot be undone.
      </Text>
    </ConfirmDialog>
  );
}
