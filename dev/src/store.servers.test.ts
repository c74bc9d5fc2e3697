import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from './childProcess';
import { inheritedEnvironment } from './env';
import { freePorts } from './ports';
import { startStore } from './store';
import type { StartedProcess, StartedStore, StoreOptions } from './storeOptions';
import { temporaryDirectory, type TemporaryDirectory } from './temporaryDirectory';
import { until } from './until';

const startDeadlineMs = 120_000;

let directory: TemporaryDirectory;
let store: StartedStore | undefined;
let started: StartedProcess[];
let lines: string[];

beforeEach(async () => {
  directory = await temporaryDirectory();
  started = [];
  lines = [];
});

afterEach(async () => {
  await store?.stop();
  store = undefined;
  await directory.remove();
});

/**
 * Writes a small program to run in place of a service, because these tests check only how programs are started and
 * stopped.
 */
function program(name: string, source: string): string {
  const path = join(directory.path, `${name}.js`);
  writeFileSync(path, source);
  return path;
}

/** Source of a server that answers with its environment, and is ready as soon as it listens. */
const service = (portVariable: string) => `
  const answer = (request, response) => response.end(JSON.stringify(process.env));
  require('node:http').createServer(answer).listen(process.env.${portVariable}, process.env.HOST);`;

async function start(options: Partial<StoreOptions> = {}): Promise<StartedStore> {
  const done = program('done', `console.log('done ' + process.env.DATABASE_URL);`);
  store = await startStore({
    dataDir: join(directory.path, 'data'),
    ports: await freePorts('api', 'worker', 'postgres', 'temporal', 'gateway'),
    environment: inheritedEnvironment(),
    demo: true,
    throwaway: true,
    onSpawn: (process) => started.push(process),
    onLine: (name, line) => lines.push(`${name}: ${line}`),
    ...options,
    programs: {
      migrate: done,
      seed: done,
      worker: program('worker', service('WORKER_PORT')),
      api: program('api', service('PORT')),
      gateway: program('gateway', service('GATEWAY_PORT')),
      ...options.programs,
    },
  });
  return store;
}

async function environmentOf(url: string): Promise<Record<string, string>> {
  return (await fetch(url)).json() as Promise<Record<string, string>>;
}

const namesOf = () => started.map(({ name }) => name);
const nothingRuns = () => started.every(({ pid }) => !isAlive(pid));

test(
  'the whole store starts, its services know where everything is, and stopping it ends every process',
  async () => {
    const running = await start({
      taskQueue: 'test-queue',
      paymentWindowMs: 5000,
      environment: { ...inheritedEnvironment(), TEMPORAL_NAMESPACE: 'elsewhere', TEMPORAL_API_KEY: 'secret' },
      extraEnvironment: { worker: { ONLY_WORKER: 'yes' } },
    });

    const { apiUrl, workerUrl, databaseUrl, temporalAddress, processes } = running;
    const api = await environmentOf(apiUrl);
    expect(api).toMatchObject({
      DATABASE_URL: databaseUrl,
      DEMO: 'true',
      NODE_ENV: 'production',
      PAYMENT_WINDOW_MS: '5000',
      TEMPORAL_ADDRESS: temporalAddress,
      TEMPORAL_TASK_QUEUE: 'test-queue',
      WORKER_URL: workerUrl,
    });
    expect(Object.keys(api)).not.toContain('ONLY_WORKER');
    expect(Object.keys(api)).not.toContain('TEMPORAL_NAMESPACE');
    expect(Object.keys(api)).not.toContain('TEMPORAL_API_KEY');
    expect(await environmentOf(workerUrl)).toMatchObject({ ONLY_WORKER: 'yes' });
    expect(lines).toContain(`migrate: done ${databaseUrl}`);
    expect(lines).toContain(`seed: done ${databaseUrl}`);
    expect(Object.values(processes).map((supervised) => supervised?.pid)).toEqual(
      ['postgres', 'temporal', 'gateway', 'worker', 'api'].map((name) => started.find((one) => one.name === name)?.pid),
    );

    await running.stop();
    await until(nothingRuns);
  },
  startDeadlineMs,
);

test('a given Postgres and a given Temporal are used, and no others are started', async () => {
  const environment = { ...inheritedEnvironment(), TEMPORAL_NAMESPACE: 'elsewhere', TEMPORAL_API_KEY: 'key' };
  const { apiUrl, processes } = await start({
    environment,
    databaseUrl: 'postgres://user@elsewhere/store',
    temporalAddress: 'elsewhere:7233',
  });

  expect(await environmentOf(apiUrl)).toMatchObject({
    DATABASE_URL: 'postgres://user@elsewhere/store',
    TEMPORAL_ADDRESS: 'elsewhere:7233',
    TEMPORAL_NAMESPACE: 'elsewhere',
    TEMPORAL_API_KEY: 'key',
  });
  expect(processes).toMatchObject({ postgres: undefined, temporal: undefined });
  expect(namesOf().toSorted()).toEqual(['api', 'gateway', 'worker']);
});

const given = { databaseUrl: 'postgres://user@elsewhere/store', temporalAddress: 'elsewhere:7233' };

test('the payment gateway is part of the store, and the services know how to call it', async () => {
  const ports = await freePorts('api', 'worker', 'postgres', 'temporal', 'gateway');
  const first = await start({ ...given, ports, extraEnvironment: { gateway: { MORE: 'yes' } } });
  const { apiUrl, workerUrl, gatewayUrl, gatewayApiKey, webhookSecret, processes } = first;

  const shared = { GATEWAY_API_KEY: gatewayApiKey, PAYMENT_WEBHOOK_SECRET: webhookSecret };
  const ofGateway = await environmentOf(gatewayUrl);
  expect(ofGateway).toMatchObject({ ...shared, WEBHOOK_URL: apiUrl, MORE: 'yes' });
  expect(ofGateway['GATEWAY_DATA_DIR']).toBe(join(directory.path, 'data', 'gateway'));
  expect(Object.keys(ofGateway)).not.toContain('DATABASE_URL');
  for (const url of [apiUrl, workerUrl])
    expect(await environmentOf(url)).toMatchObject({ ...shared, GATEWAY_URL: gatewayUrl });
  expect(namesOf()[0]).toBe('gateway');
  expect(processes.gateway.pid).toBe(started[0]?.pid);

  await first.stop();
  const second = await start({ ...given, ports });
  expect([second.gatewayApiKey, second.webhookSecret]).toEqual([gatewayApiKey, webhookSecret]);
});

test('given secrets are used', async () => {
  const environment = {
    ...inheritedEnvironment(),
    GATEWAY_API_KEY: 'given-key',
    PAYMENT_WEBHOOK_SECRET: 'given-secret',
  };
  const { apiUrl, gatewayApiKey, webhookSecret } = await start({ ...given, environment });

  expect([gatewayApiKey, webhookSecret]).toEqual(['given-key', 'given-secret']);
  expect(await environmentOf(apiUrl)).toMatchObject({
    GATEWAY_API_KEY: 'given-key',
    PAYMENT_WEBHOOK_SECRET: 'given-secret',
  });
});

test('if the migration fails, the start fails and shows the output of the migration', async () => {
  const migrate = program('broken', `console.error('relation "orders" is odd'); process.exit(1);`);

  const failed = start({ ...given, programs: { migrate } });

  await expect(failed).rejects.toThrow(/migrate exited with status 1[^]*relation "orders" is odd/);
  expect(namesOf().filter((name) => name !== 'gateway')).toEqual([]);
});

test('if a service cannot start, the start fails, shows its output and stops the others', async () => {
  const api = program('broken', `console.error('PORT is not set'); process.exit(1);`);

  const failed = start({ ...given, programs: { api } });

  await expect(failed).rejects.toThrow(/api exited with status 1, 3 times in a row[^]*PORT is not set/);
  expect(namesOf()).toContain('worker');
  await until(nothingRuns);
});

test('an interruption during the start stops everything that already runs', async () => {
  const interrupted = new AbortController();
  const worker = program('silent', `setInterval(() => {}, 1000);`);

  const failed = start({ ...given, programs: { worker }, signal: interrupted.signal });
  const rejection = failed.catch((error: unknown) => error);
  await until(() => namesOf().includes('worker'));
  interrupted.abort(new Error('Ctrl-C'));

  expect(await rejection).toMatchObject({ message: expect.stringContaining('Ctrl-C') });
  await until(nothingRuns);
});
