import { freePorts } from '@widget-store/dev';
import { eventually } from '../support/eventually';
import { scrape } from '../support/http/scrape';
import { type Answer, newKey, type Shopper, shopperOf, problemOf } from '../support/http/shopper';
import { startTestStore, type TestStore } from '../support/store/store';

const codeOf = (answer: Answer): string => (answer.status === 200 ? 'placed' : problemOf(answer).code);

describe('more checkouts than the store can serve', () => {
  let store: TestStore;
  let shopper: Shopper;
  let metricsUrl: string;

  beforeAll(async () => {
    const ports = await freePorts('metrics');
    metricsUrl = `http://127.0.0.1:${ports.metrics}`;
    store = await startTestStore({ extraEnvironment: { api: { METRICS_PORT: String(ports.metrics) } } });
    shopper = shopperOf(store.apiUrl);
  });
  afterAll(() => store.close());

  it('are refused before they start, and succeed later; the key of an existing order still gets its response', async () => {
    const placed = newKey();
    const paymentId = await shopper.reserve(placed);
    // While the worker is stopped, no checkout ends, so the api reaches its limit of concurrent checkouts.
    store.processes.worker.kill('SIGSTOP');
    const keys = Array.from({ length: 250 }, newKey);
    const asked = keys.map(async (key) => ({ key, answer: await shopper.checkout(key) }));
    await eventually(
      () => scrape(metricsUrl),
      (api) => api.value('widget_store_checkouts_running') === api.value('widget_store_checkouts_limit'),
    );
    // The api may refuse the request at first, because it does not know yet that the key has an order.
    const again = await eventually(
      () => shopper.checkout(placed),
      ({ status }) => status === 200,
    );
    expect(again.text).toBe(paymentId);
    expect(again.headers.get('Idempotent-Replayed')).toBe('true');

    const answers = await Promise.all(asked);
    const shed = answers.filter(({ answer }) => codeOf(answer) === 'overloaded');
    expect(shed.length).toBeGreaterThanOrEqual(200);
    for (const { answer } of shed) {
      expect(answer.status).toBe(503);
      expect(Number(answer.headers.get('Retry-After'))).toBeGreaterThanOrEqual(1);
      expect(Number(answer.headers.get('Retry-After'))).toBeLessThanOrEqual(30);
    }
    const { samples } = await scrape(metricsUrl);
    const counted = samples.find(({ labels }) => labels['outcome'] === 'shed');
    expect(counted?.value).toBeGreaterThanOrEqual(shed.length);

    store.processes.worker.kill('SIGCONT');
    const [one] = shed.map(({ key }) => key) as [string];
    expect((await shopper.send('GET', `/checkout/${one}`)).status).toBe(404);
    const begun = answers.filter((each) => !shed.includes(each)).map(({ key }) => key);
    for (const key of [one, ...begun]) {
      await eventually(
        () => shopper.checkout(key),
        ({ status }) => status === 200,
      );
    }
    const orders = await store.sql<{ key: string }[]>`select idempotency_key as key from orders`;
    expect(new Set(orders.map(({ key }) => key))).toEqual(new Set([placed, one, ...begun]));
  });
});
