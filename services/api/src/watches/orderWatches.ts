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
   * @returns undefined when this process is closing or has as many watches as it can take
   */
  watch(orderId: string, changes: Mailbox<OrderRow>): Watch | undefined;
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

const mostWatches = 5000;
const ordersARead = 200;
const retryAfterMs = 500;

export function createOrderWatches({ store, log }: OrderWatchesDeps): OrderWatches {
  const watchers = new Map<string, Set<Mailbox<OrderRow>>>();
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
          watchers.get(order.orderId)?.forEach((mailbox) => mailbox.put(order));
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

  return {
    watch: (orderId, changes) => {
      if (closed || ends.size >= mostWatches) return undefined;
      const mailboxes = watchers.get(orderId) ?? new Set();
      watchers.set(orderId, mailboxes.add(changes));
      const end = (): void => {
        if (!ends.delete(end)) return;
        mailboxes.delete(changes);
        if (mailboxes.size === 0) watchers.delete(orderId);
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
