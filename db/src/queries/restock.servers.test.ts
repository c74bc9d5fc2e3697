import { createTestDatabase, newOrderId, stockOf, type TestDatabase } from '@widget-store/tests';

const rounds = 60;
const productId = 2;

describe('restocking while orders are cancelled', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('never fails, and every unit is accounted for', async () => {
    const { store, sql } = database;
    const restock = (available: number) => store.restock({ productId, available });
    for (let round = 0; round < rounds; round++) {
      await restock(3);
      const { orderId } = await store.placeOrder({
        orderId: newOrderId(),
        idempotencyKey: `restock-${round}`,
        fingerprint: 'f',
        requestId: 'r',
        lines: [{ productId, quantity: 2 }],
        paymentWindowMs: 60_000,
      });
      await Promise.all([restock(0), store.cancelOrder({ orderId, reason: 'cancelled' }), restock(0)]);
      const { inventory, movements } = await stockOf(sql, productId);
      expect(inventory).toBe(movements);
      expect([0, 2]).toContain(inventory);
    }
  });

  it('accepts the largest 32-bit number, and a cancellation can raise the stock above it', async () => {
    const { store, sql } = database;
    const most = 2_147_483_647;
    await store.restock({ productId, available: most });
    const { orderId } = await store.placeOrder({
      orderId: newOrderId(),
      idempotencyKey: 'most',
      fingerprint: 'f',
      requestId: 'r',
      lines: [{ productId, quantity: 2 }],
      paymentWindowMs: 60_000,
    });
    await store.restock({ productId, available: most });
    expect(await store.cancelOrder({ orderId, reason: 'cancelled' })).toMatchObject({ status: 'CANCELLED' });
    expect(await stockOf(sql, productId)).toEqual({ inventory: most + 2, movements: most + 2 });
    expect((await store.readProduct(productId))?.inventory).toBe(most + 2);
    expect(await store.listStockMismatches({ limit: 10 })).toEqual([]);
    // The quantity of this movement needs more than 32 bits.
    await store.restock({ productId, available: 0 });
    expect(await stockOf(sql, productId)).toEqual({ inventory: 0, movements: 0 });
  });
});
