import { Button, Group, NumberInput, Popover, Radio, Stack, Text, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { IconClockPlay } from '@tabler/icons-react';
import { type SyntheticEvent, useState } from 'react';
import { simulationQuery, useSetTimeScale } from '@/api/simulation';
import { ProblemAlert } from '@/components/ProblemAlert';
import { FASTEST, TIME_SCALES, checkScale, describeScale, shortScale } from '@/lib/timeScale';

/** How fast the whole simulation runs: to be seen in the head of every page, and changed there. */
export function TimeScaleControl() {
  const { data: simulation } = useQuery(simulationQuery);
  const [opened, { toggle, close }] = useDisclosure(false);
  if (!simulation) return null;
  const scale = simulation.time_scale;
  const label = `Time: ${describeScale(scale)}`;
  return (
    <Popover
      opened={opened}
      onChange={(open) => {
        if (!open) close();
      }}
      position="bottom-end"
      width={280}
      trapFocus
      returnFocus
      withArrow
    >
      <Popover.Target>
        <Tooltip label={label} disabled={opened}>
          <Button
            variant={scale === 1 ? 'default' : 'filled'}
            color="grape"
            h={34}
            px="xs"
            aria-label={label}
            leftSection={<IconClockPlay size={18} aria-hidden />}
            style={{ flexShrink: 0, fontVariantNumeric: 'tabular-nums' }}
            onClick={toggle}
          >
            {shortScale(scale)}
          </Button>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown aria-label="Time scale of the simulation">
        {opened && <TimeScaleForm scale={scale} onClose={close} />}
      </Popover.Dropdown>
    </Popover>
  );
}

function isOffered(scale: number): boolean {
  return TIME_SCALES.some((offered) => offered === scale);
}

function TimeScaleForm({ scale, onClose }: { scale: number; onClose: () => void }) {
  const save = useSetTimeScale();
  const [choice, setChoice] = useState(isOffered(scale) ? String(scale) : 'own');
  const [own, setOwn] = useState<number | ''>(scale);
  const wanted = choice === 'own' ? own : Number(choice);
  const fault = checkScale(wanted);

  function submit(event: SyntheticEvent) {
    event.preventDefault();
    if (wanted === '' || fault) return;
    save.mutate(wanted, { onSuccess: onClose });
  }

  return (
    <form noValidate onSubmit={submit}>
      <Stack gap="sm">
        <Radio.Group label="Time runs at" value={choice} onChange={setChoice}>
          <Stack gap={6} mt={6}>
            {TIME_SCALES.map((offered) => (
              <Radio
                key={offered}
                value={String(offered)}
                label={describeScale(offered)}
                data-autofocus={choice === String(offered) || undefined}
              />
            ))}
            <Radio value="own" label="another pace" />
          </Stack>
        </Radio.Group>
        {choice === 'own' && (
          <NumberInput
            label="Times real time"
            min={1}
            max={FASTEST}
            decimalScale={2}
            value={own}
            error={fault}
            onChange={(number) => {
              setOwn(typeof number === 'number' ? number : '');
            }}
          />
        )}
        <Text size="xs" c="dimmed">
          The clocks of the chargers run ahead of the true time. Locations and chargers with a time
          scale of their own keep it.
        </Text>
        {save.error && <ProblemAlert error={save.error} brief />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" size="xs" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" size="xs" loading={save.isPending}>
            Set
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
