import type { OrderBody, ProductBody } from '@widget-store/api';
import { defaultDrawing } from '@widget-store/contract';
import { setAvailable, stockOf } from '../support/store/database';
import { eventually } from '../support/eventually';
import { type Answer, isNotRefusedForLoad, newKey, type Shopper, shopperOf, problemOf } from '../support/http/shopper';
import { startTestStore, type TestStore } from '../support/store/store';
import { untilReplaced } from '../support/servers/processes';
import { hostileText } from './hostileText';
import { recordTicks, ticksOf, wholeDispatch } from '../support/store/ticks';

/** The HTTP API as existing clients use it. What these clients see must not change. */
describe('the store contract', () => {
  let store: TestStore;
  let shopper: Shopper;

  beforeAll(async () => {
    store = await startTestStore();
    shopper = shopperOf(store.apiUrl);
    await recordTicks(store.sql);
  });
  afterAll(() => store.close());
  beforeEach(() => setAvailable(store.store, 100));
  afterEach(async () => {
    const { inventory, movements } = await stockOf(store.sql);
    expect(inventory).toBe(movements);
    expect(inventory).toBeGreaterThanOrEqual(0);
  });

  const available = async () => (await stockOf(store.sql)).inventory;
  const rowCounts = () =>
    store.sql`select (select count(*) from orders) as orders, (select count(*) from stock_movements) as movements`;

  describe('POST /checkout/{idempotency_key}', () => {
    it('returns the payment id as plain text, and the same id for the same key', async () => {
      const key = newKey();
      const first = await shopper.checkout(key);
      expect(first).toMatchObject({ status: 200, text: expect.stringMatching(/^pay_[0-9a-f]{32}$/) as string });
      expect(first.contentType).toMatch(/^text\/plain/);
      const second = await shopper.checkout(key);
      expect([second.status, second.text]).toEqual([200, first.text]);
      expect(await available()).toBe(99);
    });

    it('returns the same id after the order has ended', async () => {
      const key = newKey();
      const paymentId = await shopper.reserve(key);
      await shopper.webhook(paymentId, 'failed');
      expect((await shopper.checkout(key)).text).toBe(paymentId);
      expect(await available()).toBe(100);
    });

    it('returns 404 if the product is sold out, and records a cancelled order', async () => {
      await setAvailable(store.store, 0);
      const key = newKey();
      const answer = await shopper.checkout(key);
      expect(answer.status).toBe(404);
      expect(answer.contentType).toBe('application/problem+json');
      expect(problemOf(answer)).toMatchObject({ detail: 'Checkout failed to start', code: 'checkout_failed' });
      const [order] =
        await store.sql`select status, cancel_reason, payment_id from orders where idempotency_key = ${key}`;
      expect(order).toEqual({ status: 'CANCELLED', cancel_reason: 'sold_out', payment_id: null });
      await setAvailable(store.store, 100);
      expect((await shopper.checkout(key)).status).toBe(404);
    });

    it.each(['a%20b', 'a%2Fb', '%27%3Bdrop%20table%20orders', 'k'.repeat(201), '%00', 'a.b'])(
      'returns 400 for the key %s and changes nothing',
      async (key) => {
        const before = await rowCounts();
        const answer = await shopper.checkout(key);
        expect([answer.status, problemOf(answer).code]).toEqual([400, 'invalid_idempotency_key']);
        expect(await rowCounts()).toEqual(before);
      },
    );

    it('places one order for 50 concurrent requests with one key', async () => {
      const key = newKey();
      const answers = await Promise.all(Array.from({ length: 50 }, () => buyWithPatience(key)));
      expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 200));
      expect(new Set(answers.map((answer) => answer.text)).size).toBe(1);
      expect(await store.sql`select 1 from orders where idempotency_key = ${key}`).toHaveLength(1);
      expect(await available()).toBe(99);
    });

    it('sells 20 widgets to 20 of 100 concurrent buyers', async () => {
      await setAvailable(store.store, 20);
      const answers = await Promise.all(Array.from({ length: 100 }, () => buyWithPatience()));
      const statuses = answers.map((answer) => answer.status);
      expect(statuses.filter((status) => status === 200)).toHaveLength(20);
      expect(statuses.filter((status) => status === 404)).toHaveLength(80);
      expect(new Set(answers.filter(({ status }) => status === 200).map(({ text }) => text)).size).toBe(20);
      expect(await available()).toBe(0);
    });

    /** Repeats a checkout that the store refuses because of the load. */
    async function buyWithPatience(key = newKey()): Promise<Answer> {
      return eventually(() => shopper.checkout(key), isNotRefusedForLoad, { deadlineMs: 180_000 });
    }
  });

  describe('POST /payment_webhook/{payment_id}/{payment_status}', () => {
    it('paid: returns the order id as plain text, and the order is dispatched', async () => {
      const paymentId = await shopper.reserve();
      const answer = await shopper.webhook(paymentId, 'paid');
      expect(answer).toMatchObject({ status: 200, text: expect.stringMatching(/^ord_[0-9a-f]{32}$/) as string });
      expect(answer.contentType).toMatch(/^text\/plain/);
      expect((await shopper.order(answer.text)).order_status).toBe(2);
      await eventually(
        () => shopper.order(answer.text),
        (order) => order.order_status === 1,
      );
      expect(await ticksOf(store.sql, answer.text)).toEqual(wholeDispatch);
      expect(await available()).toBe(99);
    });

    it.each(['failed', 'cancelled', 'whatever'])('%s: cancels the order and releases its stock', async (status) => {
      const paymentId = await shopper.reserve();
      expect(await available()).toBe(99);
      const answer = await shopper.webhook(paymentId, status);
      expect(answer.status).toBe(200);
      expect(await shopper.order(answer.text)).toMatchObject({ order_status: -1, cancel_reason: 'payment_failed' });
      expect(await available()).toBe(100);
    });

    it('returns the same order id to a repeated and a contradicting webhook, and changes nothing', async () => {
      const paymentId = await shopper.reserve();
      const first = await shopper.webhook(paymentId, 'paid');
      const others = await Promise.all(
        ['paid', 'failed', 'paid', 'failed'].map((status) => shopper.webhook(paymentId, status)),
      );
      expect(others.map(({ status, text }) => [status, text])).toEqual(others.map(() => [200, first.text]));
      expect((await shopper.order(first.text)).payment_status).toBe('paid');
      expect(await available()).toBe(99);
    });

    it.each(['pay_00000000000000000000000000000000', 'unknown', 'pay_%27--', '%00'])(
      'returns 404 for the unknown payment %s',
      async (paymentId) => {
        const answer = await shopper.webhook(paymentId, 'paid');
        expect([answer.status, problemOf(answer).detail]).toEqual([404, 'Payment failed to process']);
      },
    );

    it.each(hostileText)('returns 400 or 404 for %s instead of the payment id', async (_what, text) => {
      const before = await rowCounts();
      expect([400, 404]).toContain((await shopper.webhook(text, 'paid')).status);
      expect(await rowCounts()).toEqual(before);
    });
  });

  describe('GET /order/{order_id}', () => {
    it('returns the order with its integer status', async () => {
      const paymentId = await shopper.reserve();
      const { text: orderId } = await shopper.webhook(paymentId, 'failed');
      const order = await shopper.order(orderId);
      expect(order).toEqual({
        order_id: orderId,
        order_number: expect.stringMatching(/^\d{4,}-[0-9A-Z]{2}$/) as string,
        order_status: -1,
        status: 'CANCELLED',
        created_at: expect.stringMatching(/Z$/) as string,
        last_update_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
        progress_remaining: 10,
        fulfilment: 'demo',
        shipped_at: null,
        carrier: null,
        tracking_url: null,
        items: [
          {
            product_id: 1,
            product: 'Premium Quality Widget',
            image_url: defaultDrawing,
            quantity: 1,
            returned: 0,
            price: '99.99',
            price_minor: 9999,
          },
        ],
        total: '99.99',
        total_minor: 9999,
        currency: 'USD',
        payment_status: 'failed',
        cancel_reason: 'payment_failed',
        payment_id: paymentId,
        expires_at: expect.stringMatching(/Z$/) as string,
        adjustments: [],
        captured_minor: 0,
        refunded_minor: 0,
        paid_another_way: [],
        disputed_minor: 0,
        lost_minor: 0,
        ship_to: null,
        refunds: [],
      } satisfies OrderBody);
    });

    it('returns the right order to each of several concurrent requests', async () => {
      const placed = await Promise.all(
        Array.from({ length: 3 }, async () => (await shopper.webhook(await shopper.reserve(), 'failed')).text),
      );
      const asked = Array.from({ length: 10 }, () => [...placed, `ord_${'0'.repeat(32)}`]).flat();
      const answers = await Promise.all(asked.map((id) => shopper.send('GET', `/order/${id}`)));
      const answered = answers.map(({ status, text }) =>
        status === 200 ? (JSON.parse(text) as OrderBody).order_id : status,
      );
      expect(answered).toEqual(asked.map((id) => (placed.includes(id) ? id : 404)));
    });
  });

  describe('GET /orders', () => {
    it('returns the newest orders first, and a link to the next page', async () => {
      const placed: string[] = [];
      for (let order = 0; order < 5; order++) {
        placed.unshift((await shopper.webhook(await shopper.reserve(), 'failed')).text);
      }
      const seen: string[] = [];
      let path: string | undefined = '/orders?limit=2';
      while (path !== undefined && seen.length < placed.length) {
        const page: Answer = await shopper.send('GET', path);
        const orders = JSON.parse(page.text) as OrderBody[];
        expect(orders.length).toBeLessThanOrEqual(2);
        seen.push(...orders.map((order) => order.order_id));
        path = /<([^>]+)>; rel="next"/.exec(page.headers.get('Link') ?? '')?.[1];
      }
      expect(seen.slice(0, placed.length)).toEqual(placed);
    });

    it.each(['limit=0', 'limit=101', 'limit=x', 'cursor=-1', 'cursor=1%3Bdrop'])(
      'answers 400 for %s',
      async (query) => {
        const answer = await shopper.send('GET', `/orders?${query}`);
        expect([answer.status, problemOf(answer).code]).toEqual([400, 'invalid_page']);
      },
    );
  });

  it('GET /product returns the default product', async () => {
    const answer = await shopper.send('GET', '/product');
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toEqual({
      product_id: 1,
      product: 'Premium Quality Widget',
      description: expect.any(String) as string,
      inventory: 100,
      price: '99.99',
      price_minor: 9999,
      currency: 'USD',
      image_url: defaultDrawing,
      on_sale: true,
    } satisfies ProductBody);
  });

  it('POST /restock makes 100 units available, and records the difference', async () => {
    await setAvailable(store.store, 3);
    const paymentId = await shopper.reserve();
    expect((await shopper.send('POST', '/restock')).status).toBe(200);
    expect(await available()).toBe(100);
    await shopper.webhook(paymentId, 'failed');
    expect(await stockOf(store.sql)).toEqual({ inventory: 101, movements: 101 });
  });

  it.each(['/', '/shop/orders', '/shop/order/anything'])('GET %s returns the storefront', async (path) => {
    const answer = await shopper.send('GET', path);
    expect([answer.status, answer.contentType]).toEqual([200, expect.stringMatching(/^text\/html/)]);
    expect(answer.text).toContain('<div id="root">');
    expect(answer.headers.get('Content-Security-Policy')).not.toContain('unsafe-inline');
  });

  const browser = { headers: { Accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' } };

  it('returns 404 for a path that does not exist', async () => {
    const answer = await shopper.send('GET', '/nowhere');
    expect([answer.status, problemOf(answer).code]).toEqual([404, 'not_found']);
    expect(answer.headers.get('Vary')).toContain('Accept');
  });

  it.each([
    { method: 'GET', path: '/cart', status: 200 },
    { method: 'GET', path: '/orders', status: 200 },
    { method: 'HEAD', path: '/orders', status: 200 },
    { method: 'GET', path: '/nowhere', status: 404 },
    { method: 'HEAD', path: '/nowhere', status: 404 },
    { method: 'GET', path: '/shop/nowhere', status: 404 },
    { method: 'GET', path: '/assets/old.js', status: 404 },
  ])('returns the storefront to a browser: $method $path', async ({ method, path, status }) => {
    const answer = await shopper.send(method, path, browser);
    expect([answer.status, answer.contentType]).toEqual([status, expect.stringMatching(/^text\/html/)]);
    expect(answer.text.includes('<div id="root">')).toBe(method === 'GET');
    expect(answer.headers.get('Vary')).toContain('Accept');
    expect(answer.headers.get('Cache-Control')).toBe(status === 200 ? 'no-cache' : 'no-store');
  });

  it.each(['*/*', 'application/json', 'application/json, text/html;q=0.9'])(
    'lists the orders as JSON for a client that accepts %s',
    async (accept) => {
      const answer = await shopper.send('GET', '/orders', { headers: { Accept: accept } });
      expect([answer.status, answer.contentType]).toEqual([200, 'application/json']);
      expect(answer.headers.get('Vary')).toContain('Accept');
    },
  );

  it.each([
    { method: 'GET', path: `/order/ord_${'0'.repeat(32)}`, code: 'order_unknown' },
    { method: 'GET', path: '/restock', code: 'method_not_allowed' },
    { method: 'POST', path: '/nowhere', code: 'not_found' },
  ])('answers $method $path with a problem even to a browser', async (call) => {
    const answer = await shopper.send(call.method, call.path, browser);
    expect([answer.contentType, problemOf(answer).code]).toEqual(['application/problem+json', call.code]);
  });

  it('POST /crash_application ends api and worker with status 1, and their supervisor restarts them', async () => {
    const { api, worker } = store.processes;
    const product = async () => (await shopper.send('GET', '/product')).status;
    await untilReplaced([api, worker], () => shopper.send('POST', '/crash_application').catch(() => undefined));
    await eventually(product, (status) => status === 200);
    expect(store.lines.filter((line) => /exit(ed)? (with )?(code|status) 1/i.test(line)).length).toBeGreaterThanOrEqual(
      2,
    );
  });
});
