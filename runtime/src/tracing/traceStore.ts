import { wrapQueries } from '../wrapQueries';
import type { Tracing } from './tracing';

/** Wraps the store so that each query has a span. @param tracing undefined if tracing is off */
export function traceStore<Store extends object>(store: Store, tracing: Tracing | undefined): Store {
  if (tracing === undefined) return store;
  const attributes = { 'db.system': 'postgresql' };
  return wrapQueries(store, (query, run) =>
    tracing.inSpan({ name: `postgresql ${query}`, kind: 'client', attributes }, run),
  );
}
