/** A tab's side of the live feed: what it watches, and how the line is. */
import type { LiveEvent } from '@/api/types';
import { Hub, type HubMessage, type HubPort, type LinkStatus, type TabMessage } from './hub';
import { openStream } from './stream';
import type { Topic } from './topics';
import type { Hello } from './worker';

/** Joins a hub, wherever it runs. */
export type JoinHub = (receive: (message: HubMessage) => void) => Pick<HubPort, 'receive'>;

export type EventSink = (topic: Topic, events: readonly LiveEvent[]) => void;

const CONNECTING: LinkStatus = { state: 'connecting', problem: null };

export class LiveFeed {
  readonly #hub: Pick<HubPort, 'receive'>;
  readonly #watchers = new Map<Topic, number>();
  readonly #status = new Map<Topic, LinkStatus>();
  readonly #listeners = new Set<() => void>();

  /** `sink` gets the events of every topic that is watched, in order. */
  constructor(join: JoinHub, sink: EventSink) {
    this.#hub = join((message) => {
      if (!this.#watchers.has(message.topic)) return;
      if (message.type === 'events') {
        sink(message.topic, message.events);
      } else {
        this.#status.set(message.topic, message.status);
        for (const listener of this.#listeners) listener();
      }
    });
  }

  /** Starts to watch; the result ends it. Several watchers of a topic count as one. */
  watch(topic: Topic): () => void {
    const watchers = this.#watchers.get(topic) ?? 0;
    this.#watchers.set(topic, watchers + 1);
    if (watchers === 0) this.#hub.receive({ type: 'watch', topic });
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      const left = (this.#watchers.get(topic) ?? 1) - 1;
      if (left > 0) {
        this.#watchers.set(topic, left);
      } else {
        this.#watchers.delete(topic);
        this.#status.delete(topic);
        this.#hub.receive({ type: 'unwatch', topic });
      }
    };
  }

  status(topic: Topic): LinkStatus {
    return this.#status.get(topic) ?? CONNECTING;
  }

  /** Calls the listener whenever a status changes; the result ends it. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Tries again at once what could not be reached or was refused. */
  retry(): void {
    this.#hub.receive({ type: 'retry' });
  }

  /** Says again what is watched: to a hub that has forgotten this tab, or to be served first. */
  renew(): void {
    for (const topic of this.#watchers.keys()) this.#hub.receive({ type: 'watch', topic });
  }
}

/** Joins the hub that all tabs share, or one of the tab's own where tabs cannot share. */
export const joinHub: JoinHub = (receive) => {
  if (typeof SharedWorker === 'undefined') return new Hub(openStream).join(receive);
  const worker = new SharedWorker(new URL('./worker.ts', import.meta.url), {
    type: 'module',
    name: 'ocppsim-live',
  });
  const say = (message: TabMessage | Hello) => {
    worker.port.postMessage(message);
  };
  worker.port.onmessage = ({ data }: MessageEvent<HubMessage>) => {
    receive(data);
  };
  // Only secure contexts have locks.
  const locks = (navigator as Partial<Pick<Navigator, 'locks'>>).locks;
  const lock = locks ? `ocppsim-tab-${crypto.randomUUID()}` : null;
  if (lock) {
    void navigator.locks.request(lock, () => {
      say({ type: 'hello', lock });
      return new Promise(() => undefined);
    });
  }
  addEventListener('pagehide', () => {
    say({ type: 'bye' });
  });
  return { receive: say };
};
