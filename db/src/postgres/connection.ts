import { connect as connectSocket, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { arrayTypes } from './arrayTypes';
import type { Database } from './database';
import { sessionSettings } from './sessionSettings';

export interface ConnectionOptions {
  /** `postgres://` connection string. */
  url: string;
  /** Shown in pg_stat_activity. */
  applicationName: string;
  /** Milliseconds after which the server cancels a statement. */
  deadlineMs: number;
}

/** A connection to Postgres. The first statement opens it; after it has closed it cannot be used again. */
export interface Connection {
  /**
   * Runs work on the connection; the caller starts the next work only after this has settled. Rejects when the connection
   * closes during the work. Work that outlasts the server's own limit closes the connection, because the server is gone.
   */
  use<Result>(work: (db: Database) => Promise<Result>): Promise<Result>;
  /** Ends the session; after a second without an answer it destroys the socket. */
  close(): Promise<void>;
}

export interface ConnectionHooks {
  /** Milliseconds to wait before connecting. */
  delayMs: number;
  /** Called once, when the connection has closed for any reason. */
  onClosed(this: void): void;
  /** Receives the payloads of a `LISTEN` on this connection. */
  onNotify?: (this: void, payload: string) => void;
}

const closeTimeoutSeconds = 1;

/** Creates a driver that gets one socket in its life, because postgres.js does not reconnect safely (see README.md). */
export function openConnection(
  options: ConnectionOptions,
  { delayMs, onClosed, onNotify }: ConnectionHooks,
): Connection {
  let isOpen = true;
  let socket: Socket | undefined;
  let rejectWork: (() => void) | undefined;
  const closed = (): void => {
    if (!isOpen) return;
    isOpen = false;
    rejectWork?.();
    onClosed();
  };
  const openSocket = async (address: Address): Promise<Socket> => {
    if (socket === undefined && delayMs > 0) await delay(delayMs);
    if (socket !== undefined || !isOpen) {
      closed();
      throw connectionLost();
    }
    socket = connectTo(address);
    return socket;
  };
  const destroy = (): void => {
    closed();
    socket?.destroy();
  };
  const client = createClient(options, { openSocket, onClosed: closed, onNotify });
  const db = drizzle(withPreparedStatements(client));
  return {
    use: async (work) => {
      const silenceTimer = setTimeout(destroy, 2 * options.deadlineMs);
      try {
        return await new Promise((resolve, reject) => {
          // The driver's own error says more and arrives in this turn of the event loop, unless it has lost the statement.
          rejectWork = () => void setImmediate(() => reject(connectionLost()));
          work(db).then(resolve, reject);
        });
      } finally {
        clearTimeout(silenceTimer);
        rejectWork = undefined;
      }
    },
    close: async () => {
      await client.end({ timeout: closeTimeoutSeconds });
      destroy();
    },
  };
}

/** Where to connect, as the driver has parsed it from the connection string. */
interface Address {
  host: string[];
  port: number[];
  path: string | false;
}

interface ClientHooks {
  openSocket(this: void, address: Address): Promise<Socket>;
  onClosed(this: void): void;
  onNotify: ConnectionHooks['onNotify'];
}

function createClient(
  { url, applicationName, deadlineMs }: ConnectionOptions,
  { openSocket, onClosed, onNotify }: ClientHooks,
): postgres.Sql {
  const options = {
    max: 1,
    connect_timeout: Math.ceil(deadlineMs / 1000),
    // Both would close a connection that the pool is about to lend.
    idle_timeout: 0,
    max_lifetime: null,
    // A failure of the driver's query for array types is an unhandled rejection, which ends the process.
    fetch_types: false,
    types: arrayTypes,
    connection: { ...sessionSettings, application_name: applicationName, statement_timeout: deadlineMs },
    onnotice: () => {},
    onclose: onClosed,
    socket: openSocket,
    // Not the driver's `listen`: it stops for good when it cannot reconnect at once.
    onnotify: (_channel: string, payload: string) => onNotify?.(payload),
  };
  return postgres(url, options);
}

/**
 * Drizzle sends statements unprepared: each costs a round trip for the types of its parameters, then parsing and planning.
 * This client prepares a statement with parameters at its first use on the connection.
 */
function withPreparedStatements(client: postgres.Sql): postgres.Sql {
  const unsafe: postgres.Sql['unsafe'] = (query, parameters, options) =>
    client.unsafe(query, parameters, { ...options, prepare: true });
  return new Proxy(client, {
    get: (target, key, receiver): unknown => (key === 'unsafe' ? unsafe : Reflect.get(target, key, receiver)),
  });
}

function connectTo({ host, port, path }: Address): Socket {
  const opened = path ? connectSocket(path) : connectSocket(port[0] ?? 5432, host[0]);
  return Object.assign(opened, { host: host[0], port: port[0] });
}

function connectionLost(): Error {
  return Object.assign(new Error('The connection to Postgres was lost.'), { code: 'CONNECTION_CLOSED' });
}
