import { MockActivityEnvironment } from '@temporalio/testing';
import type { Logger } from '@temporalio/common';
import { createTestDatabase, newOrderId, type TestDatabase, testMonitor } from '@widget-store/tests';
import type { Comparison, LedgerMark } from '@widget-store/contract';
import type { LedgerPayment, ListingGateway, PaymentGateway } from '../gateway';
import { compareLedger } from './compareLedger';
import { maxPerKind } from './summarize';

const overlapMs = 15 * 60_000;
const hour = 60 * 60_000;

/** As in the runs of the Schedule, each comparison gets the mark that an earlier comparison has returned, or null. */
describe('the comparison of the ledger', () => {
  let database: TestDatabase;
  const payments: LedgerPayment[] = [];
  const asked: number[] = [];
  const gateway: ListingGateway = {
    createPayment: () => Promise.reject(new Error('not used here')),
    refund: () => Promise.reject(new Error('not used here')),
    getBuyer: () => Promise.reject(new Error('not used here')),
    closePayment: () => Promise.reject(new Error('not used here')),
    getPayment: (paymentId) => Promise.resolve(payments.find((payment) => payment.paymentId === paymentId) ?? null),
    listPayments: ({ updatedSince }) => {
      asked.push(Date.parse(updatedSince));
      return Promise.resolve({
        payments: payments.filter(({ updatedAt }) => updatedAt >= updatedSince),
        nextCursor: null,
      });
    },
  };

  const warnings: string[] = [];
  const silent = (): void => {};
  const logger: Logger = {
    log: silent,
    trace: silent,
    debug: silent,
    info: silent,
    warn: (message) => void warnings.push(message),
    error: silent,
  };

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  const compare = (mark: LedgerMark | null, at: PaymentGateway = gateway): Promise<Comparison<LedgerMark>> => {
    const deps = { gateway: at, store: database.store, monitor: testMonitor() };
    const run = () => compareLedger(deps, { graceMs: 0, mark });
    return new MockActivityEnvironment({}, { logger }).run(run);
  };
  const comparedFrom = (): number => (asked.at(-1) ?? Number.NaN) + overlapMs;
  /** Sets `compared_at` to a time in the past, as the restore of a backup does. */
  const restoreRecord = (ageMs: number) =>
    database.sql`update comparisons set compared_at = ${new Date(Date.now() - ageMs)} where name = 'ledger'`;
  const lostPayment = (number: number, ageMs: number): LedgerPayment => ({
    paymentId: `pay_${number}`,
    status: 'paid',
    amountMinor: 9999,
    currency: 'USD',
    capturedMinor: 9999,
    refundedMinor: 0,
    refunds: [],
    disputes: [],
    updatedAt: new Date(Date.now() - ageMs).toISOString(),
  });

  it('finds every payment that changed between the backup and the last comparison', async () => {
    const first = await compare(null);
    const second = await compare(first.mark);
    const third = await compare(second.mark);
    expect(comparedFrom()).toBe(Date.parse(second.mark.comparedAt));

    payments.push(...Array.from({ length: maxPerKind + 1 }, (_, number) => lostPayment(number, 3 * hour)));
    expect((await compare(third.mark)).found).toEqual({});
    await restoreRecord(4 * hour);
    const restored = await compare(third.mark);
    expect(restored.found).toEqual({ capture_without_order: maxPerKind + 1 });
    // A retry finds the same anomalies. Temporal retries the activity, for example, if the worker dies before it
    // reports the result.
    expect((await compare(third.mark)).found).toEqual(restored.found);
    expect(warnings).toEqual([
      'Postgres was restored; comparing what changed since',
      'Postgres was restored; comparing what changed since',
    ]);

    // The next comparison finds the one payment that the limit left out.
    payments.splice(0, maxPerKind);
    const rest = await compare(restored.mark);
    expect(rest.anomalies).toMatchObject([{ kind: 'capture_without_order', paymentId: `pay_${maxPerKind}` }]);
    payments.length = 0;
    const quiet = await compare(rest.mark);
    expect(quiet.found).toEqual({});
    await compare(quiet.mark);
    expect(comparedFrom()).toBe(Date.parse(quiet.mark.comparedAt));
  });

  describe('of an order whose events were lost', () => {
    /** A pending order whose payment is captured. The gateway no longer lists the payment, because it is old. */
    async function placedPayment() {
      const orderId = newOrderId();
      const request = { fingerprint: 'f', requestId: 'r', paymentWindowMs: 60_000, idempotencyKey: orderId, orderId };
      const placed = await database.store.placeOrder({ ...request, lines: [{ productId: 1, quantity: 1 }] });
      const payment = { ...lostPayment(0, 100 * hour), paymentId: String(placed.paymentId) };
      payments.push(payment);
      return { orderId, payment };
    }
    /** The same with a paid order. */
    async function oldPayment() {
      const placed = await placedPayment();
      await database.store.markOrderPaid({ orderId: placed.orderId, paymentEventId: 'evt_1' });
      return placed;
    }
    const refund = { gatewayRefundId: 're_1', refundId: null, amountMinor: 1, createdAt: new Date().toISOString() };
    const dispute = { gatewayDisputeId: 'dp_1', reason: null, amountMinor: 1, createdAt: new Date().toISOString() };
    const read = (orderId: string) => database.store.readOrderRecord(orderId);
    /** Makes the last change of an order so old that a first comparison does not list the order. */
    const age = (orderId: string) =>
      database.sql`update orders set updated_at = now() - interval '100 hours' where order_id = ${orderId}`;

    it('records the end of a pending refund and of an open dispute', async () => {
      const { orderId, payment } = await oldPayment();
      for (const status of ['pending', 'failed'] as const) {
        Object.assign(payment, { refunds: [{ ...refund, status }] });
        expect((await compare(null)).found).toEqual({});
        expect((await read(orderId))?.order.refunds).toMatchObject([{ source: 'gateway', status }]);
        await age(orderId);
      }
      await database.store.recordLedger({
        orderId,
        payment: { ...payment, disputes: [{ ...dispute, status: 'open' }] },
      });
      await age(orderId);
      for (const status of ['open', 'lost'] as const) {
        Object.assign(payment, { disputes: [{ ...dispute, status }] });
        expect((await compare(null)).found).toEqual({});
        expect((await read(orderId))?.disputes).toMatchObject([{ status, amountMinor: 1 }]);
      }
    });

    describe('at a gateway that cannot list payments', () => {
      const { listPayments: _listPayments, ...asking } = gateway;
      const askOrderByOrder = async (orderId: string) => {
        const { anomalies } = await compare(null, asking);
        return anomalies.filter((anomaly) => anomaly.orderId === orderId);
      };

      it('finds a payment that a pending order has not noticed', async () => {
        const { orderId, payment } = await placedPayment();
        expect(await askOrderByOrder(orderId)).toMatchObject([
          { kind: 'payment_not_noticed', paymentId: payment.paymentId, repair: { action: 'signal_paid', orderId } },
        ]);
      });

      it('finds a payment of a cancelled order', async () => {
        const { orderId } = await placedPayment();
        await database.store.cancelOrder({ orderId, reason: 'payment_expired' });
        expect(await askOrderByOrder(orderId)).toMatchObject([
          { kind: 'captured_for_cancelled_order', repair: { action: 'refund', orderId } },
        ]);
      });

      it('records a refund of a paid order, if the order has changed recently', async () => {
        const [recent, old] = [await oldPayment(), await oldPayment()];
        await age(old.orderId);
        for (const { payment } of [recent, old]) {
          const made = { ...refund, gatewayRefundId: `re_${payment.paymentId}`, status: 'succeeded' };
          Object.assign(payment, { refundedMinor: 1, refunds: [made] });
        }
        expect(await askOrderByOrder(recent.orderId)).toEqual([]);
        expect((await read(recent.orderId))?.order.refunds).toMatchObject([{ source: 'gateway', amountMinor: 1 }]);
        expect((await read(old.orderId))?.order.refunds).toEqual([]);
      });
    });

    it('reports a refund that the gateway does not have', async () => {
      const { orderId, payment } = await oldPayment();
      const refunds = [{ ...refund, gatewayRefundId: 're_2', status: 'succeeded' as const }];
      await database.store.recordLedger({ orderId, payment: { capturedMinor: 9999, disputes: [], refunds } });
      const { anomalies, mark } = await compare(null);
      expect(anomalies).toMatchObject([{ kind: 'unknown_at_gateway', orderId, repair: null }]);
      expect(mark.paymentIds).toEqual([payment.paymentId]);
    });
  });

  it('begins at `compared_at` of a restored database if Temporal has lost the mark too', async () => {
    await restoreRecord(100 * hour);
    await compare(null);
    expect(comparedFrom()).toBeLessThanOrEqual(Date.now() - 100 * hour);
  });
});
