import { failureTypes } from '@widget-store/contract';
import { type Connection, type ConnectionOptions, openConnection } from './connection';
import { StoreError } from './errors';
import type { Database } from './queries/database';

export interface PoolOptions extends ConnectionOptions {
  /** Connections at most; work beyond them queues. */
  maxConnections: number;
}

/** Connections that are made when there is work, and replaced when they were cut, fell silent, or failed. */
export interface Pool {
  /** Runs work on a connection that it has for itself. Work whose turn comes only after the deadline is not begun. */
  run<Result>(work: (db: Database) => Promise<Result>): Promise<Result>;
  /** Waits up to five seconds for running work, then closes every connection. */
  close(): Promise<void>;
}

interface Waiting {
  lateAtMs: number;
  begin(this: void, connection: Connection): void;
  giveUp(this: void, error: StoreError): void;
}

const drainMs = 5000;
const shortestPauseMs = 50;
const longestPauseMs = 1000;

/** Opens nothing yet: a database that is away may come. */
export function createPool(options: PoolOptions): Pool {
  return new ConnectionPool(options);
}

class ConnectionPool implements Pool {
  private readonly options: PoolOptions;
  private readonly connections = new Set<Connection>();
  /** Connections that have done some work well. */
  private readonly proven = new WeakSet<Connection>();
  /** The one that worked last is used next, so that those at the front are the superfluous ones. */
  private idle: { connection: Connection; sinceMs: number }[] = [];
  private readonly waiting: Waiting[] = [];
  private readonly running = new Set<Promise<unknown>>();
  private readonly sweeping: NodeJS.Timeout;
  private downSinceMs: number | undefined;
  private nextAttemptAtMs = 0;
  private closing = false;

  constructor(options: PoolOptions) {
    this.options = options;
    this.sweeping = setInterval(() => this.closeSuperfluous(), options.deadlineMs).unref();
  }

  async run<Result>(work: (db: Database) => Promise<Result>): Promise<Result> {
    if (this.closing) throw unavailable('The store is closed.');
    const running = this.runOnOne(work);
    this.running.add(running);
    try {
      return await running;
    } finally {
      this.running.delete(running);
    }
  }

  async close(): Promise<void> {
    this.closing = true;
    clearInterval(this.sweeping);
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise((resolve) => (timer = setTimeout(resolve, drainMs)));
    await Promise.race([Promise.allSettled(this.running), patience]);
    clearTimeout(timer);
    for (const { giveUp } of this.waiting.splice(0)) giveUp(unavailable('The store is closed.'));
    await Promise.all(Array.from(this.connections, (connection) => connection.close()));
  }

  private async runOnOne<Result>(work: (db: Database) => Promise<Result>): Promise<Result> {
    const connection = await this.turn();
    try {
      const result = await connection.use(work);
      this.trust(connection);
      return result;
    } catch (error) {
      // A StoreError is a verdict of ours on rows that were read; after anything else the connection is not used again.
      if (error instanceof StoreError) this.trust(connection);
      else this.discard(connection);
      throw error;
    } finally {
      if (this.connections.has(connection)) this.idle.push({ connection, sinceMs: performance.now() });
      this.serve();
    }
  }

  private turn(): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const lateAtMs = performance.now() + this.options.deadlineMs;
      this.waiting.push({ lateAtMs, begin: resolve, giveUp: reject });
      this.serve();
    });
  }

  /** Gives whoever waits a connection, as long as there are any to be had. */
  private serve(): void {
    for (let next = this.waiting[0]; next !== undefined; next = this.waiting[0]) {
      const isLate = performance.now() > next.lateAtMs;
      const connection = isLate ? undefined : this.freeConnection();
      if (!isLate && connection === undefined) return;
      this.waiting.shift();
      if (connection === undefined) next.giveUp(unavailable('Every connection to the database was busy.'));
      else next.begin(connection);
    }
  }

  private freeConnection(): Connection | undefined {
    const idle = this.idle.pop();
    if (idle !== undefined) return idle.connection;
    return this.connections.size < this.options.maxConnections ? this.open() : undefined;
  }

  private open(): Connection {
    const pauseMs = this.downSinceMs === undefined ? 0 : Math.max(0, this.nextAttemptAtMs - performance.now());
    const onClosed = (): void => {
      this.forget(connection);
      this.serve();
    };
    const connection = openConnection(this.options, { pauseMs, onClosed });
    this.connections.add(connection);
    return connection;
  }

  private trust(connection: Connection): void {
    this.proven.add(connection);
    this.downSinceMs = undefined;
  }

  private discard(connection: Connection): void {
    if (!this.proven.has(connection)) this.pauseAttempts();
    this.forget(connection);
    void connection.close();
  }

  /** Attempts wait half as long as the database has been away, so that one that is back is found at once. */
  private pauseAttempts(): void {
    const nowMs = performance.now();
    this.downSinceMs ??= nowMs;
    const pauseMs = (nowMs - this.downSinceMs) / 2;
    this.nextAttemptAtMs = nowMs + Math.min(Math.max(pauseMs, shortestPauseMs), longestPauseMs);
  }

  private forget(connection: Connection): void {
    this.connections.delete(connection);
    this.idle = this.idle.filter((idle) => idle.connection !== connection);
  }

  private closeSuperfluous(): void {
    const oldestMs = performance.now() - this.options.deadlineMs;
    for (const { connection, sinceMs } of this.idle) {
      if (sinceMs > oldestMs) return;
      this.forget(connection);
      void connection.close();
    }
  }
}

function unavailable(message: string): StoreError {
  return new StoreError(failureTypes.databaseUnavailable, message);
}
