import { Connection } from '@temporalio/client';
import { searchAttributeNames } from '@widget-store/workflows/contract';
import type { Environment } from './childProcess';
import { isAnswered } from './ports';
import type { SuperviseOptions } from './supervisor';

export interface TemporalServerOptions {
  /** Path of the Temporal CLI, see `resolveTemporalBinary`. */
  binary: string;
  /** gRPC port on 127.0.0.1; the server's other ports are free ones of its own choice. */
  port: number;
  /** Port of the Web UI; without it there is none. */
  uiPort?: number | undefined;
  /** SQLite file that keeps the runs; its directory exists. Without it they are lost when the process ends. */
  dbFile?: string | undefined;
  environment: Environment;
}

const probeDeadlineMs = 2_000;

/** Settings of the server for one machine (docs.temporal.io/references/dynamic-configuration). */
const dynamicConfig = {
  // One process needs no partitions of its task queues, between which tasks and pollers are only forwarded.
  'matching.numTaskqueueReadPartitions': 1,
  'matching.numTaskqueueWritePartitions': 1,
  // An activity comes with the answer to the workflow task that wanted it.
  'system.enableActivityEagerExecution': true,
  // The dev server would read the namespace's search attributes from its file for each run that has some.
  'system.forceSearchAttributesCacheRefreshOnRead': false,
  // The queue of new tasks is read 20 times a second at most: from five orders a second on, each of their steps waited for it.
  'history.transferProcessorMaxPollRPS': 200,
} as const;

/** How to run a Temporal dev server. */
export function temporalProcess(options: TemporalServerOptions): SuperviseOptions {
  const { binary, port, uiPort, dbFile, environment } = options;
  // WAL with synchronous=NORMAL nearly doubles the rate of the file store, and survives a killed process.
  const pragmas = ['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=NORMAL'];
  const startDev = ['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--log-level', 'error'];
  return {
    name: 'temporal',
    command: binary,
    args: [
      ...startDev,
      ...Object.values(searchAttributeNames).flatMap((name) => ['--search-attribute', `${name}=Keyword`]),
      ...Object.entries(dynamicConfig).flatMap(([key, value]) => ['--dynamic-config-value', `${key}=${value}`]),
      ...(uiPort === undefined ? ['--headless'] : ['--ui-port', String(uiPort)]),
      ...(dbFile === undefined ? [] : ['--db-filename', dbFile, ...pragmas]),
    ],
    // The garbage collector runs less often: a fifth less CPU for more memory.
    env: { PATH: environment['PATH'], HOME: environment['HOME'], TMPDIR: environment['TMPDIR'], GOGC: '400' },
    isReady: () => hasDefaultNamespace(port),
  };
}

/** The namespace is made after the port is open; before it is there every call of a client fails. */
async function hasDefaultNamespace(port: number): Promise<boolean> {
  if (!(await isAnswered(port))) return false;
  const connection = await Connection.connect({ address: `127.0.0.1:${port}`, connectTimeout: probeDeadlineMs });
  try {
    const describe = () => connection.workflowService.describeNamespace({ namespace: 'default' });
    await connection.withDeadline(Date.now() + probeDeadlineMs, describe);
    return true;
  } finally {
    await connection.close();
  }
}
