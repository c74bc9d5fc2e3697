import { failureTypes } from '@widget-store/contract';
import { isLockTimeout, isReadOnly, isServerFull, StoreError } from '../errors';
import { type Connection, type ConnectionOptions, openConnection } from './connection';
import type { Database } from './database';

export interface PoolOptions extends ConnectionOptions {
  /** The maximum number of connections. If all are busy, work waits in a queue. */
  maxConnections: number;
}

interface Waiter {
  expiresAtMs: number;
  resolve(this: void, connection: Connection): void;
  reject(this: void, error: StoreError): void;
}

const drainTimeoutMs = 5000;
const minReconnectDelayMs = 50;
const maxReconnectDelayMs = 1000;
/**
 * If the server refuses a connection because too many are open, the pool waits this long before it opens another one. A
 * pool without any connection does not wait.
 */
const fullPauseMs = 1000;

/**
 * Opens connections if there is work for them, and closes unused ones. Replaces a connection that is lost, that does
 * not answer, or on which a statement has failed unexpectedly. The first work opens the first connection, so a process
 * can start before the database.
 */
export class ConnectionPool {
  private readonly options: PoolOptions;
  private readonly connections = new Set<Connection>();
  /** The connections on which the server has answered. */
  private readonly proven = new WeakSet<Connection>();
  /**
   * A stack: the pool takes the last element, which is the most recently used connection. The first element is the
   * connection that has been unused for the longest time.
   */
  private idle: { connection: Connection; sinceMs: number }[] = [];
  /** The connections that the pool closes as soon as their current work has ended. */
  private readonly retired = new WeakSet<Connection>();
  private readonly waiters: Waiter[] = [];
  private readonly running = new Set<Promise<unknown>>();
  private readonly sweepTimer: NodeJS.Timeout;
  private downSinceMs: number | undefined;
  private nextAttemptAtMs = 0;
  private fullUntilMs = 0;
  private isClosing = false;

  constructor(options: PoolOptions) {
    this.options = options;
    this.sweepTimer = setInterval(() => this.closeUnused(), options.deadlineMs).unref();
  }

  /**
   * Runs work on a connection that no other work uses at the same time. Work that waits longer than the deadline never
   * starts.
   *
   * @param options.first whether the work gets the next free connection, before all work that is waiting
   */
  async run<Result>(work: (db: Database) => Promise<Result>, { first = false } = {}): Promise<Result> {
    if (this.isClosing) throw unavailable('The store is closed.');
    const running = this.runOnConnection(work, first);
    this.running.add(running);
    try {
      return await running;
    } finally {
      this.running.delete(running);
    }
  }

  /** Waits up to five seconds for running work, then closes every connection. */
  async close(): Promise<void> {
    this.isClosing = true;
    clearInterval(this.sweepTimer);
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise((resolve) => (timer = setTimeout(resolve, drainTimeoutMs)));
    await Promise.race([Promise.allSettled(this.running), timeout]);
    clearTimeout(timer);
    for (const { reject } of this.waiters.splice(0)) reject(unavailable('The store is closed.'));
    await Promise.all(Array.from(this.connections, (connection) => connection.close()));
  }

  private async runOnConnection<Result>(work: (db: Database) => Promise<Result>, first: boolean): Promise<Result> {
    const expiresAtMs = performance.now() + this.options.deadlineMs;
    for (let isFirst = first; ; isFirst = true) {
      const connection = await this.acquire(isFirst, expiresAtMs);
      try {
        return await this.use(connection, work);
      } catch (error) {
        if (!isServerFull(error) || this.connections.size === 0) throw error;
        // The server has not received the work, so the work can wait for another connection.
        this.fullUntilMs = performance.now() + fullPauseMs;
      }
    }
  }

  private async use<Result>(connection: Connection, work: (db: Database) => Promise<Result>): Promise<Result> {
    try {
      const result = await connection.use(work);
      this.markProven(connection);
      return result;
    } catch (error) {
      // A StoreError comes from the store's own code, and a lock timeout is caused by another session. After either of
      // them, the connection still works. After any other error, the pool does not use the connection again.
      if (error instanceof StoreError || isLockTimeout(error)) this.markProven(connection);
      else this.discard(connection);
      if (isReadOnly(error)) this.retireAll();
      throw error;
    } finally {
      if (this.retired.has(connection)) this.end(connection);
      else if (this.connections.has(connection)) this.idle.push({ connection, sinceMs: performance.now() });
      this.serveWaiters();
    }
  }

  private acquire(first: boolean, expiresAtMs: number): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const waiter = { expiresAtMs, resolve, reject };
      if (first) this.waiters.unshift(waiter);
      else this.waiters.push(waiter);
      this.serveWaiters();
    });
  }

  private serveWaiters(): void {
    for (let next = this.waiters[0]; next !== undefined; next = this.waiters[0]) {
      const isExpired = performance.now() > next.expiresAtMs;
      const connection = isExpired ? undefined : this.freeConnection();
      if (!isExpired && connection === undefined) return;
      this.waiters.shift();
      if (connection === undefined) next.reject(unavailable('Every connection to the database was busy.'));
      else next.resolve(connection);
    }
  }

  private freeConnection(): Connection | undefined {
    const idle = this.idle.pop();
    if (idle !== undefined) return idle.connection;
    const { size } = this.connections;
    const mayOpen = size === 0 || (size < this.options.maxConnections && performance.now() > this.fullUntilMs);
    return mayOpen ? this.open() : undefined;
  }

  private open(): Connection {
    const delayMs = this.downSinceMs === undefined ? 0 : Math.max(0, this.nextAttemptAtMs - performance.now());
    const onClosed = (): void => {
      this.remove(connection);
      this.serveWaiters();
    };
    const connection = openConnection(this.options, { delayMs, onClosed });
    this.connections.add(connection);
    return connection;
  }

  private markProven(connection: Connection): void {
    this.proven.add(connection);
    this.downSinceMs = undefined;
  }

  private discard(connection: Connection): void {
    if (!this.proven.has(connection)) this.delayNextAttempt();
    this.end(connection);
  }

  /**
   * Replaces every connection after the server has refused a write. After a failover, the address leads to the new
   * primary server. The open connections still lead to the old server, which is now a standby.
   */
  private retireAll(): void {
    for (const connection of this.connections) this.retired.add(connection);
    for (const { connection } of this.idle) this.end(connection);
  }

  private end(connection: Connection): void {
    this.remove(connection);
    void connection.close();
  }

  /**
   * Delays the next attempt to connect by half the time since the outage began, within limits. The pool therefore
   * reconnects soon after a short outage.
   */
  private delayNextAttempt(): void {
    const nowMs = performance.now();
    this.downSinceMs ??= nowMs;
    const delayMs = (nowMs - this.downSinceMs) / 2;
    this.nextAttemptAtMs = nowMs + Math.min(Math.max(delayMs, minReconnectDelayMs), maxReconnectDelayMs);
  }

  private remove(connection: Connection): void {
    this.connections.delete(connection);
    this.idle = this.idle.filter((idle) => idle.connection !== connection);
  }

  private closeUnused(): void {
    const oldestMs = performance.now() - this.options.deadlineMs;
    for (const { connection, sinceMs } of this.idle) {
      if (sinceMs > oldestMs) return;
      this.end(connection);
    }
  }
}

function unavailable(message: string): StoreError {
  return new StoreError(failureTypes.databaseUnavailable, message);
}
