import { createTestDatabase, type TestDatabase } from '@widget-store/tests';
import { openStore, type Store } from '../store';

/** Settings that an operator or a hosting provider can have changed. */
const foreignSettings = {
  datestyle: "'SQL, DMY'",
  intervalstyle: 'sql_standard',
  timezone: "'Asia/Tokyo'",
  search_path: 'pg_catalog',
  extra_float_digits: '-15',
  default_transaction_isolation: 'serializable',
};

describe('a database whose session settings differ from those that the store needs', () => {
  let database: TestDatabase;
  let store: Store;

  beforeAll(async () => {
    database = await createTestDatabase();
    const name = new URL(database.url).pathname.slice(1);
    for (const [setting, value] of Object.entries(foreignSettings)) {
      await database.sql.unsafe(`alter database ${name} set ${setting} to ${value}`);
    }
    store = openStore({ url: database.url, applicationName: 'settings', maxConnections: 2, deadlineMs: 5000 });
  });
  afterAll(async () => {
    await store.close();
    await database.drop();
  });

  it('gives the right statuses, times and totals', async () => {
    await database.sql`update public.products set price_minor = 123456789 where product_id = 1`;
    const placed = await store.placeOrder({
      orderId: `ord_${'0'.repeat(32)}`,
      idempotencyKey: 'settings',
      fingerprint: 'f',
      requestId: 'r',
      lines: [{ productId: 1, quantity: 10 }],
      paymentWindowMs: 15 * 60_000,
    });
    await store.markOrderPaid({ orderId: placed.orderId });
    const order = await store.readOrder(placed.orderId);
    expect(order).toMatchObject({ status: 'PAID', totalMinor: 1_234_567_890 });
    expect(Math.abs(Date.parse(placed.expiresAt) - Date.now() - 15 * 60_000)).toBeLessThan(60_000);
    expect(order?.expiresAt.toISOString()).toBe(placed.expiresAt);
    expect(Math.abs(Number(order?.createdAt) - Date.now())).toBeLessThan(60_000);
    const record = await store.readOrderRecord(placed.orderId);
    expect(
      record?.movements.map(({ kind, createdAt }) => [kind, Math.abs(Number(createdAt) - Date.now()) < 60_000]),
    ).toEqual([['hold', true]]);
  });
});
