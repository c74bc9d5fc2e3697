import { searchAttributeNames } from '@widget-store/contract';
import type { Environment } from './childProcess';
import { watchForInterruption } from './interruptedServer';
import { isAnswered } from './ports';
import type { SuperviseOptions } from './supervisor';

interface TemporalServerOptions {
  /** Path of the Temporal CLI. `resolveTemporalBinary` returns it. */
  binary: string;
  /** gRPC port on 127.0.0.1. The server chooses its other ports itself, except that of the Web UI. */
  port: number;
  /** Port of the Web UI. If it is undefined, there is no Web UI. */
  uiPort?: number | undefined;
  /** SQLite file of the runs, in an existing directory. */
  dbFile: string;
  environment: Environment;
  /** Additional dynamic configuration. */
  settings?: Record<string, boolean>;
}

/**
 * Dynamic configuration of a Temporal server that shares one machine with the whole store
 * (docs.temporal.io/references/dynamic-configuration). These settings do not make anything less durable.
 */
export const settingsOfOneMachine = {
  // One partition of a task queue is enough. In one process, several partitions would only forward tasks and pollers to
  // each other.
  'matching.numTaskqueueReadPartitions': 1,
  'matching.numTaskqueueWritePartitions': 1,
  // With this setting, the server's answer to a completed workflow task can already contain the activities that the
  // task has scheduled. The worker then does not have to poll for these activities.
  'system.enableActivityEagerExecution': true,
  // If this setting were true, the dev server would read the definitions of search attributes from its file for each
  // run with search attributes.
  'system.forceSearchAttributesCacheRefreshOnRead': false,
  // By default the server reads a shard's queue of new tasks 20 times a second, and the dev server has one shard. At
  // five orders a second or more, each step of each order would wait for the next read.
  'history.transferProcessorMaxPollRPS': 200,
} as const;

const probeDeadlineMs = 2_000;

export function temporalProcess(options: TemporalServerOptions): SuperviseOptions {
  const { binary, port, uiPort, dbFile, environment, settings } = options;
  // WAL with synchronous=NORMAL nearly doubles the rate of orders, and loses nothing if the process is killed.
  const pragmas = ['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=NORMAL'];
  const startDev = ['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--log-level', 'error'];
  return {
    name: 'temporal',
    command: binary,
    args: [
      ...startDev,
      ...Object.values(searchAttributeNames).flatMap((name) => ['--search-attribute', `${name}=Keyword`]),
      ...Object.entries({ ...settingsOfOneMachine, ...settings }).flatMap(([key, value]) => [
        '--dynamic-config-value',
        `${key}=${value}`,
      ]),
      ...(uiPort === undefined ? ['--headless'] : ['--ui-port', String(uiPort)]),
      '--db-filename',
      dbFile,
      ...pragmas,
    ],
    // The garbage collector runs less often, which saves a fifth of the CPU and costs memory.
    env: { PATH: environment['PATH'], HOME: environment['HOME'], TMPDIR: environment['TMPDIR'], GOGC: '400' },
    isReady: () => hasDefaultNamespace(port),
    watch: watchForInterruption,
  };
}

/**
 * The server creates the namespace after it opens the port. Until the namespace exists, every call of a client fails.
 */
async function hasDefaultNamespace(port: number): Promise<boolean> {
  if (!(await isAnswered(port))) return false;
  // Loaded here, because the client's code is large and most users of this package start no server.
  const { Connection } = await import('@temporalio/client');
  const connection = await Connection.connect({ address: `127.0.0.1:${port}`, connectTimeout: probeDeadlineMs });
  try {
    const describe = () => connection.workflowService.describeNamespace({ namespace: 'default' });
    await connection.withDeadline(Date.now() + probeDeadlineMs, describe);
    return true;
  } finally {
    await connection.close();
  }
}
