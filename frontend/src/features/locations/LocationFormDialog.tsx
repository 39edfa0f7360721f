import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useSaveLocation } from '@/api/locations';
import { asProblem } from '@/api/problem';
import type { Location } from '@/api/types';
import { ProblemAlert } from '@/components/ProblemAlert';
import { fieldErrors } from '@/components/formProblem';
import { toastSuccess } from '@/components/toasts';

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

function LocationForm({ location, onClose, onSaved }: Props) {
  const save = useSaveLocation();
  const form = useForm({
    initialValues: { name: location?.name ?? '', address: location?.address ?? '' },
    validate: { name: (name) => (name.trim() ? null : 'Give the location a name.') },
  });

  return (
    <form
      noValidate
      onSubmit={form.onSubmit((values) => {
        save.mutate(
          { id: location?.id ?? null, values },
          {
            onSuccess: (saved) => {
              toastSuccess(location ? `${saved.name} saved` : `${saved.name} created`);
              onClose();
              onSaved?.(saved);
            },
            onError: (error) => {
              form.setErrors(fieldErrors(asProblem(error), ['name', 'address']));
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
