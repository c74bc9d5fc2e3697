import { Hono } from 'hono';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { aroundMethods } from './aroundMethods';

export { Counter, Gauge, Histogram, type Registry };

/** The one registry of a process, with what Node says of itself (memory, event loop, garbage collection). */
export function createRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}

/** `GET /metrics` in Prometheus's text format. */
export function metricsRoutes(registry: Registry): Hono {
  const app = new Hono();
  app.get('/metrics', async (c) => c.body(await registry.metrics(), 200, { 'Content-Type': registry.contentType }));
  return app;
}

/**
 * Counts the calls to the database that run or wait for a connection, beside how many connections there are at most: the
 * pool is used up while there are more calls than connections.
 */
export function countDatabaseCalls<T extends object>(
  store: T,
  { registry, poolSize, unseen }: { registry: Registry; poolSize: number; unseen: (keyof T)[] },
): T {
  const registers = [registry];
  const help = 'Calls to Postgres that run or wait for a connection.';
  const running = new Gauge({ name: 'widget_store_database_calls_running', help, registers });
  const failed = new Counter({
    name: 'widget_store_database_calls_failed_total',
    help: 'Calls that failed.',
    registers,
  });
  new Gauge({ name: 'widget_store_database_pool_size', help: 'Connections at most.', registers }).set(poolSize);
  return aroundMethods(store, unseen, async (_method, call) => {
    running.inc();
    try {
      return await call();
    } catch (error) {
      failed.inc();
      throw error;
    } finally {
      running.dec();
    }
  });
}
