import { createTestDatabase, newOrderId, setAvailable, stockOf, type TestDatabase } from '@widget-store/tests';
import type { DisputeStatus, Fulfilment } from '@widget-store/contract';

type StockLine = { productId: number; quantity: number };

const parcel = { carrier: 'DHL', trackingUrl: 'https://carrier.example/1' };
const races = 100;

describe('the shipment of an order', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
    await setAvailable(database.store, 1000);
  });
  afterAll(() => database.drop());

  async function place(fulfilment: Fulfilment = 'manual'): Promise<string> {
    const orderId = newOrderId();
    const request = {
      fingerprint: 'f',
      requestId: 'r',
      paymentWindowMs: 60_000,
      lines: [{ productId: 1, quantity: 1 }],
    };
    await database.store.placeOrder({ ...request, idempotencyKey: orderId, orderId, fulfilment });
    return orderId;
  }
  async function pay(fulfilment?: Fulfilment): Promise<string> {
    const orderId = await place(fulfilment);
    await database.store.markOrderPaid({ orderId, paymentEventId: 'evt_1' });
    return orderId;
  }
  async function ready(): Promise<string> {
    const orderId = await pay();
    await database.store.markReadyToShip({ orderId });
    return orderId;
  }
  const refund = (orderId: string, refundId: string, change: { amountMinor?: number; restock?: StockLine[] } = {}) =>
    database.store.requestRefund({
      orderId,
      refundId,
      fingerprint: 'f',
      amountMinor: null,
      reason: null,
      requestedBy: 'anna',
      restock: [],
      replaces: null,
      ...change,
    });
  /** Refunds one minor unit, and puts the only piece of the order back into stock. */
  const returnAll = (orderId: string) =>
    refund(orderId, `ref_${orderId}`, { amountMinor: 1, restock: [{ productId: 1, quantity: 1 }] });
  const dispute = (orderId: string, status: DisputeStatus) => {
    const opened = { gatewayDisputeId: `dp_${orderId}`, amountMinor: 9999, reason: null, createdAt: '2026-01-01' };
    const payment = { capturedMinor: 9999, refunds: [], disputes: [{ ...opened, status }] };
    return database.store.recordLedger({ orderId, payment });
  };
  const ship = (orderId: string, change: Partial<typeof parcel> = {}) =>
    database.store.shipOrder({ orderId, ...parcel, ...change, operator: 'anna' });
  const read = async (orderId: string) => {
    const order = await database.store.readOrder(orderId);
    if (order === undefined) throw new Error('there is no such order');
    return order;
  };

  it('is recorded once, and a repetition with the same parcel changes nothing', async () => {
    const orderId = await ready();
    expect(await ship(orderId)).toBe('shipped');
    const shipped = await read(orderId);
    expect(shipped).toMatchObject({
      ...parcel,
      status: 'DISPATCHED',
      progressRemaining: 0,
      shippedAt: expect.any(Date),
    });
    expect(await ship(orderId)).toBe('shipped');
    expect(await ship(orderId, { carrier: 'UPS' })).toBe('other_parcel');
    expect(await database.store.shipOrder({ orderId, carrier: null, trackingUrl: null, operator: 'anna' })).toBe(
      'other_parcel',
    );
    expect(await database.store.cancelPaidOrder({ orderId })).toMatchObject({ status: 'DISPATCHED' });
    expect(await database.store.markReadyToShip({ orderId })).toMatchObject({ status: 'DISPATCHED' });
    expect(await read(orderId)).toEqual(shipped);
    const { actions } = (await database.store.readOrderRecord(orderId)) ?? {};
    expect(actions).toMatchObject([{ kind: 'ship', operator: 'anna', subject: null }]);
  });

  it('can be corrected, which sends an event once and records the earlier parcel', async () => {
    await database.store.renewEventReceiver({ urlDigest: 'digest' });
    const orderId = await ready();
    const correct = (carrier: string | null, versions?: number[]) =>
      database.store.correctShipment({ orderId, carrier, trackingUrl: parcel.trackingUrl, operator: 'ben', versions });
    expect(await correct('UPS')).toBe('not_shipped');
    await ship(orderId);
    const { version } = await read(orderId);
    const outcomes = await Promise.all([correct('UPS'), correct('UPS', [version]), correct('UPS')]);
    expect(outcomes).toEqual(['corrected', 'corrected', 'corrected']);
    expect(await correct('DPD', [version])).toBe('other_version');
    expect(await correct(null)).toBe('corrected');
    expect(await read(orderId)).toMatchObject({ status: 'DISPATCHED', carrier: null, trackingUrl: parcel.trackingUrl });
    const { actions = [] } = (await database.store.readOrderRecord(orderId)) ?? {};
    expect(actions.slice(1)).toMatchObject([
      { kind: 'correct_shipment', operator: 'ben', subject: 'DHL https://carrier.example/1' },
      { kind: 'correct_shipment', operator: 'ben', subject: 'UPS https://carrier.example/1' },
    ]);
    const events = await database.sql<{ type: string }[]>`
      select type from outgoing_events where order_id = ${orderId} order by sequence`;
    const corrected = 'order.shipment_corrected';
    expect(events.map(({ type }) => type).slice(-3)).toEqual(['order.shipped', corrected, corrected]);
    await database.sql`truncate outgoing_events, event_receivers`;
  });

  it('is corrected by exactly one of several operators who have seen the same version', async () => {
    const orderId = await ready();
    await ship(orderId);
    const versions = [(await read(orderId)).version];
    const carriers = ['UPS', 'DPD', 'GLS'];
    const outcomes = await Promise.all(
      carriers.map((carrier) =>
        database.store.correctShipment({ orderId, carrier, trackingUrl: null, operator: carrier, versions }),
      ),
    );
    expect(outcomes.toSorted()).toEqual(['corrected', 'other_version', 'other_version']);
    expect((await read(orderId)).carrier).toBe(carriers[outcomes.indexOf('corrected')]);
    const { actions = [] } = (await database.store.readOrderRecord(orderId)) ?? {};
    expect(actions).toHaveLength(2);
  });

  it('needs neither a carrier nor a link', async () => {
    const orderId = await ready();
    expect(await database.store.shipOrder({ orderId, carrier: null, trackingUrl: null, operator: 'anna' })).toBe(
      'shipped',
    );
    expect(await read(orderId)).toMatchObject({ status: 'DISPATCHED', carrier: null, trackingUrl: null });
  });

  it.each<[string, () => Promise<string>, string | undefined]>([
    ['does not exist', async () => newOrderId(), undefined],
    ['has demo fulfilment', () => pay('demo'), 'not_manual'],
    ['is not paid', () => place(), 'not_paid'],
    ['is not ready and can still lack its buyer', () => pay(), 'not_ready'],
    [
      'is cancelled',
      async () => {
        const orderId = await ready();
        await database.store.cancelPaidOrder({ orderId });
        return orderId;
      },
      'cancelled',
    ],
    [
      'is refunded',
      async () => {
        const orderId = await ready();
        await refund(orderId, 'ref_all');
        return orderId;
      },
      'paid_back',
    ],
    [
      'is disputed, and the dispute is lost',
      async () => {
        const orderId = await ready();
        await dispute(orderId, 'lost');
        return orderId;
      },
      'paid_back',
    ],
    [
      'has all of its pieces back in stock',
      async () => {
        const orderId = await ready();
        await returnAll(orderId);
        return orderId;
      },
      'all_returned',
    ],
  ])('is refused if the order %s', async (_what, orderWith, outcome) => {
    const orderId = await orderWith();
    const before = await database.store.readOrder(orderId);
    expect(await ship(orderId)).toBe(outcome);
    expect(await database.store.readOrder(orderId)).toEqual(before);
  });

  it('is possible again after the refund of everything has failed', async () => {
    const orderId = await ready();
    await refund(orderId, 'ref_failing');
    const made = { gatewayRefundId: 're_failing', refundId: 'ref_failing', amountMinor: 9999, createdAt: '' };
    const payment = { capturedMinor: 9999, refunds: [{ ...made, status: 'failed' as const }], disputes: [] };
    await database.store.recordLedger({ orderId, payment });
    expect(await ship(orderId)).toBe('shipped');
  });

  it('accepts exactly one of several concurrent parcels', async () => {
    const orderId = await ready();
    const carriers = ['DHL', 'UPS', 'DPD', 'GLS'];
    const outcomes = await Promise.all(carriers.map((carrier) => ship(orderId, { carrier })));
    expect(outcomes.filter((outcome) => outcome === 'shipped')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'other_parcel')).toHaveLength(3);
    expect((await read(orderId)).carrier).toBe(carriers[outcomes.indexOf('shipped')]);
  });

  it(`wins or loses against a cancellation, in ${races} races, and money and stock agree`, async () => {
    const { inventory } = await stockOf(database.sql);
    const winners: Record<string, number> = { DISPATCHED: 0, CANCELLED: 0 };
    for (let race = 0; race < races; race++) {
      const orderId = await ready();
      const cancel = () => database.store.cancelPaidOrder({ orderId });
      const [outcome, cancelled] =
        race % 2 === 0
          ? await Promise.all([ship(orderId), cancel()])
          : await Promise.all([cancel(), ship(orderId)]).then(([state, shipped]) => [shipped, state] as const);
      const { status, refundedMinor, shippedAt } = await read(orderId);
      const isShipped = status === 'DISPATCHED';
      expect([outcome, cancelled.status]).toEqual([isShipped ? 'shipped' : 'cancelled', status]);
      expect([shippedAt !== null, refundedMinor]).toEqual([isShipped, isShipped ? 0 : 9999]);
      winners[status] = (winners[status] ?? 0) + 1;
    }
    const { DISPATCHED: sold = 0, CANCELLED: released = 0 } = winners;
    expect(sold + released).toBe(races);
    expect(await stockOf(database.sql)).toEqual({ inventory: inventory - sold, movements: inventory - sold });
  });

  it('removes the order from the list of orders to ship, which lists the oldest first, page by page', async () => {
    await database.sql`truncate orders cascade`;
    const orderIds = [await ready(), await ready(), await ready()];
    await pay('demo');
    await pay();
    const list = async (before?: number) => database.store.searchOrders({ toShip: true, limit: 2, before });
    const first = await list();
    expect(first.orders.map(({ orderId }) => orderId)).toEqual(orderIds.slice(0, 2));
    expect((await list(first.nextBefore)).orders.map(({ orderId }) => orderId)).toEqual(orderIds.slice(2));
    expect(await database.store.countOrders()).toMatchObject({ PAID: 5, toShip: 3 });
    expect(await database.store.readOrdersToShip()).toMatchObject({ count: 3 });

    await ship(orderIds[0] ?? '');
    expect((await list()).orders.map(({ orderId }) => orderId)).toEqual(orderIds.slice(1));
    expect(await database.store.countOrders()).toMatchObject({ PAID: 4, toShip: 2, DISPATCHED: 1 });
  });

  it('is not needed if the shopper has all of the payment back: an operator must cancel the order', async () => {
    await database.sql`truncate orders cascade`;
    const { store } = database;
    const [open, disputed, refunded] = [await ready(), await ready(), await ready()];
    const listed = async () =>
      (await store.searchOrders({ toShip: true, limit: 10 })).orders.map(({ orderId }) => orderId);
    const needing = async () =>
      (await store.listAttention({ limit: 10 })).flatMap(({ kind, orderId }) => (kind === 'stock_kept' ? orderId : []));
    for (const orderId of [open, disputed]) await dispute(orderId, 'open');
    await refund(refunded, 'ref_whole');
    // Nobody ships an order before its dispute is decided.
    expect([await listed(), await needing()]).toEqual([[], []]);
    expect([(await store.countOrders()).toShip, (await store.readOrdersToShip()).count]).toEqual([0, 0]);
    await dispute(open, 'won');
    await dispute(disputed, 'lost');
    const made = { gatewayRefundId: 're_whole', refundId: 'ref_whole', amountMinor: 9999, createdAt: '' };
    const payment = { capturedMinor: 9999, refunds: [{ ...made, status: 'succeeded' as const }], disputes: [] };
    await store.recordLedger({ orderId: refunded, payment });
    expect([await listed(), (await needing()).toSorted()]).toEqual([[open], [disputed, refunded].toSorted()]);
    expect(await store.countOrders()).toMatchObject({ PAID: 3, toShip: 1 });
    expect(await store.readOrdersToShip()).toMatchObject({ count: 1 });
    // The pieces are still in the shop.
    expect(await store.readStockLevel(1)).toMatchObject({ reserved: 3 });
    expect(await ship(open)).toBe('shipped');
    for (const orderId of [disputed, refunded]) await store.cancelPaidOrder({ orderId });
    expect([await listed(), await needing()]).toEqual([[], []]);
    expect(await store.readStockLevel(1)).toMatchObject({ reserved: 0 });
  });

  it('is not needed if all pieces are back in stock: the order leaves the list, and its buyer is erased later', async () => {
    await database.sql`truncate orders cascade`;
    const [orderId, returned] = [await ready(), await ready()];
    const buyer = {
      phone: null,
      line1: '1 Road',
      line2: null,
      city: null,
      postalCode: null,
      region: null,
      country: 'GB',
    };
    for (const each of [orderId, returned]) {
      await database.store.recordBuyer({ orderId: each, name: 'Avery', email: 'a@example.org', ...buyer });
    }
    await returnAll(returned);
    const listed = await database.store.searchOrders({ toShip: true, limit: 10 });
    expect(listed.orders.map((order) => order.orderId)).toEqual([orderId]);
    expect(await database.store.countOrders()).toMatchObject({ PAID: 2, toShip: 1 });
    expect(await database.store.readOrdersToShip()).toMatchObject({ count: 1 });
    expect(await database.store.listUnfinished({ unchangedMs: 0, limit: 10 })).toEqual([]);
    await database.sql`update orders set updated_at = now() - interval '30 days'`;
    await database.sql`update buyers set created_at = now() - interval '30 days'`;
    expect(await database.store.eraseOldBuyers({ days: 20, limit: 10 })).toEqual([returned]);
    const cancel = () => database.store.cancelPaidOrder({ orderId: returned });
    expect(await cancel()).toMatchObject({ status: 'PAID' });
    await database.store.recordCancelRequest({ orderId: returned, operator: 'anna' });
    expect(await cancel()).toMatchObject({ status: 'CANCELLED' });
  });

  it('becomes unnecessary through exactly one of two racing calls: a cancellation, or a refund that returns all pieces', async () => {
    for (let race = 0; race < 20; race++) {
      const orderId = await ready();
      const calls = [() => database.store.cancelPaidOrder({ orderId }), () => returnAll(orderId)];
      await Promise.all((race % 2 === 0 ? calls : calls.toReversed()).map((call) => call()));
      const { status, refundedMinor, items } = await read(orderId);
      const isKept = { status: 'PAID', refundedMinor: 1, returned: 1 };
      const isCancelled = { status: 'CANCELLED', refundedMinor: 9999, returned: 0 };
      expect([isKept, isCancelled]).toContainEqual({ status, refundedMinor, returned: items[0]?.returned });
    }
  });

  it('waits for an operator, so the reconciler does not list an order that is ready to ship', async () => {
    await database.sql`truncate orders cascade`;
    const [waiting, unready] = [await ready(), await pay()];
    await database.sql`update orders set updated_at = now() - interval '30 days'`;
    const unfinished = await database.store.listUnfinished({ unchangedMs: 1000, limit: 10 });
    expect(unfinished.map(({ orderId }) => orderId)).toEqual([unready]);
    expect(await database.store.readOrderFacts({ orderIds: [waiting] })).toMatchObject([{ isReadyToShip: true }]);
    expect((await database.store.readOrdersToShip()).oldestSeconds).toBeLessThan(60);
  });
});
