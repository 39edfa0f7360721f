import { ActionIcon, Anchor, AppShell, Group, Text, Tooltip } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useNavigate } from '@tanstack/react-router';
import { IconActivityHeartbeat, IconBook2, IconLogout } from '@tabler/icons-react';
import { Suspense, useEffect } from 'react';
import { useFleet } from '@/api/chargers';
import { useLinkStatus } from '@/api/live/LiveFeedContext';
import { sessionQuery, useLogout } from '@/api/session';
import { formatPower } from '@/lib/units';
import { ColorSchemeToggle } from './ColorSchemeToggle';
import { ConnectionLost } from './ConnectionLost';
import { PageLoading } from './PageLoading';
import classes from './Shell.module.css';
import { TimeScaleControl } from './TimeScaleControl';
import { useFocusAfterNavigation } from './useFocusAfterNavigation';

/** The frame around every page: head, banner, content. */
export function Shell() {
  const navigate = useNavigate();
  useFocusAfterNavigation('content');
  const signedOut = useLinkStatus('fleet').problem?.status === 401;
  useEffect(() => {
    if (!signedOut) return;
    const next = window.location.pathname + window.location.search;
    void navigate({ to: '/login', search: { next } });
  }, [signedOut, navigate]);

  return (
    <AppShell header={{ height: 56 }} padding={0}>
      <a href="#content" className="skip-link">
        Skip to content
      </a>
      <AppShell.Header>
        <div className={classes.header}>
          <Link to="/locations" className={classes.brand} aria-label="OCPP Charger Simulator">
            <img src="/favicon.svg" alt="" width={28} height={28} />
            <Text span inherit visibleFrom="sm">
              OCPP Charger Simulator
            </Text>
          </Link>
          <Navigation />
          <FleetTotals />
          <Group gap={6} ml="auto" wrap="nowrap">
            <TimeScaleControl />
            <Tooltip label="API documentation">
              <ActionIcon
                component="a"
                href="/api/docs"
                variant="default"
                size="lg"
                aria-label="API documentation"
              >
                <IconBook2 size={18} />
              </ActionIcon>
            </Tooltip>
            <ColorSchemeToggle />
            <SignOut />
          </Group>
        </div>
      </AppShell.Header>
      <AppShell.Main>
        <ConnectionLost />
        <div id="content" className={classes.main} tabIndex={-1}>
          <Suspense fallback={<PageLoading />}>
            <Outlet />
          </Suspense>
        </div>
      </AppShell.Main>
    </AppShell>
  );
}

/** The lists that all pages stand below; the brand is the way to the first one, too. */
function Navigation() {
  return (
    <nav aria-label="Pages" className={classes.pages}>
      <Link to="/locations" className={`${classes.page} ${classes.wide}`}>
        Locations
      </Link>
      <Link to="/fleet-runs" className={classes.page} aria-label="Fleet runs" title="Fleet runs">
        <IconActivityHeartbeat size={18} className={classes.narrow} aria-hidden />
        <span className={classes.wide}>Fleet runs</span>
      </Link>
    </nav>
  );
}

function FleetTotals() {
  const { fleet } = useFleet();
  if (!fleet) return null;
  const { chargers, connected, charging, power_w } = fleet.totals;
  return (
    <Text size="sm" c="dimmed" truncate role="status" aria-live="off" aria-label="Fleet">
      <Anchor
        component={Link}
        to="/locations"
        inherit
        c="dimmed"
        aria-label={`${connected} of ${chargers} chargers connected`}
      >
        {connected}/{chargers} connected
      </Anchor>
      <Text span inherit visibleFrom="xs">
        {` · ${charging} charging · ${formatPower(power_w)}`}
      </Text>
    </Text>
  );
}

function SignOut() {
  const { data: session } = useQuery(sessionQuery);
  const logout = useLogout();
  const navigate = useNavigate();
  if (!session?.authentication_required) return null;
  return (
    <Tooltip label="Sign out">
      <ActionIcon
        variant="default"
        size="lg"
        aria-label="Sign out"
        loading={logout.isPending}
        onClick={() => {
          logout.mutate(undefined, { onSuccess: () => void navigate({ to: '/login' }) });
        }}
      >
        <IconLogout size={18} />
      </ActionIcon>
    </Tooltip>
  );
}
