import { createTestDatabase, eventually, newOrderId, type TestDatabase } from '@widget-store/tests';
import type { PlaceOrderInput } from '@widget-store/contract';
import type postgres from 'postgres';
import { openStore, type Store } from './store';

const poolSize = 10;

describe('rows that an operator has locked in psql', () => {
  let database: TestDatabase;
  let store: Store;

  beforeAll(async () => {
    database = await createTestDatabase();
    store = open(poolSize);
  });
  afterAll(async () => {
    await store.close();
    await database.drop();
  });

  const open = (maxConnections: number, applicationName = 'locked') =>
    openStore({ url: database.url, applicationName, maxConnections, deadlineMs: 5000 });
  const orderOf = (...productIds: number[]): PlaceOrderInput => {
    const orderId = newOrderId();
    const lines = productIds.map((productId) => ({ productId, quantity: 1 }));
    return { orderId, idempotencyKey: orderId, fingerprint: 'f', requestId: 'r', lines, paymentWindowMs: 60_000 };
  };
  const place = (...productIds: number[]) => store.placeOrder(orderOf(...productIds));
  /** Runs `lock` in a transaction of another session, and then `work` while that transaction is still open. */
  const whileLocked = (lock: (sql: postgres.TransactionSql) => Promise<unknown>, work: () => Promise<void>) =>
    database.sql.begin(async (sql) => {
      await lock(sql);
      await work();
    });
  const touchProduct = (sql: postgres.TransactionSql) =>
    sql`update products set description = description where product_id = 1`;
  /** Reads in one statement how many connections wait for a lock, and whether product 2 is unlocked. */
  const look = async () => {
    const [row] = await database.sql<{ waiting: number; isFree: boolean }[]>`
      with free as (select from products where product_id = 2 for update skip locked)
      select exists (select from free) as "isFree", (
        select count(*)::int from pg_stat_activity where application_name = 'locked' and wait_event_type = 'Lock'
      ) as waiting`;
    return row ?? { waiting: 0, isFree: false };
  };
  const whileWaiting = () => eventually(look, ({ waiting }) => waiting > 0);

  it('buyers of a locked product are refused as busy, and other work continues', async () => {
    const [paid, released] = [await place(2), await place(1)];
    const refused = orderOf(1);
    await whileLocked(touchProduct, async () => {
      const buyers = Array.from({ length: 2 * poolSize }, () => place(1));
      const cancellations = Array.from({ length: poolSize }, () =>
        store.cancelOrder({ orderId: released.orderId, reason: 'payment_failed' }),
      );
      const settled = Promise.allSettled([...buyers, ...cancellations, store.placeOrder(refused)]);
      // At most two connections of the pool wait for the lock. Its other connections stay free for other work.
      expect((await whileWaiting()).waiting).toBeLessThanOrEqual(2);
      await Promise.all([
        place(2),
        store.markOrderPaid({ orderId: paid.orderId }),
        store.checkWritable(),
        store.readProduct(2),
      ]);
      for (const result of await settled) expect(result).toMatchObject({ reason: { code: 'ProductBusy' } });
      // The store refuses new buyers of product 1 immediately, so connections stay free for other products.
      await expect(place(1, 3)).rejects.toMatchObject({ productIds: [1] });
      expect((await look()).waiting).toBe(0);
      expect(await place(3)).toMatchObject({ status: 'PENDING' });
    });
    const sold = await eventually(
      () => store.placeOrder(refused),
      ({ status }) => status === 'PENDING',
    );
    expect(sold.orderId).toBe(refused.orderId);
    const cancelled = await store.cancelOrder({ orderId: released.orderId, reason: 'payment_failed' });
    expect(cancelled.status).toBe('CANCELLED');
  });

  it('payments find a connection even if all products are locked', async () => {
    const productIds = [1, 2, 3, 4, 5, 6];
    const { orderId } = await place(1);
    await whileLocked(
      (sql) => sql`update products set description = description`,
      async () => {
        const over = new AbortController();
        const buying = Promise.allSettled([...productIds, ...productIds].map((id) => place(id))).finally(() =>
          over.abort(),
        );
        const seen: number[] = [];
        while (!over.signal.aborted) seen.push((await look()).waiting);
        expect(Math.max(...seen)).toBe(6);
        for (const result of await buying) expect(result).toMatchObject({ reason: { code: 'ProductBusy' } });
        expect(await store.markOrderPaid({ orderId })).toMatchObject({ status: 'PAID' });
      },
    );
    for (const id of productIds)
      await eventually(
        () => place(id),
        () => true,
      );
  });

  it('the check for readiness runs before the work that waits for a connection', async () => {
    const small = open(1);
    await whileLocked(touchProduct, async () => {
      const placing = small.placeOrder(orderOf(1)).catch(() => 'busy');
      await whileWaiting();
      const ended: string[] = [];
      const note = (name: string) => () => ended.push(name);
      await Promise.all([small.readProduct(2).then(note('read')), small.checkWritable().then(note('check'))]);
      expect([await placing, ended]).toEqual(['busy', ['check', 'read']]);
    });
    await small.close();
  });

  const received = { reason: 'received', note: null, requestedBy: 'anna' } as const;

  it.each<[string, () => Promise<unknown>]>([
    ['a change of the product', () => store.changeProduct({ operator: 'anna', productId: 1, name: 'Widget' })],
    ['an adjustment', () => store.adjustStock({ productId: 1, idempotencyKey: 'k', change: 1, ...received })],
    ['a restock', () => store.restock({ productId: 1, available: 50 })],
  ])('%s is refused as busy', async (_what, change) => {
    await whileLocked(touchProduct, async () => {
      await expect(change()).rejects.toMatchObject({ code: 'ProductBusy' });
    });
    await eventually(change, () => true);
  });

  it('refunds that return units of a locked product occupy at most two connections', async () => {
    const sold = await Promise.all(Array.from({ length: poolSize }, () => place(1)));
    for (const { orderId } of sold) await store.markOrderPaid({ orderId });
    const restock = [{ productId: 1, quantity: 1 }];
    const request = { fingerprint: 'f', amountMinor: null, reason: null, requestedBy: 'anna', replaces: null, restock };
    await whileLocked(touchProduct, async () => {
      const over = new AbortController();
      const refunds = Promise.allSettled(
        sold.map(({ orderId }) => store.requestRefund({ ...request, orderId, refundId: `rfd_${orderId}` })),
      ).finally(() => over.abort());
      const seen: number[] = [];
      while (!over.signal.aborted) seen.push((await look()).waiting);
      expect(Math.max(...seen)).toBeGreaterThan(0);
      expect(Math.max(...seen)).toBeLessThanOrEqual(2);
      for (const result of await refunds) expect(result).toMatchObject({ reason: { code: 'ProductBusy' } });
    });
    await eventually(
      () => place(1),
      () => true,
    );
  });

  it('a locked order delays only its own steps, and the pool keeps the connection that waited', async () => {
    const [locked, other] = [await place(2), await place(2)];
    const fail = (error: Promise<unknown>) => expect(error).rejects.toMatchObject({ code: 'DatabaseUnavailable' });
    const small = open(1, 'one connection');
    const backends = () => database.sql`select pid from pg_stat_activity where application_name = 'one connection'`;
    await small.readProduct(2);
    const before = await backends();
    await whileLocked(
      (sql) => sql`select 1 from orders where order_id = ${locked.orderId} for update`,
      async () => {
        await fail(small.markOrderPaid({ orderId: locked.orderId }));
        const cancelling = fail(store.cancelOrder({ orderId: locked.orderId, reason: 'payment_failed' }));
        // The cancellation waits for the lock on the order, and has not locked the product yet.
        expect((await whileWaiting()).isFree).toBe(true);
        await cancelling;
        expect(await store.markOrderPaid({ orderId: other.orderId })).toMatchObject({ status: 'PAID' });
      },
    );
    expect(await small.markOrderPaid({ orderId: locked.orderId })).toMatchObject({ status: 'PAID' });
    expect([before.length, await backends()]).toEqual([1, before]);
    await small.close();
  });

  it('a locked table is reported as an unavailable database, not as a busy product', async () => {
    await whileLocked(
      (sql) => sql`lock table orders`,
      async () => {
        const results = await Promise.allSettled([place(1), place(2), store.readOldestHold()]);
        for (const result of results) expect(result).toMatchObject({ reason: { code: 'DatabaseUnavailable' } });
        await Promise.all([store.checkWritable(), store.readProduct(2)]);
      },
    );
    expect(await place(1)).toMatchObject({ status: 'PENDING' });
  });
});
