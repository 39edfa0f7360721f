import { ActionIcon, Button, Fieldset, Group, Input, NumberInput, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { type ReactNode, useRef } from 'react';
import type { CurveRow } from './site';

interface Props {
  label: string;
  description: string;
  rows: readonly CurveRow[];
  error?: ReactNode;
  onChange: (rows: CurveRow[]) => void;
}

/** A daily curve as a small table of times and powers. */
export function CurveTable({ label, description, rows, error, onChange }: Props) {
  const addButton = useRef<HTMLButtonElement>(null);
  const change = (index: number, own: Partial<CurveRow>) => {
    onChange(rows.map((row, at) => (at === index ? { ...row, ...own } : row)));
  };
  return (
    <Fieldset legend={label}>
      <Input.Description mb="xs">
        {description} Linear between the points, the same every day; times in UTC. No points: 0.
      </Input.Description>
      {rows.map((row, index) => {
        const name = `${label}, point ${index + 1}`;
        return (
          <Group key={index} gap="xs" mb={6} wrap="nowrap">
            <TextInput
              type="time"
              aria-label={`${name}: time`}
              value={row.time}
              style={{ flex: 1 }}
              onChange={(event) => {
                change(index, { time: event.currentTarget.value });
              }}
            />
            <NumberInput
              aria-label={`${name}: kW`}
              min={0}
              suffix=" kW"
              placeholder="kW"
              value={row.power_kw}
              style={{ flex: 1 }}
              onChange={(value) => {
                change(index, { power_kw: value === '' ? '' : Number(value) });
              }}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Remove ${name}`}
              onClick={() => {
                onChange(rows.filter((_, at) => at !== index));
                // The button that had the focus goes with its row.
                addButton.current?.focus();
              }}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </Group>
        );
      })}
      {error != null && (
        <Input.Error mb="xs" role="alert" data-fault tabIndex={-1}>
          {error}
        </Input.Error>
      )}
      <Button
        ref={addButton}
        variant="default"
        size="xs"
        leftSection={<IconPlus size={14} aria-hidden />}
        onClick={() => {
          onChange([...rows, { time: '', power_kw: '' }]);
        }}
      >
        Add a point to {label}
      </Button>
    </Fieldset>
  );
}
