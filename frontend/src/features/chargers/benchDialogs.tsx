/** The questions that the bench actions of a charger ask. */
import {
  Modal,
  NumberInput,
  SegmentedControl,
  Select,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { useState } from 'react';
import type {
  ConnectorStatus,
  ErrorCode,
  InjectStatusBody,
  Network,
  NetworkBody,
} from '@/api/types';
import { DialogForm } from '@/components/DialogForm';
import { CONNECTOR_STATUSES, FAULT_CODES } from '@/components/status';
import {
  NETWORK_WORDS,
  checkDelay,
  checkLoss,
  checkOffset,
  describeOffset,
  isValidNetwork,
  networkBody,
  networkValues,
} from './bench';

interface DialogProps {
  opened: boolean;
  onClose: () => void;
}

interface NetworkProps extends DialogProps {
  network: Network;
  onNetwork: (network: NetworkBody) => void;
}

export function NetworkDialog(props: NetworkProps) {
  return (
    <Modal opened={props.opened} onClose={props.onClose} title="Network">
      <NetworkForm {...props} />
    </Modal>
  );
}

function NetworkForm({ network, onNetwork, onClose }: NetworkProps) {
  const [values, setValues] = useState(() => networkValues(network));
  const set = (changed: Partial<typeof values>) => {
    setValues({ ...values, ...changed });
  };
  return (
    <DialogForm
      submit="Set network"
      disabled={!isValidNetwork(values)}
      onClose={onClose}
      onSubmit={() => {
        onNetwork(networkBody(values));
      }}
    >
      <Stack gap={4}>
        <SegmentedControl
          aria-label="State of the network"
          fullWidth
          value={values.state}
          onChange={(state) => {
            set({ state });
          }}
          data={[
            { value: 'up', label: 'Up' },
            { value: 'cut', label: 'Cut' },
            { value: 'blackhole', label: 'Black hole' },
          ]}
        />
        <Text size="sm" c="dimmed" role="status">
          {NETWORK_WORDS[values.state]}
        </Text>
      </Stack>
      <NumberInput
        label="Latency (ms)"
        description="Each frame takes so much longer, in either direction."
        placeholder="0"
        min={0}
        clampBehavior="none"
        value={values.latencyMs}
        error={checkDelay(values.latencyMs)}
        onChange={(value) => {
          set({ latencyMs: numberOf(value) });
        }}
      />
      <NumberInput
        label="Jitter (ms)"
        description="The latency varies by so much."
        placeholder="0"
        min={0}
        clampBehavior="none"
        value={values.jitterMs}
        error={checkDelay(values.jitterMs)}
        onChange={(value) => {
          set({ jitterMs: numberOf(value) });
        }}
      />
      <NumberInput
        label="Loss (%)"
        description="Share of the frames that are lost."
        placeholder="0"
        min={0}
        clampBehavior="none"
        value={values.lossPercent}
        error={checkLoss(values.lossPercent)}
        onChange={(value) => {
          set({ lossPercent: numberOf(value) });
        }}
      />
    </DialogForm>
  );
}

interface ClockProps extends DialogProps {
  offsetS: number;
  onOffset: (offsetS: number) => void;
}

export function ClockDialog(props: ClockProps) {
  return (
    <Modal opened={props.opened} onClose={props.onClose} title="Clock">
      <ClockForm {...props} />
    </Modal>
  );
}

function ClockForm({ offsetS, onOffset, onClose }: ClockProps) {
  const [offset, setOffset] = useState<number | ''>(Math.round(offsetS));
  const error = checkOffset(offset);
  return (
    <DialogForm
      submit="Set clock"
      disabled={error !== null}
      onClose={onClose}
      onSubmit={() => {
        if (offset !== '') onOffset(offset);
      }}
    >
      <NumberInput
        label="Offset (s)"
        description="How far the charger's clock is ahead of the true time; negative: behind."
        clampBehavior="none"
        value={offset}
        error={error}
        onChange={(value) => {
          setOffset(numberOf(value));
        }}
        data-autofocus
      />
      <Text size="sm" c="dimmed" role="status">
        {error === null && offset !== ''
          ? `The clock will be ${describeOffset(offset) ?? 'right'}. `
          : ''}
        The CSMS sets it right again with the time in its answers.
      </Text>
    </DialogForm>
  );
}

interface InjectProps extends DialogProps {
  connectorIds: readonly number[];
  onInject: (status: InjectStatusBody) => void;
}

export function InjectStatusDialog(props: InjectProps) {
  return (
    <Modal opened={props.opened} onClose={props.onClose} title="Inject a status">
      <InjectStatusForm {...props} />
    </Modal>
  );
}

const ERROR_CODES: readonly ErrorCode[] = ['NoError', ...FAULT_CODES];

function InjectStatusForm({ connectorIds, onInject, onClose }: InjectProps) {
  const [connectorId, setConnectorId] = useState(connectorIds[0] ?? 0);
  const [status, setStatus] = useState<ConnectorStatus>('Available');
  const [errorCode, setErrorCode] = useState<ErrorCode>('NoError');
  const [info, setInfo] = useState('');
  const [vendorId, setVendorId] = useState('');
  const [vendorCode, setVendorCode] = useState('');
  return (
    <DialogForm
      submit="Send status"
      onClose={onClose}
      onSubmit={() => {
        onInject({
          connector_id: connectorId,
          status,
          error_code: errorCode,
          info: info || null,
          vendor_id: vendorId || null,
          vendor_error_code: vendorCode || null,
        });
      }}
    >
      <Text size="sm" c="dimmed">
        Sends this StatusNotification to the CSMS. Nothing changes at the charger.
      </Text>
      <Select
        label="Connector"
        data={[
          { value: '0', label: '0 – the charger as a whole' },
          ...connectorIds.map((id) => ({ value: String(id), label: String(id) })),
        ]}
        value={String(connectorId)}
        onChange={(value) => {
          if (value !== null) setConnectorId(Number(value));
        }}
        allowDeselect={false}
        openOnFocus={false}
        data-autofocus
      />
      <Select
        label="Status"
        data={CONNECTOR_STATUSES}
        value={status}
        onChange={(value) => {
          if (value !== null) setStatus(value);
        }}
        allowDeselect={false}
        openOnFocus={false}
      />
      <Select
        label="Error code"
        data={ERROR_CODES}
        value={errorCode}
        onChange={(value) => {
          if (value !== null) setErrorCode(value);
        }}
        allowDeselect={false}
        searchable
        openOnFocus={false}
      />
      <TextInput
        label="Info"
        maxLength={50}
        value={info}
        onChange={(event) => {
          setInfo(event.currentTarget.value);
        }}
      />
      <TextInput
        label="Vendor id"
        maxLength={255}
        value={vendorId}
        onChange={(event) => {
          setVendorId(event.currentTarget.value);
        }}
      />
      <TextInput
        label="Vendor error code"
        maxLength={50}
        value={vendorCode}
        onChange={(event) => {
          setVendorCode(event.currentTarget.value);
        }}
      />
    </DialogForm>
  );
}

function numberOf(value: number | string): number | '' {
  return typeof value === 'number' ? value : '';
}
