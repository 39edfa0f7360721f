import {
  Accordion,
  Button,
  Group,
  Modal,
  NumberInput,
  Select,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { asProblem } from '@/api/problem';
import type { Vehicle } from '@/api/types';
import { useSaveVehicle, vehicleModelsQuery } from '@/api/vehicles';
import { ProblemAlert } from '@/components/ProblemAlert';
import { fieldErrors } from '@/components/formProblem';
import { toastSuccess } from '@/components/toasts';
import { useFirstFault } from '@/components/useFirstFault';
import { CurveChart } from './CurveChart';
import { formatCurve } from './curve';
import {
  CHECKS,
  MORE_NUMBERS,
  NEW_VEHICLE,
  OWN_NUMBERS,
  bodyOf,
  curveOf,
  modelChoices,
  phaseShare,
  placeholderOf,
  valuesOf,
  withModel,
} from './vehicleForm';

interface Props {
  opened: boolean;
  locationId: number;
  /** The vehicle to change; null for a new one. */
  vehicle: Vehicle | null;
  onClose: () => void;
}

/** The fields of the section that is closed at first. */
const IN_SECTION = new Set<string>([
  'dc_charging_curve',
  ...MORE_NUMBERS.map(({ field }) => field),
]);

export function VehicleFormDialog(props: Props) {
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={props.vehicle ? 'Edit vehicle' : 'Add vehicle'}
    >
      <VehicleForm {...props} />
    </Modal>
  );
}

function VehicleForm({ locationId, vehicle, onClose }: Props) {
  const save = useSaveVehicle(locationId);
  const library = useQuery(vehicleModelsQuery);
  const form = useForm({
    initialValues: vehicle ? valuesOf(vehicle) : NEW_VEHICLE,
    validate: CHECKS,
  });
  const { form: element, showFirstFault } = useFirstFault();
  const [section, setSection] = useState<string | null>(null);
  /** What is wrong may be in the section that is closed. */
  const showFaults = (fields: readonly string[]) => {
    if (fields.some((field) => IN_SECTION.has(field))) setSection('more');
    showFirstFault();
  };
  const models = library.data ?? [];
  const modelId = form.values.model_id;
  const model = models.find(({ id }) => id === modelId) ?? null;
  const unknown = library.data && modelId !== OWN_NUMBERS && !model ? modelId : null;
  const curve = curveOf(form.values, model);
  return (
    <form
      ref={element}
      noValidate
      onSubmit={form.onSubmit(
        (values) => {
          save.mutate(
            { id: vehicle?.id ?? null, values: bodyOf(values) },
            {
              onSuccess: ({ name }) => {
                toastSuccess(vehicle ? `${name} saved` : `${name} added`);
                onClose();
              },
              onError: (error) => {
                const errors = fieldErrors(asProblem(error), Object.keys(values));
                form.setErrors(errors);
                showFaults(Object.keys(errors));
              },
            },
          );
        },
        (errors) => {
          showFaults(Object.keys(errors));
        },
      )}
    >
      <Stack>
        <TextInput
          label="Name"
          placeholder="Blue van"
          required
          maxLength={200}
          data-autofocus
          {...form.getInputProps('name')}
        />
        <TextInput
          label="Id tags"
          description="The tags that it charges with, separated by commas"
          placeholder="04A2B3C4D5E6F7, VAN-1"
          spellCheck={false}
          {...form.getInputProps('id_tags')}
        />
        <Select
          label="Model"
          description="Charges as this car does, but for the numbers that you give"
          data={modelChoices(models, unknown)}
          searchable
          allowDeselect={false}
          nothingFoundMessage="No model like that"
          maxDropdownHeight={260}
          disabled={library.isPending}
          {...form.getInputProps('model_id')}
          onChange={(id) => {
            const chosen = models.find((each) => each.id === id) ?? null;
            form.setValues(withModel(form.values, model, chosen));
          }}
          error={library.error ? 'The models could not be loaded.' : form.errors.model_id}
        />
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
          <NumberInput
            label="Battery (kWh)"
            required={modelId === OWN_NUMBERS}
            placeholder={placeholderOf('battery_capacity_kwh', model)}
            hideControls
            decimalScale={3}
            {...form.getInputProps('battery_capacity_kwh')}
          />
          <NumberInput
            label="AC power (kW)"
            placeholder={placeholderOf('ac_max_power_kw', model, phaseShare(form.values, model))}
            min={0}
            hideControls
            decimalScale={3}
            {...form.getInputProps('ac_max_power_kw')}
          />
          <Select
            label="AC phases"
            data={['1', '2', '3']}
            placeholder={placeholderOf('ac_phases', model)}
            clearable
            {...form.getInputProps('ac_phases')}
            value={form.values.ac_phases || null}
            onChange={(phases) => {
              form.setFieldValue('ac_phases', (phases ?? '') as '' | '1' | '2' | '3');
            }}
          />
          <NumberInput
            label="DC power (kW)"
            placeholder={placeholderOf('dc_max_power_kw', model)}
            min={0}
            hideControls
            decimalScale={3}
            {...form.getInputProps('dc_max_power_kw')}
          />
        </SimpleGrid>
        <div>
          <Text size="sm" fw={500}>
            DC power over the state of charge
          </Text>
          {curve ? (
            <CurveChart curve={curve} />
          ) : (
            <Text size="sm" c="dimmed">
              It charges with AC only.
            </Text>
          )}
        </div>
        <Accordion variant="separated" transitionDuration={0} value={section} onChange={setSection}>
          <Accordion.Item value="more">
            <Accordion.Control>Curve, ramps and efficiency</Accordion.Control>
            <Accordion.Panel>
              <Stack gap="sm">
                <TextInput
                  label="DC curve"
                  description="State of charge in % and kW, point by point"
                  placeholder={
                    formatCurve(model?.dc_charging_curve ?? []) || '0:80, 50:100, 100:10'
                  }
                  spellCheck={false}
                  {...form.getInputProps('dc_charging_curve')}
                />
                <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
                  {MORE_NUMBERS.map(({ field, label, factor, most }) => (
                    <NumberInput
                      key={field}
                      label={label}
                      placeholder={placeholderOf(field, model, factor)}
                      min={0}
                      max={most}
                      hideControls
                      decimalScale={3}
                      {...form.getInputProps(field)}
                    />
                  ))}
                </SimpleGrid>
              </Stack>
            </Accordion.Panel>
          </Accordion.Item>
        </Accordion>
        {save.error && <ProblemAlert error={save.error} brief />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={save.isPending}>
            {vehicle ? 'Save' : 'Add vehicle'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
