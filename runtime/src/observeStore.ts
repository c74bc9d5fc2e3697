import { Counter, Gauge, type Registry } from 'prom-client';
import { wrapQueries } from './wrapQueries';

interface ObserveOptions {
  registry: Registry;
  /** The maximum number of connections. */
  poolSize: number;
}

/**
 * Wraps the store so that its queries are counted. If the gauge of running calls exceeds the size of the pool, some of
 * the calls are waiting for a connection.
 */
export function observeStore<Store extends object>(store: Store, { registry, poolSize }: ObserveOptions): Store {
  const registers = [registry];
  const running = new Gauge({
    name: 'widget_store_database_calls_running',
    help: 'Calls to Postgres that are running or waiting for a connection.',
    registers,
  });
  const failed = new Counter({
    name: 'widget_store_database_calls_failed_total',
    help: 'Calls to Postgres that failed.',
    registers,
  });
  new Gauge({
    name: 'widget_store_database_pool_size',
    help: 'The maximum number of connections to Postgres.',
    registers,
  }).set(poolSize);

  return wrapQueries(store, async (_query, run) => {
    running.inc();
    try {
      return await run();
    } catch (error) {
      failed.inc();
      throw error;
    } finally {
      running.dec();
    }
  });
}
