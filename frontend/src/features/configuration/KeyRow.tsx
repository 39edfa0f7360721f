import {
  ActionIcon,
  Badge,
  Button,
  Group,
  Switch,
  TagsInput,
  Text,
  TextInput,
  Tooltip,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconLock, IconPencil } from '@tabler/icons-react';
import { useState } from 'react';
import { useSetConfiguration } from '@/api/configuration';
import { asProblem } from '@/api/problem';
import type { ConfigurationKey } from '@/api/types';
import { toastSuccess } from '@/components/toasts';
import classes from './KeyRow.module.css';
import { LIST_CHOICES, checkValue, kindOf, listOf, rangeOf } from './model';

interface Props {
  chargePointId: string;
  entry: ConfigurationKey;
}

/** A key with what it is for, and its value in the form that its type asks for. */
export function KeyRow({ chargePointId, entry }: Props) {
  const range = rangeOf(entry);
  const [changing, change] = useDisclosure(false);
  return (
    <div className={classes.row} role="group" aria-label={entry.key}>
      <div>
        <Group gap={6}>
          <Text fw={600} size="sm" style={{ overflowWrap: 'anywhere' }}>
            {entry.key}
          </Text>
          {entry.readonly && (
            <Tooltip label="The CSMS cannot change it">
              <Badge
                size="sm"
                variant="default"
                tt="none"
                leftSection={<IconLock size={11} aria-hidden />}
              >
                read-only
              </Badge>
            </Tooltip>
          )}
          {entry.reboot_required && (
            <Tooltip label="Takes effect when the charger restarts">
              <Badge size="sm" variant="light" color="orange" tt="none">
                needs reboot
              </Badge>
            </Tooltip>
          )}
        </Group>
        <Text size="xs" c="dimmed">
          {entry.description}
          {range && ` Takes ${range}.`}
        </Text>
      </div>
      {entry.readonly && !changing ? (
        <Group gap="xs" wrap="nowrap" align="flex-start" justify="space-between">
          <Text size="sm" ff="monospace" className={classes.value}>
            {entry.value === null ? 'not set' : entry.value || '(empty)'}
            {entry.unit && entry.value !== null && ` ${entry.unit}`}
          </Text>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Change ${entry.key}`}
            onClick={change.open}
          >
            <IconPencil size={16} />
          </ActionIcon>
        </Group>
      ) : (
        <Editor
          key={entry.value}
          chargePointId={chargePointId}
          entry={entry}
          onClose={entry.readonly ? change.close : undefined}
        />
      )}
    </div>
  );
}

interface EditorProps extends Props {
  /** Goes back to the value as text; a key that only the bench changes is edited on demand. */
  onClose?: (() => void) | undefined;
}

/** Starts anew (by its key) whenever the value becomes another, whoever set it. */
function Editor({ chargePointId, entry, onClose }: EditorProps) {
  const save = useSetConfiguration(chargePointId);
  const [value, setValue] = useState(entry.value ?? '');
  const kind = kindOf(entry);
  const refusal = save.error ? asProblem(save.error) : null;
  const error = checkValue(entry, value) ?? (refusal && (refusal.detail || refusal.title));
  const dirty = value !== (entry.value ?? '');

  function submit(text: string) {
    save.mutate(
      { [entry.key]: text },
      {
        onSuccess: () => {
          toastSuccess(
            entry.reboot_required ? `${entry.key} saved; it needs a reboot` : `${entry.key} saved`,
          );
          onClose?.();
        },
      },
    );
  }

  if (kind === 'boolean') {
    return (
      <Switch
        aria-label={entry.key}
        label={value.toLowerCase() === 'true' ? 'true' : 'false'}
        checked={value.toLowerCase() === 'true'}
        disabled={save.isPending}
        error={refusal && (refusal.detail || refusal.title)}
        onChange={(event) => {
          submit(event.currentTarget.checked ? 'true' : 'false');
        }}
      />
    );
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (dirty && !checkValue(entry, value)) submit(value);
      }}
    >
      <Group gap="xs" align="flex-start">
        {kind === 'list' ? (
          <TagsInput
            aria-label={entry.key}
            value={listOf(value)}
            splitChars={[',']}
            data={LIST_CHOICES[entry.key] ?? []}
            acceptValueOnBlur
            onChange={(entries) => {
              setValue(entries.join(','));
            }}
            error={error}
            style={{ flex: '1 1 200px', minWidth: 0 }}
          />
        ) : (
          <TextInput
            aria-label={entry.key}
            value={value}
            inputMode={kind === 'integer' ? 'numeric' : 'text'}
            placeholder={entry.value === null ? 'not set, or a secret' : ''}
            spellCheck={false}
            onChange={(event) => {
              setValue(event.currentTarget.value);
            }}
            error={error}
            rightSection={
              entry.unit && (
                <Text size="xs" c="dimmed" pr="sm">
                  {entry.unit}
                </Text>
              )
            }
            rightSectionWidth="auto"
            style={{ flex: '1 1 200px', minWidth: 0 }}
          />
        )}
        {dirty && (
          <Button type="submit" loading={save.isPending} aria-label={`Save ${entry.key}`}>
            Save
          </Button>
        )}
        {(dirty || onClose) && (
          <Button
            variant="default"
            aria-label={`${onClose ? 'Cancel' : 'Undo'} the change of ${entry.key}`}
            onClick={() => {
              setValue(entry.value ?? '');
              save.reset();
              onClose?.();
            }}
          >
            {onClose ? 'Cancel' : 'Undo'}
          </Button>
        )}
      </Group>
    </form>
  );
}
