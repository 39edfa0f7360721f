import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  notFound,
  redirect,
} from '@tanstack/react-router';
import { NotFoundPage } from './NotFoundPage';
import { PageError } from './PageError';
import { PageLoading } from './PageLoading';
import { Shell } from './Shell';

const root = createRootRoute({
  notFoundComponent: () => (
    <main>
      <NotFoundPage />
    </main>
  ),
});

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: (search: Record<string, unknown>): { next?: string } => {
    const next = search.next;
    // Only a path of this site: never a way to send somebody elsewhere.
    return typeof next === 'string' && /^\/(?![/\\])/.test(next) ? { next } : {};
  },
  component: lazyRouteComponent(() => import('@/features/login/LoginPage'), 'LoginPage'),
});

const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: Shell });

const home = createRoute({
  getParentRoute: () => shell,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/locations', replace: true });
  },
});

const locations = createRoute({
  getParentRoute: () => shell,
  path: '/locations',
  component: lazyRouteComponent(
    () => import('@/features/locations/LocationsPage'),
    'LocationsPage',
  ),
});

const location = createRoute({
  getParentRoute: () => shell,
  path: '/locations/$locationId',
  beforeLoad: ({ params }) => {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- how the router wants it
    if (!/^\d+$/.test(params.locationId)) throw notFound();
  },
  component: lazyRouteComponent(() => import('@/features/locations/LocationPage'), 'LocationPage'),
});

const locationChargers = createRoute({
  getParentRoute: () => location,
  path: '/',
  component: lazyRouteComponent(() => import('@/features/chargers/ChargersTab'), 'ChargersTab'),
});

const locationVehicles = createRoute({
  getParentRoute: () => location,
  path: '/vehicles',
  component: lazyRouteComponent(() => import('@/features/vehicles/VehiclesTab'), 'VehiclesTab'),
});

const locationSite = createRoute({
  getParentRoute: () => location,
  path: '/site',
  component: lazyRouteComponent(() => import('@/features/locations/SiteTab'), 'SiteTab'),
});

const charger = createRoute({
  getParentRoute: () => shell,
  path: '/chargers/$chargePointId',
  component: lazyRouteComponent(() => import('@/features/chargers/ChargerPage'), 'ChargerPage'),
});

const chargerConnectors = createRoute({
  getParentRoute: () => charger,
  path: '/',
  component: lazyRouteComponent(
    () => import('@/features/connectors/ConnectorsTab'),
    'ConnectorsTab',
  ),
});

const chargerSmartCharging = createRoute({
  getParentRoute: () => charger,
  path: '/smart-charging',
  component: lazyRouteComponent(
    () => import('@/features/smart-charging/SmartChargingTab'),
    'SmartChargingTab',
  ),
});

const chargerLocalList = createRoute({
  getParentRoute: () => charger,
  path: '/local-list',
  component: lazyRouteComponent(() => import('@/features/local-list/LocalListTab'), 'LocalListTab'),
});

const chargerFiles = createRoute({
  getParentRoute: () => charger,
  path: '/files',
  component: lazyRouteComponent(() => import('@/features/files/FilesTab'), 'FilesTab'),
});

const chargerConfiguration = createRoute({
  getParentRoute: () => charger,
  path: '/configuration',
  component: lazyRouteComponent(
    () => import('@/features/configuration/ConfigurationTab'),
    'ConfigurationTab',
  ),
});

const chargerMessages = createRoute({
  getParentRoute: () => charger,
  path: '/messages',
  component: lazyRouteComponent(() => import('@/features/messages/MessagesTab'), 'MessagesTab'),
});

const chargerTransactions = createRoute({
  getParentRoute: () => charger,
  path: '/transactions',
  component: lazyRouteComponent(
    () => import('@/features/transactions/TransactionsTab'),
    'TransactionsTab',
  ),
});

const reconciliation = createRoute({
  getParentRoute: () => shell,
  path: '/reconciliation',
  // An id of digits alone comes as a number.
  validateSearch: ({ charger }: Record<string, unknown>): { charger?: string } =>
    typeof charger === 'string' || typeof charger === 'number' ? { charger: String(charger) } : {},
  component: lazyRouteComponent(
    () => import('@/features/transactions/ReconciliationPage'),
    'ReconciliationPage',
  ),
});

const fleetRuns = createRoute({
  getParentRoute: () => shell,
  path: '/fleet-runs',
  component: lazyRouteComponent(
    () => import('@/features/fleet-runs/FleetRunsPage'),
    'FleetRunsPage',
  ),
});

const newFleetRun = createRoute({
  getParentRoute: () => shell,
  path: '/fleet-runs/new',
  validateSearch: (search: Record<string, unknown>): { from?: string; example?: string } => {
    const { from, example } = search;
    return {
      ...(typeof from === 'string' ? { from } : {}),
      ...(typeof example === 'string' ? { example } : {}),
    };
  },
  component: lazyRouteComponent(() => import('@/features/fleet-runs/NewRunPage'), 'NewRunPage'),
});

const fleetRun = createRoute({
  getParentRoute: () => shell,
  path: '/fleet-runs/$runId',
  component: lazyRouteComponent(() => import('@/features/fleet-runs/RunPage'), 'RunPage'),
});

const routeTree = root.addChildren([
  login,
  shell.addChildren([
    home,
    locations,
    reconciliation,
    fleetRuns,
    newFleetRun,
    fleetRun,
    location.addChildren([locationChargers, locationVehicles, locationSite]),
    charger.addChildren([
      chargerConnectors,
      chargerSmartCharging,
      chargerLocalList,
      chargerFiles,
      chargerConfiguration,
      chargerMessages,
      chargerTransactions,
    ]),
  ]),
]);

export function createAppRouter() {
  return createRouter({
    routeTree,
    defaultPreload: 'intent',
    scrollRestoration: true,
    defaultErrorComponent: PageError,
    defaultPendingComponent: PageLoading,
    defaultNotFoundComponent: NotFoundPage,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
