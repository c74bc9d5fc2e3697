import { createTestDatabase, newOrderId, setAvailable, stockOf, type TestDatabase } from '@widget-store/tests';

describe('pieces that come back without a refund', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
    await setAvailable(database.store, 1000);
  });
  afterAll(() => database.drop());

  const sold = 3;

  async function place(): Promise<string> {
    const orderId = newOrderId();
    const request = { fingerprint: 'f', requestId: 'r', paymentWindowMs: 60_000, fulfilment: 'manual' } as const;
    const lines = [{ productId: 1, quantity: sold }];
    await database.store.placeOrder({ ...request, idempotencyKey: orderId, orderId, lines });
    return orderId;
  }
  async function pay(): Promise<string> {
    const orderId = await place();
    await database.store.markOrderPaid({ orderId });
    await database.store.markReadyToShip({ orderId });
    return orderId;
  }
  async function ship(): Promise<string> {
    const orderId = await pay();
    await database.store.shipOrder({ orderId, carrier: null, trackingUrl: null, operator: 'anna' });
    return orderId;
  }
  const refund = (orderId: string, restocked = 0) =>
    database.store.requestRefund({
      orderId,
      refundId: `ref_${orderId}`,
      fingerprint: 'f',
      amountMinor: null,
      reason: null,
      requestedBy: 'anna',
      restock: restocked === 0 ? [] : [{ productId: 1, quantity: restocked }],
      replaces: null,
    });
  const bringBack = (orderId: string, quantity: number, key = 'key', note: string | null = 'Undelivered') =>
    database.store.returnItems({
      orderId,
      idempotencyKey: `${key}-${orderId}`,
      lines: [{ productId: 1, quantity }],
      note,
      requestedBy: 'ben',
    });
  const returned = async (orderId: string) => (await database.store.readOrder(orderId))?.items[0]?.returned;

  it('go into stock once for each key, even if all money was refunded before, and never exceed what was sold', async () => {
    const orderId = await ship();
    await refund(orderId, 1);
    const before = await stockOf(database.sql);
    expect(await bringBack(orderId, 1)).toBe('returned');
    const after = { inventory: before.inventory + 1, movements: before.movements + 1 };
    expect([await stockOf(database.sql), await returned(orderId)]).toEqual([after, 2]);
    const record = await database.store.readOrderRecord(orderId);
    expect(record?.movements.at(-1)).toMatchObject({
      kind: 'return',
      quantity: 1,
      note: 'Undelivered',
      requestedBy: 'ben',
    });
    expect(record?.order).toMatchObject({ status: 'DISPATCHED', refunds: [{ source: 'operator' }] });

    expect(await bringBack(orderId, 1)).toBe('replayed');
    expect(await bringBack(orderId, 2)).toBe('key_is_used');
    expect(await bringBack(orderId, 1, 'key', null)).toBe('key_is_used');
    expect(await bringBack(orderId, 2, 'other')).toBe('exceeds_sold');
    expect([await stockOf(database.sql), await returned(orderId)]).toEqual([after, 2]);
    expect(await bringBack(newOrderId(), 1)).toBeUndefined();
    const { movements = [] } = (await database.store.listStockMovements({ productId: 1, limit: 1 })) ?? {};
    expect(movements).toMatchObject([{ kind: 'return', orderId, refundId: null, requestedBy: 'ben', change: 1 }]);
  });

  it('remove an order from the orders to ship when none of its pieces is left', async () => {
    const orderId = await pay();
    const toShip = async () => (await database.store.searchOrders({ toShip: true, limit: 100 })).orders;
    await bringBack(orderId, sold - 1);
    expect((await toShip()).map((order) => order.orderId)).toEqual([orderId]);
    await bringBack(orderId, 1, 'rest');
    expect(await toShip()).toEqual([]);
  });

  it('are refused for an order that is unpaid or cancelled', async () => {
    const cancelled = await pay();
    await database.store.cancelPaidOrder({ orderId: cancelled });
    const before = await stockOf(database.sql);
    for (const orderId of [await place(), cancelled]) {
      expect(await bringBack(orderId, 1)).toBe('exceeds_sold');
      expect(await returned(orderId)).toBe(0);
    }
    expect(await stockOf(database.sql)).toEqual({
      inventory: before.inventory - sold,
      movements: before.movements - sold,
    });
  });

  it('are not released a second time by a cancellation', async () => {
    const before = await stockOf(database.sql);
    const orderId = await pay();
    expect(await bringBack(orderId, 1)).toBe('returned');
    expect(await database.store.cancelPaidOrder({ orderId })).toMatchObject({ status: 'CANCELLED' });
    expect(await bringBack(orderId, 1, 'other')).toBe('exceeds_sold');
    expect(await stockOf(database.sql)).toEqual(before);
  });

  it('never exceed what was sold, even if several keys, repetitions and a refund race', async () => {
    for (let round = 0; round < 10; round++) {
      const orderId = await ship();
      const outcomes = await Promise.all([
        ...['a', 'a', 'b', 'b', 'c', 'd'].map((key) => bringBack(orderId, 1, key)),
        refund(orderId, 1).then((refunded) => (refunded?.outcome === 'requested' ? 'returned' : 'refused')),
      ]);
      expect(outcomes.filter((outcome) => outcome === 'returned')).toHaveLength(sold);
      expect(await returned(orderId)).toBe(sold);
      const { inventory, movements } = await stockOf(database.sql);
      expect(inventory).toBe(movements);
    }
  });
});
