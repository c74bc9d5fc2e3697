import { createServer, type IncomingMessage, request as httpRequest, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * What happens to a call on its way: it does not arrive; it does, and its answer is held back until the proxy is mended; or it
 * does, and the answer is a 500.
 */
export const httpFaults = ['away', 'slow', 'answering 500 after having done it'] as const;
export type HttpFault = (typeof httpFaults)[number];

/** An HTTP proxy before a server, which can be broken. */
export interface FaultyProxy {
  url: string;
  /** From now on, until it is mended. */
  break(fault: HttpFault): void;
  mend(): void;
  /** Calls that met the fault since it began. */
  met(): number;
  close(): Promise<void>;
}

/** @param target the address of the server, once there is one */
export async function startFaultyProxy(target: () => string): Promise<FaultyProxy> {
  let fault: HttpFault | undefined;
  let met = 0;
  const heldBack = new Set<ServerResponse>();

  function handle(request: IncomingMessage, response: ServerResponse): void {
    const meets = fault;
    if (meets !== undefined) met += 1;
    if (meets === 'away') {
      request.socket.destroy();
      return;
    }
    const { method, headers, url = '' } = request;
    const forwarded = httpRequest(new URL(url, target()), { method, headers: { ...headers, connection: 'close' } });
    forwarded.on('error', () => response.destroy());
    forwarded.on('response', (answer) => {
      if (meets === undefined) {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
        return;
      }
      answer.resume();
      if (meets === 'slow') heldBack.add(response);
      else response.writeHead(500, { 'content-type': 'application/json' }).end('{"error":{"type":"api_error"}}');
    });
    request.pipe(forwarded);
  }

  const server = createServer(handle);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    break: (kind) => {
      fault = kind;
      met = 0;
    },
    mend: () => {
      fault = undefined;
      for (const response of heldBack) response.destroy();
      heldBack.clear();
    },
    met: () => met,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
