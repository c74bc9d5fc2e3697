import { connect as connectSocket, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { arrayTypes } from './arrayTypes';
import type { Database } from './queries/database';

export interface ConnectionOptions {
  /** `postgres://` connection string. */
  url: string;
  /** Shown in pg_stat_activity. */
  applicationName: string;
  /** Milliseconds until any statement is ended, by the server itself. */
  deadlineMs: number;
}

/** A connection to Postgres, made at its first statement. When it has closed, it is of no more use. */
export interface Connection {
  /**
   * Runs work on the connection, one piece at a time. Rejects when the connection closes meanwhile, and closes the
   * connection when the work outlasts what the server allows: then nobody is there any more.
   */
  use<Result>(work: (db: Database) => Promise<Result>): Promise<Result>;
  /** Takes leave of the server, and does not wait for it long. */
  close(): Promise<void>;
}

export interface Opening {
  /** Milliseconds to wait before the first attempt. */
  pauseMs: number;
  /** Is called once, when the connection has closed, for whatever reason. */
  onClosed(this: void): void;
  /** Is given what comes of a `LISTEN` on this connection. */
  onNotify?: (this: void, payload: string) => void;
}

const leaveSeconds = 1;

/**
 * postgres.js 3.4.9 connects again by itself, and carries what it knew of the lost connection into the new one: rows half
 * read, an error, a statement that it takes for sent, a write that is never flushed (porsager/postgres#1154, #1208, #1215).
 * So each connection is a driver of its own, which gets one socket in its life.
 */
export function openConnection(options: ConnectionOptions, { pauseMs, onClosed, onNotify }: Opening): Connection {
  let isOpen = true;
  let socket: Socket | undefined;
  let lose: (() => void) | undefined;
  const closed = (): void => {
    if (!isOpen) return;
    isOpen = false;
    lose?.();
    onClosed();
  };
  const openSocket = async (target: Target): Promise<Socket> => {
    if (socket === undefined && pauseMs > 0) await delay(pauseMs);
    if (socket !== undefined || !isOpen) {
      closed();
      throw connectionLost();
    }
    socket = connectTo(target);
    return socket;
  };
  const destroy = (): void => {
    closed();
    socket?.destroy();
  };
  const client = openDriver(options, { openSocket, onClosed: closed, onNotify });
  const db = drizzle(alwaysPrepared(client));
  return {
    use: async (work) => {
      const silence = setTimeout(destroy, 2 * options.deadlineMs);
      try {
        return await new Promise((resolve, reject) => {
          // The driver's own error says more and comes within this turn of the event loop, unless it has lost the statement.
          lose = () => void setImmediate(() => reject(connectionLost()));
          work(db).then(resolve, reject);
        });
      } finally {
        clearTimeout(silence);
        lose = undefined;
      }
    },
    close: async () => {
      await client.end({ timeout: leaveSeconds });
      destroy();
    },
  };
}

/** Where the driver wants to connect to, as it has read the connection string. */
interface Target {
  host: string[];
  port: number[];
  path: string | false;
}

interface DriverOptions {
  openSocket(this: void, target: Target): Promise<Socket>;
  onClosed(this: void): void;
  onNotify: Opening['onNotify'];
}

function openDriver(
  { url, applicationName, deadlineMs }: ConnectionOptions,
  { openSocket, onClosed, onNotify }: DriverOptions,
): postgres.Sql {
  const options = {
    max: 1,
    connect_timeout: Math.ceil(deadlineMs / 1000),
    // It would close the connection while the pool hands it out.
    idle_timeout: 0,
    max_lifetime: null,
    // It asks for the types of arrays on each connection, and a rejection of that question has no handler.
    fetch_types: false,
    types: arrayTypes,
    connection: { application_name: applicationName, statement_timeout: deadlineMs },
    onnotice: () => {},
    onclose: onClosed,
    socket: openSocket,
    // The driver has its own `listen`, which gives up for good when its database is away for a moment.
    onnotify: (_channel: string, payload: string) => onNotify?.(payload),
  };
  return postgres(url, options);
}

/**
 * Drizzle has its statements parsed and planned each time, after a round trip that asks for the types of their parameters. A
 * statement with parameters is prepared at its first use of the connection instead.
 */
function alwaysPrepared(client: postgres.Sql): postgres.Sql {
  const unsafe: postgres.Sql['unsafe'] = (query, parameters, options) =>
    client.unsafe(query, parameters, { ...options, prepare: true });
  return new Proxy(client, {
    get: (target, key, receiver): unknown => (key === 'unsafe' ? unsafe : Reflect.get(target, key, receiver)),
  });
}

function connectTo({ host, port, path }: Target): Socket {
  const opened = path ? connectSocket(path) : connectSocket(port[0] ?? 5432, host[0]);
  return Object.assign(opened, { host: host[0], port: port[0] });
}

function connectionLost(): Error {
  return Object.assign(new Error('The connection to Postgres was lost.'), { code: 'CONNECTION_CLOSED' });
}
