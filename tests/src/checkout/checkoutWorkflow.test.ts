import type { CheckoutResult } from '@widget-store/workflows';
import { checkoutWorkflowId, dispatchWorkflowId } from '@widget-store/contract';
import { orderIdQuery, paymentIdQuery, paymentSignal, reservationUpdate } from '@widget-store/workflows/messages';
import { setAvailable, stockOf } from '../support/store/database';
import { eventually } from '../support/eventually';
import { forgetCheckout } from '../support/temporal/forget';
import { openWorkflowBench, type StartedCheckout, type WorkflowBench } from '../support/temporal/workflows';

describe('the checkout workflow on a Temporal server', () => {
  let bench: WorkflowBench;

  beforeAll(async () => {
    bench = await openWorkflowBench({ tickMs: 100 });
  });
  afterAll(() => bench.close());
  beforeEach(() => setAvailable(bench.database.store, 100));

  const available = async () => (await stockOf(bench.database.sql)).inventory;
  const pay = ({ run }: StartedCheckout, status: string) => run.signal(paymentSignal, { status });
  const ordersOf = (key: string) => bench.database.sql`select order_id from orders where idempotency_key = ${key}`;

  it('paid: reserves the stock, returns both ids by Query, marks the order as paid and starts the dispatch', async () => {
    const checkout = await bench.checkout();
    expect(await checkout.run.query(paymentIdQuery)).toMatch(/^pay_/);
    expect(await checkout.run.query(orderIdQuery)).toBeNull();
    expect(await available()).toBe(99);

    await pay(checkout, 'paid');
    const result = await checkout.run.result();
    const order = await bench.readOrder(checkout);
    expect(result).toMatchObject({ orderId: order.orderId, status: 'PAID' });
    expect(await checkout.run.query(orderIdQuery)).toBe(order.orderId);

    const dispatch = bench.client.getHandle(dispatchWorkflowId(order.orderId));
    await dispatch.result();
    expect(await bench.readOrder(checkout)).toMatchObject({
      status: 'DISPATCHED',
      progressRemaining: 0,
      paymentStatus: 'paid',
    });
    expect(await available()).toBe(99);
  });

  it.each(['failed', 'cancelled', 'PAID', 'paid '])(
    'payment %j: cancels the order and releases its stock',
    async (status) => {
      const checkout = await bench.checkout();
      await pay(checkout, status);
      await checkout.run.result();
      expect(await bench.readOrder(checkout)).toMatchObject({ status: 'CANCELLED', cancelReason: 'payment_failed' });
      expect(await checkout.run.query(orderIdQuery)).toBe((await bench.readOrder(checkout)).orderId);
      expect(await available()).toBe(100);
    },
  );

  it.each([
    ['nothing', []],
    ['a string', ['paid']],
    ['null', [null]],
    ['no status', [{}]],
  ])('ignores a payment signal with %s', async (_name, args) => {
    const checkout = await bench.checkout();
    await checkout.run.signal(paymentSignal.name, ...args);
    expect(await checkout.run.query(orderIdQuery)).toBeNull();
    await pay(checkout, 'paid');
    expect(await checkout.run.result()).toMatchObject({ status: 'PAID' });
  });

  it('sold out: cancels the order and returns no payment id', async () => {
    await setAvailable(bench.database.store, 0);
    const checkout = await bench.checkout();
    expect(await checkout.run.query(paymentIdQuery)).toBeNull();
    expect(await checkout.run.result()).toMatchObject({ paymentId: null, status: 'CANCELLED' });
    expect(await bench.readOrder(checkout)).toMatchObject({
      status: 'CANCELLED',
      cancelReason: 'sold_out',
      paymentStatus: 'none',
    });
    expect(await available()).toBe(0);
  });

  it('an unknown product: fails the reservation, and ends with the refusal as its result', async () => {
    await bench.stopWorker();
    const run = await bench.startWithPayment({ status: 'paid', productId: 404 });
    const reservation = run.executeUpdate(reservationUpdate);
    await bench.startWorker();
    await expect(reservation).rejects.toMatchObject({ cause: { type: 'ProductNotFound' } });
    expect(await run.result()).toEqual({ refusal: 'ProductNotFound', fingerprint: 'f' });
    expect(await run.query(paymentIdQuery)).toBeNull();
  });

  it('a locked product: reports the lock after one local attempt, and places the order after the unlock', async () => {
    const run = await bench.database.sql.begin(async (sql) => {
      await sql`update products set description = description where product_id = 1`;
      const started = await bench.startWithPayment({ status: 'failed' });
      expect(await started.executeUpdate(reservationUpdate)).toEqual({ delayedBy: 'ProductBusy' });
      return started;
    });
    expect(await run.result()).toMatchObject({ status: 'CANCELLED', cancelReason: 'payment_failed' });
    const { events } = await run.fetchHistory();
    const [marker] = (events ?? []).flatMap((event) => event.markerRecordedEventAttributes?.details?.['data'] ?? []);
    expect(Buffer.from(marker?.payloads?.[0]?.data ?? []).toString()).toContain('"attempt":1,');
  });

  it('no payment within the window: cancels the order and releases its stock', async () => {
    const checkout = await bench.checkout({ paymentWindowMs: 300 });
    await checkout.run.result();
    expect(await bench.readOrder(checkout)).toMatchObject({
      status: 'CANCELLED',
      cancelReason: 'payment_expired',
      paymentStatus: 'expired',
    });
    expect(await available()).toBe(100);
  });

  it('accepts a payment signal that precedes its first workflow task', async () => {
    const run = await bench.startWithPayment({ status: 'paid' });
    expect(await run.result()).toMatchObject({ status: 'PAID' });
    expect(await run.query(paymentIdQuery)).toMatch(/^pay_/);
  });

  it.each([
    ['paid', 'failed', 'PAID'],
    ['failed', 'paid', 'CANCELLED'],
  ])('after %s, a late %s and repeated signals change nothing', async (first, late, status) => {
    const checkout = await bench.checkout();
    await Promise.all([pay(checkout, first), pay(checkout, first)]);
    // Waits until the order is decided. Before that, a `paid` signal wins over an earlier `failed`.
    await eventually(
      () => checkout.run.query(orderIdQuery),
      (orderId) => orderId !== null,
    );
    await Promise.allSettled([pay(checkout, late), pay(checkout, first), pay(checkout, late)]);
    expect(await checkout.run.result()).toMatchObject({ status });
    expect(await available()).toBe(status === 'PAID' ? 99 : 100);
  });

  it('a second start with the key joins the open run', async () => {
    const first = await bench.checkout();
    const others = await Promise.all(Array.from({ length: 10 }, () => bench.checkout({ key: first.key })));
    const paymentIds = await Promise.all([first, ...others].map(({ run }) => run.query(paymentIdQuery)));
    expect(new Set(paymentIds).size).toBe(1);
    expect(await ordersOf(first.key)).toHaveLength(1);
    expect(await available()).toBe(99);
  });

  it.each(['paid', 'failed'])(
    'a second start after the end (%s) returns the same result as the first',
    async (status) => {
      const first = await bench.checkout();
      const paymentId = await first.run.query(paymentIdQuery);
      await pay(first, status);
      const result = (await first.run.result()) as CheckoutResult;
      const stock = await available();

      const again = await bench.checkout({ key: first.key });
      expect(await again.run.query(paymentIdQuery)).toBe(paymentId);
      expect(await again.run.query(orderIdQuery)).toBe(result.orderId);
      expect(await ordersOf(first.key)).toHaveLength(1);
      expect(await available()).toBe(stock);
    },
  );

  it.each([
    ['paid', 'failed'],
    ['failed', 'paid'],
  ])('a new run after the end (%s) ignores the payment %s', async (status, late) => {
    const first = await bench.checkout();
    await pay(first, status);
    const { orderId, paymentId } = (await first.run.result()) as CheckoutResult;
    const cancelled = (await bench.readOrder(first)).status === 'CANCELLED';
    const stock = await available();

    const again = await bench.startWithPayment({ key: first.key, status: late });
    expect(await again.result()).toMatchObject({ orderId, paymentId });
    expect((await bench.readOrder(first)).status === 'CANCELLED').toBe(cancelled);
    expect(await ordersOf(first.key)).toHaveLength(1);
    expect(await available()).toBe(stock);
  });

  it('if Temporal has deleted the first run, a new run returns the same result', async () => {
    const first = await bench.checkout();
    const paymentId = await first.run.query(paymentIdQuery);
    await pay(first, 'failed');
    const result = await first.run.result();
    await forgetCheckout(bench.client, first.key);

    const again = await bench.checkout({ key: first.key });
    expect(await again.run.query(paymentIdQuery)).toBe(paymentId);
    expect(await again.run.result()).toEqual(result);
    expect(await ordersOf(first.key)).toHaveLength(1);
    expect(await available()).toBe(100);
  });

  it('if Temporal has lost the open run, a new run continues the order', async () => {
    const first = await bench.checkout();
    const paymentId = await first.run.query(paymentIdQuery);
    await forgetCheckout(bench.client, first.key);

    const again = await bench.checkout({ key: first.key });
    expect(await again.run.query(paymentIdQuery)).toBe(paymentId);
    await pay(again, 'paid');
    expect(await again.run.result()).toMatchObject({ paymentId, status: 'PAID' });
    expect(await ordersOf(first.key)).toHaveLength(1);
    expect(await available()).toBe(99);
  });

  it('a cancellation request from the Web UI cancels the order', async () => {
    const checkout = await bench.checkout();
    await checkout.run.cancel();
    expect(await checkout.run.result()).toMatchObject({ status: 'CANCELLED' });
    expect(await bench.readOrder(checkout)).toMatchObject({ cancelReason: 'cancelled', paymentStatus: 'cancelled' });
    expect(await available()).toBe(100);
  });

  async function withoutOrders<Result>(work: () => Promise<Result>): Promise<Result> {
    await bench.database.sql`alter table orders rename to orders_away`;
    try {
      return await work();
    } finally {
      await bench.database.sql`alter table orders_away rename to orders`;
    }
  }

  it('a cancellation request before the reservation leaves the key usable', async () => {
    const key = `cancelled-early-${Date.now()}`;
    const run = bench.client.getHandle(checkoutWorkflowId(key));
    const { waiting } = await withoutOrders(async () => {
      const checkout = bench.checkout({ key });
      await eventually(
        () => run.describe(),
        ({ historyLength }) => historyLength > 3,
      );
      await run.cancel();
      // `checkout` resolves only after `withoutOrders` has restored the table's name. If this function returned the
      // promise itself, `withoutOrders` would await it forever. `withoutOrders` does not await a promise in an object.
      return { waiting: checkout };
    });
    await waiting;
    expect(await run.result()).toMatchObject({ status: 'CANCELLED' });
    expect(await run.query(paymentIdQuery)).toMatch(/^pay_/);
    expect(await (await bench.checkout({ key })).run.query(paymentIdQuery)).toMatch(/^pay_/);
    expect(await available()).toBe(100);
  });

  it('survives an outage of Postgres without filling its history', async () => {
    const key = `outage-${Date.now()}`;
    const run = bench.client.getHandle(checkoutWorkflowId(key));
    const { waiting, historyLength } = await withoutOrders(async () => {
      const checkout = bench.checkout({ key });
      await eventually(
        () => run.describe(),
        ({ raw }) => (raw.pendingActivities?.[0]?.attempt ?? 0) >= 3,
      );
      const described = await run.describe();
      return { waiting: checkout, historyLength: described.historyLength };
    });
    await waiting;
    expect(historyLength).toBeLessThan(20);
    expect(await available()).toBe(99);
  });

  it('needs three workflow tasks and 21 events for a declined checkout', async () => {
    const checkout = await bench.checkout();
    await pay(checkout, 'failed');
    await checkout.run.result();
    const { events } = await checkout.run.fetchHistory();
    const tasks = events?.filter((event) => event.workflowTaskCompletedEventAttributes);
    expect([tasks?.length, events?.length]).toEqual([3, 21]);
  });
});
