/** Methods that are not wrapped: three that an idle process calls every few seconds, and `close`. */
const excluded = new Set<PropertyKey>(['checkWritable', 'claimEvents', 'notifyListeners', 'close']);

/** Wraps the store so that each query runs in `around`, which returns the result of the query. */
export function wrapQueries<Store extends object>(
  store: Store,
  around: (query: string, run: () => Promise<unknown>) => Promise<unknown>,
): Store {
  return new Proxy(store, {
    get: (target, key, receiver) => {
      const member: unknown = Reflect.get(target, key, receiver);
      if (typeof member !== 'function' || excluded.has(key)) return member;
      const query = (args: unknown[]): Promise<unknown> => Promise.resolve(Reflect.apply(member, target, args));
      return (...args: unknown[]) => around(String(key), () => query(args));
    },
  });
}
