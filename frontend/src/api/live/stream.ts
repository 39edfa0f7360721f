/** One connection to the event stream. It is read with fetch, because EventSource hides why a
 * connection failed and keep-alive comments with it, so a dead line would go unnoticed. */
import { EventStreamParser } from '@/lib/eventStream';
import type { LiveEvent, Problem } from '@/api/types';

export type ProblemFields = Pick<Problem, 'status' | 'title' | 'detail'>;

export interface StreamHandlers {
  onOpen: () => void;
  onEvent: (event: LiveEvent) => void;
  /** The stream ended; the problem is null where no answer came or the line broke. */
  onClosed: (problem: ProblemFields | null) => void;
}

export type OpenStream = (path: string, handlers: StreamHandlers) => () => void;

/** The server says something (if only a comment) every 15 s. */
const SILENCE_MS = 40_000;

const EVENTS: ReadonlySet<string> = new Set<LiveEvent['event']>([
  'snapshot',
  'charger',
  'connector',
  'meter',
  'transaction',
  'message',
  'records',
  'authorization',
  'totals',
  'charger-removed',
  'resync',
]);

/** Opens a stream; the result closes it, after which no handler is called any more. */
export const openStream: OpenStream = (path, handlers) => {
  const abort = new AbortController();
  let silence: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  function listen() {
    clearTimeout(silence);
    silence = setTimeout(() => {
      finish(null);
    }, SILENCE_MS);
  }

  function finish(problem: ProblemFields | null) {
    if (closed) return;
    close();
    handlers.onClosed(problem);
  }

  function close() {
    closed = true;
    clearTimeout(silence);
    abort.abort();
  }

  async function read(): Promise<void> {
    listen();
    const response = await fetch(path, {
      signal: abort.signal,
      headers: { Accept: 'text/event-stream' },
      cache: 'no-store',
    });
    if (!response.ok || !response.body) {
      finish(await problemFields(response));
      return;
    }
    handlers.onOpen();
    const parser = new EventStreamParser();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      listen();
      for (const { event, data } of parser.push(value)) {
        // A newer server may say more than this page understands.
        if (EVENTS.has(event))
          handlers.onEvent({ event, data: JSON.parse(data) as unknown } as LiveEvent);
      }
    }
    finish(null);
  }

  read().catch(() => {
    finish(null);
  });
  return close;
};

async function problemFields(response: Response): Promise<ProblemFields> {
  const { status, statusText } = response;
  try {
    const { title, detail } = (await response.json()) as Problem;
    return { status, title, detail };
  } catch {
    return { status, title: statusText || `HTTP ${status}`, detail: '' };
  }
}
