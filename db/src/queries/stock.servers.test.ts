import { createTestDatabase, newOrderId, stockOf, type TestDatabase } from '@widget-store/tests';
import type { AnyMovement } from './allMovements';

const productId = 2;
const initial = 100;

describe('the stock book', () => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await createTestDatabase();
  });
  afterEach(() => database.drop());

  const receive = (idempotencyKey: string, change = 1) =>
    database.store.adjustStock({
      productId,
      idempotencyKey,
      change,
      reason: 'received',
      note: null,
      requestedBy: 'anna',
    });
  const writeOff = (change: number, idempotencyKey = 'broken') =>
    database.store.adjustStock({
      productId,
      idempotencyKey,
      change,
      reason: 'written_off',
      note: 'Broken',
      requestedBy: 'ben',
    });
  const hundred = Array.from({ length: 100 }, (_, index) => index);

  it('adds up a hundred concurrent deliveries', async () => {
    const adjusted = await Promise.all(hundred.map((index) => receive(`delivery-${index}`, index + 1)));
    expect(adjusted.every((one) => one?.outcome === 'adjusted')).toBe(true);
    const total = initial + 5050;
    expect(await stockOf(database.sql, productId)).toEqual({ inventory: total, movements: total });
  });

  it('books a delivery once if it is sent a hundred times at once, and later repeats the first answer', async () => {
    const adjusted = await Promise.all(hundred.map(() => receive('one', 5)));
    expect(adjusted.filter((one) => one?.outcome === 'adjusted')).toHaveLength(1);
    await receive('two', 7);
    expect(await receive('one', 5)).toEqual({ outcome: 'replayed', inventory: initial + 5 });
    expect(await receive('one', 6)).toEqual({ outcome: 'key_is_used' });
    expect(await writeOff(-5, 'one')).toEqual({ outcome: 'key_is_used' });
    expect(await stockOf(database.sql, productId)).toEqual({ inventory: initial + 12, movements: initial + 12 });
  });

  it('never falls below zero, and repeats the answer to a write-off of the last units', async () => {
    expect(await writeOff(-initial - 1)).toEqual({ outcome: 'insufficient_stock' });
    expect(await writeOff(-initial)).toEqual({ outcome: 'adjusted', inventory: 0 });
    expect(await writeOff(-initial)).toEqual({ outcome: 'replayed', inventory: 0 });
    expect(await stockOf(database.sql, productId)).toEqual({ inventory: 0, movements: 0 });
  });

  it('lists who changed the stock and why, newest first and page by page', async () => {
    const { store } = database;
    await receive('delivery', 10);
    const order = { orderId: newOrderId(), idempotencyKey: 'key', fingerprint: 'f', requestId: 'r' };
    await store.placeOrder({ ...order, lines: [{ productId, quantity: 3 }], paymentWindowMs: 60_000 });
    await store.restock({ productId, available: 50, requestedBy: 'cleo' });
    await writeOff(-2);
    const all = await store.listStockMovements({ productId, limit: 100 });
    expect(all).toMatchObject({
      movements: [
        { kind: 'written_off', change: -2, inventory: 48, requestedBy: 'ben', note: 'Broken' },
        { kind: 'restock', change: -57, inventory: 50, requestedBy: 'cleo', note: null },
        {
          kind: 'hold',
          change: -3,
          inventory: 107,
          requestedBy: null,
          orderId: order.orderId,
          orderSequence: expect.any(Number),
        },
        { kind: 'received', change: 10, inventory: 110, requestedBy: 'anna', orderSequence: null },
        { kind: 'seed', change: initial, inventory: initial, requestedBy: null },
      ],
      nextBefore: undefined,
    });
    const first = await store.listStockMovements({ productId, limit: 2 });
    const second = await store.listStockMovements({ productId, limit: 3, before: first?.nextBefore });
    expect([...(first?.movements ?? []), ...(second?.movements ?? [])]).toEqual(all?.movements);
    expect(second?.nextBefore).toBeUndefined();
  });

  it('lists the changes of all products in a period, newest first and page by page', async () => {
    const { store, sql } = database;
    const day = (number: number) => new Date(`2026-02-0${number}T12:00:00Z`);
    await sql`delete from stock_movements`;
    for (const number of [1, 2, 3, 4, 5]) {
      await store.adjustStock({
        productId: number % 2 === 0 ? 2 : 3,
        idempotencyKey: `day-${number}`,
        change: number,
        reason: 'received',
        note: 'Delivery',
        requestedBy: 'anna',
      });
      await sql`update stock_movements set created_at = ${day(number)} where idempotency_key = ${`day-${number}`}`;
    }
    type Period = { from?: Date; to?: Date };
    const list = async (period: Period, before?: number): Promise<AnyMovement[]> => {
      const { movements, nextBefore } = await store.listAllMovements({ ...period, limit: 2, before });
      return nextBefore === undefined ? movements : [...movements, ...(await list(period, nextBefore))];
    };
    const changes = async (period: Period) => (await list(period)).map(({ change }) => change);
    expect(await changes({})).toEqual([5, 4, 3, 2, 1]);
    expect(await changes({ from: day(2), to: day(4) })).toEqual([3, 2]);
    expect(await changes({ from: day(5) })).toEqual([5]);
    expect(await changes({ to: day(1) })).toEqual([]);
    expect(await list({ to: day(2) })).toMatchObject([
      { productId: 3, productName: expect.any(String), note: 'Delivery', createdAt: day(1).toISOString() },
    ]);
  });

  it('says how many units unfinished orders hold', async () => {
    const { store } = database;
    const place = async (quantity: number) => {
      const orderId = newOrderId();
      const order = { orderId, idempotencyKey: orderId, fingerprint: 'f', requestId: 'r', paymentWindowMs: 60_000 };
      const lines = [
        { productId, quantity },
        { productId: 3, quantity: 1 },
      ];
      await store.placeOrder({ ...order, lines, fulfilment: 'manual' });
      return orderId;
    };
    const expectLevel = async (level: { inventory: number; reserved: number }) =>
      expect(await store.readStockLevel(productId)).toEqual(level);
    await expectLevel({ inventory: initial, reserved: 0 });
    const cancelled = await place(3);
    const shipped = await place(2);
    await expectLevel({ inventory: initial - 5, reserved: 5 });
    await store.markOrderPaid({ orderId: shipped });
    await store.markReadyToShip({ orderId: shipped });
    await expectLevel({ inventory: initial - 5, reserved: 5 });
    await store.cancelOrder({ orderId: cancelled, reason: 'cancelled' });
    await expectLevel({ inventory: initial - 2, reserved: 2 });
    await store.shipOrder({ orderId: shipped, carrier: null, trackingUrl: null, operator: 'anna' });
    await expectLevel({ inventory: initial - 2, reserved: 0 });
  });

  it('does not exist for an unknown product', async () => {
    const unknown = { productId: 999, idempotencyKey: 'key', change: 1, reason: 'counted', note: null } as const;
    expect(await database.store.adjustStock({ ...unknown, requestedBy: 'anna' })).toBeUndefined();
    expect(await database.store.listStockMovements({ productId: 999, limit: 1 })).toBeUndefined();
    expect(await database.store.readStockLevel(999)).toBeUndefined();
  });
});
