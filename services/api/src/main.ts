import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openStore, watchOrderChanges } from '@widget-store/db';
import {
  countDatabaseCalls,
  createPayloadCodec,
  createRegistry,
  listen,
  metricsRoutes,
  openTemporalClient,
  openTracing,
  runProgram,
  shutdownSignal,
  traceMethods,
} from '@widget-store/runtime';
import { createAdmission } from './admission/admission';
import { createApp } from './app';
import { createCancellations } from './runs/cancellations';
import { createChangeWaits } from './watches/changeWaits';
import { createCheckouts } from './runs/checkouts';
import { createConcurrencyLimit } from './admission/concurrencyLimit';
import { type ApiEnv, readEnv } from './env';
import { createOrderWatches } from './watches/orderWatches';
import { createApiMetrics } from './metrics';
import { createOperations } from './operations/operations';
import { createRunLinks } from './operations/runReader';
import { createOrderIds } from './runs/orderIds';
import { createPaymentPages } from './runs/paymentPages';
import { createPayments } from './runs/payments';
import { problemResponse, toProblem } from './problem';
import { createRefunds } from './runs/refunds';
import { createWebhookVerifier } from './webhooks/webhookSignature';

const databaseDeadlineMs = 3000;
const temporalDeadlineMs = 5000;
const shutdownGraceMs = 6000;
const crashWorkerDeadlineMs = 1000;
const notQueries = ['ping' as const, 'close' as const];

void runProgram('api', async (log) => {
  const env = readEnv();
  const database = { url: env.databaseUrl, applicationName: 'widget-store api', deadlineMs: databaseDeadlineMs };
  const tracing = await openTracing('api');
  const registry = createRegistry();
  const opened = openStore({ ...database, maxConnections: env.databasePoolSize });
  const counted = countDatabaseCalls(opened, { registry, poolSize: env.databasePoolSize, unseen: notQueries });
  const store = traceMethods(counted, { tracing, system: 'postgresql', unseen: notQueries });
  const orderWatches = createOrderWatches({ store, log });
  const changes = createChangeWaits();
  const listeners = [orderWatches, changes];
  const orderChanges = watchOrderChanges({
    ...database,
    onChange: (orderId) => listeners.forEach((listener) => listener.changed(orderId)),
    onGap: () => listeners.forEach((listener) => listener.missed()),
  });
  const temporal = openTemporalClient(env.temporal, tracing?.clientInterceptors);
  const { taskQueue, paymentWindowMs, publicUrl } = env;
  const calls = { temporal: temporal.workflows, store, taskQueue, tracing, deadlineMs: temporalDeadlineMs };
  const runs = { ...calls, paymentWindowMs, publicUrl };
  const orderIds = createOrderIds();
  const admission = createAdmission({ limit: createConcurrencyLimit() });
  const stop = new AbortController();
  const links = createRunLinks({ uiUrl: env.temporalUiUrl, namespace: env.temporal.namespace });
  const app = createApp({
    checkouts: createCheckouts({ ...runs, admission, orderIds }),
    payments: createPayments({ ...runs, orderIds, changes }),
    cancellations: createCancellations(runs),
    refunds: createRefunds(runs),
    paymentPages: createPaymentPages(runs),
    orderWatches,
    operations: createOperations({ ...calls, links }),
    store,
    ...(await openWebhooks(env)),
    log,
    tracing,
    metrics: createApiMetrics(registry, { orderWatches, admission }),
    dependencies: {
      process: async () => stop.signal.throwIfAborted(),
      postgres: () => store.ping(),
      temporal: () => temporal.ping(),
    },
    adminToken: env.adminToken,
    rateLimits: env.rateLimits,
    corsOrigins: env.corsOrigins,
    crash: env.demo ? { crashWorker: () => crashWorker(env.workerUrl), crashApi: () => process.exit(1) } : undefined,
    ...openCodec(env),
    publicUrl,
    settings: { demo: env.demo, payment_window_ms: paymentWindowMs },
    storefrontRoot: join(dirname(require.resolve('@widget-store/web/package.json')), 'dist'),
  });

  const server = await listen(app, { port: env.port, hostname: env.host, portVariable: 'PORT', onError });
  const { metricsPort: port, host: hostname } = env;
  const scraped =
    port === undefined
      ? undefined
      : await listen(metricsRoutes(registry), { port, hostname, portVariable: 'METRICS_PORT' });
  log.info({ port: env.port, host: env.host, taskQueue, demo: env.demo }, 'the api takes requests');
  const signal = await shutdownSignal();
  log.info({ signal }, 'draining');
  stop.abort();
  server.drain();
  await delay(env.shutdownNoticeMs);
  // Not sooner: a stream that ends comes back, and is to find another api.
  orderWatches.close();
  await server.close(shutdownGraceMs);
  await scraped?.close(0);
  await Promise.all([orderChanges.close(), store.close(), temporal.close()]);
  await tracing?.close();
  log.info('stopped');
});

/** With Stripe there is no secret of the sandbox, and nothing that claims to come from it is taken. */
async function openWebhooks({ webhooks, demo }: ApiEnv) {
  switch (webhooks.gateway) {
    case 'sandbox':
      return { verifier: createWebhookVerifier(webhooks.secrets), acceptUnsigned: demo, stripe: undefined };
    case 'stripe': {
      // Its library takes 16 MB, so it is loaded only here.
      const { createStripeVerifier } = await import('./webhooks/stripeSignature.js');
      return { verifier: createWebhookVerifier([]), acceptUnsigned: false, stripe: createStripeVerifier(webhooks) };
    }
    default:
      return webhooks satisfies never;
  }
}

/** For whoever may call it: the pages of the Temporal Web UI. */
function openCodec({ temporal: { payloadKeys }, temporalUiUrl }: ApiEnv) {
  return { codec: payloadKeys && createPayloadCodec(payloadKeys), temporalUiUrl };
}

/** A request that cannot be read has no path either, and never came to where ids are given. */
function onError(error: unknown): Response {
  return problemResponse(toProblem(error), { instance: '', requestId: randomUUID() });
}

function crashWorker(workerUrl: string): Promise<Response> {
  return fetch(new URL('/crash', workerUrl), { method: 'POST', signal: AbortSignal.timeout(crashWorkerDeadlineMs) });
}
