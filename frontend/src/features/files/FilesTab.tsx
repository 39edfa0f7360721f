import {
  Button,
  Card,
  Group,
  Input,
  NumberInput,
  SegmentedControl,
  SimpleGrid,
  Stack,
  Text,
  Title,
} from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { useChargerAction } from '@/api/bench';
import { useCharger } from '@/api/chargers';
import type { ChargerDetail } from '@/api/types';
import { ProfileOff } from '@/components/ProfileOff';
import { StateBadge } from '@/components/StateBadge';
import { fileStatusColor } from '@/components/status';
import { toastSuccess } from '@/components/toasts';
import {
  NO_OUTCOMES,
  type OutcomeValues,
  STATUS_MEANINGS,
  checkDuration,
  outcomeValues,
  outcomesBody,
  sameOutcomes,
} from './model';

/** Firmware and diagnostics of a charger, and how their next transfers shall go. */
export function FilesTab() {
  const { chargePointId } = useParams({ from: '/shell/chargers/$chargePointId' });
  const { data: charger } = useCharger(chargePointId);
  return charger ? <FilesOf charger={charger} /> : null;
}

export function FilesOf({ charger }: { charger: ChargerDetail }) {
  const { files, firmware_version } = charger;
  const set = outcomeValues(files);
  return (
    <Stack gap="md">
      <ProfileOff chargePointId={charger.charge_point_id} profile="FirmwareManagement" />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Transfer
          title="Firmware"
          status={files.firmware_status}
          detail={firmware_version ? `Version ${firmware_version}` : 'The version is not known'}
        >
          Your CSMS asks for an update with UpdateFirmware.
        </Transfer>
        <Transfer title="Diagnostics" status={files.diagnostics_status} detail={null}>
          Your CSMS asks for a file with GetDiagnostics.
        </Transfer>
      </SimpleGrid>
      <Outcomes
        // Set elsewhere, the form begins anew with what counts now.
        key={JSON.stringify(set)}
        chargePointId={charger.charge_point_id}
        set={set}
      />
    </Stack>
  );
}

interface TransferProps {
  title: string;
  status: keyof typeof STATUS_MEANINGS;
  detail: string | null;
  children: string;
}

function Transfer({ title, status, detail, children }: TransferProps) {
  return (
    <Card withBorder padding="md" component="section" aria-label={title}>
      <Group justify="space-between" gap="xs" mb={4}>
        <Title order={2} size="h4">
          {title}
        </Title>
        <div role="status" aria-label={`${title} status`}>
          <StateBadge color={fileStatusColor(status)} label={status} />
        </div>
      </Group>
      {detail && <Text size="sm">{detail}</Text>}
      <Text size="sm">{STATUS_MEANINGS[status]}</Text>
      <Text size="sm" c="dimmed">
        {children}
      </Text>
    </Card>
  );
}

function Outcomes({ chargePointId, set }: { chargePointId: string; set: OutcomeValues }) {
  const act = useChargerAction(chargePointId);
  const [values, setValues] = useState(set);
  const durationError = checkDuration(values.durationS);
  const change = (changed: Partial<OutcomeValues>) => {
    setValues({ ...values, ...changed });
  };

  function save(wanted: OutcomeValues) {
    act.mutate(
      { do: 'files', files: outcomesBody(wanted) },
      {
        onSuccess: () => {
          toastSuccess('The next transfers go as set');
        },
      },
    );
  }

  return (
    <Card withBorder padding="md" component="section" aria-labelledby="next-transfers">
      <Title order={2} size="h4" id="next-transfers">
        The next transfers
      </Title>
      <Text size="sm" c="dimmed" mb="md">
        How they end, whatever their address, until you reset it. What is not set succeeds; with a
        host that TRANSFER_HOSTS allows, the transfer is made for real and ends as it does.
      </Text>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (durationError === null) save(values);
        }}
      >
        <SimpleGrid cols={{ base: 1, sm: 2, lg: 4 }} mb="md">
          <Choice
            label="Firmware download"
            value={values.download}
            bad="fail"
            badLabel="Fails"
            onChange={(download) => {
              change({ download });
            }}
          />
          <Choice
            label="Installation"
            value={values.install}
            bad="fail"
            badLabel="Fails"
            onChange={(install) => {
              change({ install });
            }}
          />
          <Choice
            label="Firmware signature"
            value={values.signature}
            bad="invalid"
            badLabel="Invalid"
            onChange={(signature) => {
              change({ signature });
            }}
          />
          <Choice
            label="Diagnostics upload"
            value={values.upload}
            bad="fail"
            badLabel="Fails"
            onChange={(upload) => {
              change({ upload });
            }}
          />
        </SimpleGrid>
        <NumberInput
          label="Duration of each (s)"
          placeholder="3"
          min={0}
          clampBehavior="none"
          maw={280}
          mb="md"
          value={values.durationS}
          error={durationError}
          onChange={(value) => {
            change({ durationS: typeof value === 'number' ? value : '' });
          }}
        />
        <Group gap="xs">
          <Button
            type="submit"
            loading={act.isPending}
            disabled={durationError !== null || sameOutcomes(values, set)}
          >
            Set outcomes
          </Button>
          <Button
            variant="default"
            disabled={sameOutcomes(set, NO_OUTCOMES)}
            onClick={() => {
              save(NO_OUTCOMES);
            }}
          >
            Reset
          </Button>
        </Group>
      </form>
    </Card>
  );
}

interface ChoiceProps<Bad extends string> {
  label: string;
  value: '' | 'ok' | Bad;
  bad: Bad;
  badLabel: string;
  onChange: (value: '' | 'ok' | Bad) => void;
}

function Choice<Bad extends string>({ label, value, bad, badLabel, onChange }: ChoiceProps<Bad>) {
  const id = useId();
  return (
    <Stack gap={4}>
      <Input.Label component="div" id={id}>
        {label}
      </Input.Label>
      <SegmentedControl<'' | 'ok' | Bad>
        aria-labelledby={id}
        value={value}
        onChange={onChange}
        data={[
          { value: '', label: 'Not set' },
          { value: 'ok', label: 'Succeeds' },
          { value: bad, label: badLabel },
        ]}
      />
    </Stack>
  );
}
