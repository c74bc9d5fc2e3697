import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import type { Hono } from 'hono';

export interface HttpServer {
  /** The port that is listened on; the one asked for unless that was 0. */
  port: number;
  /** Stops taking connections, lets running requests end for `graceMs` milliseconds, then cuts what is left. */
  close(graceMs: number): Promise<void>;
}

/** Listens and resolves once connections are taken. Rejects when the port is in use. */
export function listen(
  app: Pick<Hono, 'fetch'>,
  { port, hostname }: { port: number; hostname: string },
): Promise<HttpServer> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, port, hostname }, (info) => {
      resolve({ port: info.port, close: (graceMs) => close(server as Server, graceMs) });
    });
    server.once('error', reject);
  });
}

async function close(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  server.closeIdleConnections();
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(cut);
}
