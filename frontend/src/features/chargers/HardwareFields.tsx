import { MultiSelect, NumberInput, Select, SimpleGrid, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Measurand } from '@/api/types';
import type { HardwareValues } from './chargerForm';
import { MEASURANDS } from './measurands';

interface Props {
  value: HardwareValues;
  onChange: (value: HardwareValues) => void;
  /** What does not fit together. */
  problem?: ReactNode;
}

const ROTATIONS = ['RST', 'RTS', 'SRT', 'STR', 'TRS', 'TSR'] as const;

/** The hardware beyond the connectors: how they are fed, and what their meters can. */
export function HardwareFields({ value, onChange, problem }: Props) {
  const numberOr = <Empty,>(given: number | string, empty: Empty) =>
    typeof given === 'number' ? given : empty;
  return (
    <Stack gap="sm">
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        <NumberInput
          label="Shared power (kW)"
          description="Of all connectors together"
          placeholder="Each its maximum"
          min={0.1}
          max={100_000}
          decimalScale={3}
          hideControls
          value={value.shared_power_kw}
          onChange={(power) => {
            onChange({ ...value, shared_power_kw: numberOr(power, '') });
          }}
        />
        <NumberInput
          label="Power module (kW)"
          description="The step in which it is shared out"
          placeholder="Continuously"
          min={0.1}
          max={100_000}
          decimalScale={3}
          hideControls
          value={value.module_power_kw}
          onChange={(power) => {
            onChange({ ...value, module_power_kw: numberOr(power, '') });
          }}
        />
        <NumberInput
          label="Meter accuracy (± %)"
          min={0}
          max={20}
          decimalScale={3}
          hideControls
          value={value.accuracy_class_percent}
          onChange={(percent) => {
            onChange({ ...value, accuracy_class_percent: numberOr(percent, 0) });
          }}
        />
        <NumberInput
          label="Meter resolution (Wh)"
          min={0}
          max={100_000}
          decimalScale={3}
          hideControls
          value={value.resolution_wh}
          onChange={(energy) => {
            onChange({ ...value, resolution_wh: numberOr(energy, 0) });
          }}
        />
      </SimpleGrid>
      <MultiSelect
        label="Measurands of the meters"
        description="None chosen: all that there are"
        data={MEASURANDS}
        value={value.measurands}
        searchable
        rightSection={null}
        rightSectionWidth={12}
        styles={{ pill: { maxWidth: '100%' } }}
        onChange={(measurands) => {
          onChange({ ...value, measurands: measurands as Measurand[] });
        }}
      />
      <Select
        label="Phase rotation"
        description="The phases of the supply that L1, L2 and L3 are on"
        data={ROTATIONS}
        value={value.phase_rotation}
        allowDeselect={false}
        onChange={(rotation) => {
          onChange({
            ...value,
            phase_rotation: ROTATIONS.find((known) => known === rotation) ?? 'RST',
          });
        }}
      />
      {problem && (
        <Text size="sm" c="red" role="alert" data-fault tabIndex={-1}>
          {problem}
        </Text>
      )}
    </Stack>
  );
}
