import { createServer, type IncomingMessage, request as httpRequest, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * The faults of the proxy:
 * - `away`: the request does not reach the server. The proxy closes the connection.
 * - `slow`: the request reaches the server, but the proxy does not pass on the answer. `mend` then closes the
 *   connection.
 * - `answering 500 after having done it`: the request reaches the server, but the proxy answers 500.
 */
export const httpFaults = ['away', 'slow', 'answering 500 after having done it'] as const;
export type HttpFault = (typeof httpFaults)[number];

/** An HTTP proxy in front of a server. It can break chosen requests. */
export interface FaultyProxy {
  url: string;
  /** From now on, every request whose URL or body contains this text gets the fault. */
  break(fault: HttpFault, text: string): void;
  mend(text: string): void;
  /** Returns the number of requests that got the fault that `break` set for this text. */
  met(text: string): number;
  close(): Promise<void>;
}

interface Broken {
  text: string;
  fault: HttpFault;
  met: number;
  heldBack: ServerResponse[];
  mended: boolean;
}

/** @param target returns the address of the server, which may start after the proxy */
export async function startFaultyProxy(target: () => string): Promise<FaultyProxy> {
  const broken = new Map<string, Broken>();

  function forward(request: IncomingMessage, body: Buffer, onAnswer: (answer: IncomingMessage) => void): void {
    const { method, headers, url = '' } = request;
    const forwarded = httpRequest(new URL(url, target()), { method, headers: { ...headers, connection: 'close' } });
    forwarded.on('error', () => request.socket.destroy());
    forwarded.on('response', onAnswer);
    forwarded.end(body);
  }

  function handle(request: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const sent = `${request.url}\n${body.toString('utf8')}`;
    const fault = [...broken.values()].find(({ text, mended }) => !mended && sent.includes(text));
    if (fault === undefined) {
      forward(request, body, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      return;
    }
    fault.met += 1;
    if (fault.fault === 'away') {
      request.socket.destroy();
      return;
    }
    forward(request, body, (answer) => {
      answer.resume();
      if (fault.fault === 'slow') fault.heldBack.push(response);
      else response.writeHead(500, { 'content-type': 'application/json' }).end('{"error":{"type":"api_error"}}');
    });
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => handle(request, Buffer.concat(chunks), response));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    break: (fault, text) => void broken.set(text, { text, fault, met: 0, heldBack: [], mended: false }),
    mend: (text) => {
      const mended = broken.get(text);
      if (mended === undefined) return;
      mended.mended = true;
      for (const response of mended.heldBack) response.destroy();
    },
    met: (text) => broken.get(text)?.met ?? 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
