import { Alert, Button, List, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Outlet, useLocation, useNavigate, useParams } from '@tanstack/react-router';
import {
  IconAdjustments,
  IconAlertTriangle,
  IconChartHistogram,
  IconFileDownload,
  IconListCheck,
  IconMessages,
  IconPlug,
  IconReceipt,
} from '@tabler/icons-react';
import { chargerTemplatesQuery } from '@/api/chargerTemplates';
import { useCharger } from '@/api/chargers';
import { useLinkStatus, useLiveFeed } from '@/api/live/LiveFeedContext';
import { chargerTopic } from '@/api/live/topics';
import { locationQuery } from '@/api/locations';
import type { ChargerDetail } from '@/api/types';
import { PageHeader } from '@/components/PageHeader';
import { ProblemAlert } from '@/components/ProblemAlert';
import { TabLinks } from '@/components/TabLinks';
import { useDocumentTitle } from '@/lib/useDocumentTitle';
import { ChargerActions } from './ChargerActions';
import { ChargerState } from './ChargerState';

const TABS = [
  {
    value: 'connectors',
    to: '/chargers/$chargePointId',
    label: 'Connectors',
    icon: <IconPlug size={16} aria-hidden />,
  },
  {
    value: 'smart-charging',
    to: '/chargers/$chargePointId/smart-charging',
    label: 'Smart charging',
    icon: <IconChartHistogram size={16} aria-hidden />,
  },
  {
    value: 'local-list',
    to: '/chargers/$chargePointId/local-list',
    label: 'Local list',
    icon: <IconListCheck size={16} aria-hidden />,
  },
  {
    value: 'files',
    to: '/chargers/$chargePointId/files',
    label: 'Files',
    icon: <IconFileDownload size={16} aria-hidden />,
  },
  {
    value: 'configuration',
    to: '/chargers/$chargePointId/configuration',
    label: 'Configuration',
    icon: <IconAdjustments size={16} aria-hidden />,
  },
  {
    value: 'messages',
    to: '/chargers/$chargePointId/messages',
    label: 'Messages',
    icon: <IconMessages size={16} aria-hidden />,
  },
  {
    value: 'transactions',
    to: '/chargers/$chargePointId/transactions',
    label: 'Transactions',
    icon: <IconReceipt size={16} aria-hidden />,
  },
] as const;

/** A charger: its head, and what is going on at it below as tabs. */
export function ChargerPage() {
  const { chargePointId } = useParams({ from: '/shell/chargers/$chargePointId' });
  const charger = useCharger(chargePointId);
  useDocumentTitle(charger.data?.charger_name ?? chargePointId);

  if (charger.data) return <LoadedCharger charger={charger.data} />;
  if (charger.error) {
    return (
      <>
        <PageHeader title={chargePointId} within="locations" />
        <ProblemAlert error={charger.error} onRetry={() => void charger.refetch()} />
      </>
    );
  }
  return <Skeleton height={320} role="status" aria-label="Loading charger" />;
}

function LoadedCharger({ charger }: { charger: ChargerDetail }) {
  const { charge_point_id: chargePointId } = charger;
  const location = useQuery(locationQuery(charger.location_id));
  const navigate = useNavigate();
  const tab = useLocation({
    select: ({ pathname }) => {
      const last = pathname.split('/').filter(Boolean)[2];
      return last ?? 'connectors';
    },
  });

  return (
    <>
      <PageHeader
        title={charger.charger_name}
        subtitle={<Identity charger={charger} />}
        within="locations"
        location={location.data}
        actions={<ChargerActions charger={charger} />}
      />
      <NotLive chargePointId={chargePointId} />
      <ChargerState charger={charger} />
      {charger.warnings.length > 0 && (
        <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />} mb="md" title="Mind this">
          <List size="sm">
            {charger.warnings.map((warning) => (
              <List.Item key={warning}>{warning}</List.Item>
            ))}
          </List>
        </Alert>
      )}
      <TabLinks
        label="Charger"
        value={tab}
        tabs={TABS}
        onChange={(value) => {
          const chosen = TABS.find((each) => each.value === value) ?? TABS[0];
          void navigate({ to: chosen.to, params: { chargePointId } });
        }}
      >
        <Outlet />
      </TabLinks>
    </>
  );
}

/** Says why the page does not follow the charger, where the rest of the site is live. */
function NotLive({ chargePointId }: { chargePointId: string }) {
  const feed = useLiveFeed();
  const { state, problem } = useLinkStatus(chargerTopic(chargePointId));
  if (problem?.status === 404) {
    return (
      <Alert color="red" mb="md" title="This charger was deleted" role="alert">
        What you see is how it was last.
      </Alert>
    );
  }
  if (state !== 'parked') return null;
  return (
    <Alert color="yellow" mb="md" title="Live updates rest on this page" role="status">
      <Text size="sm" mb="xs">
        Many pages of chargers are open; only the ones that were used last are live.
      </Text>
      <Button
        size="xs"
        variant="default"
        onClick={() => {
          feed.renew();
        }}
      >
        Resume live updates
      </Button>
    </Alert>
  );
}

function Identity({ charger }: { charger: ChargerDetail }) {
  return (
    <>
      <Text inherit fw={600} span>
        {charger.charge_point_id}
      </Text>
      <Text inherit span>
        {' · '}
        {charger.charge_point_vendor} {charger.charge_point_model}
        {charger.firmware_version ? ` · firmware ${charger.firmware_version}` : ''} · OCPP{' '}
        {charger.ocpp_version}J · {charger.connection_url}
      </Text>
      {charger.template_id !== null && <MadeFrom templateId={charger.template_id} />}
    </>
  );
}

function MadeFrom({ templateId }: { templateId: string }) {
  const templates = useQuery(chargerTemplatesQuery);
  const template = templates.data?.find(({ id }) => id === templateId);
  return (
    <Text inherit span>
      {' · '}template {template?.name ?? templateId}
    </Text>
  );
}
