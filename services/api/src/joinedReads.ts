/** How long whoever waits for a read before theirs is patient with it: a silent connection must not hold up the others. */
const patienceMs = 50;

/** The reads of one key: the one that began last, until it ends, and the one that begins after it. */
interface Reads<Result> {
  running: Promise<Result>;
  next: Promise<Result> | undefined;
}

/**
 * Lets requests for the same key that meet share a read: those that come while one is under way get the one after it, all
 * of them together. A read never begins before a request that it answers, so whoever asks after a write was answered sees
 * it. A failure reaches all who share the read, and nobody else.
 */
export function joinedReads<Key, Result>(read: (key: Key) => Promise<Result>): (key: Key) => Promise<Result> {
  const known = new Map<Key, Reads<Result>>();
  const begin = (key: Key): Promise<Result> => {
    const running = read(key);
    const reads: Reads<Result> = { running, next: undefined };
    known.set(key, reads);
    const forget = (): void => {
      if (known.get(key) === reads && reads.next === undefined) known.delete(key);
    };
    running.then(forget, forget);
    return running;
  };
  return (key) => {
    const reads = known.get(key);
    if (reads === undefined) return begin(key);
    return (reads.next ??= endOf(reads.running).then(() => begin(key)));
  };
}

/**
 * Resolves when the work has ended, however it did, or has taken too long: at the end of that turn of the event loop, because
 * what else has arrived by then may be more requests of the same.
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
