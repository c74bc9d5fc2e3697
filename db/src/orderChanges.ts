import { randomUUID } from 'node:crypto';
import { pause } from '@widget-store/runtime';
import { sql } from 'drizzle-orm';
import { type Connection, type ConnectionOptions, openConnection } from './postgres/connection';

export interface OrderChangesOptions extends ConnectionOptions {
  /** Called for each changed order, soon after the commit. */
  onChange(this: void, orderId: string): void;
  /**
   * Called when an order may have changed without a call of `onChange`: each second while notifications do not arrive,
   * and once when they begin to arrive.
   */
  onGap(this: void): void;
  /**
   * Called with false if Postgres answers but its notifications do not arrive, and with true when they arrive again.
   */
  onDelivery(this: void, arrives: boolean): void;
  /** Sends a notification. Does not use the connection that listens. */
  notify(this: void, payload: string): Promise<void>;
}

export interface OrderChanges {
  /** Whether the last check on the current connection found that notifications arrive. */
  arrive(): boolean;
  close(): Promise<void>;
}

const retryAfterMs = 500;
const pollMs = 1000;

/**
 * Listens on its own connection for the notifications of the trigger `record_order_change`. Opens a new connection when
 * the old one is lost, or when no notifications arrive on it.
 */
export function watchOrderChanges(options: OrderChangesOptions): OrderChanges {
  const { onChange, onGap, onDelivery, deadlineMs } = options;
  const stopped = new AbortController();
  const check = createDeliveryCheck(options);
  let connection: Connection | undefined;
  let arrives = false;
  let lastReport = true;

  const onNotify = (payload: string): void => {
    if (!check.receive(payload)) onChange(payload);
  };
  const report = (isDelivered: boolean): void => {
    if (isDelivered && !arrives) onGap();
    arrives = isDelivered;
    if (lastReport !== isDelivered) onDelivery(isDelivered);
    lastReport = isDelivered;
  };
  const listen = async (): Promise<void> => {
    const lost = new AbortController();
    const listening = openConnection(options, { delayMs: 0, onClosed: () => lost.abort(), onNotify });
    connection = listening;
    const ended = AbortSignal.any([lost.signal, stopped.signal]);
    try {
      while (!ended.aborted) {
        // `LISTEN` is repeated, because a pooler can have switched to another session, which does not listen. The
        // repetition also fails on a dead connection, which would otherwise look like an idle one.
        await listening.use((db) => db.execute(sql`listen order_changed`));
        const isDelivered = await check.run(ended);
        if (isDelivered !== undefined) report(isDelivered);
        // After a failover, this connection can still lead to the old server. A new connection leads to the new server.
        if (isDelivered === false) return;
        await pause(deadlineMs, ended);
      }
    } finally {
      arrives = false;
      await listening.close();
    }
  };
  const keepListening = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      try {
        await listen();
      } catch {
        // If the database does not answer, the other connections of the store fail too, and their callers report the
        // failure. Until notifications arrive again, `onGap` is called each second.
      }
      await pause(retryAfterMs, stopped.signal);
    }
  };
  const running = keepListening();
  const poll = setInterval(() => arrives || onGap(), pollMs);
  return {
    arrive: () => arrives,
    close: async () => {
      clearInterval(poll);
      stopped.abort();
      await connection?.close();
      await running;
    },
  };
}

/**
 * The payload of every check begins with this prefix. Each process also receives the checks of other processes, and
 * recognizes them by the prefix.
 */
const checkPrefix = 'check:';

/**
 * Creates a check of whether notifications arrive. The check is needed because PgBouncer in transaction mode accepts
 * `LISTEN` but drops the notifications. The check sends a notification on another connection, and waits at most
 * `deadlineMs` until the connection that listens receives this notification.
 */
function createDeliveryCheck({ notify, deadlineMs }: Pick<OrderChangesOptions, 'notify' | 'deadlineMs'>) {
  const expected = new Map<string, (arrived: true) => void>();
  return {
    /** @returns whether the payload comes from a check */
    receive: (payload: string): boolean => {
      expected.get(payload)?.(true);
      return payload.startsWith(checkPrefix);
    },
    /** @returns whether the notification arrived; undefined if it could not be sent, or if `ended` was aborted first */
    run: async (ended: AbortSignal): Promise<boolean | undefined> => {
      const payload = `${checkPrefix}${randomUUID()}`;
      const settled = new AbortController();
      const settle = (): void => settled.abort();
      // In Node 20, `AbortSignal.any` would leak memory at each check.
      ended.addEventListener('abort', settle);
      if (ended.aborted) settle();
      const arrival = new Promise<true>((resolve) => expected.set(payload, resolve));
      try {
        await notify(payload);
        const silence = pause(deadlineMs, settled.signal);
        return await Promise.race([arrival, silence.then(() => (ended.aborted ? undefined : false))]);
      } catch {
        return undefined;
      } finally {
        settle();
        ended.removeEventListener('abort', settle);
        expected.delete(payload);
      }
    },
  };
}
