import { Admission } from './admission';
import { Problem } from '../problem';

/** Work that runs until the test calls `end`. */
interface Held {
  begun: boolean;
  end(): void;
  /** The result of the work, or the code of its problem. Undefined until the work ends or is refused. */
  outcome: string | undefined;
  problem: Problem | undefined;
}

const nothing = () => Promise.resolve(undefined);

function hold(
  admission: Admission,
  options: { findAnswer?: () => Promise<string | undefined>; signal?: AbortSignal } = {},
): Held {
  let end: () => void = () => {};
  const held: Held = { begun: false, end: () => end(), outcome: undefined, problem: undefined };
  const work = (): Promise<string> => {
    held.begun = true;
    return new Promise((resolve) => (end = () => resolve('done')));
  };
  const { findAnswer = nothing, signal = new AbortController().signal } = options;
  admission.run(work, { findAnswer, signal }).then(
    (result) => (held.outcome = result),
    (problem: Problem) => {
      held.outcome = problem.code;
      held.problem = problem;
    },
  );
  return held;
}

const holdMany = (admission: Admission, count: number): Held[] => Array.from({ length: count }, () => hold(admission));

/** Runs all timers that are due now, and all callbacks of settled promises. */
const settled = () => jest.advanceTimersByTimeAsync(0);

const openWith = (limit: number): Admission => new Admission({ value: limit, record: () => {} });
const retryAfterOf = ({ problem }: Held): number => Number(problem?.headers['Retry-After']);

describe('admission', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('begins as much work as the limit allows, and begins more when some ends', async () => {
    const admission = openWith(2);
    const [first, second, third] = holdMany(admission, 3);
    await settled();
    expect([first?.begun, second?.begun, third?.begun]).toEqual([true, true, false]);
    expect(admission.state()).toEqual({ limit: 2, running: 2, waiting: 1 });
    first?.end();
    await settled();
    expect([first?.outcome, third?.begun]).toEqual(['done', true]);
    expect(admission.state()).toEqual({ limit: 2, running: 2, waiting: 0 });
  });

  it('refuses work that has waited for two seconds, without beginning it', async () => {
    const admission = openWith(1);
    const [, waiting] = holdMany(admission, 2);
    await jest.advanceTimersByTimeAsync(1999);
    expect(waiting?.outcome).toBeUndefined();
    await jest.advanceTimersByTimeAsync(1);
    expect(waiting).toMatchObject({ outcome: 'overloaded', begun: false });
    expect(retryAfterOf(waiting as Held)).toBeGreaterThanOrEqual(1);
    expect(admission.state()).toEqual({ limit: 1, running: 1, waiting: 0 });
  });

  it('refuses at once when the queue is full', async () => {
    const admission = openWith(1);
    holdMany(admission, 201);
    await settled();
    const last = hold(admission);
    await settled();
    expect([last.outcome, admission.state().waiting]).toEqual(['overloaded', 200]);
  });

  it('refuses work that has waited long in a process that stays full, but begins recent work', async () => {
    const admission = openWith(1);
    const running = hold(admission);
    const waiting: Held[] = [];
    for (let elapsedMs = 0; elapsedMs < 2100; elapsedMs += 150) {
      waiting.push(hold(admission));
      await jest.advanceTimersByTimeAsync(150);
    }
    const fresh = hold(admission);
    await settled();
    running.end();
    await settled();
    expect(waiting.map(({ outcome, begun }) => [outcome, begun])).toEqual(waiting.map(() => ['overloaded', false]));
    expect(fresh.begun).toBe(true);
  });

  it('looks up an existing answer only when there is no room', async () => {
    const admission = openWith(1);
    const looks: string[] = [];
    const known = (name: string) => () => {
      looks.push(name);
      return Promise.resolve('known');
    };
    const first = hold(admission, { findAnswer: known('first') });
    const second = hold(admission, { findAnswer: known('second') });
    await settled();
    expect([first.begun, second.begun, second.outcome]).toEqual([true, false, 'known']);
    expect(looks).toEqual(['second']);
  });

  it('limits concurrent lookups', async () => {
    const admission = openWith(1);
    hold(admission);
    const looks = jest.fn(() => new Promise<undefined>(() => {}));
    for (let asked = 0; asked < 7; asked++) hold(admission, { findAnswer: looks });
    await settled();
    expect([looks.mock.calls.length, admission.state().waiting]).toEqual([4, 3]);
  });

  it('never begins work whose client has disconnected', async () => {
    const admission = openWith(1);
    const running = hold(admission);
    const gone = new AbortController();
    const waiting = hold(admission, { signal: gone.signal });
    await settled();
    gone.abort();
    running.end();
    await settled();
    expect([waiting.begun, admission.state()]).toEqual([false, { limit: 1, running: 0, waiting: 0 }]);
  });

  it('spreads retries over a time that grows with the number of refusals', async () => {
    const random = jest.spyOn(Math, 'random').mockReturnValue(1);
    const ofPressure = async (turnedAway: number): Promise<number> => {
      const admission = openWith(10);
      holdMany(admission, 210 + turnedAway - 1);
      await settled();
      const last = hold(admission);
      await settled();
      return retryAfterOf(last);
    };
    expect([await ofPressure(1), await ofPressure(10), await ofPressure(1000)]).toEqual([2, 6, 30]);
    random.mockReturnValue(0);
    expect(await ofPressure(1000)).toBe(1);
    random.mockRestore();
  });

  it('makes room when work fails', async () => {
    const admission = openWith(1);
    const options = { findAnswer: nothing, signal: new AbortController().signal };
    await expect(admission.run(() => Promise.reject(new Error('broken')), options)).rejects.toThrow('broken');
    expect(admission.state().running).toBe(0);
  });

  it('records slow work, but not work that waited for a locked product', async () => {
    const recorded: boolean[] = [];
    const admission = new Admission({ value: 2, record: ({ isDone }) => recorded.push(isDone) });
    const options = { findAnswer: nothing, signal: new AbortController().signal };
    for (const code of ['product_busy', 'temporal_unavailable'] as const) {
      await expect(admission.run(() => Promise.reject(new Problem(code, '')), options)).rejects.toMatchObject({ code });
    }
    await admission.run(() => Promise.resolve(), options);
    expect(recorded).toEqual([false, true]);
    expect(admission.state().running).toBe(0);
  });
});
