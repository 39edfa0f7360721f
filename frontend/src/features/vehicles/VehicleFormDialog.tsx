import {
  Button,
  Group,
  Modal,
  NumberInput,
  Select,
  SimpleGrid,
  Stack,
  TextInput,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { asProblem } from '@/api/problem';
import type { Vehicle } from '@/api/types';
import { useSaveVehicle } from '@/api/vehicles';
import { ProblemAlert } from '@/components/ProblemAlert';
import { fieldErrors } from '@/components/formProblem';
import { toastSuccess } from '@/components/toasts';
import { CHECKS, NEW_VEHICLE, bodyOf, valuesOf } from './vehicleForm';

interface Props {
  opened: boolean;
  locationId: number;
  /** The vehicle to change; null for a new one. */
  vehicle: Vehicle | null;
  onClose: () => void;
}

export function VehicleFormDialog(props: Props) {
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={props.vehicle ? 'Edit vehicle' : 'Add vehicle'}
    >
      <VehicleForm {...props} />
    </Modal>
  );
}

function VehicleForm({ locationId, vehicle, onClose }: Props) {
  const save = useSaveVehicle(locationId);
  const form = useForm({
    initialValues: vehicle ? valuesOf(vehicle) : NEW_VEHICLE,
    validate: CHECKS,
  });
  return (
    <form
      noValidate
      onSubmit={form.onSubmit((values) => {
        save.mutate(
          { id: vehicle?.id ?? null, values: bodyOf(values) },
          {
            onSuccess: ({ name }) => {
              toastSuccess(vehicle ? `${name} saved` : `${name} added`);
              onClose();
            },
            onError: (error) => {
              form.setErrors(fieldErrors(asProblem(error), Object.keys(values)));
            },
          },
        );
      })}
    >
      <Stack>
        <TextInput
          label="Name"
          placeholder="Blue van"
          required
          maxLength={200}
          data-autofocus
          {...form.getInputProps('name')}
        />
        <TextInput
          label="Id tags"
          description="The tags that it charges with, separated by commas"
          placeholder="04A2B3C4D5E6F7, VAN-1"
          spellCheck={false}
          {...form.getInputProps('id_tags')}
        />
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
          <NumberInput
            label="Battery (kWh)"
            required
            hideControls
            decimalScale={3}
            {...form.getInputProps('battery_capacity_kwh')}
          />
          <NumberInput
            label="AC power (kW)"
            placeholder="as the default car"
            min={0}
            hideControls
            decimalScale={3}
            {...form.getInputProps('ac_max_power_kw')}
          />
          <Select
            label="AC phases"
            data={['1', '2', '3']}
            placeholder="as the default car"
            clearable
            {...form.getInputProps('ac_phases')}
            onChange={(phases) => {
              form.setFieldValue('ac_phases', (phases ?? '') as '' | '1' | '2' | '3');
            }}
          />
          <NumberInput
            label="DC power (kW)"
            placeholder="as the default car"
            min={0}
            hideControls
            decimalScale={3}
            {...form.getInputProps('dc_max_power_kw')}
          />
        </SimpleGrid>
        {save.error && <ProblemAlert error={save.error} brief />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={save.isPending}>
            {vehicle ? 'Save' : 'Add vehicle'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
