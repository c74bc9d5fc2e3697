/** How long whoever waits for a read before theirs is patient with it: a silent connection must not hold up the others. */
const patienceMs = 50;

/** The read that begins when the one that is under way has ended. */
interface NextRead<Key, Result> {
  keys: Set<Key>;
  result: Promise<Result>;
}

/**
 * Lets requests that meet share a read: those that come while one is under way get the one after it, all of them together,
 * whatever each of them asks for. A read never begins before a request that it answers, so whoever asks after a write was
 * answered sees it. A failure reaches all who share the read, and nobody else.
 *
 * @param read reads everything that the keys ask for, each of which it is given once
 * @returns asks for a key, and resolves to what the read that it was part of has found
 */
export function joinedReads<Result, Key = void>(read: (keys: Key[]) => Promise<Result>): (key: Key) => Promise<Result> {
  let running: Promise<Result> | undefined;
  let next: NextRead<Key, Result> | undefined;

  function begin(keys: Iterable<Key>): Promise<Result> {
    const reading = read([...keys]);
    running = reading;
    const forget = (): void => {
      if (running === reading && next === undefined) running = undefined;
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
    if (running === undefined) return begin([key]);
    next ??= beginAfter(running);
    next.keys.add(key);
    return next.result;
  };
}

/**
 * Resolves when the work has ended, however it did, or has taken too long: at the end of that turn of the event loop, because
 * what else has arrived by then may be more requests.
 */
function endOf(work: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, patienceMs);
    const ended = (): void => {
      clearTimeout(timer);
      setImmediate(resolve);
    };
    work.then(ended, ended);
  });
}
