import { Alert, Group, Stack, Text } from '@mantine/core';
import type { ChargerDetail } from '@/api/types';
import { ConnectionBadge, RegistrationBadge, StateBadge } from '@/components/StateBadge';
import {
  CONNECTION_WORDS,
  CONNECTOR_COLORS,
  fileStatusColor,
  isFileNews,
} from '@/components/status';
import { TimeText } from '@/components/TimeText';
import { shortScale } from '@/lib/timeScale';
import { count, formatEnergy, formatPower } from '@/lib/units';
import { describeNetwork, describeOffset, describePace } from './bench';

/** The charger as a whole, in a line of badges; why it is not connected below. */
export function ChargerState({ charger }: { charger: ChargerDetail }) {
  const { connection, files } = charger;
  const network = describeNetwork(charger.network);
  const clock = describeOffset(charger.clock_offset_s);
  return (
    <Stack gap="xs" mb="md">
      <Group gap="xs" role="status" aria-live="polite" aria-label="Charger state">
        <ConnectionBadge state={connection.state} error={null} />
        <RegistrationBadge
          registration={charger.registration}
          connected={connection.state === 'connected'}
        />
        {charger.powered ? (
          <StateBadge
            color={CONNECTOR_COLORS[charger.status]}
            label={`Charger: ${charger.status}`}
            hint={charger.info ?? 'Connector 0, the charge point as a whole'}
          />
        ) : (
          <StateBadge color="gray" label="No power" hint="The mains is off." />
        )}
        {network && <StateBadge color="orange" label={`Network: ${network}`} />}
        {charger.time_scale_in_force !== 1 && (
          <StateBadge
            color="grape"
            label={`Time ${shortScale(charger.time_scale_in_force)}`}
            hint={describePace(charger)}
          />
        )}
        {clock && charger.time_scale_in_force === 1 && (
          <StateBadge
            color="orange"
            label={`Clock: ${clock}`}
            hint="Its times differ so much from the true ones."
          />
        )}
        {isFileNews(files.firmware_status) && (
          <StateBadge
            color={fileStatusColor(files.firmware_status)}
            label={`Firmware: ${files.firmware_status}`}
          />
        )}
        {isFileNews(files.diagnostics_status) && (
          <StateBadge
            color={fileStatusColor(files.diagnostics_status)}
            label={`Diagnostics: ${files.diagnostics_status}`}
          />
        )}
        {charger.queued_messages > 0 && (
          <StateBadge
            color="blue"
            label={`${count(charger.queued_messages, 'message')} queued`}
            hint="Transaction messages that the CSMS has not confirmed yet"
          />
        )}
      </Group>
      <Text size="sm" c="dimmed" style={{ fontVariantNumeric: 'tabular-nums' }}>
        {formatPower(charger.power_w)} now · {formatEnergy(charger.energy_wh)} in all ·{' '}
        {CONNECTION_WORDS[connection.state].toLowerCase()} since <TimeText iso={connection.since} />
      </Text>
      {connection.last_error && connection.state !== 'connected' && (
        <Alert
          color="yellow"
          title={
            connection.attempts > 0
              ? `Not connected after ${count(connection.attempts, 'attempt')}`
              : 'The connection was lost'
          }
        >
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {connection.last_error}
          </Text>
          {connection.next_attempt_at && (
            <Text size="sm" c="dimmed">
              Next attempt at <TimeText iso={connection.next_attempt_at} />
            </Text>
          )}
        </Alert>
      )}
    </Stack>
  );
}
