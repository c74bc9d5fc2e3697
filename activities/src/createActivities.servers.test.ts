import { MockActivityEnvironment } from '@temporalio/testing';
import {
  createTestDatabase,
  newOrderId,
  noRuns,
  setAvailable,
  stockOf,
  type TestDatabase,
  testGateway,
  testMonitor,
} from '@widget-store/tests';
import type { Activities, Adjustment, OrderLine, PlacedOrder } from '@widget-store/contract';
import { createActivities } from './createActivities';
import type { NewPayment } from './gateway';

const lines = [{ productId: 1, quantity: 1 }];
const request = (idempotencyKey: string, ordered: OrderLine[]) => {
  const first = { fingerprint: 'fingerprint', requestId: 'request', paymentWindowMs: 60_000 };
  return { ...first, orderId: newOrderId(), idempotencyKey, lines: ordered };
};
const copies = 10;

describe('the activities', () => {
  let database: TestDatabase;
  let activities: Activities;
  let keys = 0;
  const gateway = testGateway();
  const monitor = testMonitor();
  const others = {
    gateway,
    runs: noRuns,
    monitor,
    settings: { storefrontUrl: 'http://127.0.0.1:9', fulfilment: 'demo' as const, shippingCountries: null },
    tickMs: 20,
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    activities = createActivities({ store: database.store, ...others });
  });
  afterAll(() => database.drop());
  beforeEach(() => setAvailable(database.store, 100));
  afterEach(async () => {
    const { inventory, movements } = await stockOf(database.sql);
    expect(inventory).toBe(movements);
  });

  const newKey = () => `key-${++keys}`;
  const place = (idempotencyKey: string, cart: number | OrderLine[] = 1) =>
    activities.placeOrder(
      request(idempotencyKey, typeof cart === 'number' ? [{ productId: 1, quantity: cart }] : cart),
    );
  const twice = async <T>(run: () => Promise<T>): Promise<[T, T]> => [await run(), await run()];
  const together = <T>(run: () => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: copies }, run));
  const available = async () => (await stockOf(database.sql)).inventory;
  const ids = ({ orderId, paymentId, status }: PlacedOrder) => ({ orderId, paymentId, status });

  describe('placeOrder', () => {
    it('places one order and reserves once when it runs twice', async () => {
      const key = newKey();
      const [first, second] = await twice(() => place(key));
      expect(ids(second)).toEqual(ids(first));
      expect(first.status).toBe('PENDING');
      expect(await available()).toBe(99);
    });

    it('places one order and reserves once when many copies run at once', async () => {
      const key = newKey();
      const answers = await together(() => place(key));
      expect(new Set(answers.map((answer) => JSON.stringify(ids(answer)))).size).toBe(1);
      expect(await available()).toBe(99);
    });

    it('still answers sold out for the same key after a restock', async () => {
      await setAvailable(database.store, 1);
      const key = newKey();
      const first = await place(key, 2);
      expect([first.status, first.paymentId]).toEqual(['CANCELLED', null]);
      await setAvailable(database.store, 100);
      expect(ids(await place(key, 2))).toEqual(ids(first));
      expect(await available()).toBe(100);
    });

    it('gives the last unit to one buyer of many', async () => {
      await setAvailable(database.store, 1);
      const answers = await together(() => place(newKey()));
      expect(answers.filter((answer) => answer.status === 'PENDING')).toHaveLength(1);
      expect(await available()).toBe(0);
    });

    it('returns the remaining payment window, not a new one', async () => {
      const key = newKey();
      const first = await place(key);
      await database.sql`update orders set expires_at = now() + interval '5 seconds' where order_id = ${first.orderId}`;
      const second = await place(key);
      expect(first.paymentWindowLeftMs).toBeGreaterThan(55_000);
      expect(second.paymentWindowLeftMs).toBeGreaterThan(0);
      expect(second.paymentWindowLeftMs).toBeLessThanOrEqual(5000);
    });

    it('reserves every line of a cart or none', async () => {
      const cart = (quantity: number) => [
        { productId: 2, quantity: 1 },
        { productId: 1, quantity },
      ];
      const stock = async () => [await stockOf(database.sql, 1), await stockOf(database.sql, 2)];
      const [one, two] = await stock();
      const refused = await activities.placeOrder(request(newKey(), cart(101)));
      expect(refused).toMatchObject({ status: 'CANCELLED', paymentId: null, totalMinor: 101 * 9999 + 1999 });
      expect(await stock()).toEqual([one, two]);

      const placed = await activities.placeOrder(request(newKey(), cart(3)));
      expect(placed).toMatchObject({ status: 'PENDING', totalMinor: 3 * 9999 + 1999, currency: 'USD' });
      expect((await stock()).map(({ inventory }) => inventory)).toEqual([97, (two?.inventory ?? 0) - 1]);
      await activities.cancelOrder({ orderId: placed.orderId, reason: 'payment_failed' });
      expect(await stock()).toEqual([one, two]);
    });

    it('does not deadlock for carts with the same products in different sequences', async () => {
      const there = [1, 2, 3].map((productId) => ({ productId, quantity: 1 }));
      const carts = Array.from({ length: 40 }, (_, index) => (index % 2 ? there : there.toReversed()));
      const placed = await Promise.all(carts.map((cart) => activities.placeOrder(request(newKey(), cart))));
      const cancelled = await Promise.all(
        placed.map(({ orderId }) => activities.cancelOrder({ orderId, reason: 'payment_failed' })),
      );
      expect(new Set(cancelled.map(({ status }) => status))).toEqual(new Set(['CANCELLED']));
      expect(await available()).toBe(100);
    });

    it('fails without a retry for an unknown product, and stores no order', async () => {
      const key = newKey();
      const placing = activities.placeOrder(request(key, [...lines, { productId: 404, quantity: 1 }]));
      await expect(placing).rejects.toMatchObject({ type: 'ProductNotFound', nonRetryable: true });
      expect(await database.sql`select 1 from orders where idempotency_key = ${key}`).toHaveLength(0);
      expect(await available()).toBe(100);
    });
  });

  it('counts every attempt of a step that the database refuses, so that an alert can fire', async () => {
    const { orderId } = await place(newKey());
    await database.sql`alter table stock_movements rename to away`;
    const cancel = () => activities.cancelOrder({ orderId, reason: 'payment_failed' });
    await expect(cancel()).rejects.toMatchObject({ type: 'DatabaseRejected', nonRetryable: false });
    await expect(cancel()).rejects.toMatchObject({ type: 'DatabaseRejected' });
    await database.sql`alter table away rename to stock_movements`;
    expect(await cancel()).toMatchObject({ status: 'CANCELLED' });
    expect(monitor.rejections).toEqual(['DatabaseRejected', 'DatabaseRejected']);
  });

  describe('markOrderPaid', () => {
    it.each([
      ['twice', twice],
      ['in many copies at once', together],
    ])('makes the order PAID when it runs %s', async (_how, run) => {
      const { orderId } = await place(newKey());
      const answers = await run(() => activities.markOrderPaid({ orderId }));
      expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 'PAID'));
      expect(await available()).toBe(99);
    });

    it('does not change a cancelled order, and returns its state', async () => {
      const { orderId } = await place(newKey());
      await activities.cancelOrder({ orderId, reason: 'payment_expired' });
      expect(await activities.markOrderPaid({ orderId })).toMatchObject({ status: 'CANCELLED' });
    });

    it('fails without a retry for an unknown order', async () => {
      await expect(activities.markOrderPaid({ orderId: 'ord_none' })).rejects.toMatchObject({
        type: 'OrderNotFound',
        nonRetryable: true,
      });
    });
  });

  describe('cancelOrder', () => {
    it.each([
      ['twice', twice],
      ['in many copies at once', together],
    ])('releases once when it runs %s', async (_how, run) => {
      const { orderId } = await place(newKey(), 3);
      expect(await available()).toBe(97);
      const answers = await run(() => activities.cancelOrder({ orderId, reason: 'payment_failed' }));
      expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 'CANCELLED'));
      expect(await available()).toBe(100);
    });

    it('changes neither a paid order nor its stock', async () => {
      const { orderId } = await place(newKey());
      await activities.markOrderPaid({ orderId });
      expect(await activities.cancelOrder({ orderId, reason: 'payment_failed' })).toMatchObject({ status: 'PAID' });
      expect(await available()).toBe(99);
    });

    it('and a simultaneous markOrderPaid agree on one outcome, and the stock matches the outcome', async () => {
      for (let round = 0; round < 20; round++) {
        await setAvailable(database.store, 100);
        const { orderId } = await place(newKey());
        const [cancelled, paid] = await Promise.all([
          activities.cancelOrder({ orderId, reason: 'payment_failed' }),
          activities.markOrderPaid({ orderId }),
        ]);
        expect(cancelled.status).toBe(paid.status);
        expect(await available()).toBe(paid.status === 'PAID' ? 99 : 100);
      }
    });
  });

  it('createPayment sends the names, prices and countries that the order was placed with, at every attempt', async () => {
    const payments: NewPayment[] = [];
    const recording = {
      ...gateway,
      createPayment: async (payment: NewPayment) => {
        payments.push(payment);
        return { paymentUrl: 'http://127.0.0.1:9' };
      },
    };
    const settings = { ...others.settings, shippingCountries: ['GB', 'IE'] };
    const adjustments: Adjustment[] = [
      { kind: 'shipping', label: 'Shipping', amountMinor: 500 },
      { kind: 'discount', label: 'Spring sale', amountMinor: -1000 },
    ];
    const deps = { store: database.store, ...others, gateway: recording };
    const recorded = createActivities({ ...deps, settings, decideAdjustments: () => adjustments });
    const changed = createActivities(deps);
    const cart = [1, 2].map((productId) => ({ productId, quantity: productId }));
    const { orderId, paymentId, totalMinor, currency, expiresAt } = await recorded.placeOrder(request(newKey(), cart));
    const input = { orderId, paymentId: paymentId ?? '', amountMinor: totalMinor, currency, expiresAt };
    const open = ({ createPayment }: Activities) => new MockActivityEnvironment().run(createPayment, input);
    const { store } = database;
    const [before] = await store.readProducts([2]);
    await open(recorded);
    await store.changeProduct({ operator: 'anna', productId: 2, name: 'Renamed Widget', priceMinor: 1 });
    await open(changed);
    await store.changeProduct({ operator: 'anna', productId: 2, name: before?.name, priceMinor: before?.priceMinor });
    const [first, second] = payments;
    expect(second).toEqual(first);
    expect(first?.shippingCountries).toEqual(['GB', 'IE']);
    expect(first?.items).toMatchObject([
      { name: 'Premium Quality Widget', quantity: 1 },
      { name: 'Pocket Widget', quantity: 2 },
      { name: 'Shipping', quantity: 1, unitPriceMinor: 500 },
      { name: 'Spring sale', quantity: 1, unitPriceMinor: -1000 },
    ]);
    const sum = first?.items.reduce((minor, item) => minor + item.quantity * item.unitPriceMinor, 0);
    expect([first?.amountMinor, sum]).toEqual([totalMinor, totalMinor]);
  });

  it('fails with DatabaseUnavailable if the database is gone, and the message has no SQL and no values', async () => {
    const closed = await createTestDatabase();
    const away = createActivities({ store: closed.store, ...others });
    await closed.drop();
    const placing = away.placeOrder(request('secret-key', lines));
    await expect(placing).rejects.toMatchObject({
      name: 'ApplicationFailure',
      type: 'DatabaseUnavailable',
      nonRetryable: false,
      message: expect.not.stringMatching(/insert|select|secret-key/i) as string,
    });
  });
});
