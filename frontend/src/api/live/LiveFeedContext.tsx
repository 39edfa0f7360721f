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

/**
 * Keeps a topic live in the query cache while the component is shown. A tab that nobody sees
 * lets go of the details; when it is seen again, a snapshot brings it up to date.
 */
export function useWatch(topic: Topic): void {
  const feed = useLiveFeed();
  const visible = useSyncExternalStore(onVisibilityChange, isVisible);
  const wanted = visible || topic === 'fleet';
  useEffect(() => (wanted ? feed.watch(topic) : undefined), [feed, topic, wanted]);
}

function onVisibilityChange(listener: () => void): () => void {
  document.addEventListener('visibilitychange', listener);
  return () => {
    document.removeEventListener('visibilitychange', listener);
  };
}

function isVisible(): boolean {
  return document.visibilityState === 'visible';
}

export function useLinkStatus(topic: Topic): LinkStatus {
  const feed = useLiveFeed();
  return useSyncExternalStore(
    useCallback((listener) => feed.subscribe(listener), [feed]),
    () => feed.status(topic),
  );
}
