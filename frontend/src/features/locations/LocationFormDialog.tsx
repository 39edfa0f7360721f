import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useSaveLocation } from '@/api/locations';
import { asProblem } from '@/api/problem';
import type { Location } from '@/api/types';
import { ProblemAlert } from '@/components/ProblemAlert';
import { TimeScaleInput } from '@/components/TimeScaleInput';
import { fieldErrors } from '@/components/formProblem';
import { toastSuccess } from '@/components/toasts';
import { checkScale } from '@/lib/timeScale';

interface Props {
  opened: boolean;
  /** The location to change; null for a new one. */
  location: Location | null;
  onClose: () => void;
  onSaved?: (location: Location) => void;
}

export function LocationFormDialog(props: Props) {
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={props.location ? 'Edit location' : 'New location'}
    >
      <LocationForm {...props} />
    </Modal>
  );
}

interface Values {
  name: string;
  address: string;
  time_scale: number | '';
}

function LocationForm({ location, onClose, onSaved }: Props) {
  const save = useSaveLocation();
  const form = useForm<Values>({
    initialValues: {
      name: location?.name ?? '',
      address: location?.address ?? '',
      time_scale: location?.time_scale ?? 1,
    },
    validate: {
      name: (name) => (name.trim() ? null : 'Give the location a name.'),
      time_scale: checkScale,
    },
  });

  return (
    <form
      noValidate
      onSubmit={form.onSubmit((values) => {
        save.mutate(
          {
            id: location?.id ?? null,
            values: { ...values, time_scale: values.time_scale || 1 },
          },
          {
            onSuccess: (saved) => {
              toastSuccess(location ? `${saved.name} saved` : `${saved.name} created`);
              onClose();
              onSaved?.(saved);
            },
            onError: (error) => {
              form.setErrors(fieldErrors(asProblem(error), ['name', 'address', 'time_scale']));
            },
          },
        );
      })}
    >
      <Stack>
        <TextInput
          label="Name"
          placeholder="Car park at the station"
          required
          maxLength={200}
          data-autofocus
          {...form.getInputProps('name')}
        />
        <TextInput
          label="Address"
          placeholder="1 Station Road"
          maxLength={500}
          {...form.getInputProps('address')}
        />
        <TimeScaleInput
          description="How much faster than real time its chargers run; 1: as the simulation"
          value={form.values.time_scale}
          error={form.errors.time_scale}
          onChange={(scale) => {
            form.setFieldValue('time_scale', scale);
          }}
        />
        {save.error && <ProblemAlert error={save.error} brief />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={save.isPending}>
            {location ? 'Save' : 'Create location'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
