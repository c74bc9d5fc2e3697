import { createTestDatabase, newOrderId, type TestDatabase } from '@widget-store/tests';
import { randomBytes } from 'node:crypto';

describe('listing unfinished orders', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('puts refunds last, so that an outage of the gateway does not hide a stuck checkout', async () => {
    const { store, sql } = database;
    const place = async (paymentWindowMs: number): Promise<string> => {
      const key = randomBytes(8).toString('hex');
      const lines = [{ productId: 1, quantity: 1 }];
      const placed = await store.placeOrder({
        orderId: newOrderId(),
        idempotencyKey: key,
        requestId: key,
        fingerprint: '',
        lines,
        paymentWindowMs,
      });
      return placed.orderId;
    };
    const refunds = await Promise.all([place(60_000), place(60_000)]);
    for (const orderId of refunds) {
      await store.markOrderPaid({ orderId });
      await store.cancelPaidOrder({ orderId });
    }
    const lost = await place(1);
    await sql`update orders set updated_at = now() - interval '1 minute', expires_at = now() - interval '1 minute'`;

    const listed = (limit: number) => store.listUnfinished({ unchangedMs: 1000, limit });
    expect((await listed(1)).map(({ orderId }) => orderId)).toEqual([lost]);
    expect((await listed(10)).map(({ orderId }) => orderId).toSorted()).toEqual([lost, ...refunds].toSorted());
  });
});
