/** What is done around one call: `call` makes it. */
export type Around = (method: string, call: () => Promise<unknown>) => Promise<unknown>;

/**
 * The same object with something around each call of its asynchronous methods.
 *
 * @param unseen methods that are left as they are
 */
export function aroundMethods<T extends object>(target: T, unseen: (keyof T)[], around: Around): T {
  const left = new Set<PropertyKey>(unseen);
  return new Proxy(target, {
    get: (object, key, receiver) => {
      const member: unknown = Reflect.get(object, key, receiver);
      if (typeof member !== 'function' || left.has(key)) return member;
      return (...given: unknown[]) =>
        around(String(key), () => Promise.resolve<unknown>(Reflect.apply(member, object, given)));
    },
  });
}
