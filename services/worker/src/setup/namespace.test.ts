import { ensureNamespace, type NamespaceDeps } from './namespace';

const denied = Object.assign(new Error('no'), { code: 7 });
const unknown = Object.assign(new Error('not found'), { code: 5 });
const away = Object.assign(new Error('away'), { code: 14 });
const keeping = (days: number) => ({ config: { workflowExecutionRetentionTtl: { seconds: days * 24 * 60 * 60 } } });

/** @param describe the results of `describeNamespace`, in sequence. If a result is an Error, the call fails with it */
function namespace({
  describe,
  change,
  retentionDays,
}: {
  describe: object[];
  change?: Error;
  retentionDays?: number;
}) {
  const calls: string[] = [];
  const changing = (name: string) => () => {
    calls.push(name);
    return change === undefined ? Promise.resolve({}) : Promise.reject(change);
  };
  const workflowService = {
    describeNamespace: () => {
      const answer = describe.length > 1 ? describe.shift() : describe[0];
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
    registerNamespace: changing('register'),
    updateNamespace: changing('update'),
  };
  const connection = { workflowService, withDeadline: (_deadline: number, call: () => unknown) => call() };
  const log = { info: () => {} };
  const deps = { connection, namespace: 'shop.a1b2c', retentionDays, stop: new AbortController().signal, log };
  return { calls, ensure: () => ensureNamespace(deps as unknown as NamespaceDeps) };
}

describe('ensuring a namespace', () => {
  it.each([
    ['creates a missing namespace', { describe: [unknown] }, ['register']],
    ['waits while Temporal does not answer', { describe: [away, unknown] }, ['register']],
    ['accepts a namespace created by another process', { describe: [unknown], change: codeError(6) }, ['register']],
    ['keeps the retention by default', { describe: [keeping(30)] }, []],
    ['does not update a retention that is already right', { describe: [keeping(7)], retentionDays: 7 }, []],
    ['changes a different retention', { describe: [keeping(30)], retentionDays: 7 }, ['update']],
  ])('%s', async (_what, server, calls) => {
    const prepared = namespace(server);
    await prepared.ensure();
    expect(prepared.calls).toEqual(calls);
  });

  it.each([
    ['read it', { describe: [denied] }, /not allowed to read the namespace shop\.a1b2c$/],
    [
      'create it',
      { describe: [unknown], change: denied },
      /namespace shop\.a1b2c does not exist.*not allowed to create it.*console/,
    ],
    [
      'change its retention',
      { describe: [keeping(30)], change: denied, retentionDays: 7 },
      /30 days.*tcld namespace retention set --namespace shop\.a1b2c --retention-days 7$/,
    ],
  ])('says what the credentials are not allowed to do: %s', async (_what, server, words) => {
    await expect(namespace(server).ensure()).rejects.toMatchObject({
      name: 'EnvironmentError',
      message: expect.stringMatching(words) as unknown,
    });
  });
});

function codeError(code: number): Error {
  return Object.assign(new Error('already there'), { code });
}
