import { Button, Group, Stack } from '@mantine/core';
import type { ReactNode } from 'react';

interface Props {
  submit: string;
  disabled?: boolean;
  onSubmit: () => void;
  onClose: () => void;
  children: ReactNode;
}

/** The form of a dialog: sending it closes the dialog; what fails is told by a message. */
export function DialogForm({ submit, disabled = false, onSubmit, onClose, children }: Props) {
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (disabled) return;
        onSubmit();
        onClose();
      }}
    >
      <Stack>
        {children}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" disabled={disabled}>
            {submit}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
