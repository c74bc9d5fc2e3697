import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoryRoot, temporaryDirectory, type TemporaryDirectory } from '@widget-store/dev';
import { eventually } from './support/eventually';
import { type OtlpReceiver, startOtlpReceiver } from './support/otlpReceiver';
import { newKey, shopperOf } from './support/shopper';
import { startTestStore, type TestStore, type TestStoreOptions } from './support/store';

const names = ['api', 'worker'] as const;
let directory: TemporaryDirectory;
const modulesFile = (kind: string, name: string): string => join(directory.path, `${kind}-${name}.json`);

/** Starts a store whose api and worker tell at their end which modules of OpenTelemetry they have loaded. */
function startWatchedStore(kind: string, more: Record<string, string> = {}): Promise<TestStore> {
  const extra = (name: string) => ({
    NODE_OPTIONS: `--require ${join(repositoryRoot, 'tests/src/support/loadedModules.cjs')}`,
    LOADED_MODULES_FILE: modulesFile(kind, name),
    ...more,
  });
  const extraEnvironment: NonNullable<TestStoreOptions['extraEnvironment']> = {};
  for (const name of names) extraEnvironment[name] = extra(name);
  return startTestStore({ demo: false, extraEnvironment });
}

/** Buys as the storefront does: checkout and payment page carry one trace, and the gateway's webhook pays. */
async function buy(store: TestStore, traceId: string): Promise<void> {
  const shopper = shopperOf(store.apiUrl);
  const headers = (): Record<string, string> => ({
    Accept: 'application/json',
    traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-01`,
  });
  const checkout = await shopper.send('POST', `/checkout/${newKey()}`, { headers: headers() });
  const { payment_id: paymentId, order_id: orderId } = JSON.parse(checkout.text) as Record<string, string>;
  await shopper.send('POST', `/payment/${paymentId}/page`, { headers: headers() });
  const paid = await fetch(`${store.gatewayUrl}/pay/${paymentId}/pay`, { method: 'POST', redirect: 'manual' });
  expect(paid.status).toBe(303);
  await eventually(
    () => shopper.order(String(orderId)),
    (order) => order.order_status === 1,
  );
}

async function loadedModules(kind: string): Promise<number[]> {
  const texts = await Promise.all(names.map((name) => readFile(modulesFile(kind, name), 'utf8')));
  return texts.map((text) => (JSON.parse(text) as string[]).length);
}

describe('tracing', () => {
  let receiver: OtlpReceiver;
  beforeAll(async () => {
    directory = await temporaryDirectory();
    receiver = await startOtlpReceiver();
  });
  afterAll(async () => {
    await receiver.close();
    await directory.remove();
  });

  it('shows a purchase as one trace, from the click to the last statement', async () => {
    const store = await startWatchedStore('on', { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url });
    const traceId = randomBytes(16).toString('hex');
    try {
      await buy(store, traceId);
      // The order shows its end before the run has ended.
      const ended = () =>
        receiver.spans.some((span) => span.traceId === traceId && span.name === 'RunWorkflow:dispatch');
      await eventually(ended, (hasEnded) => hasEnded);
    } finally {
      await store.close();
    }
    const spans = receiver.spans.filter((span) => span.traceId === traceId);
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
    // The browser's three calls have parents outside; every other span hangs on one of the trace.
    const ids = new Set(spans.map(({ spanId }) => spanId));
    const roots = spans.filter(({ parentSpanId }) => parentSpanId === undefined || !ids.has(parentSpanId));
    expect(roots.map(({ name }) => name).toSorted()).toEqual([
      'POST /checkout/:idempotency_key',
      'POST /payment/:payment_id/page',
    ]);
    for (const loaded of await loadedModules('on')) expect(loaded).toBeGreaterThan(0);
  });

  it('is off unless it is told where to send spans: nothing of it is even loaded', async () => {
    const store = await startWatchedStore('off');
    try {
      await buy(store, randomBytes(16).toString('hex'));
    } finally {
      await store.close();
    }
    expect(await loadedModules('off')).toEqual([0, 0]);
  });
});
