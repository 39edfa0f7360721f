import { Alert, Checkbox, Text } from '@mantine/core';
import { useState } from 'react';
import { useDeleteLocation } from '@/api/locations';
import type { Location } from '@/api/types';
import { ConfirmDialog } from '@/components/ConfirmDialog';
import { toastSuccess } from '@/components/toasts';
import { count } from '@/lib/units';

interface Props {
  /** The location to delete; null keeps the dialog closed. */
  location: Location | null;
  onClose: () => void;
  onDeleted?: () => void;
}

export function DeleteLocationDialog({ location, onClose, onDeleted }: Props) {
  const remove = useDeleteLocation();
  const [force, setForce] = useState(false);
  const chargers = location?.charger_count ?? 0;

  function close() {
    setForce(false);
    remove.reset();
    onClose();
  }

  return (
    <ConfirmDialog
      opened={location !== null}
      title="Delete location"
      confirm="Delete location"
      pending={remove.isPending}
      error={remove.error}
      disabled={chargers > 0 && !force}
      onClose={close}
      onConfirm={() => {
        if (!location) return;
        remove.mutate(
          { id: location.id, force },
          {
            onSuccess: () => {
              toastSuccess(`${location.name} deleted`);
              close();
              onDeleted?.();
            },
          },
        );
      }}
    >
      <Text>
        Delete <strong>{location?.name}</strong> and its vehicles? This cannot be undone.
      </Text>
      {chargers > 0 && (
        <Alert
          color="yellow"
          title={`There ${chargers === 1 ? 'is' : 'are'} ${count(chargers, 'charger')} here`}
        >
          <Text size="sm" mb="xs">
            They would be disconnected and deleted too, with their configuration and their
            transactions, even while a car is charging.
          </Text>
          <Checkbox
            label={`Delete the ${chargers === 1 ? 'charger' : 'chargers'} too`}
            checked={force}
            onChange={(event) => {
              setForce(event.currentTarget.checked);
            }}
          />
        </Alert>
      )}
    </ConfirmDialog>
  );
}
