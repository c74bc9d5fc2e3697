import { createHash } from 'node:crypto';
import { DefaultLogger, type NativeConnection, Runtime, type Worker } from '@temporalio/worker';
import type { ActivitiesDeps } from '@widget-store/activities';
import { openStore, type Store } from '@widget-store/db';
import {
  createRegistry,
  listen,
  logMissing,
  type Logger,
  observeStore,
  type Registry,
  shutdownSignal,
} from '@widget-store/runtime';
import { openTemporalClient } from '@widget-store/runtime/temporal';
import { openTracing, traceStore } from '@widget-store/runtime/tracing';
import { type Activities, decideAdjustments } from '@widget-store/contract';
import { keepErasingBuyers } from './buyerRetention';
import { loadBundle } from './bundle';
import { connectWithRetry } from './connect';
import { controlRoutes } from './control';
import { readEnv } from './env';
import { measureEvents } from './events/metrics';
import { createEventPoster, type ReceiverEnv } from './events/post';
import { maxConcurrentEvents, sendEvents } from './events/sender';
import { openGateway } from './gateway';
import { withIdsInLogs } from './interceptors';
import { measureWaiting } from './metrics';
import { createMonitor } from './monitor';
import { createRuns } from './reconcilerRuns';
import { retry } from './retry';
import { createScheduleCheck, ensureSchedule } from './schedule';
import { withReadableErrors } from './sdkLog';
import { ensureSearchAttributes } from './searchAttributes';
import { withSpans } from './tracing';
import { keepUp } from './upkeep';
import { createWorker } from './worker';

const databaseDeadlineMs = 5000;
const tickMs = 1000;
/**
 * The longest pause between two checks of the search attributes and the Schedule, in milliseconds. Somebody can delete
 * the attributes or the Schedule in Temporal at any time.
 */
const upkeepMs = 10_000;

export interface WorkerProgramOptions {
  log: Logger;
  /** A test can replace this function to make chosen activities fail. */
  createActivities: (deps: ActivitiesDeps) => Activities;
}

/** Runs a worker with the settings of the environment, until a signal asks the process to stop. */
export async function runWorker({ log, createActivities }: WorkerProgramOptions): Promise<void> {
  const env = readEnv();
  installRuntime(log, env.sdkMetricsAddress);
  const stopping = new AbortController();
  void abortOnShutdown(stopping, log);
  const stop = stopping.signal;

  const tracing = await openTracing('worker', { enabled: env.tracing });
  const registry = createRegistry();
  const poolSize = env.databasePoolSize;
  const database = { url: env.databaseUrl, applicationName: 'widget-store worker', deadlineMs: databaseDeadlineMs };
  const observed = observeStore(openStore({ ...database, maxConnections: poolSize }), { registry, poolSize });
  const store = traceStore(observed, tracing);
  logMissing(store.checkWritable(), { log, name: 'postgres' });
  measureWaiting(store, registry);
  const temporal = openTemporalClient(env.temporal);
  let worker: Worker | undefined;
  let connection: NativeConnection | undefined;
  const control = await listen(
    controlRoutes({
      dependencies: {
        postgres: () => store.checkWritable(),
        temporal: async () => {
          if (worker?.getState() !== 'RUNNING') throw new Error('the worker does not run');
          await connection?.workflowService.getSystemInfo({});
        },
      },
      registry,
      log,
      crash: env.demo ? () => process.exit(1) : undefined,
    }),
    { port: env.port, hostname: env.host, portVariable: 'WORKER_PORT' },
  );

  const activities = createActivities({
    store,
    gateway: await openGateway(env, { store, tracing }),
    runs: createRuns(temporal, env),
    monitor: createMonitor(log, registry),
    settings: env,
    tickMs,
    decideAdjustments,
  });
  const eventsSent = env.eventReceiver && (await startEvents(env.eventReceiver, { store, registry, log, stop }));
  const workflowBundle = await loadBundle(env);
  connection = await connectWithRetry(env.temporal, { stop, log });
  if (connection !== undefined && !stop.aborted) {
    const { taskQueue, deploymentVersion } = env;
    const { namespace, payloadKeys } = env.temporal;
    const attributes = { connection, namespace, stop, log };
    await ensureSearchAttributes(attributes);
    const target = { connection, namespace, taskQueue, deploymentVersion, payloadKeys };
    const options = { ...target, workflowBundle, activities, interceptors: { activity: [withIdsInLogs] } };
    worker = await createWorker(await withSpans(options, tracing));
    const upkeep = { everyMs: Math.min(upkeepMs, env.reconcileEveryMs), stop, log };
    void keepUp(() => ensureSearchAttributes(attributes), upkeep);
    void keepErasingBuyers(store, { days: env.buyerRetentionDays, ...upkeep });
    const checkSchedule = createScheduleCheck(temporal, env, { log, registry });
    void ensureSchedule(temporal, env, { stop, log }).then(() => keepUp(checkSchedule, upkeep));
    const { port, fulfilment, gateway } = env;
    log.info(
      { taskQueue, namespace, port, gateway: gateway.name, fulfilment, ...deploymentVersion },
      'the worker runs',
    );
    await runUntilStopped(worker, stop);
  }
  await Promise.all([eventsSent?.ended, connection?.close(), temporal.close()]);
  await store.close();
  await tracing?.close();
  await control.close(1000);
  log.info('stopped');
}

/**
 * Starts the sender of outgoing events. Resolves when the triggers in Postgres have begun to record events for this
 * receiver. The worker must not change orders earlier, because the triggers would not record these changes.
 */
async function startEvents(
  receiver: ReceiverEnv,
  { store, registry, log, stop }: { store: Store; registry: Registry; log: Logger; stop: AbortSignal },
): Promise<{ ended: Promise<void> }> {
  const urlDigest = createHash('sha256').update(receiver.url).digest('hex');
  const poster = createEventPoster(receiver, { maxConnections: maxConcurrentEvents });
  const onAttempt = measureEvents(store, registry);
  await retry(() => store.renewEventReceiver({ urlDigest }), {
    stop,
    onError: (error, attempt) => attempt === 0 && log.warn({ err: error }, 'cannot record outgoing events yet'),
  });
  return { ended: sendEvents({ store, poster, urlDigest, log, onAttempt, stop }) };
}

async function abortOnShutdown(stopping: AbortController, log: Logger): Promise<void> {
  const signal = await shutdownSignal();
  log.info({ signal }, 'draining');
  stopping.abort();
}

/**
 * Replaces two defaults of the SDK: the SDK would handle SIGTERM itself, and log to standard error in another format.
 */
function installRuntime(log: Logger, sdkMetricsAddress: string | undefined): void {
  const logger = new DefaultLogger('WARN', ({ level, message, meta }) => {
    log[level === 'ERROR' ? 'error' : 'warn']({ meta: withReadableErrors(meta) }, message);
  });
  Runtime.install({
    shutdownSignals: [],
    logger,
    ...(sdkMetricsAddress && { telemetryOptions: { metrics: { prometheus: { bindAddress: sdkMetricsAddress } } } }),
  });
}

/**
 * Runs the worker until `stop` is aborted. Starts the worker even if `stop` is already aborted, because a worker that
 * never ran cannot be closed.
 */
async function runUntilStopped(worker: Worker, stop: AbortSignal): Promise<void> {
  const running = worker.run();
  if (stop.aborted) worker.shutdown();
  else stop.addEventListener('abort', () => worker.shutdown(), { once: true });
  await running;
}
