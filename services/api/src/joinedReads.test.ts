import { joinedReads } from './joinedReads';

interface Begun {
  keys: string[];
  answer(this: void, result: string): void;
  fail(this: void, error: Error): void;
}

function open() {
  const begun: Begun[] = [];
  const ask = joinedReads(
    (keys: string[]) =>
      new Promise<string>((answer, fail) => {
        begun.push({ keys, answer, fail });
      }),
  );
  /** The read with this index, in the sequence in which the reads began. */
  const read = (n: number): Begun => {
    const found = begun[n];
    if (found === undefined) throw new Error(`only ${begun.length} reads have begun`);
    return found;
  };
  return { ask, begun, read };
}

/**
 * Waits for two turns of the event loop. This is enough for the next read to begin, and far shorter than `maxWaitMs`.
 */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

describe('joinedReads', () => {
  it('reads at once when no read is running', async () => {
    const { ask, begun, read } = open();
    const first = ask('a');
    read(0).answer('1');
    await expect(first).resolves.toBe('1');
    await settled();
    const second = ask('a');
    expect(begun).toHaveLength(2);
    read(1).answer('2');
    await expect(second).resolves.toBe('2');
  });

  it('never answers a request from a read that began before the request', async () => {
    const { ask, begun, read } = open();
    const first = ask('a');
    const meanwhile = [ask('a'), ask('a'), ask('a')];
    expect(begun).toHaveLength(1);
    read(0).answer('old');
    await expect(first).resolves.toBe('old');
    await settled();
    expect(begun).toHaveLength(2);
    // The second read has already started, so it must not answer this request.
    const later = ask('a');
    read(1).answer('new');
    await expect(Promise.all(meanwhile)).resolves.toEqual(['new', 'new', 'new']);
    await settled();
    expect(begun).toHaveLength(3);
    read(2).answer('newest');
    await expect(later).resolves.toBe('newest');
  });

  it('shares the next read with a request that arrives while a read ends', async () => {
    const { ask, begun, read } = open();
    const first = ask('a');
    const second = ask('a');
    const third = first.then(() => ask('a'));
    read(0).answer('1');
    await settled();
    expect(begun).toHaveLength(2);
    read(1).answer('2');
    await expect(Promise.all([second, third])).resolves.toEqual(['2', '2']);
  });

  it('fails all requests that share a failed read, but no others', async () => {
    const { ask, begun, read } = open();
    const first = ask('a');
    const joined = Promise.allSettled([ask('a'), ask('a')]);
    read(0).fail(new Error('one'));
    await expect(first).rejects.toThrow('one');
    await settled();
    const last = ask('a');
    read(1).fail(new Error('two'));
    const reason = new Error('two');
    await expect(joined).resolves.toEqual([
      { status: 'rejected', reason },
      { status: 'rejected', reason },
    ]);
    await settled();
    read(2).answer('well');
    await expect(last).resolves.toBe('well');
    expect(begun).toHaveLength(3);
  });

  it('does not wait long for a stuck read', async () => {
    const { ask, begun, read } = open();
    void ask('a');
    const next = ask('a');
    const began = performance.now();
    while (begun.length < 2 && performance.now() - began < 1000) await settled();
    read(1).answer('answered');
    await expect(next).resolves.toBe('answered');
  });

  it('reads the keys of waiting requests together, each once', async () => {
    const { ask, begun, read } = open();
    const first = ask('a');
    const others = [ask('b'), ask('a'), ask('c'), ask('b')];
    read(0).answer('of a');
    await expect(first).resolves.toBe('of a');
    await settled();
    read(1).answer('of all');
    await expect(Promise.all(others)).resolves.toEqual(['of all', 'of all', 'of all', 'of all']);
    expect(begun.map(({ keys }) => keys)).toEqual([['a'], ['b', 'a', 'c']]);
  });
});
