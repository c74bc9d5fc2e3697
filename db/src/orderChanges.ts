import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { type Connection, type ConnectionOptions, openConnection } from './connection';

export interface OrderChangesOptions extends ConnectionOptions {
  /** Is told of each order that changed, soon after its commit. */
  onChange(this: void, orderId: string): void;
  /** Is called when changes may have gone by unheard: at the start, and after the database was away. */
  onGap(this: void): void;
}

export interface OrderChanges {
  close(): Promise<void>;
}

const retryAfterMs = 500;

/**
 * Listens to changes of orders (`LISTEN`/`NOTIFY`, by the trigger `record_order_change`) on one connection of its own, and on
 * the next one when that is lost.
 */
export function watchOrderChanges({ onChange, onGap, ...options }: OrderChangesOptions): OrderChanges {
  const stopped = new AbortController();
  let connection: Connection | undefined;

  const listen = async (): Promise<void> => {
    const lost = new AbortController();
    const onClosed = (): void => lost.abort();
    const listening = openConnection(options, { pauseMs: 0, onClosed, onNotify: onChange });
    connection = listening;
    try {
      await listening.use((db) => db.execute(sql`listen order_changed`));
      onGap();
      const ended = AbortSignal.any([lost.signal, stopped.signal]);
      while (!ended.aborted) {
        await pause(options.deadlineMs, ended);
        // A connection that nobody is at the other end of looks quiet until it is asked something.
        if (!ended.aborted) await listening.use((db) => db.execute(sql`select 1`));
      }
    } finally {
      await listening.close();
    }
  };
  const keepListening = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      try {
        await listen();
      } catch {
        // The database is away, which every other caller says too; onGap follows when it is back.
      }
      await pause(retryAfterMs, stopped.signal);
    }
  };
  const running = keepListening();
  return {
    close: async () => {
      stopped.abort();
      await connection?.close();
      await running;
    },
  };
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal }).catch(() => {});
}
