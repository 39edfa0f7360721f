import { NumberInput, SimpleGrid, TextInput, Textarea } from '@mantine/core';
import type { RunChanges } from './newRun';

interface Props {
  values: RunChanges;
  /** By the names of the API. */
  errors: Record<string, string>;
  onChange: (values: RunChanges) => void;
}

const AS_PLANNED = 'as planned';

/** What stands instead of what the plan says; empty fields leave it as it is. */
export function ChangeFields({ values, errors, onChange }: Props) {
  return (
    <>
      <Textarea
        label="CSMS address"
        description="Of several, one a line: chargers take them in turn"
        placeholder={AS_PLANNED}
        rows={2}
        resize="vertical"
        spellCheck={false}
        autoCapitalize="off"
        value={values.csmsUrls}
        error={errors.csms_urls}
        onChange={(event) => {
          onChange({ ...values, csmsUrls: event.currentTarget.value });
        }}
      />
      <SimpleGrid cols={{ base: 3, md: 1, lg: 3 }} spacing="xs">
        <TextInput
          label="Duration"
          placeholder={AS_PLANNED}
          title="Such as 90s, 10m or 1h30m"
          spellCheck={false}
          value={values.duration}
          error={errors.duration}
          onChange={(event) => {
            onChange({ ...values, duration: event.currentTarget.value });
          }}
        />
        <NumberInput
          label="Seed"
          placeholder={AS_PLANNED}
          allowDecimal={false}
          min={0}
          hideControls
          value={values.seed}
          error={errors.seed}
          onChange={(seed) => {
            onChange({ ...values, seed: numberOf(seed) });
          }}
        />
        <NumberInput
          label="Processes"
          placeholder="1"
          title="Over how many processes of this machine the chargers are spread"
          allowDecimal={false}
          min={1}
          hideControls
          value={values.processes}
          error={errors.processes}
          onChange={(processes) => {
            onChange({ ...values, processes: numberOf(processes) });
          }}
        />
      </SimpleGrid>
    </>
  );
}

function numberOf(value: string | number): number | '' {
  return typeof value === 'number' ? value : '';
}
