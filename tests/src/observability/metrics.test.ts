import { freePorts } from '@widget-store/dev';
import { setAvailable } from '../support/store/database';
import { eventually } from '../support/eventually';
import { alertRules, dashboardExpressions, metricsIn } from './promql';
import { type EventReceiver, startEventReceiver } from '../support/http/eventReceiver';
import { scrape, type Scrape } from '../support/http/scrape';
import { newKey, shopperOf, problemOf } from '../support/http/shopper';
import { startTestStore, type TestStore } from '../support/store/store';

describe('metrics', () => {
  let store: TestStore;
  let metricsUrl: string;
  let sdkUrl: string;
  let receiver: EventReceiver;

  beforeAll(async () => {
    receiver = await startEventReceiver();
    receiver.answer = ({ type }) => ({ status: type === 'order.placed' ? 200 : 500 });
    const events = { EVENTS_WEBHOOK_URL: receiver.url, EVENTS_WEBHOOK_SECRET: receiver.secret };
    const ports = await freePorts('metrics', 'sdk');
    metricsUrl = `http://127.0.0.1:${ports.metrics}`;
    sdkUrl = `http://127.0.0.1:${ports.sdk}`;
    store = await startTestStore({
      extraEnvironment: {
        api: { METRICS_PORT: String(ports.metrics) },
        worker: { TEMPORAL_METRICS_PORT: String(ports.sdk), RECONCILE_EVERY_MS: '1000', ...events },
      },
    });
    await setAvailable(store.store, 2);
  });
  afterAll(async () => {
    await store.close();
    await receiver.close();
  });

  it('count the events of api, worker and SDK', async () => {
    const shopper = shopperOf(store.apiUrl);
    const key = newKey();
    const paid = await shopper.reserve(key);
    await shopper.checkout(key);
    await shopper.reserve();
    expect((await shopper.checkout()).status).toBe(404);
    expect((await shopper.webhook(paid, 'paid')).status).toBe(200);
    expect((await shopper.webhook('pay_unknown', 'paid')).status).toBe(404);

    const api = await scrape(metricsUrl);
    expect(ofLabel(api, 'widget_store_checkouts_total', 'outcome')).toEqual({
      placed: 2,
      replayed: 1,
      sold_out: 1,
      unavailable: 0,
      failed: 0,
      shed: 0,
      refused: 0,
    });
    expect(ofLabel(api, 'widget_store_webhooks_total', 'result')).toMatchObject({ accepted: 1, unknown: 1 });
    expect(api.value('widget_store_database_pool_size')).toBe(10);
    expect(api.value('widget_store_event_streams_open')).toBe(0);

    const worker = await scrape(store.workerUrl);
    expect(worker.value('widget_store_oldest_hold_age_seconds')).toBeGreaterThan(0);
    expect(worker.value('widget_store_oldest_hold_overdue_seconds')).toBe(0);
    const none = { operator: 0, cancellation: 0, late_payment: 0, gateway: 0 };
    expect(ofLabel(worker, 'widget_store_refunds_total', 'source')).toEqual(none);
    const attempted = await eventually(
      () => scrape(store.workerUrl),
      (seen) => (ofLabel(seen, 'widget_store_outgoing_event_attempts_total', 'outcome')['refused'] ?? 0) > 0,
    );
    expect(ofLabel(attempted, 'widget_store_outgoing_event_attempts_total', 'outcome')).toMatchObject({ gone: 0 });
    expect(attempted.value('widget_store_outgoing_events_waiting')).toBeGreaterThan(0);
    expect(attempted.value('widget_store_outgoing_events_oldest_age_seconds')).toBeGreaterThan(0);
    expect((await scrape(sdkUrl)).names).toContain('temporal_worker_task_slots_available');
  });

  it('have the route of a request in a label, and not the path that the client sent', async () => {
    await fetch(`${store.apiUrl}/order/ord_${'0'.repeat(32)}`);
    await fetch(`${store.apiUrl}/no/such/page`);
    const { text } = await scrape(metricsUrl);
    expect(text).toContain('route="/order/:order_id"');
    expect(text).not.toMatch(/ord_0|no\/such/);
  });

  it('count refunds of late payments', async () => {
    await setAvailable(store.store, 1);
    const shopper = shopperOf(store.apiUrl);
    const checkout = await shopper.send('POST', `/checkout/${newKey()}`, { headers: { Accept: 'application/json' } });
    const { payment_id: paymentId, order_id: orderId } = JSON.parse(checkout.text) as Record<string, string>;
    expect((await shopper.send('POST', `/payment/${paymentId}/page`)).status).toBe(200);
    expect((await shopper.send('POST', `/order/${orderId}/cancel`)).status).toBe(200);
    await fetch(`${store.gatewayUrl}/pay/${paymentId}/pay`, { method: 'POST', redirect: 'manual' });
    await eventually(
      async () => ofLabel(await scrape(store.workerUrl), 'widget_store_refunds_total', 'source'),
      ({ late_payment: late }) => late === 1,
    );
  });

  it('include every metric in the queries of the dashboard and the alerts, and these queries are valid PromQL', async () => {
    // The worker exports `widget_store_anomalies` only after its first comparison.
    await eventually(
      () => scrape(store.workerUrl),
      ({ names }) => names.includes('widget_store_anomalies'),
    );
    const scrapes = await Promise.all([metricsUrl, store.workerUrl, sdkUrl].map((url) => scrape(url)));
    // Prometheus itself produces the metric `up`.
    const known = new Set(['up', ...scrapes.flatMap(({ names }) => names)]);
    const expressions = [...dashboardExpressions(), ...alertRules().map(({ expr }) => expr)];
    expect(expressions.length).toBeGreaterThan(10);
    for (const expression of expressions) {
      const metrics = metricsIn(expression);
      expect(metrics).not.toEqual([]);
      expect(metrics.filter((name) => !known.has(name))).toEqual([]);
    }
  });

  it('are not served on the public port', async () => {
    const answer = await fetch(`${store.apiUrl}/metrics`);
    expect([answer.status, answer.headers.get('Content-Type')]).toEqual([404, 'application/problem+json']);
  });

  it('a valid X-Request-Id is returned, and an invalid one is replaced', async () => {
    const idOf = async (given: string) => {
      const answer = await fetch(`${store.apiUrl}/no/such/page`, { headers: { 'X-Request-Id': given } });
      return answer.headers.get('X-Request-Id');
    };
    expect(await idOf('shop-1.2')).toBe('shop-1.2');
    expect(await idOf('a b"c')).toMatch(/^[0-9a-f-]{36}$/);
    const answer = await shopperOf(store.apiUrl).send('GET', '/order/x', { headers: { 'X-Request-Id': 'shop-2' } });
    expect(problemOf(answer).request_id).toBe('shop-2');
  });
});

function ofLabel({ samples }: Scrape, name: string, label: string): Record<string, number> {
  const found = samples.filter((sample) => sample.name === name);
  return Object.fromEntries(found.map(({ labels, value }) => [labels[label] ?? '', value]));
}
