import { MantineProvider } from '@mantine/core';
import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { LiveFeedContext } from '@/api/live/LiveFeedContext';
import { applyToCache } from '@/api/live/applyToCache';
import { LiveFeed, joinHub } from '@/api/live/feed';
import './app.css';
import { createQueryClient } from './queryClient';
import { createAppRouter } from './router';
import { theme } from './theme';
import { Toasts } from './Toasts';

const queryClient = createQueryClient(() => {
  if (router.state.location.pathname === '/login') return;
  void router.navigate({ to: '/login', search: { next: router.state.location.href } });
});
const liveFeed = new LiveFeed(joinHub, (topic, events) => {
  applyToCache(queryClient, topic, events, Date.now());
});
const router = createAppRouter();

addEventListener('online', () => {
  liveFeed.retry();
});
addEventListener('focus', () => {
  liveFeed.renew();
});
addEventListener('pageshow', (event) => {
  // A page that comes back from the browser's cache had said goodbye.
  if (event.persisted) liveFeed.renew();
});

export function App() {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <Toasts />
      <QueryClientProvider client={queryClient}>
        <LiveFeedContext value={liveFeed}>
          <RouterProvider router={router} />
        </LiveFeedContext>
      </QueryClientProvider>
    </MantineProvider>
  );
}
