import { randomBytes } from 'node:crypto';
import { type OrderStatus, refundStatuses } from '@widget-store/contract';
import * as fc from 'fast-check';
import { lateRefund, newRefund } from '../support/gateway/gateway';
import { newOrderId } from '../support/orderIds';
import { createTestDatabase, type TestDatabase } from '../support/store/database';
import { stockViolations } from '../support/store/invariants';
import { type ModelOrder, type ModelStore, operatorRefundMinor, possibleOutcomes, type StoreEvent } from './orderModel';

const products = [1, 2];
const startingStock = 5;
/** The orders a and b have demo fulfilment. The orders c and d have manual fulfilment. */
const demoOrder = fc.constantFrom('a', 'b');
const manualOrder = fc.constantFrom('c', 'd');
const order = fc.oneof(demoOrder, manualOrder);
const lines = fc
  .subarray(products, { minLength: 1 })
  .chain((chosen) =>
    fc.tuple(...chosen.map((productId) => fc.record({ productId: fc.constant(productId), quantity: fc.nat(2) }))),
  )
  .map((cart) => cart.map(({ productId, quantity }) => ({ productId, quantity: quantity + 1 })));

const event = fc.oneof<fc.WeightedArbitrary<StoreEvent>[]>(
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('placeOrder'),
      order: demoOrder,
      lines,
      fulfilment: fc.constant('demo'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('placeOrder'),
      order: manualOrder,
      lines,
      fulfilment: fc.constant('manual'),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('markOrderPaid'), order }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('cancelOrder'),
      order,
      reason: fc.constantFrom('payment_failed', 'payment_expired', 'cancelled'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cancelPaidOrder'), order }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('tickDispatch'),
      order: demoOrder,
      from: fc.integer({ min: 1, max: 10 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('markReadyToShip'), order }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('shipOrder'), order, carrier: fc.constantFrom('DHL', 'UPS') }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('beginRefund'), order }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('requestRefund'), order }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('recordRefund'), order, status: fc.constantFrom(...refundStatuses) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('restock'),
      productId: fc.constantFrom(...products),
      available: fc.nat(6),
    }),
  },
);

/** Concurrent events. In some bursts, the first event occurs twice. */
const burst = fc
  .tuple(fc.array(event, { minLength: 1, maxLength: 3 }), fc.boolean())
  .map(([events, twice]) => (twice ? [...events, ...events.slice(0, 1)] : events));

/** The ticks of a dispatch. In some dispatches, another event is concurrent with the last tick. */
const dispatch = fc
  .tuple(demoOrder, fc.integer({ min: 1, max: 10 }), fc.option(event))
  .map(([name, last, beside]) =>
    Array.from({ length: 11 - last }, (_, index) => [
      { kind: 'tickDispatch', order: name, from: 10 - index } as const,
      ...(beside !== null && index === 10 - last ? [beside] : []),
    ]),
  );

const story = fc
  .array(fc.oneof({ weight: 5, arbitrary: burst.map((events) => [events]) }, { weight: 1, arbitrary: dispatch }), {
    maxLength: 15,
  })
  .map((parts) => parts.flat());

describe('the states of orders and the answers of concurrent events', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('agree with the model, and stock adds up', async () => {
    const property = fc.asyncProperty(story, async (bursts) => {
      const played = await openStoryStore(database);
      const found = await stockViolations(database.sql);
      let expected = await played.read();
      for (const events of bursts) {
        const answers = await Promise.all(events.map((happening) => played.run(happening)));
        const actual = await played.read();
        expect(possibleOutcomes(expected, events)).toContainEqual({ store: actual, answers });
        expected = actual;
      }
      // A failed story leaves its violations in the database. So the test compares the violations after each story with
      // those before it. Otherwise the shorter stories that fast-check tries next would all fail too.
      expect(await stockViolations(database.sql)).toEqual(found);
    });
    await fc.assert(property, { numRuns: 200 });
  });
});

const operatorRefundOf = (orderId: string): string => `ref_operator_${orderId}`;

/** Prepares the database for one story, which has its own orders. Every story starts with the same stock. */
async function openStoryStore({ store, sql }: TestDatabase) {
  const prefix = randomBytes(6).toString('hex');
  const orderIds = new Map<string, string>();
  for (const productId of products) await store.restock({ productId, available: startingStock });

  /** @returns the order's status after the call; undefined for a restock, or if the order does not exist */
  async function run(happening: StoreEvent): Promise<string | undefined> {
    switch (happening.kind) {
      case 'restock':
        await store.restock(happening);
        return undefined;
      case 'placeOrder': {
        const request = { fingerprint: 'f', requestId: 'r', paymentWindowMs: 60_000 };
        const idempotencyKey = `${prefix}-${happening.order}`;
        const placed = await store.placeOrder({
          ...request,
          orderId: newOrderId(),
          idempotencyKey,
          lines: happening.lines,
          fulfilment: happening.fulfilment,
        });
        orderIds.set(happening.order, placed.orderId);
        return placed.status;
      }
      default: {
        const orderId = orderIds.get(happening.order);
        if (orderId === undefined) return undefined;
        return (await runOnOrder(happening, orderId)) ?? (await store.readDispatchProgress({ orderId })).status;
      }
    }
  }

  /** @returns the status that the call returns; undefined if the call returns none */
  async function runOnOrder(
    happening: Exclude<StoreEvent, { kind: 'restock' | 'placeOrder' }>,
    orderId: string,
  ): Promise<OrderStatus | undefined> {
    switch (happening.kind) {
      case 'markOrderPaid':
        return (await store.markOrderPaid({ orderId })).status;
      case 'cancelOrder':
        return (await store.cancelOrder({ orderId, reason: happening.reason })).status;
      case 'cancelPaidOrder':
        return (await store.cancelPaidOrder({ orderId })).status;
      case 'tickDispatch':
        return (await store.tickDispatch({ orderId, from: happening.from })).status;
      case 'markReadyToShip':
        return (await store.markReadyToShip({ orderId })).status;
      case 'shipOrder':
        await store.shipOrder({ orderId, carrier: happening.carrier, trackingUrl: null, operator: 'anna' });
        return undefined;
      case 'beginRefund': {
        const placed = await store.readOrder(orderId);
        await store.beginRefund(lateRefund({ orderId }, placed?.totalMinor));
        return undefined;
      }
      case 'requestRefund': {
        const productId = (await store.readOrder(orderId))?.items[0]?.productId ?? 0;
        await store.requestRefund({
          ...newRefund({ orderId }, operatorRefundMinor),
          refundId: operatorRefundOf(orderId),
          restock: [{ productId, quantity: 1 }],
        });
        return undefined;
      }
      case 'recordRefund': {
        const { refunds = [], capturedMinor = 0 } = (await store.readOrder(orderId)) ?? {};
        const refundId = operatorRefundOf(orderId);
        if (!refunds.some((refund) => refund.refundId === refundId)) return undefined;
        const made = { gatewayRefundId: `re_${orderId}`, refundId, amountMinor: operatorRefundMinor, createdAt: '' };
        await store.recordLedger({
          orderId,
          payment: { capturedMinor, refunds: [{ ...made, status: happening.status }], disputes: [] },
        });
        return undefined;
      }
      default:
        return happening satisfies never;
    }
  }

  async function read(): Promise<ModelStore> {
    const [orders, stock] = await Promise.all([
      sql<(ModelOrder & { key: string; lines: ModelStore['orders'][string]['lines'] })[]>`
        select idempotency_key as key, status, payment_status as "paymentStatus", cancel_reason as "cancelReason",
          progress_remaining as "progressRemaining", fulfilment, ready_at is not null as "isReady", carrier,
          captured_minor::int as "capturedMinor",
          coalesce((select amount_minor from refunds r where r.order_id = o.order_id and source <> 'operator'), 0)::int
            as "ownRefundMinor",
          (select status from refunds r where r.order_id = o.order_id and source = 'operator') as "operatorRefund",
          (select sum(returned) from order_items i where i.order_id = o.order_id)::int as returned,
          (select json_agg(json_build_object('productId', product_id, 'quantity', quantity) order by product_id)
            from order_items i where i.order_id = o.order_id) as lines
        from orders o where idempotency_key like ${`${prefix}-%`}`,
      sql<{ id: number; inventory: number }[]>`
        select product_id as id, inventory::int from products where product_id in ${sql(products)}`,
    ]);
    return {
      orders: Object.fromEntries(orders.map(({ key, ...state }) => [key.slice(prefix.length + 1), state])),
      inventory: Object.fromEntries(stock.map(({ id, inventory }) => [id, inventory])),
    };
  }

  return { run, read };
}
