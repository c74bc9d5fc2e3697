import { createTestDatabase, digestOf, newOrderId, stockOf, type TestDatabase } from '@widget-store/tests';

describe('placing an order', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
    await database.sql`update products set currency = 'EUR' where product_id = 3`;
  });
  afterAll(() => database.drop());

  const place = (
    idempotencyKey: string,
    productIds: number[],
    quantity = 2,
    guard: { expectedTotalMinor?: number } = {},
  ) =>
    database.store.placeOrder({
      ...guard,
      orderId: newOrderId(),
      idempotencyKey,
      fingerprint: 'f',
      requestId: 'r',
      lines: productIds.map((productId) => ({ productId, quantity })),
      paymentWindowMs: 60_000,
    });

  it('rejects prices in two currencies and changes no row', async () => {
    const before = await digestOf(database.sql);
    await expect(place('mixed', [1, 2, 3])).rejects.toMatchObject({ name: 'StoreError', code: 'MixedCurrencies' });
    expect(await digestOf(database.sql)).toBe(before);
  });

  it('uses the currency of its products', async () => {
    expect(await place('euros', [3])).toMatchObject({ currency: 'EUR', status: 'PENDING' });
    expect(await place('dollars', [1, 2])).toMatchObject({ currency: 'USD', status: 'PENDING' });
  });

  it('returns the order of a known key, whatever the cart is', async () => {
    const first = await place('again', [1]);
    expect(await place('again', [1, 3])).toMatchObject({ orderId: first.orderId, totalMinor: first.totalMinor });
  });

  it('reserves no line of a cart while one of its products is not on sale', async () => {
    const { store, sql } = database;
    const { orderId } = await place('before', [2]);
    await store.changeProduct({ operator: 'anna', productId: 2, onSale: false });
    const before = await digestOf(sql);
    await expect(place('hidden', [1, 2])).rejects.toMatchObject({ name: 'StoreError', code: 'ProductNotOnSale' });
    expect(await digestOf(sql)).toBe(before);
    expect(await store.markOrderPaid({ orderId })).toMatchObject({ status: 'PAID' });
    await store.changeProduct({ operator: 'anna', productId: 2, onSale: true });
    expect(await place('hidden', [1, 2])).toMatchObject({ status: 'PENDING' });
  });

  it('keeps the names and prices of its lines when products change', async () => {
    const { store } = database;
    const { orderId } = await place('named', [1, 2]);
    const placed = await store.readOrder(orderId);
    await store.changeProduct({
      operator: 'anna',
      productId: 1,
      name: 'Renamed Widget',
      description: 'Another one.',
      priceMinor: 1,
    });
    expect(await store.readOrder(orderId)).toEqual(placed);
    expect(placed?.items.map(({ name }) => name)).toEqual(['Premium Quality Widget', 'Pocket Widget']);
    const later = await place('named-later', [1]);
    expect((await store.readOrder(later.orderId))?.items).toMatchObject([
      { name: 'Renamed Widget', unitPriceMinor: 1 },
    ]);
  });

  it('refuses another total than the expected one, changes no row, and keeps the order of a known key', async () => {
    const { store, sql } = database;
    const cart = [[2, 4], 2] as const;
    const { totalMinor } = await place('shown', [...cart[0]], cart[1]);
    const [before, changed] = [{ expectedTotalMinor: totalMinor }, { expectedTotalMinor: totalMinor - 2 }];
    const placed = await place('guarded', [...cart[0]], cart[1], before);
    expect(placed).toMatchObject({ status: 'PENDING', totalMinor });
    const [product] = await store.readProducts([2]);
    await store.changeProduct({ operator: 'anna', productId: 2, priceMinor: (product?.priceMinor ?? 0) - 1 });
    const rows = await digestOf(sql);
    const refused = { name: 'StoreError', code: 'TotalChanged', totalMinor: totalMinor - 2 };
    await expect(place('late', [...cart[0]], cart[1], before)).rejects.toMatchObject(refused);
    expect(await place('guarded', [...cart[0]], cart[1], before)).toMatchObject({
      orderId: placed.orderId,
      totalMinor,
    });
    expect(await digestOf(sql)).toBe(rows);
    expect(await place('late', [...cart[0]], cart[1], changed)).toMatchObject({ totalMinor: totalMinor - 2 });
  });

  it('never sells at another total than the expected one while prices change', async () => {
    const { store } = database;
    await Promise.all([
      store.restock({ productId: 1, available: 100 }),
      store.changeProduct({ operator: 'anna', productId: 1, priceMinor: 100 }),
    ]);
    const totals = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        if (index % 2 === 0)
          await store.changeProduct({ operator: 'anna', productId: 1, priceMinor: 100 + (index % 4) });
        return place(`raced-${index}`, [1], 1, { expectedTotalMinor: 100 }).then(
          (order) => order.totalMinor,
          (error: { code: string; totalMinor: number }) => `${error.code} ${error.totalMinor}`,
        );
      }),
    );
    expect(totals.filter((total) => total !== 100 && total !== 'TotalChanged 102')).toEqual([]);
    const units = 100 - totals.filter((total) => total === 100).length;
    expect(await stockOf(database.sql, 1)).toEqual({ inventory: units, movements: units });
  });

  it.each(['1 hour', '1 year'])(
    'returns at most the whole payment window after the clock was set back by %s',
    async (by) => {
      const { orderId } = await place(`back-${by}`, [1]);
      // If the clock is set back, the times of older rows lie in the future. The test moves these times instead of the
      // clock.
      await database.sql`
      update orders set created_at = created_at + ${by}::interval, expires_at = expires_at + ${by}::interval
      where order_id = ${orderId}`;
      expect(await place(`back-${by}`, [1])).toMatchObject({ orderId, paymentWindowLeftMs: 60_000 });
    },
  );

  it('gets the units of a concurrent cancellation or is sold out, and never fails', async () => {
    const { store, sql } = database;
    for (let round = 0; round < 150; round++) {
      await Promise.all([store.restock({ productId: 1, available: 3 }), store.restock({ productId: 2, available: 3 })]);
      const first = await place(`first-${round}`, [1, 2]);
      const cancelling = store.cancelOrder({ orderId: first.orderId, reason: 'cancelled' });
      const [second] = await Promise.all([place(`second-${round}`, [1, 2], 3), cancelling]);
      const left = second.status === 'PENDING' ? 0 : 3;
      for (const productId of [1, 2])
        expect(await stockOf(sql, productId)).toEqual({ inventory: left, movements: left });
    }
  });

  it('never deadlocks with the cancellation of an order that has the same key', async () => {
    const { store } = database;
    await store.restock({ productId: 1, available: 10 });
    for (let round = 0; round < 300; round++) {
      const attempts = Array.from({ length: 4 }, () => place(`circle-${round}`, [1]));
      const cancelling = Promise.race(attempts).then(({ orderId }) =>
        store.cancelOrder({ orderId, reason: 'cancelled' }),
      );
      await Promise.all([...attempts, cancelling]);
    }
    expect(await stockOf(database.sql, 1)).toEqual({ inventory: 10, movements: 10 });
  });
});
