import { Counter, Gauge, type Registry } from 'prom-client';
import type { Tracing } from './tracing';

interface ObserveOptions {
  registry: Registry;
  /** The maximum number of connections. */
  poolSize: number;
  /** Undefined when tracing is off. */
  tracing: Tracing | undefined;
}

/** Methods that are neither counted nor traced: three that an idle process calls every few seconds, and `close`. */
const unobserved = new Set<PropertyKey>(['checkWritable', 'claimEvents', 'notifyListeners', 'close']);

/**
 * Wraps the store so that each query is counted and traced. If the gauge of running calls exceeds the size of the pool,
 * some of the calls are waiting for a connection.
 */
export function observeStore<Store extends object>(
  store: Store,
  { registry, poolSize, tracing }: ObserveOptions,
): Store {
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

  const counted = async (call: () => Promise<unknown>): Promise<unknown> => {
    running.inc();
    try {
      return await call();
    } catch (error) {
      failed.inc();
      throw error;
    } finally {
      running.dec();
    }
  };
  const traced = (query: string, call: () => Promise<unknown>): Promise<unknown> => {
    if (tracing === undefined) return call();
    const attributes = { 'db.system': 'postgresql' };
    return tracing.inSpan({ name: `postgresql ${query}`, kind: 'client', attributes }, call);
  };
  return new Proxy(store, {
    get: (target, key, receiver) => {
      const member: unknown = Reflect.get(target, key, receiver);
      if (typeof member !== 'function' || unobserved.has(key)) return member;
      const query = (args: unknown[]): Promise<unknown> => Promise.resolve(Reflect.apply(member, target, args));
      return (...args: unknown[]) => traced(String(key), () => counted(() => query(args)));
    },
  });
}
