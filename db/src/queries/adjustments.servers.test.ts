import { type Adjustment, adjustmentsMinor, type DecideAdjustments, itemsMinor } from '@widget-store/contract';
import {
  countBlocked,
  createTestDatabase,
  digestOf,
  eventually,
  newOrderId,
  type TestDatabase,
} from '@widget-store/tests';
import type { OrderToPlace } from './placeOrder';

/** A discount, and shipping that depends on the prices. A decision for other prices therefore gives a wrong total. */
const decideAdjustments: DecideAdjustments = ({ items, currency }) => {
  const share = Math.ceil(itemsMinor(items) / 10);
  return [
    { kind: 'shipping', label: `Shipping in ${currency}`, amountMinor: share },
    { kind: 'discount', label: 'Spring sale', amountMinor: -1 },
  ];
};

const failing = () => {
  throw new Error('no rate for USD');
};

describe('placing an order with adjustments', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
    await database.sql`update products set currency = 'EUR' where product_id = 3`;
  });
  afterAll(() => database.drop());

  const place = (idempotencyKey: string, productIds = [1, 2], change: Partial<OrderToPlace> = {}) =>
    database.store.placeOrder({
      orderId: newOrderId(),
      idempotencyKey,
      fingerprint: 'f',
      requestId: 'r',
      lines: productIds.map((productId) => ({ productId, quantity: 2 })),
      paymentWindowMs: 60_000,
      decideAdjustments,
      ...change,
    });
  const read = async (orderId: string) => {
    const order = await database.store.readOrder(orderId);
    if (order === undefined) throw new Error('the order is missing');
    return order;
  };
  const shipping: Adjustment = { kind: 'shipping', label: 'Shipping in USD', amountMinor: 2400 };

  it('adds them to the total, keeps their sequence, reports them in events, and captures and refunds them', async () => {
    await database.store.renewEventReceiver({ urlDigest: 'receiver' });
    const { orderId, totalMinor } = await place('adjusted');
    expect(totalMinor).toBe(2 * 9999 + 2 * 1999 + 2400 - 1);
    expect((await read(orderId)).adjustments).toEqual([
      shipping,
      { kind: 'discount', label: 'Spring sale', amountMinor: -1 },
    ]);
    await database.store.markOrderPaid({ orderId });
    expect(await read(orderId)).toMatchObject({ capturedMinor: totalMinor });
    await database.store.cancelPaidOrder({ orderId });
    expect(await read(orderId)).toMatchObject({ refundedMinor: totalMinor, refunds: [{ amountMinor: totalMinor }] });
    const events = await database.sql`
      select type, data -> 'adjustments' as adjustments from outgoing_events where order_id = ${orderId} order by sequence`;
    const reported = [
      { kind: 'shipping', label: 'Shipping in USD', amount_minor: 2400 },
      { kind: 'discount', label: 'Spring sale', amount_minor: -1 },
    ];
    expect(events).toEqual(
      ['order.placed', 'order.paid', 'order.cancelled'].map((type) => ({ type, adjustments: reported })),
    );
  });

  it('returns the order of a known key as it was placed, although the store now decides otherwise', async () => {
    const first = await place('again');
    const shown = { expectedTotalMinor: first.totalMinor };
    const rows = await digestOf(database.sql);
    const changes = [() => [], () => [shipping], () => [{ ...shipping, amountMinor: -1e9 }], null];
    for (const changed of [...changes, failing]) {
      const again = await place('again', [1, 2], { ...shown, decideAdjustments: changed });
      expect(again).toEqual({ ...first, paymentWindowLeftMs: expect.any(Number) as number });
    }
    expect(await digestOf(database.sql)).toBe(rows);
  });

  it('compares the whole total with the one that the shopper was shown', async () => {
    const totalMinor = 2 * 1999 + 400 - 1;
    const itemsOnly = { expectedTotalMinor: 2 * 1999 };
    await expect(place('unaware', [2], itemsOnly)).rejects.toMatchObject({ code: 'TotalChanged', totalMinor });
    expect(await place('aware', [2], { expectedTotalMinor: totalMinor })).toMatchObject({ totalMinor });
  });

  it.each([
    ['a product is unknown', [1, 999], 'ProductNotFound'],
    ['every product is unknown', [999], 'ProductNotFound'],
    ['the prices are in two currencies', [1, 3], 'MixedCurrencies'],
  ])('decides nothing if %s', async (_why, productIds, code) => {
    const decided = jest.fn(decideAdjustments);
    const placed = place(`refused-${code}`, productIds, { decideAdjustments: decided });
    await expect(placed).rejects.toMatchObject({ code });
    expect(decided).not.toHaveBeenCalled();
  });

  it.each([
    ['leave nothing to pay', [{ ...shipping, kind: 'discount', amountMinor: -23_996 }], 'the total (0)'],
    ['are no integers', [{ ...shipping, amountMinor: 400.5 }], 'safe integers'],
    ['are not valid', [{ ...shipping, kind: 'discount' }], 'orders_adjustments_valid'],
  ] as const)('refuses adjustments that %s, and changes no row', async (_why, adjustments, reason) => {
    const rows = await digestOf(database.sql);
    const refused = place('invalid', [1, 2], { decideAdjustments: () => [...adjustments] });
    await expect(refused).rejects.toMatchObject({
      code: 'DatabaseRejected',
      message: expect.stringContaining(reason) as string,
    });
    expect(await digestOf(database.sql)).toBe(rows);
  });

  it('names the error of a function that fails', async () => {
    const message = 'decideAdjustments has failed: Error: no rate for USD';
    const rejected = { code: 'DatabaseRejected', message };
    await expect(place('failing', [1], { decideAdjustments: failing })).rejects.toMatchObject(rejected);
  });

  it('decides again if a price has changed before the order is placed', async () => {
    const { sql } = database;
    const decided = jest.fn(decideAdjustments);
    const placing = await sql.begin(async (other) => {
      await other`update products set price_minor = 5000 where product_id = 4`;
      const started = place('overtaken', [4], { decideAdjustments: decided });
      await eventually(
        () => countBlocked(sql),
        (blocked) => blocked > 0,
      );
      return { started };
    });
    const { orderId, totalMinor } = await placing.started;
    expect(totalMinor).toBe(10_000 + 1000 - 1);
    expect(decided.mock.calls.map(([{ items }]) => items[0]?.unitPriceMinor)).toEqual([expect.any(Number), 5000]);
    expect((await read(orderId)).adjustments[0]).toEqual({ ...shipping, amountMinor: 1000 });
  });

  it('gives each order the adjustments of its own prices, even while prices change', async () => {
    const { store } = database;
    await store.restock({ productId: 1, available: 100 });
    const orders = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        const change = { operator: 'anna', productId: 1, priceMinor: 100 * (1 + (index % 7)) };
        if (index % 2 === 0) await store.changeProduct(change);
        return place(`raced-${index}`, [1]).then(
          ({ orderId }) => read(orderId),
          (error: { code: string }) => error.code,
        );
      }),
    );
    const placed = orders.filter((order) => typeof order === 'object');
    expect(orders.filter((order) => typeof order === 'string' && order !== 'ProductBusy')).toEqual([]);
    expect(placed.length).toBeGreaterThan(0);
    for (const { items, currency, adjustments, totalMinor } of placed) {
      expect(adjustments).toEqual(decideAdjustments({ items, currency }));
      expect(totalMinor).toBe(itemsMinor(items) + adjustmentsMinor(adjustments));
    }
  });
});
