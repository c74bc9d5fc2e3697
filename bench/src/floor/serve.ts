import { listen, shutdownSignal } from '@widget-store/runtime';
import type { Hono } from 'hono';

const hostname = '127.0.0.1';
const graceMs = 1000;

/** Serves an app, and `GET /healthz`, until the process gets a signal to end. */
export async function serveUntilStopped(app: Hono, { port }: { port: number }): Promise<void> {
  app.get('/healthz', (c) => c.json({ alive: true }));
  const server = await listen(app, { port, hostname, portVariable: 'PORT' });
  await shutdownSignal();
  await server.close(graceMs);
}
