import {
  Anchor,
  Badge,
  Button,
  Card,
  Group,
  Skeleton,
  Stack,
  Table,
  Text,
  Title,
} from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { IconBuildingFactory2, IconPencil, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { locationQuery } from '@/api/locations';
import { siteStateQuery, useSaveSite } from '@/api/site';
import type { Site, SiteState } from '@/api/types';
import { ConfirmDialog } from '@/components/ConfirmDialog';
import { EmptyState } from '@/components/EmptyState';
import { ProblemAlert } from '@/components/ProblemAlert';
import { TimeText } from '@/components/TimeText';
import { toastSuccess } from '@/components/toasts';
import { formatCurrent, formatPower } from '@/lib/units';
import { SiteBars } from './SiteBars';
import { SiteFormDialog } from './SiteFormDialog';
import { RULES, barsOf, curveText, phasesText, shareText } from './site';

/** The grid connection of a location: what it is, and what happens at it now. */
export function SiteTab() {
  const params = useParams({ from: '/shell/locations/$locationId' });
  const locationId = Number(params.locationId);
  const location = useQuery(locationQuery(locationId));
  const saveSite = useSaveSite(locationId);
  const [dialog, setDialog] = useState<'edit' | 'remove' | null>(null);
  const close = () => {
    setDialog(null);
  };

  if (location.error && !location.data) {
    return <ProblemAlert error={location.error} onRetry={() => void location.refetch()} />;
  }
  if (!location.data) return <Skeleton height={200} role="status" aria-label="Loading the site" />;
  const { site } = location.data;
  const edit = (
    <Button
      leftSection={<IconPencil size={16} aria-hidden />}
      onClick={() => {
        setDialog('edit');
      }}
    >
      {site ? 'Edit site' : 'Set a grid limit'}
    </Button>
  );

  return (
    <>
      {site ? (
        <Stack>
          <Group>
            {edit}
            <Button
              variant="default"
              leftSection={<IconTrash size={16} aria-hidden />}
              onClick={() => {
                setDialog('remove');
              }}
            >
              Remove
            </Button>
          </Group>
          <SiteSummary site={site} />
          <LiveSite locationId={locationId} site={site} paused={saveSite.isPending} />
        </Stack>
      ) : (
        <EmptyState
          icon={<IconBuildingFactory2 size={28} />}
          title="No limit at this location"
          actions={edit}
        >
          With a grid limit, the chargers share what the building and the roof leave of it, phase by
          phase. Who cannot have the minimum current waits.
        </EmptyState>
      )}
      <SiteFormDialog
        opened={dialog === 'edit'}
        locationId={locationId}
        site={site}
        onClose={close}
      />
      <ConfirmDialog
        opened={dialog === 'remove'}
        title="Remove the site"
        confirm="Remove site"
        pending={saveSite.isPending}
        error={saveSite.error}
        onClose={() => {
          saveSite.reset();
          close();
        }}
        onConfirm={() => {
          saveSite.mutate(null, {
            onSuccess: () => {
              toastSuccess('The chargers are not limited by the site any more');
              close();
            },
          });
        }}
      >
        Every charger of the location may take what it can then.
      </ConfirmDialog>
    </>
  );
}

function SiteSummary({ site }: { site: Site }) {
  const limit =
    site.grid_limit_kw === null
      ? `${site.grid_limit_a_per_phase ?? 0} A a phase`
      : `${site.grid_limit_kw} kW`;
  const facts = [
    ['Grid limit', limit],
    ['Sharing', RULES[site.sharing]],
    ['Base load', curveText(site.base_load)],
    ['PV', curveText(site.pv)],
    ['Minimum', `${site.minimum_current_a} A a phase`],
    ['Divided anew', `at least every ${site.interval_s} s`],
  ];
  return (
    <Card withBorder padding="md" component="section" aria-label="The site">
      <Group component="dl" gap="xl" m={0} style={{ rowGap: 'var(--mantine-spacing-sm)' }}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <Text component="dt" size="xs" c="dimmed">
              {name}
            </Text>
            <Text component="dd" size="sm" m={0}>
              {value}
            </Text>
          </div>
        ))}
      </Group>
    </Card>
  );
}

interface LiveSiteProps {
  locationId: number;
  site: Site;
  /** While the site is being removed there is nothing to ask for. */
  paused: boolean;
}

function LiveSite({ locationId, site, paused }: LiveSiteProps) {
  const state = useQuery({ ...siteStateQuery(locationId), enabled: !paused });
  if (state.data) return <SiteNow site={site} state={state.data} />;
  if (state.error) {
    return <ProblemAlert error={state.error} onRetry={() => void state.refetch()} />;
  }
  return <Skeleton height={160} role="status" aria-label="Loading what happens at the site" />;
}

function SiteNow({ site, state }: { site: Site; state: SiteState }) {
  return (
    <Card withBorder padding="md" component="section" aria-label="The site now">
      <Group justify="space-between" gap="xs" mb="sm">
        <Title order={3} size="h5">
          Now
        </Title>
        <Text size="xs" c="dimmed">
          <TimeText iso={state.at} /> · {formatPower(state.drawn_w)} to the chargers
        </Text>
      </Group>
      <SiteBars bars={barsOf(site, state)} />
      {state.connectors.length > 0 && (
        <Table.ScrollContainer minWidth={520} mt="md">
          <Table verticalSpacing={6} style={{ whiteSpace: 'nowrap' }}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">Connector</Table.Th>
                <Table.Th scope="col">State</Table.Th>
                <Table.Th scope="col">Phases</Table.Th>
                <Table.Th scope="col">Share</Table.Th>
                <Table.Th scope="col">Takes</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {state.connectors.map((connector) => (
                <Table.Tr key={`${connector.charge_point_id}/${connector.connector_id}`}>
                  <Table.Th scope="row" fw={400}>
                    <Anchor
                      size="sm"
                      renderRoot={(props) => (
                        <Link
                          to="/chargers/$chargePointId/smart-charging"
                          params={{ chargePointId: connector.charge_point_id }}
                          {...props}
                        />
                      )}
                    >
                      {connector.charge_point_id}
                    </Anchor>{' '}
                    · {connector.connector_id}
                  </Table.Th>
                  <Table.Td>
                    <Badge variant="light" color={COLORS[connector.state]}>
                      {connector.state}
                    </Badge>
                  </Table.Td>
                  <Table.Td>{phasesText(connector.phases)}</Table.Td>
                  <Table.Td>{shareText(connector)}</Table.Td>
                  <Table.Td>
                    {connector.power_w > 0
                      ? `${formatCurrent(connector.drawn_a)} · ${formatPower(connector.power_w)}`
                      : '–'}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Card>
  );
}

const COLORS = { charging: 'green', waiting: 'yellow', idle: 'gray' } as const;
