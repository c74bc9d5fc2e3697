import { createTestDatabase, newOrderId, type TestDatabase } from '@widget-store/tests';
import { drizzle } from 'drizzle-orm/postgres-js';
import { countOrders, readOrderRecord } from './operations';
import { searchOrders } from './orderSearch';
import { readOldestHold, readOrdersToShip } from './orders';
import { cancelOrder } from './settleOrder';

/**
 * These queries must stay cheap in a large store, because the operations page and the metrics run them again and again.
 */
describe('queries over all orders', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  const daysAgo = (days: number) => new Date(Date.now() - days * 24 * 60 * 60 * 1000);

  /** Adds orders that were placed `minutesAgo` minutes ago, with a payment window of fifteen minutes. */
  async function addOrders(status: 'PENDING' | 'DISPATCHED' | 'CANCELLED', howMany: number, minutesAgo = 0) {
    await database.sql`
      with placed as (insert into orders (order_id, idempotency_key, fingerprint, request_id, payment_id, status, payment_status,
        cancel_reason, total_minor, captured_minor, currency, progress_remaining, created_at, expires_at)
      select 'ord_' || id, id, 'f', 'r', 'pay_' || id, ${status},
        case ${status} when 'PENDING' then 'pending' when 'DISPATCHED' then 'paid' else 'failed' end,
        case ${status} when 'CANCELLED' then 'payment_failed' end, 9999, case ${status} when 'DISPATCHED' then 9999 else 0 end, 'USD',
        case ${status} when 'DISPATCHED' then 0 else 10 end, placed, placed + interval '15 minutes'
      from (
        select md5(${status} || n || random()) as id, now() - ${minutesAgo}::int * interval '1 minute' as placed
        from generate_series(1, ${howMany}) as n
      ) as given returning order_id)
      insert into order_items (order_id, product_id, name, quantity, unit_price_minor)
      select order_id, 1, 'Widget', 1, 9999 from placed`;
  }

  it('return zeros in an empty store', async () => {
    const { store } = database;
    expect(await store.readOldestHold()).toEqual({ ageSeconds: 0, overdueSeconds: 0 });
    expect(await store.countOrders()).toEqual({
      PENDING: 0,
      PAID: 0,
      DISPATCHED: 0,
      CANCELLED: 0,
      newest: null,
      toShip: 0,
    });
  });

  it('return the age of the oldest hold, and the time since its payment window ended', async () => {
    await addOrders('PENDING', 1, 10);
    const within = await database.store.readOldestHold();
    expect(within.ageSeconds).toBeGreaterThanOrEqual(600);
    expect(within.overdueSeconds).toBe(0);
    await addOrders('PENDING', 1, 20);
    const { ageSeconds, overdueSeconds } = await database.store.readOldestHold();
    expect(Math.round(ageSeconds - overdueSeconds)).toBe(15 * 60);
    expect(overdueSeconds).toBeGreaterThanOrEqual(5 * 60);
  });

  it('count all open orders, and the other orders among the newest ten thousand', async () => {
    await addOrders('CANCELLED', 5000);
    expect(await database.store.countOrders()).toMatchObject({ PENDING: 2, CANCELLED: 5000, newest: null });
    await addOrders('DISPATCHED', 9000);
    const expected = { PENDING: 2, PAID: 0, DISPATCHED: 9000, CANCELLED: 1000, newest: 10_000, toShip: 0 };
    expect(await database.store.countOrders()).toEqual(expected);
  });

  it('read a few rows, not the whole table', async () => {
    const { sql } = database;
    const asked: { query: string; params: unknown[] }[] = [];
    const db = drizzle(sql, { logger: { logQuery: (query, params) => asked.push({ query, params }) } });
    await readOldestHold(db);
    await countOrders(db);
    await searchOrders(db, { toShip: true, limit: 20 });
    await readOrdersToShip(db);
    await searchOrders(db, { placedFrom: daysAgo(2), placedBefore: daysAgo(1), limit: 20 });
    await sql`analyze orders, order_items`;
    const indexes: string[][] = [];
    // Leaves out the statements of `readOrders`, which read orders by their ids.
    for (const { query, params } of asked.filter((statement) => !statement.query.includes('join "order_items"'))) {
      const plan = JSON.stringify(await sql.unsafe(`explain ${query}`, params as string[]));
      expect(plan).not.toMatch(/Seq Scan on order/);
      indexes.push([...plan.matchAll(/ (?:on|using) (orders_\w+)/g)].map(([, index = '']) => index).toSorted());
    }
    expect(indexes).toEqual([
      ['orders_unfinished'],
      ['orders_sequence_key', 'orders_to_ship', 'orders_unfinished'],
      ['orders_to_ship'],
      ['orders_to_ship'],
      ['orders_created_at', 'orders_created_at', 'orders_created_at'],
    ]);
  });

  it('find a buyer with the indexes of names and of e-mail addresses', async () => {
    const { sql } = database;
    const asked: { query: string; params: unknown[] }[] = [];
    const db = drizzle(sql, { logger: { logQuery: (query, params) => asked.push({ query, params }) } });
    await searchOrders(db, { text: 'Strauß', limit: 20 });
    const [{ query, params } = { query: '', params: [] }] = asked;
    const plan = await sql.begin(async (session) => {
      // Without this setting, the planner reads the whole table, because the table is empty.
      await session`set local enable_seqscan = off`;
      return JSON.stringify(await session.unsafe(`explain ${query}`, params as string[]));
    });
    expect(plan).toContain('buyers_name');
    expect(plan).toContain('buyers_email');
  });

  it('read the stock movements of one order, not those of all orders', async () => {
    const { sql } = database;
    await sql`insert into stock_movements (order_id, product_id, kind, quantity) select order_id, 1, 'hold', -1 from orders`;
    await sql`analyze stock_movements`;
    const asked: { query: string; params: unknown[] }[] = [];
    const db = drizzle(sql, { logger: { logQuery: (query, params) => asked.push({ query, params }) } });
    const [order] = await sql<{ id: string }[]>`select order_id as id from orders where status = 'DISPATCHED' limit 1`;
    const orderId = order?.id ?? '';
    await readOrderRecord(db, orderId);
    await cancelOrder(db, { orderId, reason: 'cancelled' });
    const ofMovements = asked.filter(({ query }) => query.includes('stock_movements'));
    expect(ofMovements).toHaveLength(2);
    for (const { query, params } of ofMovements) {
      const plan = JSON.stringify(await sql.unsafe(`explain ${query}`, params as string[]));
      expect(plan).not.toMatch(/Seq Scan on stock_movements/);
    }
    await sql`delete from stock_movements where order_id is not null`;
  });

  it('find the orders of a period', async () => {
    const times = [3, 2, 1].map((days) => days * 24 * 60);
    for (const minutesAgo of times) await addOrders('CANCELLED', 1, minutesAgo);
    const daysSince = async (period: { placedFrom?: Date; placedBefore?: Date }) => {
      const { orders } = await database.store.searchOrders({ ...period, limit: 100 });
      return orders.map(({ createdAt }) => Math.round((Date.now() - createdAt.getTime()) / (24 * 60 * 60 * 1000)));
    };
    expect(await daysSince({ placedBefore: daysAgo(0.5) })).toEqual([1, 2, 3]);
    expect(await daysSince({ placedBefore: daysAgo(1.5) })).toEqual([2, 3]);
    expect(await daysSince({ placedFrom: daysAgo(2.5), placedBefore: daysAgo(0.5) })).toEqual([1, 2]);
    expect(await daysSince({ placedFrom: daysAgo(1.9), placedBefore: daysAgo(1.1) })).toEqual([]);
  });

  it('read one snapshot during concurrent changes', async () => {
    const { store, sql } = database;
    const all = async () => {
      const { PENDING, PAID, CANCELLED } = await store.countOrders();
      return PENDING + PAID + CANCELLED;
    };
    // `countOrders` counts all cancelled orders only if the store has fewer than ten thousand orders.
    await sql`
      with deleted as (delete from order_items using orders where orders.order_id = order_items.order_id and status <> 'PENDING')
      delete from orders where status <> 'PENDING'`;
    for (let round = 0; round < 30; round++) {
      const { orderId } = await store.placeOrder({
        orderId: newOrderId(),
        idempotencyKey: `moment-${round}`,
        fingerprint: 'f',
        requestId: 'r',
        lines: [{ productId: 1, quantity: 1 }],
        paymentWindowMs: 60_000,
      });
      const before = await all();
      const times = Array.from({ length: 3 });
      const [sums, pages, records] = await Promise.all([
        Promise.all(times.map(all)),
        Promise.all(times.map(() => store.searchOrders({ status: 'PENDING', limit: 100 }))),
        Promise.all(times.map(() => store.readOrderRecord(orderId))),
        store.cancelOrder({ orderId, reason: 'cancelled' }),
      ]);
      expect(sums).toEqual(times.map(() => before));
      const statuses = pages.flatMap(({ orders }) => orders.map(({ status }) => status));
      expect(new Set(statuses)).toEqual(new Set(['PENDING']));
      for (const record of records) {
        const kinds = record?.movements.map(({ kind }) => kind);
        expect(kinds).toEqual(record?.order.status === 'CANCELLED' ? ['hold', 'release'] : ['hold']);
      }
    }
  });
});
