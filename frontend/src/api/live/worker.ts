/** The SharedWorker that holds the streams of all tabs. */
import { Hub, type TabMessage } from './hub';
import { openStream } from './stream';

/** A tab's first message names the lock that it holds while it lives (null: no locks here). */
export type Hello = { type: 'hello'; lock: string | null } | { type: 'bye' };

const hub = new Hub(openStream);

addEventListener('connect', (event) => {
  const [port] = (event as MessageEvent).ports;
  if (!port) return;
  const tab = hub.join((message) => {
    port.postMessage(message);
  });
  port.onmessage = ({ data }: MessageEvent<TabMessage | Hello>) => {
    if (data.type === 'hello') {
      // Whoever gets a dead tab's lock knows that it is dead.
      if (data.lock) void navigator.locks.request(data.lock, tab.leave);
    } else if (data.type === 'bye') {
      tab.leave();
    } else {
      tab.receive(data);
    }
  };
});
