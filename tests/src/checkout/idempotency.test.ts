import type { CheckoutBody, ProductBody } from '@widget-store/api';
import { setAvailable, stockOf } from '../support/store/database';
import { eventually } from '../support/eventually';
import { forgetCheckout } from '../support/temporal/forget';
import { keyViolations, stockViolations } from '../support/store/invariants';
import { type Answer, newKey, type Shopper, shopperOf, problemOf } from '../support/http/shopper';
import { startTestStore, type TestStore } from '../support/store/store';

const json = { 'Content-Type': 'application/json', Accept: 'application/json' };

/** A key with an order belongs to one cart and keeps its response. A cart is reserved completely or not at all. */
describe('carts and idempotency keys', () => {
  let store: TestStore;
  let shopper: Shopper;

  beforeAll(async () => {
    store = await startTestStore();
    await store.sql`update products set currency = 'EUR' where product_id = 6`;
    shopper = shopperOf(store.apiUrl);
  });
  afterAll(() => store.close());
  beforeEach(() => setAvailable(store.store, 100));

  const cart = (...items: [productId: number, quantity: number][]) =>
    JSON.stringify({ items: items.map(([product_id, quantity]) => ({ product_id, quantity })) });
  const buy = (key: string, body: string, headers: Record<string, string> = json) =>
    shopper.send('POST', `/checkout/${key}`, { headers, body });
  const checkoutOf = ({ text }: Answer) => JSON.parse(text) as CheckoutBody;
  const isReplay = ({ headers }: Answer) => headers.get('Idempotent-Replayed');
  const rows = () =>
    store.sql`select (select count(*) from orders) as orders, (select count(*) from stock_movements) as moved`;

  it('GET /products lists the catalogue, with the default product first', async () => {
    const products = JSON.parse((await shopper.send('GET', '/products')).text) as ProductBody[];
    expect(products.length).toBeGreaterThanOrEqual(6);
    expect(products[0]).toMatchObject({ product_id: 1, price: '99.99' });
  });

  it('a cart with several lines is one order, and its total is the sum of the lines', async () => {
    const answer = await buy(newKey(), cart([2, 1], [1, 2], [2, 3]));
    expect(answer.status).toBe(200);
    const checkout = checkoutOf(answer);
    expect(checkout).toMatchObject({ status: 'PENDING', total_minor: 2 * 9999 + 4 * 1999, currency: 'USD' });
    expect(checkout.payment_url).toContain(checkout.payment_id);
    expect(Date.parse(checkout.expires_at)).toBeGreaterThan(Date.now());
    const order = await shopper.order(checkout.order_id);
    expect(order.items.map((item) => [item.product_id, item.quantity])).toEqual([
      [1, 2],
      [2, 4],
    ]);
    expect((await stockOf(store.sql)).inventory).toBe(98);
  });

  it('a cart with one sold-out line reserves nothing', async () => {
    const before = [await stockOf(store.sql, 1), await stockOf(store.sql, 3)];
    const answer = await buy(newKey(), cart([3, 1], [1, 101]));
    expect([answer.status, problemOf(answer).detail]).toEqual([404, 'Checkout failed to start']);
    expect([await stockOf(store.sql, 1), await stockOf(store.sql, 3)]).toEqual(before);
  });

  it('a repeated key and cart get the first response, marked as a replay, even if the JSON of the cart differs', async () => {
    const key = newKey();
    const first = await buy(key, cart([1, 2]));
    const again = await buy(key, '{ "items": [ {"quantity":1,"product_id":1}, {"product_id":1,"quantity":1} ] }');
    expect([first.status, isReplay(first)]).toEqual([200, null]);
    expect([again.status, isReplay(again)]).toEqual([200, 'true']);
    expect(checkoutOf(again)).toEqual(checkoutOf(first));
  });

  it('a sold-out checkout stays sold out for its key, even after a restock', async () => {
    const key = newKey();
    await buy(key, cart([1, 101]));
    await setAvailable(store.store, 1000);
    const again = await buy(key, cart([1, 101]));
    expect([again.status, isReplay(again), problemOf(again).code]).toEqual([404, 'true', 'checkout_failed']);
  });

  it('the same key with another cart is refused while the run is open, after its end and after its deletion', async () => {
    const key = newKey();
    const first = checkoutOf(await buy(key, cart([1, 1])));
    const refused = async () => {
      const answer = await buy(key, cart([1, 2]));
      expect([answer.status, problemOf(answer).code]).toEqual([422, 'idempotency_key_reused']);
    };
    await refused();
    await shopper.webhook(first.payment_id ?? '', 'failed');
    await refused();
    await forgetCheckout(store.workflows, key);
    await refused();
    const again = await buy(key, cart([1, 1]));
    expect([checkoutOf(again).payment_id, isReplay(again)]).toEqual([first.payment_id, 'true']);
    expect((await stockOf(store.sql)).inventory).toBe(100);
  });

  it('a request with an outdated total reserves nothing; a key with an order keeps its answer after a change of the price', async () => {
    const [late, bought] = [newKey(), newKey()];
    const guarded = (key: string, expected_total_minor: number) =>
      buy(key, JSON.stringify({ items: [{ product_id: 2, quantity: 3 }], expected_total_minor }));
    const first = checkoutOf(await guarded(bought, 3 * 1999));
    const before = await rows();
    await store.store.changeProduct({ operator: 'anna', productId: 2, priceMinor: 2499 });
    try {
      for (const answer of [await guarded(late, 3 * 1999), await guarded(late, 3 * 1999)]) {
        expect([answer.status, problemOf(answer)]).toMatchObject([
          409,
          { code: 'total_changed', total_minor: 3 * 2499 },
        ]);
      }
      expect(await rows()).toEqual(before);
      const confirmed = await guarded(late, 3 * 2499);
      expect(checkoutOf(confirmed)).toMatchObject({ status: 'PENDING', total_minor: 3 * 2499 });
      expect(isReplay(confirmed)).toBeNull();
      expect(problemOf(await guarded(late, 3 * 1999)).code).toBe('idempotency_key_reused');
      await shopper.webhook(first.payment_id ?? '', 'failed');
      await forgetCheckout(store.workflows, bought);
      const again = await guarded(bought, 3 * 1999);
      expect([checkoutOf(again).payment_id, isReplay(again)]).toEqual([first.payment_id, 'true']);
    } finally {
      await store.store.changeProduct({ operator: 'anna', productId: 2, priceMinor: 1999 });
    }
  });

  it('100 concurrent requests with one key and two carts place one order, and the other cart is refused', async () => {
    const key = newKey();
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        eventually(
          () => buy(key, cart([1, 1 + (index % 2)])),
          ({ status }) => status !== 503,
          { deadlineMs: 60_000 },
        ),
      ),
    );
    const accepted = answers.filter(({ status }) => status === 200);
    expect(accepted).toHaveLength(50);
    expect(answers.filter((answer) => answer.status === 422)).toHaveLength(50);
    expect(new Set(accepted.map((answer) => checkoutOf(answer).payment_id)).size).toBe(1);
    const ids = accepted.map((answer) => ({ key, paymentId: checkoutOf(answer).payment_id ?? '' }));
    expect(await keyViolations(store.sql, ids)).toEqual([]);
    expect(await stockViolations(store.sql)).toEqual([]);
  });

  it('GET /checkout/{key} returns the state of the checkout, even after Temporal has deleted its run', async () => {
    const key = newKey();
    const started = checkoutOf(await buy(key, cart([1, 1])));
    const read = async () => checkoutOf(await shopper.send('GET', `/checkout/${key}`));
    expect(await read()).toEqual(started);
    await shopper.webhook(started.payment_id ?? '', 'failed');
    // The api answers the webhook as soon as the signal decides the order. The run changes the order's row a moment
    // later.
    const ended = await eventually(read, ({ status }) => status !== 'PENDING');
    expect(ended).toEqual({ ...started, status: 'CANCELLED' });
    await forgetCheckout(store.workflows, key);
    expect(await read()).toEqual({ ...started, status: 'CANCELLED' });
  });

  it('GET /checkout/{key} returns the state of an order that was cancelled after its payment', async () => {
    const key = newKey();
    const started = checkoutOf(await buy(key, cart([1, 1])));
    await shopper.webhook(started.payment_id ?? '', 'paid');
    expect((await shopper.send('POST', `/order/${started.order_id}/cancel`)).status).toBe(200);
    expect(checkoutOf(await shopper.send('GET', `/checkout/${key}`))).toEqual({ ...started, status: 'CANCELLED' });
  });

  it.each(['never-used', 'a%20b', '%00'])('GET /checkout/%s returns 404', async (key) => {
    const answer = await shopper.send('GET', `/checkout/${key}`);
    expect([answer.status, problemOf(answer).code]).toEqual([404, 'checkout_unknown']);
  });

  const form = { 'Content-Type': 'application/x-www-form-urlencoded' };

  it.each([
    ['{"items":[', 400, 'invalid_json', json],
    ['{"items":[{"product_id":1,"quantity":0}]}', 422, 'invalid_cart', json],
    ['{"items":[{"product_id":1,"quantity":1,"price":"0.01"}]}', 422, 'invalid_cart', json],
    ['{"__proto__":{}}', 422, 'invalid_cart', json],
    ['{"items":[{"product_id":77,"quantity":1}]}', 422, 'product_unknown', json],
    ['{"items":[{"product_id":1,"quantity":1},{"product_id":6,"quantity":1}]}', 422, 'mixed_currencies', json],
    ['items=1', 415, 'unsupported_media_type', form],
  ])('the body %s is refused, changes no row and leaves the key unused', async (body, status, code, headers) => {
    const key = newKey();
    const before = await rows();
    const answer = await buy(key, body, headers);
    expect([answer.status, problemOf(answer).code]).toEqual([status, code]);
    expect(await rows()).toEqual(before);
    expect((await buy(key, cart([1, 1]))).status).toBe(200);
  });

  it('a product that is deleted between check and reservation is always refused, and the key starts only one run', async () => {
    await store.sql`
      insert into products (product_id, name, description, price_minor, currency) values (50, 'Gone', '', 100, 'USD')`;
    const read = await buy(newKey(), cart([1, 1], [50, 1], [77, 1]));
    expect(problemOf(read).detail).toBe('There is no product 77.');
    await store.sql`delete from products where product_id = 50`;
    const key = newKey();
    const runs = new Set<string>();
    const press = async () => {
      const answer = await buy(key, cart([1, 1], [50, 1]));
      expect([answer.status, problemOf(answer).code]).toEqual([422, 'product_unknown']);
      const { runId, status } = await store.workflows.getHandle(`checkout/${key}`).describe();
      runs.add(`${status.name} ${runId}`);
    };
    await press();
    await press();
    await store.sql`
      insert into products (product_id, name, description, price_minor, currency) values (50, 'Back', '', 100, 'USD')`;
    await press();
    expect([...runs]).toEqual([expect.stringMatching(/^COMPLETED /)]);
    expect((await buy(key, cart([1, 1]))).status).toBe(200);
  });

  it('a key whose run has ended gets its response without a worker', async () => {
    const keys = [newKey(), newKey()];
    const [declined = '', paid = ''] = await Promise.all(keys.map((key) => shopper.reserve(key)));
    await shopper.webhook(declined, 'failed');
    await shopper.webhook(paid, 'paid');
    const isOver = async (key: string) =>
      (await store.workflows.getHandle(`checkout/${key}`).describe()).closeTime !== undefined;
    await eventually(
      async () => Promise.all(keys.map(isOver)),
      (over) => !over.includes(false),
    );
    await store.processes.worker.stop();
    try {
      const answers = await Promise.all(keys.map((key) => shopper.checkout(key)));
      expect(answers.map(({ status, text }) => [status, text])).toEqual([
        [200, declined],
        [200, paid],
      ]);
      expect(answers.map(isReplay)).toEqual(['true', 'true']);
      const { text } = await shopper.webhook(declined, 'failed');
      expect(text).toBe((await shopper.webhook(declined, 'paid')).text);
    } finally {
      store.processes.worker.start();
      await store.processes.worker.whenReady({ deadlineMs: 60_000 });
    }
  });
});
