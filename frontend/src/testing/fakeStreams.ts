import type { OpenStream, StreamHandlers } from '@/api/live/stream';

/** Stands in for the network under a hub: what was opened, and a hand on each stream. */
export class FakeStreams {
  /** The streams that are open now, by path. */
  readonly live = new Map<string, StreamHandlers>();
  /** Every path that was ever opened, in order. */
  readonly opened: string[] = [];

  readonly open: OpenStream = (path, handlers) => {
    this.opened.push(path);
    this.live.set(path, handlers);
    return () => {
      this.live.delete(path);
    };
  };

  at(path: string): StreamHandlers {
    const handlers = this.live.get(path);
    if (!handlers) throw new Error(`no stream is open at ${path}`);
    return handlers;
  }

  /** Breaks a stream, as the network or the server does. */
  break(path: string, problem: Parameters<StreamHandlers['onClosed']>[0] = null): void {
    const handlers = this.at(path);
    this.live.delete(path);
    handlers.onClosed(problem);
  }
}
