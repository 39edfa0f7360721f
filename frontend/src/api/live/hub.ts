/**
 * Shares event streams among all who watch the same topic. It runs in a SharedWorker, so that
 * all tabs together hold one connection a topic (a browser allows six a host), or inside the
 * tab where there is no SharedWorker.
 */
import type { ChargerDetail, LiveEvent } from '@/api/types';
import { type Fleet, reduceCharger, reduceFleet } from './reduce';
import type { OpenStream, ProblemFields } from './stream';
import { type Topic, streamPath } from './topics';

/** `parked`: given up in favour of what was asked for later; watching again brings it back. */
export interface LinkStatus {
  state: 'connecting' | 'open' | 'lost' | 'parked';
  problem: ProblemFields | null;
}

/** What a tab says to the hub. `watch` may be said again, to be served first. `retry`: try what failed again, now. */
export type TabMessage =
  { type: 'watch'; topic: Topic } | { type: 'unwatch'; topic: Topic } | { type: 'retry' };

/** What the hub says to a tab. Events of a topic begin with a snapshot. */
export type HubMessage =
  | { type: 'events'; topic: Topic; events: LiveEvent[] }
  | { type: 'status'; topic: Topic; status: LinkStatus };

export interface HubPort {
  receive: (message: TabMessage) => void;
  leave: () => void;
}

/** Waits before a further attempt to connect, by the number of failures so far. */
export function retryDelayMs(failures: number): number {
  return Math.min(500 * 2 ** failures, 8000);
}

/**
 * How many chargers are followed in detail at once. With the fleet's stream that leaves two of
 * a browser's six connections for everything else.
 */
const MAX_DETAILS = 3;

/** How long events are collected before the tabs are told. */
const BATCH_MS = 50;

/** The same for a large fleet, which always changes, and takes longer to draw. */
const LARGE_BATCH_MS = 250;
const LARGE_FLEET = 1000;

type Post = (message: HubMessage) => void;

class SharedTopic {
  readonly #topic: Topic;
  readonly #open: OpenStream;
  readonly #watchers = new Set<Post>();
  #close: (() => void) | null = null;
  #status: LinkStatus = { state: 'connecting', problem: null };
  #failures = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #flush: ReturnType<typeof setTimeout> | undefined;
  #batch: LiveEvent[] = [];
  #fleet: Fleet | undefined;
  #charger: ChargerDetail | undefined;

  constructor(topic: Topic, open: OpenStream) {
    this.#topic = topic;
    this.#open = open;
    this.#connect();
  }

  get watched(): boolean {
    return this.#watchers.size > 0;
  }

  add(post: Post): void {
    this.#deliver();
    this.#watchers.add(post);
    post({ type: 'status', topic: this.#topic, status: this.#status });
    const snapshot = this.#snapshot();
    if (snapshot) post({ type: 'events', topic: this.#topic, events: [snapshot] });
  }

  remove(post: Post): void {
    this.#watchers.delete(post);
  }

  get parked(): boolean {
    return this.#status.state === 'parked';
  }

  park(): void {
    clearTimeout(this.#retry);
    this.#deliver();
    this.#close?.();
    this.#close = null;
    this.#charger = undefined;
    this.#tell({ state: 'parked', problem: null });
  }

  /** Connects again where that was given up. */
  resume(): void {
    if (!this.parked) return;
    this.#tell({ state: 'connecting', problem: null });
    this.#connect();
  }

  retry(): void {
    if (this.#close !== null || this.parked) return;
    clearTimeout(this.#retry);
    this.#failures = 0;
    this.#connect();
  }

  end(): void {
    clearTimeout(this.#retry);
    clearTimeout(this.#flush);
    this.#close?.();
  }

  #connect(): void {
    this.#close = this.#open(streamPath(this.#topic), {
      onOpen: () => {
        this.#failures = 0;
      },
      onEvent: (event) => {
        this.#take(event);
      },
      onClosed: (problem) => {
        this.#close = null;
        this.#deliver();
        this.#tell({ state: 'lost', problem });
        // What the server refuses now it refuses in a second, too: wait to be asked again.
        if (problem && problem.status >= 400 && problem.status < 500) return;
        this.#retry = setTimeout(() => {
          this.#connect();
        }, retryDelayMs(this.#failures++));
      },
    });
  }

  #take(event: LiveEvent): void {
    if (this.#topic !== 'fleet') this.#charger = reduceCharger(this.#charger, event);
    this.#batch.push(event);
    if (event.event === 'snapshot') {
      this.#deliver();
      this.#tell({ state: 'open', problem: null });
    } else {
      const large = (this.#fleet?.totals.chargers ?? 0) > LARGE_FLEET;
      this.#flush ??= setTimeout(
        () => {
          this.#deliver();
        },
        large ? LARGE_BATCH_MS : BATCH_MS,
      );
    }
  }

  #deliver(): void {
    clearTimeout(this.#flush);
    this.#flush = undefined;
    if (this.#batch.length === 0) return;
    const events = this.#batch;
    this.#batch = [];
    if (this.#topic === 'fleet') this.#fleet = reduceFleet(this.#fleet, events);
    for (const post of this.#watchers) post({ type: 'events', topic: this.#topic, events });
  }

  #tell(status: LinkStatus): void {
    this.#status = status;
    for (const post of this.#watchers) post({ type: 'status', topic: this.#topic, status });
  }

  /** What somebody who comes later needs, made of all events so far. */
  #snapshot(): LiveEvent | null {
    if (this.#fleet) {
      const { totals, to_come, chargers } = this.#fleet;
      return {
        event: 'snapshot',
        data: { seq: 0, totals, chargers: [...chargers.values()], chargers_to_come: to_come },
      };
    }
    return this.#charger ? { event: 'snapshot', data: { seq: 0, charger: this.#charger } } : null;
  }
}

export class Hub {
  readonly #open: OpenStream;
  readonly #topics = new Map<Topic, SharedTopic>();

  constructor(open: OpenStream) {
    this.#open = open;
  }

  /** Lets one tab in; `post` carries the hub's messages to it. */
  join(post: Post): HubPort {
    const watched = new Set<Topic>();
    const unwatch = (topic: Topic) => {
      const shared = this.#topics.get(topic);
      if (!watched.delete(topic) || !shared) return;
      shared.remove(post);
      if (!shared.watched) {
        shared.end();
        this.#topics.delete(topic);
      }
    };
    return {
      receive: (message) => {
        if (message.type === 'retry') {
          for (const shared of this.#topics.values()) shared.retry();
        } else if (message.type === 'unwatch') {
          unwatch(message.topic);
        } else {
          const shared = this.#take(message.topic);
          if (!watched.has(message.topic)) shared.add(post);
          watched.add(message.topic);
          this.#parkOldest();
        }
      },
      leave: () => {
        for (const topic of [...watched]) unwatch(topic);
      },
    };
  }

  /** The topic, connected, as the one that was asked for last. */
  #take(topic: Topic): SharedTopic {
    const shared = this.#topics.get(topic) ?? new SharedTopic(topic, this.#open);
    this.#topics.delete(topic);
    this.#topics.set(topic, shared);
    shared.resume();
    return shared;
  }

  #parkOldest(): void {
    const details = [...this.#topics].filter(([topic, { parked }]) => topic !== 'fleet' && !parked);
    for (const [, shared] of details.slice(0, -MAX_DETAILS)) shared.park();
  }
}
