import { createTestDatabase, digestOf, type TestDatabase } from '@widget-store/tests';

describe('placing an order', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
    await database.sql`update products set currency = 'EUR' where product_id = 3`;
  });
  afterAll(() => database.drop());

  const place = (idempotencyKey: string, productIds: number[]) =>
    database.store.placeOrder({
      idempotencyKey,
      fingerprint: 'f',
      requestId: 'r',
      lines: productIds.map((productId) => ({ productId, quantity: 2 })),
      paymentWindowMs: 60_000,
    });

  it('refuses prices in two currencies, which have no sum, and changes no row', async () => {
    const before = await digestOf(database.sql);
    await expect(place('mixed', [1, 2, 3])).rejects.toMatchObject({ name: 'StoreError', code: 'MixedCurrencies' });
    expect(await digestOf(database.sql)).toBe(before);
  });

  it('counts in the currency of its products, whichever that is', async () => {
    expect(await place('euros', [3])).toMatchObject({ currency: 'EUR', status: 'PENDING' });
    expect(await place('dollars', [1, 2])).toMatchObject({ currency: 'USD', status: 'PENDING' });
  });

  it('answers a key that has its order with that order, whatever the cart is now', async () => {
    const first = await place('again', [1]);
    expect(await place('again', [1, 3])).toMatchObject({ orderId: first.orderId, totalMinor: first.totalMinor });
  });
});
