import {
  Accordion,
  Button,
  Fieldset,
  Group,
  Modal,
  NumberInput,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  TextInput,
} from '@mantine/core';
import { type UseFormReturnType, useForm } from '@mantine/form';
import { useState } from 'react';
import { useCreateCharger, useFleet, useUpdateCharger } from '@/api/chargers';
import { asProblem } from '@/api/problem';
import type { ChargerDetail } from '@/api/types';
import { ProblemAlert } from '@/components/ProblemAlert';
import { TimeScaleInput } from '@/components/TimeScaleInput';
import { fieldErrors } from '@/components/formProblem';
import { toastSuccess } from '@/components/toasts';
import { useFirstFault } from '@/components/useFirstFault';
import { ConnectorFields } from './ConnectorFields';
import { HardwareFields } from './HardwareFields';
import { SecurityFields } from './SecurityFields';
import { TemplateSelect } from './TemplateSelect';
import {
  CHECKS,
  type ChargerFormValues,
  createBody,
  newCharger,
  updateBody,
  valuesOf,
} from './chargerForm';
import { withTemplate } from './templates';

interface AddProps {
  opened: boolean;
  locationId: number;
  onClose: () => void;
}

export function AddChargerDialog(props: AddProps) {
  return (
    <Modal opened={props.opened} onClose={props.onClose} title="Add charger" size="lg">
      <AddForm {...props} />
    </Modal>
  );
}

function AddForm({ locationId, onClose }: AddProps) {
  const { fleet } = useFleet();
  const create = useCreateCharger(locationId);
  const [initial] = useState(() => newCharger([...(fleet?.chargers.values() ?? [])], locationId));
  return (
    <ChargerForm
      initial={initial}
      existing={null}
      submit="Add charger"
      pending={create.isPending}
      error={create.error}
      onCancel={onClose}
      onSubmit={(values, onError) => {
        create.mutate(createBody(values), {
          onSuccess: ({ charger_name }) => {
            toastSuccess(`${charger_name} added`);
            onClose();
          },
          onError,
        });
      }}
    />
  );
}

interface EditProps {
  opened: boolean;
  charger: ChargerDetail;
  onClose: () => void;
}

export function EditChargerDialog(props: EditProps) {
  return (
    <Modal opened={props.opened} onClose={props.onClose} title="Edit charger" size="lg">
      <EditForm {...props} />
    </Modal>
  );
}

function EditForm({ charger, onClose }: EditProps) {
  const update = useUpdateCharger(charger.charge_point_id);
  const [initial] = useState(() => valuesOf(charger));
  return (
    <ChargerForm
      initial={initial}
      existing={charger}
      submit="Save"
      pending={update.isPending}
      error={update.error}
      onCancel={onClose}
      onSubmit={(values, onError) => {
        update.mutate(updateBody(initial, values), {
          onSuccess: ({ charger_name }) => {
            toastSuccess(`${charger_name} saved`);
            onClose();
          },
          onError,
        });
      }}
    />
  );
}

type Form = UseFormReturnType<ChargerFormValues>;

/** The fields that are not in the section Advanced. */
const IN_SIGHT = new Set([
  'template_id',
  'charger_name',
  'charge_point_id',
  'connection_url',
  'connector_count',
  'connector',
  'auto_connect',
]);

interface FormProps {
  initial: ChargerFormValues;
  existing: ChargerDetail | null;
  submit: string;
  pending: boolean;
  error: Error | null;
  /** `onError` shows what was refused at the fields. */
  onSubmit: (values: ChargerFormValues, onError: (error: Error) => void) => void;
  onCancel: () => void;
}

function ChargerForm({ initial, existing, submit, pending, error, onSubmit, onCancel }: FormProps) {
  const form = useForm<ChargerFormValues>({ initialValues: initial, validate: CHECKS });
  const [advanced, setAdvanced] = useState(false);
  const { form: element, showFirstFault } = useFirstFault();
  /** What is wrong may be in the section that is closed. */
  const showFaults = (fields: readonly string[]) => {
    if (fields.some((field) => !IN_SIGHT.has(field))) setAdvanced(true);
    showFirstFault();
  };

  return (
    <form
      ref={element}
      noValidate
      onSubmit={form.onSubmit(
        (values) => {
          onSubmit(values, (refused) => {
            const errors = fieldErrors(asProblem(refused), Object.keys(values));
            form.setErrors(errors);
            showFaults(Object.keys(errors));
          });
        },
        (errors) => {
          showFaults(Object.keys(errors));
        },
      )}
    >
      <Stack>
        {existing === null && (
          <TemplateSelect
            value={form.values.template_id}
            problem={form.errors.template_id}
            onChange={(template) => {
              form.setValues(withTemplate(form.values, template));
            }}
          />
        )}
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
          <TextInput
            label="Name"
            required
            maxLength={200}
            data-autofocus
            {...form.getInputProps('charger_name')}
          />
          <TextInput
            label="Charge point id"
            required
            disabled={existing !== null}
            spellCheck={false}
            {...form.getInputProps('charge_point_id')}
          />
        </SimpleGrid>
        <TextInput
          label="CSMS address"
          description="The charge point id is appended to it."
          placeholder="ws://csms.example/ocpp"
          required
          spellCheck={false}
          {...form.getInputProps('connection_url')}
        />
        {!form.values.connectors_differ && (
          <>
            <NumberInput
              label="Connectors"
              min={1}
              max={100}
              allowDecimal={false}
              clampBehavior="strict"
              {...form.getInputProps('connector_count')}
              onChange={(number) => {
                form.setFieldValue('connector_count', typeof number === 'number' ? number : 1);
              }}
            />
            <ConnectorFields
              value={form.values.connector}
              onChange={(connector) => {
                form.setFieldValue('connector', connector);
              }}
            />
          </>
        )}
        {existing === null && (
          <Switch
            label="Connect at once"
            description="And again after every restart of the simulator"
            {...form.getInputProps('auto_connect', { type: 'checkbox' })}
          />
        )}
        <Accordion
          variant="separated"
          transitionDuration={0}
          value={advanced ? 'advanced' : null}
          onChange={(value) => {
            setAdvanced(value !== null);
          }}
        >
          <Accordion.Item value="advanced">
            <Accordion.Control>Advanced</Accordion.Control>
            <Accordion.Panel>
              <Stack>
                <Fieldset legend="Device and behaviour">
                  <DeviceFields form={form} />
                </Fieldset>
                <Fieldset legend="Supply and meters">
                  <HardwareFields
                    value={form.values.hardware}
                    problem={form.errors.hardware}
                    onChange={(hardware) => {
                      form.setFieldValue('hardware', hardware);
                    }}
                  />
                </Fieldset>
                <Fieldset legend="Security">
                  <SecurityFields
                    form={form}
                    passwordSet={existing?.basic_auth_password_set ?? false}
                    keySet={existing?.tls.client_key_set ?? false}
                  />
                </Fieldset>
                <Fieldset legend="Connectors one by one">
                  <DifferingConnectors form={form} />
                </Fieldset>
              </Stack>
            </Accordion.Panel>
          </Accordion.Item>
        </Accordion>
        {error && <ProblemAlert error={error} brief />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={pending}>
            {submit}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function DeviceFields({ form }: { form: Form }) {
  return (
    <Stack gap="sm">
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        <TextInput label="Vendor" maxLength={20} {...form.getInputProps('charge_point_vendor')} />
        <TextInput label="Model" maxLength={20} {...form.getInputProps('charge_point_model')} />
        <TextInput
          label="Firmware version"
          maxLength={50}
          {...form.getInputProps('firmware_version')}
        />
        <TextInput
          label="Serial number"
          maxLength={25}
          {...form.getInputProps('charge_point_serial_number')}
        />
      </SimpleGrid>
      <Switch
        label="Plug in by itself"
        description="A remote start brings the car; it leaves after the stop."
        {...form.getInputProps('auto_plug_in', { type: 'checkbox' })}
      />
      <TimeScaleInput
        description="How much faster than real time it runs; 1: as its location"
        value={form.values.time_scale}
        error={form.errors.time_scale}
        onChange={(scale) => {
          form.setFieldValue('time_scale', scale);
        }}
      />
    </Stack>
  );
}

function DifferingConnectors({ form }: { form: Form }) {
  const { connectors, connectors_differ, connector_count, connector } = form.values;
  return (
    <Stack>
      <Switch
        label="The connectors differ"
        checked={connectors_differ}
        onChange={(event) => {
          const differ = event.currentTarget.checked;
          form.setFieldValue('connectors_differ', differ);
          if (differ && connectors.length !== connector_count) {
            form.setFieldValue(
              'connectors',
              Array.from({ length: connector_count }, () => connector),
            );
          }
        }}
      />
      {connectors_differ &&
        connectors.map((one, index) => (
          <div key={index} role="group" aria-label={`Connector ${index + 1}`}>
            <Group justify="space-between" mb={4}>
              <Text fw={600} size="sm">
                Connector {index + 1}
              </Text>
              {connectors.length > 1 && (
                <Button
                  size="compact-xs"
                  variant="subtle"
                  color="red"
                  aria-label={`Remove connector ${index + 1}`}
                  onClick={() => {
                    form.setFieldValue('connectors', connectors.toSpliced(index, 1));
                  }}
                >
                  Remove
                </Button>
              )}
            </Group>
            <ConnectorFields
              of={`Connector ${index + 1}`}
              value={one}
              onChange={(changed) => {
                form.setFieldValue('connectors', connectors.with(index, changed));
              }}
            />
          </div>
        ))}
      {connectors_differ && connectors.length < 100 && (
        <Button
          variant="default"
          size="xs"
          onClick={() => {
            form.setFieldValue('connectors', [...connectors, connectors.at(-1) ?? connector]);
          }}
        >
          Add connector
        </Button>
      )}
    </Stack>
  );
}
