import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openStore, type Store, watchOrderChanges } from '@widget-store/db';
import {
  createRegistry,
  listen,
  type Logger,
  logMissing,
  metricsRoutes,
  observeStore,
  type Registry,
  runProgram,
  shutdownSignal,
} from '@widget-store/runtime';
import { createPayloadCodec, openTemporalClient } from '@widget-store/runtime/temporal';
import { openTracing, traceStore } from '@widget-store/runtime/tracing';
import { Admission } from './admission/admission';
import { createConcurrencyLimit } from './admission/concurrencyLimit';
import { createApp } from './app';
import { type ApiEnv, readEnv } from './env';
import { createApiMetrics } from './metrics';
import { problemResponse, toProblem } from './problem';
import type { RunsContext } from './runs/context';
import { createRecentValues } from './runs/recentValues';
import { createSearchAttributesCheck } from './searchAttributesCheck';
import { createChangeWaits } from './watches/changeWaits';
import { createOrderWatches } from './watches/orderWatches';

const databaseDeadlineMs = 3000;
const temporalDeadlineMs = 5000;
const shutdownGraceMs = 6000;
const crashWorkerDeadlineMs = 1000;

const notificationsLost =
  'Postgres answers, but its notifications do not arrive: order pages are up to a second late; PgBouncer needs pool_mode = session';
const notificationsArrive = 'notifications of Postgres arrive again';

void runProgram('api', async (log) => {
  const env = readEnv();
  const tracing = await openTracing('api', { enabled: env.tracing });
  const registry = createRegistry();
  const store = traceStore(openObservedStore(env, registry), tracing);
  logMissing(store.checkWritable(), { log, name: 'postgres' });
  const { orderWatches, changes, orderChanges } = watchOrders(env, { store, log });
  const temporal = openTemporalClient(env.temporal, tracing?.clientInterceptors);
  const { taskQueue, paymentWindowMs, publicUrl, gatewayUrl } = env;
  const admission = new Admission(createConcurrencyLimit());
  const runs: RunsContext = {
    temporal: temporal.workflows,
    deadlineMs: temporalDeadlineMs,
    taskQueue,
    paymentWindowMs,
    publicUrl,
    store,
    admission,
    orderIds: createRecentValues(),
    paymentPages: createRecentValues(),
    changes,
    products: new Map(),
  };
  const stop = new AbortController();
  const app = createApp({
    runs,
    operations: { ...runs, store, gatewayUrl, webUi: { url: env.temporalUiUrl, namespace: env.temporal.namespace } },
    store,
    orderWatches,
    ...(await webhookDeps(env, registry)),
    log,
    tracing,
    metrics: createApiMetrics(registry, { orderWatches, orderChanges, admission }),
    dependencies: {
      process: async () => stop.signal.throwIfAborted(),
      postgres: () => store.checkWritable(),
      temporal: () => temporal.ping(),
      search_attributes: createSearchAttributesCheck(temporal.workflows),
    },
    operators: env.operators,
    rateLimits: env.rateLimits,
    storefrontUrl: env.storefrontUrl,
    corsOrigins: env.corsOrigins,
    imageOrigins: env.imageOrigins,
    crash: env.demo ? { crashWorker: () => crashWorker(env.workerUrl), crashApi: () => process.exit(1) } : undefined,
    codec: env.temporal.payloadKeys && createPayloadCodec(env.temporal.payloadKeys),
    settings: { demo: env.demo, payment_window_ms: paymentWindowMs, image_origins: env.imageOrigins },
    storefrontRoot: join(dirname(require.resolve('@widget-store/web/package.json')), 'dist'),
  });

  const server = await listen(app, { port: env.port, hostname: env.host, portVariable: 'PORT', onError });
  const { metricsPort: port, host: hostname } = env;
  const scraped =
    port === undefined
      ? undefined
      : await listen(metricsRoutes(registry), { port, hostname, portVariable: 'METRICS_PORT' });
  log.info({ port: env.port, host: env.host, taskQueue, demo: env.demo }, 'the api accepts requests');
  const signal = await shutdownSignal();
  log.info({ signal }, 'draining');
  stop.abort();
  server.drain();
  await delay(env.shutdownNoticeMs);
  // Closes the streams only after `shutdownNoticeMs`, because their clients reconnect immediately. After this time, the
  // load balancer sends the new connections to other processes.
  orderWatches.close();
  await server.close(shutdownGraceMs);
  await scraped?.close(0);
  await Promise.all([orderChanges.close(), store.close(), temporal.close()]);
  await tracing?.close();
  log.info('stopped');
});

function openObservedStore(env: ApiEnv, registry: Registry) {
  const poolSize = env.databasePoolSize;
  return observeStore(openStore({ ...databaseTarget(env), maxConnections: poolSize }), { registry, poolSize });
}

/** Delivers the changes of orders to open pages and to waiting requests. */
function watchOrders(env: ApiEnv, { store, log }: { store: Store; log: Logger }) {
  const orderWatches = createOrderWatches({ store, log });
  const changes = createChangeWaits();
  const listeners = [orderWatches, changes];
  const orderChanges = watchOrderChanges({
    ...databaseTarget(env),
    notify: (payload) => store.notifyListeners(payload),
    onDelivery: (arrives) => (arrives ? log.info(notificationsArrive) : log.warn(notificationsLost)),
    onChange: (orderId) => listeners.forEach((listener) => listener.changed(orderId)),
    onGap: () => listeners.forEach((listener) => listener.missed()),
  });
  return { orderWatches, changes, orderChanges };
}

function databaseTarget({ databaseUrl: url }: ApiEnv) {
  return { url, applicationName: 'widget-store api', deadlineMs: databaseDeadlineMs };
}

/** If the sandbox is not the payment gateway, the api accepts no webhooks of the sandbox. */
async function webhookDeps({ webhooks, demo }: ApiEnv, registry: Registry) {
  if ('open' in webhooks) {
    return { webhookSecrets: [], acceptUnsigned: false, gatewayWebhook: await webhooks.open(registry) };
  }
  return { webhookSecrets: webhooks.secrets, acceptUnsigned: demo, gatewayWebhook: undefined };
}

/** Answers a request that cannot be parsed. Such a request has no path and no request id. */
function onError(error: unknown): Response {
  return problemResponse(toProblem(error), { instance: '', requestId: randomUUID() });
}

function crashWorker(workerUrl: string): Promise<Response> {
  return fetch(new URL('/crash', workerUrl), { method: 'POST', signal: AbortSignal.timeout(crashWorkerDeadlineMs) });
}
