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
});
