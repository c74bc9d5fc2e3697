import { setTimeout as delay } from 'node:timers/promises';
import { connect, type ConnectionOptions } from './connection';
import { withDeadline } from './deadline';

export interface OrderChangesOptions extends Omit<ConnectionOptions, 'maxConnections'> {
  /** Is told of each order that changed, soon after its commit. */
  onChange: (orderId: string) => void;
  /** Is called when changes may have gone by unheard: at the start, and after the database was away. */
  onGap: () => void;
}

export interface OrderChanges {
  close(): Promise<void>;
}

/** Filled by the trigger `tell_order_change`. */
const channel = 'order_changed';
const retryAfterMs = 500;

/**
 * Listens to changes of orders (LISTEN/NOTIFY) on one connection of its own. The driver's own `listen` gives up for good
 * when its database is away for a moment, so this one says LISTEN again and again, which costs nothing where it holds, and
 * sees by the backend's id when the connection is another one and something may have been missed.
 */
export function watchOrderChanges({ onChange, onGap, ...options }: OrderChangesOptions): OrderChanges {
  // An option of the driver that its types do not know.
  const onnotify: object = { onnotify: (_channel: string, orderId: string) => onChange(orderId) };
  const client = connect({ ...options, maxConnections: 1 }, onnotify);
  const stopped = new AbortController();

  const listen = async (): Promise<unknown> => {
    const [, [backend] = []] = await client.unsafe(`listen ${channel}; select pg_backend_pid() as pid`);
    return backend?.['pid'];
  };
  const keepListening = async (): Promise<void> => {
    let heardBy: unknown;
    while (!stopped.signal.aborted) {
      let pauseMs = options.deadlineMs;
      try {
        const backend = await withDeadline(listen(), options.deadlineMs);
        if (backend !== heardBy) onGap();
        heardBy = backend;
      } catch {
        // The database is away, which every other caller says too; onGap follows when it is back.
        heardBy = undefined;
        pauseMs = retryAfterMs;
      }
      await delay(pauseMs, undefined, { signal: stopped.signal }).catch(() => {});
    }
  };
  const running = keepListening();
  return {
    close: async () => {
      stopped.abort();
      await client.end({ timeout: 1 });
      await running;
    },
  };
}
