import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { type Connection, type ConnectionOptions, openConnection } from './postgres/connection';

export interface OrderChangesOptions extends ConnectionOptions {
  /** Called for each changed order, soon after the commit. */
  onChange(this: void, orderId: string): void;
  /** Called at the start and after each reconnect, because changes can have been missed before. */
  onGap(this: void): void;
}

export interface OrderChanges {
  close(): Promise<void>;
}

const retryAfterMs = 500;

/**
 * Listens on its own connection for the notifications of the trigger `record_order_change`. Opens a new connection after the old
 * one is lost.
 */
export function watchOrderChanges({ onChange, onGap, ...options }: OrderChangesOptions): OrderChanges {
  const stopped = new AbortController();
  let connection: Connection | undefined;

  const listen = async (): Promise<void> => {
    const lost = new AbortController();
    const onClosed = (): void => lost.abort();
    const listening = openConnection(options, { delayMs: 0, onClosed, onNotify: onChange });
    connection = listening;
    try {
      await listening.use((db) => db.execute(sql`listen order_changed`));
      onGap();
      const ended = AbortSignal.any([lost.signal, stopped.signal]);
      while (!ended.aborted) {
        await pause(options.deadlineMs, ended);
        // A dead connection looks like an idle one, so a regular query checks the connection.
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
        // The database does not answer. Other callers report that, and `onGap` is called when the database is back.
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
