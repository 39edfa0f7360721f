import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import {
  RouterProvider,
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
} from '@tanstack/react-router';
import { render } from '@testing-library/react';
import type { ReactNode } from 'react';
import { vi } from 'vitest';
import { LiveFeedContext } from '@/api/live/LiveFeedContext';
import { applyToCache } from '@/api/live/applyToCache';
import { LiveFeed } from '@/api/live/feed';
import { Hub } from '@/api/live/hub';
import { FakeStreams } from './fakeStreams';

/** Shows a component with everything around it that a page has, over fake streams. */
export async function show(element: ReactNode) {
  const streams = new FakeStreams();
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const feed = new LiveFeed(
    (receive) => new Hub(streams.open).join(receive),
    (topic, events) => {
      applyToCache(queries, topic, events, Date.now());
    },
  );
  const root = createRootRoute();
  const page = createRoute({ getParentRoute: () => root, path: '/', component: () => element });
  const elsewhere = createRoute({ getParentRoute: () => root, path: '$', component: () => null });
  const router = createRouter({
    routeTree: root.addChildren([page, elsewhere]),
    history: createMemoryHistory(),
  });
  await router.load();
  const shown = render(
    <MantineProvider env="test">
      <Notifications />
      <QueryClientProvider client={queries}>
        <LiveFeedContext value={feed}>
          <RouterProvider router={router as never} />
        </LiveFeedContext>
      </QueryClientProvider>
    </MantineProvider>,
  );
  return { ...shown, streams, queries, feed };
}

interface Call {
  method: string;
  path: string;
  body: unknown;
}

/** Puts a fake API in the place of fetch: answers by "METHOD /path", and what was asked. */
export function fakeApi(answers: Record<string, unknown>): Call[] {
  const calls: Call[] = [];
  vi.stubGlobal('fetch', async (request: Request) => {
    const { pathname } = new URL(request.url);
    const text = await request.text();
    const key = `${request.method} ${pathname}`;
    calls.push({ method: request.method, path: pathname, body: text ? JSON.parse(text) : null });
    const answer = answers[key];
    if (answer === undefined) {
      return Response.json(
        { type: 'about:blank', title: 'Not Found', status: 404, detail: `no answer to ${key}` },
        { status: 404 },
      );
    }
    return answer instanceof Response ? answer.clone() : Response.json(answer);
  });
  return calls;
}

export function problem(status: number, title: string, detail: string): Response {
  return Response.json({ type: 'about:blank', title, status, detail, errors: [] }, { status });
}

/** What the API answers to a body with a field that is not valid. */
export function refusal(field: string, message: string): Response {
  const errors = [{ loc: ['body', field], msg: message, type: 'value_error' }];
  return Response.json(
    { type: 'about:blank', title: 'Unprocessable Content', status: 422, detail: message, errors },
    { status: 422 },
  );
}
