import { Button, Group, Modal, NumberInput, Select, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useSaveSite } from '@/api/site';
import type { Site } from '@/api/types';
import { asProblem } from '@/api/problem';
import { ProblemAlert } from '@/components/ProblemAlert';
import { toastSuccess } from '@/components/toasts';
import { useFirstFault } from '@/components/useFirstFault';
import { CurveTable } from './CurveTable';
import { RULES, bodyOfForm, faultsOf, formOf, isRule, refusedFields, ruleHint } from './site';

interface Props {
  opened: boolean;
  locationId: number;
  /** Null for a location that has none yet. */
  site: Site | null;
  onClose: () => void;
}

export function SiteFormDialog(props: Props) {
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      size="lg"
      title={props.site ? 'Edit site' : 'Grid limit'}
    >
      <SiteForm {...props} />
    </Modal>
  );
}

function SiteForm({ locationId, site, onClose }: Props) {
  const save = useSaveSite(locationId);
  const form = useForm({ initialValues: formOf(site), validate: faultsOf });
  const { form: element, showFirstFault } = useFirstFault();
  return (
    <form
      ref={element}
      noValidate
      onSubmit={form.onSubmit((values) => {
        save.mutate(bodyOfForm(values), {
          onSuccess: () => {
            toastSuccess('Site saved');
            onClose();
          },
          onError: (error) => {
            form.setErrors(refusedFields(asProblem(error).fields));
            showFirstFault();
          },
        });
      }, showFirstFault)}
    >
      <Stack>
        <Group grow align="flex-start">
          <NumberInput
            label="Grid limit"
            required
            min={0}
            data-autofocus
            {...form.getInputProps('limit')}
          />
          <Select
            label="Unit"
            allowDeselect={false}
            data={[
              { value: 'A', label: 'A, each phase' },
              { value: 'kW', label: 'kW, all phases' },
            ]}
            {...form.getInputProps('limitUnit')}
          />
        </Group>
        <Select
          label="Sharing"
          allowDeselect={false}
          description={ruleHint(form.values.sharing)}
          data={Object.entries(RULES).map(([value, label]) => ({ value, label }))}
          value={form.values.sharing}
          onChange={(value) => {
            if (value !== null && isRule(value)) form.setFieldValue('sharing', value);
          }}
        />
        <CurveTable
          label="Base load"
          description="What the building takes through the day."
          rows={form.values.base_load}
          error={form.errors.base_load}
          onChange={(rows) => {
            form.setFieldValue('base_load', rows);
          }}
        />
        <CurveTable
          label="PV"
          description="What the roof gives."
          rows={form.values.pv}
          error={form.errors.pv}
          onChange={(rows) => {
            form.setFieldValue('pv', rows);
          }}
        />
        <Group grow align="flex-start">
          <NumberInput
            label="Minimum current (A)"
            description="Who cannot have it waits."
            min={0}
            max={100}
            {...form.getInputProps('minimum_current_a')}
          />
          <NumberInput
            label="Interval (s)"
            description="Divided anew at least so often."
            min={1}
            max={3600}
            {...form.getInputProps('interval_s')}
          />
        </Group>
        {save.error && <ProblemAlert error={save.error} brief />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={save.isPending}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
