import { DefaultLogger, Runtime, type Worker } from '@temporalio/worker';
import type { ActivitiesDeps } from '@widget-store/activities';
import { openStore } from '@widget-store/db';
import {
  countDatabaseCalls,
  createRegistry,
  listen,
  type Logger,
  openTemporalClient,
  openTracing,
  shutdownSignal,
  traceMethods,
} from '@widget-store/runtime';
import type { Activities } from '@widget-store/contract';
import { loadBundle } from './bundle';
import { connectWhenThere } from './connect';
import { createControlApp } from './control';
import { readEnv } from './env';
import { openGateway } from './gateway';
import { createInterceptors } from './interceptors';
import { measureHolds } from './metrics';
import { createMonitor } from './monitor';
import { createRuns } from './reconcilerRuns';
import { keepSchedule } from './schedule';
import { ensureSearchAttributes } from './searchAttributes';
import { createWorker } from './worker';

const databaseDeadlineMs = 5000;
const tickMs = 1000;
const notQueries = ['ping' as const, 'close' as const];

export interface WorkerProgramDeps {
  log: Logger;
  /** Makes what the workflows can do; a test's worker makes activities that fail where it wants them to. */
  createActivities: (deps: ActivitiesDeps) => Activities;
}

/** Runs the worker that the environment describes until the process is asked to stop. */
export async function runWorker({ log, createActivities }: WorkerProgramDeps): Promise<void> {
  const env = readEnv();
  installRuntime(log, env.sdkMetricsAddress);
  const stop = new AbortController();
  void abortOnShutdown(stop, log);

  const tracing = await openTracing('worker');
  const database = openStore({
    url: env.databaseUrl,
    applicationName: 'widget-store worker',
    maxConnections: env.databasePoolSize,
    deadlineMs: databaseDeadlineMs,
  });
  const temporal = openTemporalClient(env.temporal);
  const registry = createRegistry();
  const monitor = createMonitor(log, registry);
  const counted = countDatabaseCalls(database, { registry, poolSize: env.databasePoolSize, unseen: notQueries });
  const store = traceMethods(counted, { tracing, system: 'postgresql', unseen: notQueries });
  measureHolds(store, registry);
  let worker: Worker | undefined;
  const control = await listen(
    createControlApp({
      dependencies: {
        postgres: () => store.ping(),
        temporal: async () => {
          if (worker?.getState() !== 'RUNNING') throw new Error('the worker does not run');
          await connection?.workflowService.getSystemInfo({});
        },
      },
      registry,
      crash: env.demo ? () => process.exit(1) : undefined,
    }),
    { port: env.port, hostname: env.host, portVariable: 'WORKER_PORT' },
  );

  const gateway = await openGateway(env.gateway, { store, tracing });
  const workflowBundle = await loadBundle(env, { traced: tracing !== undefined });
  const connection = await connectWhenThere(env.temporal, { stop: stop.signal, log });
  if (connection !== undefined && !stop.signal.aborted) {
    const { namespace, payloadKeys } = env.temporal;
    await ensureSearchAttributes({ connection, namespace, stop: stop.signal, log });
    worker = await createWorker({
      connection,
      namespace,
      taskQueue: env.taskQueue,
      workflowBundle,
      deploymentVersion: env.deploymentVersion,
      payloadKeys,
      activities: createActivities({
        store,
        gateway,
        runs: createRuns(temporal, env),
        monitor,
        publicUrl: env.publicUrl,
        tickMs,
      }),
      surroundings: await createInterceptors(tracing),
    });
    void keepSchedule(temporal, env, { stop: stop.signal, log });
    log.info(
      { taskQueue: env.taskQueue, namespace, port: env.port, gateway: env.gateway.name, ...env.deploymentVersion },
      'the worker runs',
    );
    await runUntilStopped(worker, stop.signal);
  }
  await Promise.all([connection?.close(), temporal.close()]);
  await store.close();
  await tracing?.close();
  await control.close(1000);
  log.info('stopped');
}

async function abortOnShutdown(stop: AbortController, log: Logger): Promise<void> {
  const signal = await shutdownSignal();
  log.info({ signal }, 'draining');
  stop.abort();
}

/** The SDK would take SIGTERM for itself and log to standard error in its own form. */
function installRuntime(log: Logger, sdkMetricsAddress: string | undefined): void {
  const logger = new DefaultLogger('WARN', ({ level, message, meta }) => {
    log[level === 'ERROR' ? 'error' : 'warn']({ meta }, message);
  });
  Runtime.install({
    shutdownSignals: [],
    logger,
    ...(sdkMetricsAddress && { telemetryOptions: { metrics: { prometheus: { bindAddress: sdkMetricsAddress } } } }),
  });
}

/** A stop that was asked for meanwhile counts too: a worker that was made can only be closed by running it. */
async function runUntilStopped(worker: Worker, stop: AbortSignal): Promise<void> {
  const running = worker.run();
  if (stop.aborted) worker.shutdown();
  else stop.addEventListener('abort', () => worker.shutdown(), { once: true });
  await running;
}
