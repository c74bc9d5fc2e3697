import { connect as connectSocket, type Socket } from 'node:net';
import postgres from 'postgres';

export interface ConnectionOptions {
  /** `postgres://` connection string. */
  url: string;
  /** Shown in pg_stat_activity. */
  applicationName: string;
  /** Connections at most; work beyond them queues. */
  maxConnections: number;
  /** Milliseconds until any statement is ended, by the server itself. */
  deadlineMs: number;
}

/**
 * A pool that connects at its first use and goes on after its database was away, silent or replaced.
 *
 * @param more options of the driver that only one caller needs
 */
export function connect(
  { url, applicationName, maxConnections, deadlineMs }: ConnectionOptions,
  more: object = {},
): postgres.Sql {
  const deadlineSeconds = Math.ceil(deadlineMs / 1000);
  const options = {
    max: maxConnections,
    connect_timeout: deadlineSeconds,
    idle_timeout: deadlineSeconds,
    // The driver waits up to half a minute between attempts by default; a store that is back wants its buyers at once.
    backoff: (attempt: number) => Math.min(0.05 * 2 ** attempt, 1),
    connection: { application_name: applicationName, statement_timeout: deadlineMs },
    onnotice: () => {},
    ...more,
  };
  const usesTls = /[?&]ssl(mode)?=/.test(url);
  return postgres(url, usesTls ? options : { ...options, ...givingUpSilence(2 * deadlineMs) });
}

interface Target {
  host: string[];
  port: number[];
  path: string | false;
}

/**
 * A network that swallows packets leaves a connection open that never answers, and the kernel notices after a quarter of
 * an hour. Every statement ends within the deadline, so a socket that is silent for longer is dead: closing it lets the
 * pool connect anew. TLS takes the socket over and hides its traffic from this watch, so there the kernel has to do.
 *
 * @param silentMs milliseconds without a byte in either direction
 */
function givingUpSilence(silentMs: number): object {
  const socket = ({ host, port, path }: Target): Socket => {
    const opened = path ? connectSocket(path) : connectSocket(port[0] ?? 5432, host[0]);
    opened.setTimeout(silentMs, () => opened.destroy());
    return Object.assign(opened, { host: host[0], port: port[0] });
  };
  return { socket };
}
