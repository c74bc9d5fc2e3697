import { resolve } from 'node:path';
import { storeName } from '@widget-store/contract';
import { type DevEnv, inheritedEnvironment, readEnv } from './env';
import { messageOf } from './errors';
import { createLogFormat } from './logLine';
import { assertPortsFree } from './ports';
import { assertNotInUse, recordProcesses, removeRecord } from './processRecord';
import { repositoryRoot, startStore } from './store';
import type { StartedStore } from './storeOptions';

const interrupts = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The program of `make dev`: runs the whole store until it is interrupted. */
async function main(): Promise<void> {
  const env = readEnv();
  const interrupted = interruption();
  const dataDir = resolve(repositoryRoot, env.dataDir);
  const format = createLogFormat({ colour: process.stdout.isTTY && !env.noColor });
  const onLine = (name: string, line: string): void => void process.stdout.write(`${format(name, line)}\n`);
  const environment = { ...inheritedEnvironment(), COLLECT_ADDRESS: env.collectAddress };
  const startedAtMs = performance.now();

  await assertNotInUse({ dataDir, environment });
  await assertPortsFree(portsOf(env));
  const onSpawn = await recordProcesses({ dataDir, environment });
  try {
    const store = await startStore({
      ...env,
      dataDir,
      environment,
      demo: true,
      onLine,
      onSpawn,
      signal: interrupted,
    });
    const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
    process.stdout.write(summary({ store, env, dataDir, seconds }));
    await aborted(interrupted);
    await store.stop();
  } catch (error) {
    if (!interrupted.aborted) throw error;
  } finally {
    removeRecord(dataDir);
  }
  onLine('dev', 'everything is stopped');
}

function portsOf({ ports, databaseUrl, temporalAddress }: DevEnv) {
  return [
    { name: 'PORT', port: ports.api },
    { name: 'WORKER_PORT', port: ports.worker },
    { name: 'GATEWAY_PORT', port: ports.gateway },
    ...(databaseUrl === undefined ? [{ name: 'POSTGRES_PORT', port: ports.postgres }] : []),
    ...(temporalAddress === undefined
      ? [
          { name: 'TEMPORAL_PORT', port: ports.temporal },
          { name: 'TEMPORAL_UI_PORT', port: ports.temporalUi },
        ]
      : []),
  ];
}

/**
 * Returns an `AbortSignal` that is aborted when this process is asked to end (SIGINT, SIGTERM or SIGHUP). At the second
 * of these signals, this process exits at once, and its children are killed.
 */
function interruption(): AbortSignal {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(1);
    controller.abort();
    process.stdout.write('\nstopping; press Ctrl-C again to kill everything at once\n');
  };
  for (const signal of interrupts) process.on(signal, onSignal);
  // Writing to a closed terminal fails. The error must not keep the store from stopping in order.
  process.stdout.on('error', () => {});
  return controller.signal;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) done();
    signal.addEventListener('abort', () => done());
  });
}

interface Summary {
  store: StartedStore;
  env: DevEnv;
  dataDir: string;
  seconds: string;
}

/**
 * Returns the text for the terminal when the store is ready. Leaves out the addresses from the environment, because an
 * address may contain a password.
 */
function summary({ store, env, dataDir, seconds }: Summary): string {
  const lines = [
    ['Store', env.storefrontUrl ?? store.apiUrl],
    ['Payment sandbox', store.gatewayUrl],
    ['API docs', `${store.apiUrl}/docs`],
    ['API health', `${store.apiUrl}/readyz`],
    ['Temporal Web UI', store.temporalUiUrl ?? 'that of TEMPORAL_ADDRESS'],
    ['Postgres', env.databaseUrl === undefined ? store.databaseUrl : 'that of DATABASE_URL'],
    ['Data', dataDir],
  ];
  const table = lines.map(([name = '', value = '']) => `  ${name.padEnd(16)} ${value}`).join('\n');
  return `\n${storeName} is ready after ${seconds} s:\n\n${table}\n\n  Ctrl-C stops everything; the data stays.\n\n`;
}

main().then(
  // Exit at once, instead of waiting until idle HTTP connections close.
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`make dev cannot start:\n${messageOf(error)}\n`);
    process.exit(1);
  },
);
