import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { EnvironmentError } from './environment';

export interface HttpServer {
  /** Goes on taking requests, but each answer ends its connection: clients come back on another, which may lead elsewhere. */
  drain(): void;
  /** Drains, stops taking connections, lets running requests end for `graceMs` milliseconds, then cuts what is left. */
  close(graceMs: number): Promise<void>;
}

type Bindings = Parameters<Parameters<typeof getRequestListener>[0]>[1];
type Fetch = (request: Request, bindings: Bindings) => Response | Promise<Response>;

export interface ListenOptions {
  port: number;
  hostname: string;
  /** The environment variable that chose the port, for the error of one that cannot be had. */
  portVariable: string;
  /** Answers what never reaches the app, such as a request with a broken `Host`; without it, an empty 400 or 500. */
  onError?: (error: unknown) => Response;
}

/**
 * Longer than load balancers keep an idle connection (60 s is usual). With Node's 5 s a balancer sends requests down connections
 * that are being closed, and shoppers see its 502.
 */
const keepAliveTimeoutMs = 75_000;
/** No browser and no balancer asks again on a connection before it is answered; what others ask so is held in memory. */
const mostWaitingOnAConnection = 10;

/** The host of requests without one: HTTP/1.0 has no `Host`, and health checks of load balancers often send none. */
const defaultHost = 'localhost';

/**
 * Listens and resolves once connections are taken.
 *
 * @throws EnvironmentError when the port is in use or may not be used
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
    if (waiting !== undefined && waiting.size > mostWaitingOnAConnection) request.socket.destroy();
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
      reject(new EnvironmentError(`${portVariable} ${port} cannot be listened on: ${why}`, { cause: error }));
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
 * Ends the answers that waited for others on their connection: Node gives those no socket before it is their turn, and does
 * not tell them when it is gone, so that what makes them would never hear that nobody reads them.
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
    // A connection that is kept alive would otherwise stay for seconds after its last answer.
    server.closeIdleConnections();
    // Node takes one that was opened ahead, as browsers do, for one whose request is on its way.
    for (const socket of sockets.keys()) if (socket.bytesRead === 0) socket.destroy();
  };
  const sweep = setInterval(closeIdle, sweepMs);
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(cut);
}
