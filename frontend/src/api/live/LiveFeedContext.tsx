import { createContext, use, useCallback, useEffect, useSyncExternalStore } from 'react';
import type { LiveFeed } from './feed';
import type { LinkStatus } from './hub';
import type { Topic } from './topics';

export const LiveFeedContext = createContext<LiveFeed | null>(null);

export function useLiveFeed(): LiveFeed {
  const feed = use(LiveFeedContext);
  if (!feed) throw new Error('There is no LiveFeedContext above this component.');
  return feed;
}

/** Keeps a topic live in the query cache while the component is shown. */
export function useWatch(topic: Topic): void {
  const feed = useLiveFeed();
  useEffect(() => feed.watch(topic), [feed, topic]);
}

export function useLinkStatus(topic: Topic): LinkStatus {
  const feed = useLiveFeed();
  return useSyncExternalStore(
    useCallback((listener) => feed.subscribe(listener), [feed]),
    () => feed.status(topic),
  );
}
