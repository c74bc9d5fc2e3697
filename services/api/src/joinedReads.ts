/**
 * After this time, the next read starts even if the current read has not ended. One stuck connection must not delay all
 * other requests.
 */
const maxWaitMs = 50;

/** The read that starts after the current read. */
interface NextRead<Key, Result> {
  keys: Set<Key>;
  result: Promise<Result>;
}

/**
 * Lets concurrent requests share a read. Requests that arrive during a read share the next read, which gets the keys
 * of all of them. With 16 clients, a request takes about half as much CPU time if reads are shared (0.14 instead of
 * 0.24 ms for `GET /product`, 0.18 instead of 0.37 ms for `GET /order/{id}`). A read starts only after the requests
 * that it answers have arrived, so every client reads its own writes. If a read fails, only the requests that share
 * the read fail.
 *
 * @param read reads several keys in one call; no key occurs twice in a call
 * @returns a function that reads one key, and shares the read with other requests
 */
export function joinedReads<Result, Key = void>(read: (keys: Key[]) => Promise<Result>): (key: Key) => Promise<Result> {
  let current: Promise<Result> | undefined;
  let next: NextRead<Key, Result> | undefined;

  function begin(keys: Iterable<Key>): Promise<Result> {
    const reading = read([...keys]);
    current = reading;
    const forget = (): void => {
      if (current === reading && next === undefined) current = undefined;
    };
    reading.then(forget, forget);
    return reading;
  }

  function beginAfter(before: Promise<Result>): NextRead<Key, Result> {
    const keys = new Set<Key>();
    const result = endOf(before).then(() => {
      next = undefined;
      return begin(keys);
    });
    return { keys, result };
  }

  return (key) => {
    if (current === undefined) return begin([key]);
    next ??= beginAfter(current);
    next.keys.add(key);
    return next.result;
  };
}

/**
 * Resolves after the work has succeeded or failed, or after `maxWaitMs`. When the work ends, the promise resolves only
 * after the current turn of the event loop. Requests that arrive in this turn can therefore still join the next read.
 */
function endOf(work: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, maxWaitMs);
    const ended = (): void => {
      clearTimeout(timer);
      setImmediate(resolve);
    };
    work.then(ended, ended);
  });
}
