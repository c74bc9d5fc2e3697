import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { EnvironmentError } from './environment';

export interface HttpServer {
  /** Keeps answering requests, but closes each connection after its answer, so that clients reconnect to another process. */
  drain(): void;
  /** Drains, accepts no new connection, waits `graceMs` milliseconds for running requests, then closes the rest. */
  close(graceMs: number): Promise<void>;
}

type Bindings = Parameters<Parameters<typeof getRequestListener>[0]>[1];
type Fetch = (request: Request, bindings: Bindings) => Response | Promise<Response>;

export interface ListenOptions {
  port: number;
  hostname: string;
  /** The environment variable of the port, for the error message. */
  portVariable: string;
  /** Answers requests that never reach the app, such as one with a malformed `Host`; an empty 400 or 500 by default. */
  onError?: (error: unknown) => Response;
}

/**
 * Longer than load balancers keep an idle connection (usually 60 s). With Node's 5 s a balancer sends requests on connections
 * that Node is closing, and shoppers see its 502.
 */
const keepAliveTimeoutMs = 75_000;
/** Browsers and balancers do not pipeline. Pipelined requests of other clients are held in memory, so they are limited. */
const maxPipelinedRequests = 10;

/** The host of requests without one: HTTP/1.0 has no `Host`, and health checks of load balancers often send none. */
const defaultHost = 'localhost';

/**
 * Listens, and resolves when the server accepts connections.
 *
 * @throws EnvironmentError when the port cannot be used
 */
export function listen(
  app: { fetch: Fetch },
  { port, hostname, portVariable, onError }: ListenOptions,
): Promise<HttpServer> {
  const answer = getRequestListener(
    (request, bindings) => {
      const response = app.fetch(request, bindings);
      return bindings.incoming.httpVersion === '1.0' ? withoutChunks(response) : response;
    },
    { hostname: defaultHost, ...(onError === undefined ? {} : { errorHandler: onError }) },
  );
  const open = new Map<Socket, Set<ServerResponse>>();
  let draining = false;
  const server = createServer((request, response) => {
    const waiting = open.get(request.socket);
    waiting?.add(response);
    response.once('close', () => waiting?.delete(response));
    if (waiting !== undefined && waiting.size > maxPipelinedRequests) request.socket.destroy();
    response.shouldKeepAlive &&= !draining;
    void answer(request, response);
  });
  server.keepAliveTimeout = keepAliveTimeoutMs;
  server.on('connection', (socket) => {
    const waiting = new Set<ServerResponse>();
    open.set(socket, waiting);
    socket.once('close', () => {
      open.delete(socket);
      endUnsent(waiting);
    });
  });
  const drain = (): void => {
    draining = true;
    for (const waiting of open.values()) for (const response of waiting) response.shouldKeepAlive = false;
  };
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'another program uses it' : (error.code ?? 'unknown');
      reject(new EnvironmentError(`${portVariable} ${port} cannot be used: ${why}`, { cause: error }));
    });
    const closeDrained = (graceMs: number): Promise<void> => {
      drain();
      return close(server, { sockets: open, graceMs });
    };
    server.listen(port, hostname, () => resolve({ drain, close: closeDrained }));
  });
}

/** HTTP/1.0 has no chunks (RFC 9112, 6.1): the end of the connection ends a body of unknown length. */
async function withoutChunks(response: ReturnType<Fetch>): Promise<Response> {
  const answer = await response;
  answer.headers.delete('Transfer-Encoding');
  return answer;
}

/**
 * Ends the responses to pipelined requests whose connection is closed. Node gives a response a socket only when its turn comes,
 * and does not report the closed connection to the response. Its handler would otherwise continue.
 */
function endUnsent(waiting: Iterable<ServerResponse>): void {
  for (const response of waiting) {
    if (response.socket !== null) continue;
    response.destroy();
    response.emit('close');
  }
}

const sweepMs = 50;

async function close(
  server: Server,
  { sockets, graceMs }: { sockets: ReadonlyMap<Socket, unknown>; graceMs: number },
): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  const closeIdle = (): void => {
    // A keep-alive connection would otherwise stay open for seconds after its last answer.
    server.closeIdleConnections();
    // Node takes a connection without any request for a busy one. Browsers open such connections in advance.
    for (const socket of sockets.keys()) if (socket.bytesRead === 0) socket.destroy();
  };
  const sweep = setInterval(closeIdle, sweepMs);
  const forced = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(forced);
}
