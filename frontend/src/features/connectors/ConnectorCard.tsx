import { Card, Group, Stack, Text, Title } from '@mantine/core';
import type { Refusal, Sample } from '@/api/live/reduce';
import type { ChargerDetail, Connector, Vehicle } from '@/api/types';
import { Gauge } from '@/components/Gauge';
import { ConnectorBadge } from '@/components/StateBadge';
import { TimeText } from '@/components/TimeText';
import {
  formatCurrent,
  formatDuration,
  formatEnergy,
  formatPercent,
  formatPower,
  formatPowerFactor,
  formatReactivePower,
  formatVoltage,
} from '@/lib/units';
import { secondsBetween } from '@/lib/time';
import { chargerTime } from '@/lib/timeScale';
import { useNow } from '@/lib/useNow';
import { ConnectorActions } from './ConnectorActions';
import { ConnectorPicture } from './ConnectorPicture';
import { LiveChart } from './LiveChart';
import { RefusalNotice } from './RefusalNotice';
import { describe, powerFraction, sessionEnergyWh } from './model';

interface Props {
  charger: ChargerDetail;
  connector: Connector;
  vehicles: readonly Vehicle[];
  samples: readonly Sample[];
  refusal?: Refusal | undefined;
}

/** One connector: its picture, its numbers, and what can be done. */
export function ConnectorCard({ charger, connector, vehicles, samples, refusal }: Props) {
  const { connector_id, status, power_type, max_power_w, meter, phases, cable_kind } = connector;
  const name = `Connector ${connector_id}`;
  return (
    <Card withBorder padding="lg" component="section" aria-label={name}>
      <Group justify="space-between" gap="xs" mb={4}>
        <div>
          <Title order={2} size="h4">
            {name}
          </Title>
          <Text size="xs" c="dimmed">
            {power_type}, {formatPower(max_power_w)}
            {power_type === 'AC' ? `, ${phases === 1 ? 'one phase' : 'three phases'}` : ''},{' '}
            {cable_kind === 'tethered' ? 'fixed cable' : 'socket'}
            {connector.cable_current_a === null ? '' : `, cable for ${connector.cable_current_a} A`}
          </Text>
        </div>
        <div role="status" aria-live="polite" aria-label={`${name} status`}>
          <ConnectorBadge status={status} powered={charger.powered} />
        </div>
      </Group>
      <ConnectorPicture connector={connector} powered={charger.powered} />
      <Text ta="center" size="sm" mt={4} mb="sm">
        {describe(connector, charger.powered)}
      </Text>
      {connector.reservation && <Reserved reservation={connector.reservation} />}
      {connector.departs_at !== null && (
        <Text size="sm" ta="center" mb="sm">
          The car leaves <TimeText iso={connector.departs_at} short />
        </Text>
      )}
      <RefusalNotice refusal={refusal} />
      <Group justify="space-around" gap="xs" mb="xs">
        <Gauge
          label="Power"
          text={formatPower(meter.power_w)}
          fraction={powerFraction(connector)}
          color="teal"
        />
        <Gauge
          label="Charge"
          text={formatPercent(meter.soc_percent)}
          fraction={meter.soc_percent === null ? null : meter.soc_percent / 100}
          color="blue"
        />
        <Numbers connector={connector} />
      </Group>
      <LiveChart samples={samples} />
      <Session charger={charger} connector={connector} />
      <div style={{ marginTop: 'auto', paddingTop: 12 }}>
        <ConnectorActions charger={charger} connector={connector} vehicles={vehicles} />
      </div>
    </Card>
  );
}

function Reserved({ reservation }: { reservation: NonNullable<Connector['reservation']> }) {
  return (
    <Text size="sm" ta="center" mb="sm">
      Reserved for{' '}
      <Text span inherit ff="monospace" fw={600}>
        {reservation.id_tag}
      </Text>{' '}
      until <TimeText iso={reservation.expires_at} short />
      <Text span inherit c="dimmed">
        {' · '}reservation {reservation.reservation_id}
      </Text>
    </Text>
  );
}

function Numbers({ connector }: { connector: Connector }) {
  const { meter } = connector;
  const rows: [string, string][] = [
    ['Session', formatEnergy(sessionEnergyWh(connector))],
    ['Meter', formatEnergy(meter.energy_wh)],
    ['Voltage', formatVoltage(meter.voltage_v)],
    ['Current', formatCurrent(meter.current_a)],
    ['Offered', formatPower(meter.power_offered_w)],
  ];
  if (connector.power_type === 'AC') {
    rows.push(['Power factor', formatPowerFactor(meter.power_factor)]);
    rows.push(['Reactive', formatReactivePower(meter.reactive_power_var)]);
  }
  return (
    <dl
      style={{
        display: 'grid',
        gridTemplateColumns: 'auto auto',
        gap: '0 12px',
        margin: 0,
        fontSize: 'var(--mantine-font-size-sm)',
        fontVariantNumeric: 'tabular-nums',
      }}
    >
      {rows.map(([label, value]) => (
        <div key={label} style={{ display: 'contents' }}>
          <Text component="dt" inherit c="dimmed">
            {label}
          </Text>
          <Text component="dd" inherit ta="right" m={0}>
            {value}
          </Text>
        </div>
      ))}
    </dl>
  );
}

function Session({ charger, connector }: { charger: ChargerDetail; connector: Connector }) {
  const { transaction } = connector;
  const now = chargerTime(charger, useNow(transaction !== null));
  if (!transaction) return null;
  return (
    <Stack gap={2} mt="sm">
      <Text size="sm">
        Transaction <strong>{transaction.transaction_id ?? 'not confirmed yet'}</strong> · tag{' '}
        <Text span inherit ff="monospace">
          {transaction.id_tag}
        </Text>
      </Text>
      <Text size="sm" c="dimmed">
        since <TimeText iso={transaction.started_at} />
        {' · '}
        {formatDuration(secondsBetween(transaction.started_at, transaction.stopped_at ?? now))}
      </Text>
    </Stack>
  );
}
