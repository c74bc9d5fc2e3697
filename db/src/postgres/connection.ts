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

/** A connection to Postgres. The first statement opens it. A closed connection cannot be used again. */
export interface Connection {
  /**
   * Runs work on the connection. The caller must wait until the work has settled before the next call. Rejects if the
   * connection closes during the work. Closes the connection if the work takes twice `deadlineMs`, because a server
   * that can be reached would have cancelled the statement earlier.
   */
  use<Result>(work: (db: Database) => Promise<Result>): Promise<Result>;
  /** Ends the session. Destroys the socket if the server does not answer within a second. */
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

/** Creates a driver that opens only one socket, because postgres.js does not reconnect safely (see README.md). */
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
          // When the connection closes, the driver usually rejects `work` with a more precise error in the same turn of
          // the event loop. The error below is used only if the driver does not reject `work`.
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

/** The server's address, as the driver parses it from the connection string. */
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
    // With an idle timeout or a lifetime, the driver could close a connection that the pool has just handed out.
    idle_timeout: 0,
    max_lifetime: null,
    // With `true`, the driver would query the array types. The driver does not handle a failure of that query, and the
    // unhandled rejection would end the process.
    fetch_types: false,
    types: arrayTypes,
    connection: { ...sessionSettings, application_name: applicationName, ...timeouts(deadlineMs) },
    onnotice: () => {},
    onclose: onClosed,
    socket: openSocket,
    // The driver's own `listen` is not used: it stops forever if its first attempt to reconnect fails.
    onnotify: (_channel: string, payload: string) => onNotify?.(payload),
  };
  return postgres(url, options);
}

/**
 * The longest wait for a lock, in milliseconds. A statement that places an order of a popular product waits for the
 * statements before it, which need a few milliseconds each. A longer wait than this limit means that a session outside
 * the store probably holds the lock, perhaps for hours.
 */
const lockTimeoutMs = 500;

function timeouts(deadlineMs: number) {
  return { statement_timeout: deadlineMs, lock_timeout: lockTimeoutMs };
}

/**
 * Drizzle does not prepare its statements, so each execution would cost parsing, planning and a round trip for the
 * types of the parameters. If a statement has parameters, the returned client prepares it when a connection first uses
 * it.
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
