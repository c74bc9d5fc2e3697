import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DefaultLogger, NativeConnection, Runtime, type Worker, type WorkflowBundleOption } from '@temporalio/worker';
import {
  freePort,
  inheritedEnvironment,
  supervise,
  type SupervisedProcess,
  temporalProcess,
  type TemporaryDirectory,
  temporaryDirectory,
} from '@widget-store/dev';
import {
  openTemporalClient,
  payloadKeysVariable,
  type PayloadKeys,
  type TemporalClient,
} from '@widget-store/runtime/temporal';
import { bundleModule, createWorker, withSettings } from '@widget-store/worker';
import { sharedServers } from '../support/env';
import { eventually } from '../support/eventually';

const namespace = 'default';
const key = () => randomBytes(32).toString('base64');
const [oneKey, twoKey, otherKey] = [key(), key(), key()];
const parsed = (text: string): PayloadKeys => payloadKeysVariable.parse(text);

/** Clients and workers with different keys, on a Temporal that stores its runs in a file. */
describe('payload keys', () => {
  let directory: TemporaryDirectory;
  let server: SupervisedProcess;
  let address: string;
  let native: NativeConnection;
  let bundle: WorkflowBundleOption;
  const opened: { close(): Promise<void> }[] = [];

  beforeAll(async () => {
    Runtime.install({ logger: new DefaultLogger('ERROR', () => {}) });
    directory = await temporaryDirectory();
    const port = await freePort();
    address = `127.0.0.1:${port}`;
    const dbFile = join(directory.path, 'temporal.db');
    const { temporalBinary: binary } = sharedServers();
    server = supervise(temporalProcess({ binary, port, dbFile, environment: inheritedEnvironment() }));
    const module = join(__dirname, '../support/temporal/releases/failing.ts');
    const [built] = await Promise.all([bundleModule(module), server.whenReady({ deadlineMs: 60_000 })]);
    bundle = withSettings(built, { encryption: true });
    native = await NativeConnection.connect({ address });
  });
  afterEach(async () => {
    for (const { close } of opened.splice(0)) await close();
  });
  afterAll(async () => {
    await native.close();
    await server.stop();
    await directory.remove();
  });

  function clientWith(keys: string | undefined): TemporalClient['workflows'] {
    const payloadKeys = keys === undefined ? undefined : parsed(keys);
    const client = openTemporalClient({ connectionOptions: { address }, namespace, payloadKeys });
    opened.push(client);
    return client.workflows;
  }

  /** @returns the worker, and a function that stops it before the end of the test */
  async function workerWith(keys: string, taskQueue: string): Promise<{ worker: Worker; close(): Promise<void> }> {
    const look = async (looked: string): Promise<string> => {
      if (looked.startsWith('nowhere')) throw new Error(`there is no ${looked}`);
      return `found ${looked}`;
    };
    const common = { connection: native, namespace, taskQueue, workflowBundle: bundle };
    const worker = await createWorker({ ...common, activities: { look } as never, payloadKeys: parsed(keys) });
    const running = worker.run();
    let closing: Promise<void> | undefined;
    const close = (): Promise<void> => {
      if (closing === undefined) worker.shutdown();
      closing ??= running;
      return closing;
    };
    opened.unshift({ close });
    return { worker, close };
  }

  const newId = () => `run-${randomBytes(6).toString('hex')}`;
  const start = (client: TemporalClient['workflows'], input: { address: string; how: string }) => {
    const id = newId();
    return client.start('checkout', {
      workflowId: id,
      taskQueue: id,
      args: [input],
      memo: { address: input.address },
      // If a worker fails a workflow task, the next worker gets that task only after this timeout, so the timeout is
      // short.
      workflowTaskTimeout: '1 second',
    });
  };

  it.each(['activity', 'workflow'] as const)('hide the message and the stack trace of a failure (%s)', async (how) => {
    const canary = `wisteria-lane-4354-${how}`;
    const client = clientWith(`one:${oneKey}`);
    const run = await start(client, { address: canary, how });
    await workerWith(`one:${oneKey}`, run.workflowId);
    const failure: unknown = await run.result().then(
      () => undefined,
      (error: unknown) => error,
    );
    const told = [failure, causeOf(failure), causeOf(causeOf(failure))].map(String).join();
    expect(told).toContain(canary);
    expect(told).not.toContain('Encoded failure');
    const names = (await readdir(directory.path)).filter((name) => name.startsWith('temporal.db'));
    const files = await Promise.all(names.map((name) => readFile(join(directory.path, name), 'latin1')));
    expect(files.join('')).toContain(run.workflowId);
    expect(files.join('')).toContain('Encoded failure');
    expect(files.join('')).not.toContain(canary);
    expect((await run.describe()).memo).toEqual({ address: canary });
  });

  it('can be rotated while a run is open: the old key still decrypts, and the new key encrypts', async () => {
    const run = await start(clientWith(`one:${oneKey}`), { address: 'rotated', how: 'not' });
    await workerWith(`two:${twoKey},one:${oneKey}`, run.workflowId);
    expect(await clientWith(`none,two:${twoKey}`).getHandle(run.workflowId).result()).toBe('found rotated');
    await expect(clientWith(`one:${oneKey}`).getHandle(run.workflowId).result()).rejects.toThrow('the key two');
    await expect(clientWith(undefined).getHandle(run.workflowId).result()).rejects.toThrow('binary/encrypted');
  });

  it.each([
    ['does not have the key', `two:${twoKey}`, 'the key one, which PAYLOAD_ENCRYPTION_KEYS lacks'],
    ['has another key of that id', `one:${otherKey}`, 'the key one does not decrypt a payload'],
  ])(
    'are named in the history if a worker %s; the worker survives, and the run ends when a worker has the key',
    async (_what, keys, words) => {
      const client = clientWith(`one:${oneKey}`);
      const run = await start(client, { address: 'late', how: 'not' });
      const { worker, close } = await workerWith(keys, run.workflowId);
      const events = await eventually(
        async () => (await run.fetchHistory()).events ?? [],
        (all) => all.some((event) => event.workflowTaskFailedEventAttributes),
      );
      const failed = events.find((event) => event.workflowTaskFailedEventAttributes);
      expect(JSON.stringify(failed)).toContain(words);
      expect(worker.getState()).toBe('RUNNING');
      await close();
      await workerWith(`one:${oneKey}`, run.workflowId);
      expect(await run.result()).toBe('found late');
    },
  );
});

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}
