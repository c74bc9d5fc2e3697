import { setTimeout as delay } from 'node:timers/promises';
import type { OrderRow, Store } from '@widget-store/db';
import type { Logger } from '@widget-store/runtime';
import type { LatestValue } from './latestValue';

export interface OrderWatchesDeps {
  store: Pick<Store, 'readOrders'>;
  log: Logger;
}

/** Delivers changed orders to their watchers. All watchers of an order share one read. */
export interface OrderWatches {
  /**
   * Reads the order and puts it into `changes`, first immediately, and again after each change. If several changes
   * follow each other quickly, possibly only the last one arrives.
   *
   * @param watcher.client the address of the client
   * @returns undefined if this process is closing, or has reached its limit of watches in total or for this client
   */
  watch(orderId: string, watcher: { client: string; changes: LatestValue<OrderRow> }): Watch | undefined;
  /** Must be called when an order has changed. */
  changed(orderId: string): void;
  /** Must be called when notifications were lost, because every order can have changed unnoticed. */
  missed(): void;
  open(): number;
  /** Ends every watch and accepts no new one. */
  close(): void;
}

interface Watch {
  readonly ended: boolean;
  end(): void;
}

interface Watcher {
  changes: LatestValue<OrderRow>;
  /**
   * The version that the watcher got last. A read for another watcher of the order can return this version again, but
   * the watcher must not get a version twice.
   */
  sentVersion?: number;
}

const maxWatches = 5000;
/**
 * The limit is high, because an office or a mobile network has many shoppers behind one address. A page that gets no
 * watch polls its order instead.
 */
const maxWatchesPerClient = 200;
const ordersPerRead = 200;
const retryDelayMs = 500;

export function createOrderWatches({ store, log }: OrderWatchesDeps): OrderWatches {
  const watchers = new Map<string, Set<Watcher>>();
  const watchesOfClient = new Map<string, number>();
  const ends = new Set<() => void>();
  const toRead = new Set<string>();
  let isReading = false;
  let isClosed = false;

  /**
   * Reads all orders that have changed since the last read. Only one read runs at a time, so that a burst of changes
   * needs only a few reads.
   */
  async function readChanged(): Promise<void> {
    if (isReading) return;
    isReading = true;
    while (toRead.size > 0) {
      const orderIds = [...toRead].slice(0, ordersPerRead);
      for (const orderId of orderIds) toRead.delete(orderId);
      try {
        for (const order of await store.readOrders(orderIds)) {
          watchers.get(order.orderId)?.forEach((watcher) => send(watcher, order));
        }
      } catch (error) {
        log.debug({ err: error }, 'changed orders could not be read; retrying');
        for (const orderId of orderIds) if (watchers.has(orderId)) toRead.add(orderId);
        await delay(retryDelayMs);
      }
    }
    isReading = false;
  }

  function scheduleRead(orderIds: Iterable<string>): void {
    for (const orderId of orderIds) if (watchers.has(orderId)) toRead.add(orderId);
    void readChanged();
  }

  function count(client: string, difference: 1 | -1): void {
    const watches = (watchesOfClient.get(client) ?? 0) + difference;
    if (watches === 0) watchesOfClient.delete(client);
    else watchesOfClient.set(client, watches);
  }

  return {
    watch: (orderId, { client, changes }) => {
      const isFull = ends.size >= maxWatches || (watchesOfClient.get(client) ?? 0) >= maxWatchesPerClient;
      if (isClosed || isFull) return undefined;
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
      scheduleRead([orderId]);
      return {
        end,
        get ended() {
          return !ends.has(end);
        },
      };
    },
    changed: (orderId) => scheduleRead([orderId]),
    missed: () => scheduleRead(watchers.keys()),
    open: () => ends.size,
    close: () => {
      isClosed = true;
      for (const end of ends) end();
    },
  };
}

function send(watcher: Watcher, order: OrderRow): void {
  // A smaller version is sent too, because Postgres can have been restored to an earlier moment.
  if (watcher.sentVersion === order.version) return;
  watcher.sentVersion = order.version;
  watcher.changes.put(order);
}
