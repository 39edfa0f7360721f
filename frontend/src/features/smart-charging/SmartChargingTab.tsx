import { Card, Group, SimpleGrid, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { IconChartHistogram } from '@tabler/icons-react';
import { useCharger } from '@/api/chargers';
import { chargingProfilesQuery } from '@/api/smartCharging';
import type { ChargerDetail } from '@/api/types';
import { EmptyState } from '@/components/EmptyState';
import { ProblemAlert } from '@/components/ProblemAlert';
import { ProfileOff } from '@/components/ProfileOff';
import { count } from '@/lib/units';
import { CompositeSection } from './CompositeSection';
import { LimitCard } from './LimitCard';
import { ProfileTable } from './ProfileTable';

/** What limits each connector and why, what is to come, and the profiles behind it. */
export function SmartChargingTab() {
  const { chargePointId } = useParams({ from: '/shell/chargers/$chargePointId' });
  const { data: charger } = useCharger(chargePointId);
  return charger ? <SmartCharging key={chargePointId} charger={charger} /> : null;
}

export function SmartCharging({ charger }: { charger: ChargerDetail }) {
  const { charge_point_id: chargePointId, connectors } = charger;
  return (
    <Stack gap="lg">
      <ProfileOff chargePointId={chargePointId} profile="SmartCharging" />
      <section aria-labelledby="limits-now">
        <Title order={2} size="h4" id="limits-now" mb="sm">
          Limits now
        </Title>
        <SimpleGrid
          cols={{ base: 1, md: Math.min(2, connectors.length), xl: Math.min(3, connectors.length) }}
          maw={connectors.length > 1 ? undefined : 760}
        >
          {connectors.map((connector) => (
            <LimitCard
              key={connector.connector_id}
              chargePointId={chargePointId}
              connector={connector}
              powered={charger.powered}
            />
          ))}
        </SimpleGrid>
      </section>
      <CompositeSection charger={charger} />
      <Profiles chargePointId={chargePointId} />
    </Stack>
  );
}

function Profiles({ chargePointId }: { chargePointId: string }) {
  const profiles = useQuery(chargingProfilesQuery(chargePointId));
  return (
    <Card withBorder padding={0} component="section" aria-labelledby="installed-profiles">
      <Group gap="xs" px="md" py="sm">
        <Title order={2} size="h4" id="installed-profiles">
          Installed profiles
        </Title>
        {profiles.data && profiles.data.length > 0 && (
          <Text size="sm" c="dimmed" role="status">
            {count(profiles.data.length, 'profile')}
          </Text>
        )}
      </Group>
      {profiles.data ? (
        profiles.data.length > 0 ? (
          <ProfileTable profiles={profiles.data} />
        ) : (
          <EmptyState
            icon={<IconChartHistogram size={28} />}
            title="No charging profile is installed"
          >
            Your CSMS installs one with SetChargingProfile, or gives one along with
            RemoteStartTransaction. Until then the hardware, the cable and the car set the limit.
          </EmptyState>
        )
      ) : profiles.error ? (
        <ProblemAlert error={profiles.error} onRetry={() => void profiles.refetch()} />
      ) : (
        <Skeleton height={120} m="md" role="status" aria-label="Loading charging profiles" />
      )}
    </Card>
  );
}
