import { setTimeout as delay } from 'node:timers/promises';
import type { OrderRow, Store } from '@widget-store/db';
import type { Logger } from '@widget-store/runtime';
import type { Mailbox } from './mailbox';

export interface OrderWatchesDeps {
  store: Pick<Store, 'readOrders'>;
  log: Logger;
}

/** Brings changed orders to those who watch them, however many watch the same one. */
export interface OrderWatches {
  /**
   * Puts the order into the mailbox, as it stands and soon after each change; of quick changes in a row, the last one.
   *
   * @param watcher.client who watches, as an address
   * @returns undefined when this process is closing or has as many watches as it can take, of this client or of all
   */
  watch(orderId: string, watcher: { client: string; changes: Mailbox<OrderRow> }): Watch | undefined;
  /** The order changed. */
  changed(orderId: string): void;
  /** Any order may have changed. */
  missed(): void;
  /** How many watches there are. */
  open(): number;
  /** Ends every watch, now and from now on. */
  close(): void;
}

interface Watch {
  readonly ended: boolean;
  end(): void;
}

/** One watcher of an order. Others who come to watch the same one have it read again: that is no news to this one. */
interface Watcher {
  changes: Mailbox<OrderRow>;
  toldVersion?: number;
}

const mostWatches = 5000;
/** An office or a mobile network has many shoppers and one address; whose page has no stream asks every few seconds. */
const mostOfAClient = 200;
const ordersARead = 200;
const retryAfterMs = 500;

export function createOrderWatches({ store, log }: OrderWatchesDeps): OrderWatches {
  const watchers = new Map<string, Set<Watcher>>();
  const ofClient = new Map<string, number>();
  const ends = new Set<() => void>();
  const toRead = new Set<string>();
  let reading = false;
  let closed = false;

  /** One read at a time, of all that changed meanwhile: a burst of changes costs a few reads, not thousands. */
  async function readAndTell(): Promise<void> {
    if (reading) return;
    reading = true;
    while (toRead.size > 0) {
      const orderIds = [...toRead].slice(0, ordersARead);
      for (const orderId of orderIds) toRead.delete(orderId);
      try {
        for (const order of await store.readOrders(orderIds)) {
          watchers.get(order.orderId)?.forEach((watcher) => tell(watcher, order));
        }
      } catch (error) {
        log.debug({ err: error }, 'changed orders cannot be read yet');
        for (const orderId of orderIds) if (watchers.has(orderId)) toRead.add(orderId);
        await delay(retryAfterMs);
      }
    }
    reading = false;
  }

  function readSoon(orderIds: Iterable<string>): void {
    for (const orderId of orderIds) if (watchers.has(orderId)) toRead.add(orderId);
    void readAndTell();
  }

  function count(client: string, more: number): void {
    const now = (ofClient.get(client) ?? 0) + more;
    if (now === 0) ofClient.delete(client);
    else ofClient.set(client, now);
  }

  return {
    watch: (orderId, { client, changes }) => {
      if (closed || ends.size >= mostWatches || (ofClient.get(client) ?? 0) >= mostOfAClient) return undefined;
      const watcher: Watcher = { changes };
      const ofOrder = watchers.get(orderId) ?? new Set();
      watchers.set(orderId, ofOrder.add(watcher));
      count(client, 1);
      const end = (): void => {
        if (!ends.delete(end)) return;
        count(client, -1);
        ofOrder.delete(watcher);
        if (ofOrder.size === 0) watchers.delete(orderId);
        changes.close();
      };
      ends.add(end);
      readSoon([orderId]);
      return {
        end,
        get ended() {
          return !ends.has(end);
        },
      };
    },
    changed: (orderId) => readSoon([orderId]),
    missed: () => readSoon(watchers.keys()),
    open: () => ends.size,
    close: () => {
      closed = true;
      for (const end of ends) end();
    },
  };
}

function tell(watcher: Watcher, order: OrderRow): void {
  // Not only a greater one: Postgres may have been restored to an earlier moment.
  if (watcher.toldVersion === order.version) return;
  watcher.toldVersion = order.version;
  watcher.changes.put(order);
}
