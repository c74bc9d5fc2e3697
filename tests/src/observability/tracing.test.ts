import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Connection, WorkflowClient } from '@temporalio/client';
import { repositoryRoot, temporaryDirectory, type TemporaryDirectory } from '@widget-store/dev';
import { checkoutWorkflowId, dispatchWorkflowId } from '@widget-store/contract';
import { sharedServers } from '../support/env';
import { eventually } from '../support/eventually';
import { type OtlpReceiver, startOtlpReceiver } from './otlpReceiver';
import { newKey, shopperOf } from '../support/http/shopper';
import { quickDispatches, startTestStore, type TestStore, type TestStoreOptions } from '../support/store/store';
import { signWebhook, webhookBody } from '../support/gateway/webhooks';

const names = ['api', 'worker'] as const;
let directory: TemporaryDirectory;
const modulesFile = (kind: string, name: string): string => join(directory.path, `${kind}-${name}.json`);

/** Starts a store whose api and worker, at their exit, write down which OpenTelemetry modules they have loaded. */
function startWatchedStore(kind: string, more: Record<string, string> = {}): Promise<TestStore> {
  const extra = (name: string) => ({
    NODE_OPTIONS: `--require ${join(repositoryRoot, 'tests/src/observability/loadedModules.cjs')}`,
    LOADED_MODULES_FILE: modulesFile(kind, name),
    ...more,
  });
  const extraEnvironment: NonNullable<TestStoreOptions['extraEnvironment']> = {};
  for (const name of names) extraEnvironment[name] = extra(name);
  return startTestStore({ demo: false, worker: quickDispatches, extraEnvironment });
}

interface Bought {
  key: string;
  paymentId: string;
  orderId: string;
}

const newTraceId = (): string => randomBytes(16).toString('hex');
const traceHeaders = (traceId: string) => ({
  traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-01`,
  tracestate: 'vendor=anything',
});

async function checkout(store: TestStore, traceId: string): Promise<Bought> {
  const key = newKey();
  const headers = { Accept: 'application/json', ...traceHeaders(traceId) };
  const { text } = await shopperOf(store.apiUrl).send('POST', `/checkout/${key}`, { headers });
  const { payment_id: paymentId = '', order_id: orderId = '' } = JSON.parse(text) as Record<string, string>;
  return { key, paymentId, orderId };
}

/**
 * Buys as the storefront does: the checkout and the payment page have one trace, and the gateway's webhook reports the
 * payment.
 */
async function buy(store: TestStore, traceId: string): Promise<Bought> {
  const bought = await checkout(store, traceId);
  const { paymentId, orderId } = bought;
  const shopper = shopperOf(store.apiUrl);
  await shopper.send('POST', `/payment/${paymentId}/page`, { headers: traceHeaders(traceId) });
  const paid = await fetch(`${store.gatewayUrl}/pay/${paymentId}/pay`, { method: 'POST', redirect: 'manual' });
  expect(paid.status).toBe(303);
  await eventually(
    () => shopper.order(orderId),
    (order) => order.order_status === 1,
  );
  return bought;
}

/** Sends the webhook of a gateway that does not know the order's trace. */
async function payWithoutTrace(
  store: TestStore,
  { paymentId }: Bought,
  headers: Record<string, string>,
): Promise<void> {
  const body = webhookBody({ paymentId, status: 'paid' });
  const signed = { ...signWebhook(body, { secret: store.webhookSecret }), ...headers };
  const answer = await shopperOf(store.apiUrl).send('POST', `/payment_webhook/${paymentId}/paid`, {
    headers: signed,
    body,
  });
  expect(answer.status).toBe(200);
}

/**
 * Returns the types of the events in the histories of the order's checkout and dispatch. Leaves out workflow tasks,
 * because their number depends on timing.
 */
async function eventsOf({ key, orderId }: Bought): Promise<string[][]> {
  const connection = await Connection.connect({ address: sharedServers().temporalAddress });
  const client = new WorkflowClient({ connection });
  const histories = [checkoutWorkflowId(key), dispatchWorkflowId(orderId)].map(async (workflowId) => {
    const run = client.getHandle(workflowId);
    await run.result();
    const { events } = await run.fetchHistory();
    const kinds = (events ?? []).flatMap((event) => Object.keys(event).filter((name) => name.endsWith('Attributes')));
    return kinds.filter((kind) => !kind.startsWith('workflowTask'));
  });
  const events = await Promise.all(histories);
  await connection.close();
  return events;
}

/** Stops the processes gracefully, so that they send their spans and write the list of their modules. */
async function stopProcesses({ processes }: TestStore): Promise<void> {
  await Promise.all(names.map((name) => processes[name].stop()));
}

async function loadedModules(kind: string): Promise<number[]> {
  const texts = await Promise.all(names.map((name) => readFile(modulesFile(kind, name), 'utf8')));
  return texts.map((text) => (JSON.parse(text) as string[]).length);
}

describe('tracing', () => {
  let receiver: OtlpReceiver;
  const traceIds = { own: newTraceId(), untold: newTraceId(), foreign: newTraceId(), ofGateway: newTraceId() };
  const events: Record<string, string[][]> = {};

  beforeAll(async () => {
    directory = await temporaryDirectory();
    receiver = await startOtlpReceiver();
    const traced = await startWatchedStore('on', { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url });
    try {
      const bought = await buy(traced, traceIds.own);
      await payWithoutTrace(traced, await checkout(traced, traceIds.untold), {});
      await payWithoutTrace(traced, await checkout(traced, traceIds.foreign), {
        ...traceHeaders(traceIds.ofGateway),
      });
      // Waits for the end of the checkout run and the dispatch run, because the order becomes DISPATCHED a moment
      // before the dispatch run ends.
      events['on'] = await eventsOf(bought);
      await stopProcesses(traced);
    } finally {
      await traced.close();
    }
    const plain = await startWatchedStore('off');
    try {
      events['off'] = await eventsOf(await buy(plain, newTraceId()));
      await stopProcesses(plain);
    } finally {
      await plain.close();
    }
  }, 180_000);
  afterAll(async () => {
    await receiver.close();
    await directory.remove();
  });

  const spansOf = (traceId: string) => receiver.spans.filter((span) => span.traceId === traceId);
  const namesOf = (traceId: string) => spansOf(traceId).map(({ name }) => name);

  it('records a purchase as one trace, from the checkout request to the last statement', () => {
    const spans = spansOf(traceIds.own);
    expect([...new Set(spans.map(({ service, name }) => `${service} | ${name}`))].toSorted()).toEqual(
      expect.arrayContaining([
        'widget-store-api | POST /checkout/:idempotency_key',
        'widget-store-api | POST /payment/:payment_id/page',
        'widget-store-api | POST /payment_webhook/:payment_id/:payment_status',
        'widget-store-api | postgresql findCheckout',
        'widget-store-worker | RunWorkflow:checkout',
        'widget-store-worker | RunWorkflow:dispatch',
        'widget-store-worker | RunActivity:placeOrder',
        'widget-store-worker | postgresql placeOrder',
        'widget-store-worker | postgresql markOrderPaid',
        'widget-store-worker | postgresql tickDispatch',
      ]),
    );
    // The two spans below have parents in the client, whose spans the receiver does not get. Every other span has its
    // parent in the trace.
    const ids = new Set(spans.map(({ spanId }) => spanId));
    const roots = spans.filter(({ parentSpanId }) => parentSpanId === undefined || !ids.has(parentSpanId));
    expect(roots.map(({ name }) => name).toSorted()).toEqual([
      'POST /checkout/:idempotency_key',
      'POST /payment/:payment_id/page',
    ]);
  });

  it.each([
    ['a webhook without a trace', 'untold'],
    ['a webhook with its own trace', 'foreign'],
  ] as const)('keeps the steps of an order in its own trace after %s', (_webhook, kind) => {
    expect(namesOf(traceIds[kind])).toContain('postgresql markOrderPaid');
  });

  it('keeps a webhook in the trace of its sender', () => {
    expect(namesOf(traceIds.ofGateway)).toEqual(
      expect.arrayContaining(['POST /payment_webhook/:payment_id/:payment_status', 'postgresql findCheckout']),
    );
  });

  it('accepts the trace id of a client, but not its tracestate', () => {
    expect(receiver.spans.filter(({ traceState }) => traceState !== undefined)).toEqual([]);
  });

  it('does not change the histories', () => {
    expect(events['on']?.flat().length).toBeGreaterThan(10);
    expect(events['on']).toEqual(events['off']);
  });

  it('loads no module of OpenTelemetry without an endpoint', async () => {
    for (const loaded of await loadedModules('on')) expect(loaded).toBeGreaterThan(0);
    expect(await loadedModules('off')).toEqual([0, 0]);
  });
});
