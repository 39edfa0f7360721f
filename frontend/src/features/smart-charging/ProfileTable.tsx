import { ActionIcon, Group, Table, Text } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { Fragment, useState } from 'react';
import type { ChargingProfile } from '@/api/types';
import { StateBadge } from '@/components/StateBadge';
import { TimeText } from '@/components/TimeText';
import { formatSpan } from '@/lib/units';
import { formatRate, kindOf, startOf, summarise } from './model';

const COLUMNS = 8;

/** The installed profiles; each opens to show its periods. */
export function ProfileTable({ profiles }: { profiles: readonly ChargingProfile[] }) {
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());

  function toggle(key: string) {
    const next = new Set(opened);
    if (!next.delete(key)) next.add(key);
    setOpened(next);
  }

  return (
    <Table.ScrollContainer minWidth={1100} scrollAreaProps={{ type: 'auto' }}>
      <Table aria-label="Charging profiles" horizontalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Profile</Table.Th>
            <Table.Th>Now</Table.Th>
            <Table.Th>Purpose</Table.Th>
            <Table.Th>Connector</Table.Th>
            <Table.Th style={{ whiteSpace: 'nowrap' }}>Stack level</Table.Th>
            <Table.Th>Kind</Table.Th>
            <Table.Th>Schedule</Table.Th>
            <Table.Th>Valid</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody style={{ fontVariantNumeric: 'tabular-nums' }}>
          {profiles.map((profile) => {
            const key = `${profile.connector_id} ${profile.charging_profile_id}`;
            const open = opened.has(key);
            return (
              <Fragment key={key}>
                <ProfileRow
                  profile={profile}
                  open={open}
                  onToggle={() => {
                    toggle(key);
                  }}
                />
                {open && (
                  <Table.Tr>
                    <Table.Td colSpan={COLUMNS} pl={48}>
                      <Periods profile={profile} />
                    </Table.Td>
                  </Table.Tr>
                )}
              </Fragment>
            );
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

interface RowProps {
  profile: ChargingProfile;
  open: boolean;
  onToggle: () => void;
}

function ProfileRow({ profile, open, onToggle }: RowProps) {
  const { charging_profile_id: id, connector_id, valid_from, valid_to } = profile;
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap={4} wrap="nowrap">
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Periods of profile ${id}`}
            aria-expanded={open}
            onClick={onToggle}
          >
            {open ? <IconChevronDown size={16} /> : <IconChevronRight size={16} />}
          </ActionIcon>
          <Text span inherit fw={600}>
            {id}
          </Text>
        </Group>
      </Table.Td>
      <Table.Td>
        {profile.in_force ? (
          <StateBadge
            color="teal"
            label="In force"
            hint="Its limit is what its purpose says now."
          />
        ) : (
          <StateBadge
            color="gray"
            label="Not in force"
            hint="Not now, not here, or a higher stack level counts."
          />
        )}
      </Table.Td>
      <Table.Td>
        {profile.purpose}
        {profile.transaction_id !== null && (
          <Text size="xs" c="dimmed">
            transaction {profile.transaction_id}
          </Text>
        )}
      </Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>
        {connector_id === 0 ? '0 (all)' : connector_id}
      </Table.Td>
      <Table.Td>{profile.stack_level}</Table.Td>
      <Table.Td>
        {kindOf(profile)}
        <Text size="xs" c="dimmed">
          {startOf(profile)} {profile.start_schedule && <TimeText iso={profile.start_schedule} />}
        </Text>
      </Table.Td>
      <Table.Td miw={190}>
        {summarise(profile)}
        {profile.min_charging_rate !== null && (
          <Text size="xs" c="dimmed">
            useful from {formatRate(profile.min_charging_rate, profile.unit)} on
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        {valid_from === null && valid_to === null && 'always'}
        {valid_from !== null && (
          <div style={{ whiteSpace: 'nowrap' }}>
            from <TimeText iso={valid_from} />
          </div>
        )}
        {valid_to !== null && (
          <div style={{ whiteSpace: 'nowrap' }}>
            to <TimeText iso={valid_to} />
          </div>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

function Periods({ profile }: { profile: ChargingProfile }) {
  const { charging_profile_id: id, periods, unit, kind, start_schedule, duration_s } = profile;
  const start_ms = kind === 'Absolute' && start_schedule ? Date.parse(start_schedule) : NaN;
  return (
    <Table aria-label={`Periods of profile ${id}`} withTableBorder maw={620} my="xs">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Period</Table.Th>
          <Table.Th>Begins after</Table.Th>
          <Table.Th>Lasts</Table.Th>
          <Table.Th ta="right">Limit</Table.Th>
          <Table.Th ta="right">Phases</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {periods.map((period, index) => {
          const end_s = periods[index + 1]?.start_period_s ?? duration_s;
          return (
            <Table.Tr key={period.start_period_s}>
              <Table.Td>{index + 1}</Table.Td>
              <Table.Td>
                {formatSpan(period.start_period_s)}
                {!Number.isNaN(start_ms) && (
                  <Text size="xs" c="dimmed">
                    <TimeText
                      iso={new Date(start_ms + period.start_period_s * 1000).toISOString()}
                    />
                  </Text>
                )}
              </Table.Td>
              <Table.Td>
                {end_s === null ? 'on and on' : formatSpan(end_s - period.start_period_s)}
              </Table.Td>
              <Table.Td ta="right">{formatRate(period.limit, unit)}</Table.Td>
              <Table.Td ta="right">{period.number_phases ?? 'any'}</Table.Td>
            </Table.Tr>
          );
        })}
      </Table.Tbody>
    </Table>
  );
}
