import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { EnvironmentError } from './environment';

export interface HttpServer {
  /**
   * Still answers requests, but closes each connection after its current or next request. Clients then open new
   * connections, which can lead to another process.
   */
  drain(): void;
  /**
   * Drains and accepts no new connections. Waits up to `graceMs` milliseconds for running requests, and then closes the
   * remaining connections.
   */
  close(graceMs: number): Promise<void>;
}

type Bindings = Parameters<Parameters<typeof getRequestListener>[0]>[1];
type Fetch = (request: Request, bindings: Bindings) => Response | Promise<Response>;

export interface ListenOptions {
  port: number;
  hostname: string;
  /** The name of the environment variable that sets the port. An error message about the port contains this name. */
  portVariable: string;
  /**
   * Answers requests that never reach the app, such as a request with a malformed `Host`. By default, the response is
   * an empty 400 or 500.
   */
  onError?: (error: unknown) => Response;
}

/**
 * How long an idle connection stays open. Load balancers usually keep an idle connection open for 60 s, and the server
 * must keep it open for longer. With Node's default of 5 s, a load balancer could send a request on a connection that
 * Node is closing. The shopper would then see a 502.
 */
const keepAliveTimeoutMs = 75_000;
/**
 * The maximum number of pipelined requests on a connection. Each of them occupies memory. Browsers and load balancers
 * do not pipeline.
 */
const maxPipelinedRequests = 10;

/** The host for requests without a `Host` header. HTTP/1.0 does not require one, and many health checks send none. */
const defaultHost = 'localhost';

/**
 * Listens, and resolves when the server accepts connections.
 *
 * @throws EnvironmentError if the port cannot be used
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

/**
 * HTTP/1.0 does not support chunks (RFC 9112, 6.1). Instead, the end of the connection marks the end of a body of
 * unknown length.
 */
async function withoutChunks(response: ReturnType<Fetch>): Promise<Response> {
  const answer = await response;
  answer.headers.delete('Transfer-Encoding');
  return answer;
}

/**
 * Ends the responses to pipelined requests after their connection has closed. Node assigns the socket to a response
 * only after the earlier responses are sent. Node does not notify a waiting response that the connection has closed.
 * Without this function, the handlers of waiting responses would continue.
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
    // A response whose headers were sent before `drain` does not close its connection. Without this call, the
    // connection would stay open for `keepAliveTimeoutMs` after the response.
    server.closeIdleConnections();
    // Browsers open connections in advance. Node treats such a connection as busy until its first request arrives.
    for (const socket of sockets.keys()) if (socket.bytesRead === 0) socket.destroy();
  };
  const sweep = setInterval(closeIdle, sweepMs);
  const forced = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(forced);
}
