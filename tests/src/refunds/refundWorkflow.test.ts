import type { WorkflowHandle } from '@temporalio/client';
import type { CheckoutResult } from '@widget-store/workflows';
import { dispatchWorkflowId, type RefundCause } from '@widget-store/contract';
import { cancelUpdate, orderIdQuery, paymentSignal } from '@widget-store/workflows/messages';
import { setAvailable, stockOf } from '../support/store/database';
import { eventually } from '../support/eventually';
import { type TestGateway, testGateway } from '../support/gateway/gateway';
import { runEnds } from '../support/temporal/runEnds';
import { openWorkflowBench, type StartedCheckout, type WorkflowBench } from '../support/temporal/workflows';

const tickMs = 200;

describe('money that comes late, or must go back, on a Temporal server', () => {
  let bench: WorkflowBench;
  /** How often the gateway does not answer a refund from now on. */
  let silences = 0;
  /** The gateway says how a payment stands once this is so. */
  let pageLeft = Promise.resolve();

  beforeAll(async () => {
    const gateway = testGateway();
    const away = Object.assign(new Error('away'), { name: 'GatewayError', code: 'GatewayUnavailable' });
    const refund: TestGateway['refund'] = (asked) => (silences-- > 0 ? Promise.reject(away) : gateway.refund(asked));
    const closePayment: TestGateway['closePayment'] = async (paymentId) => {
      await pageLeft;
      return gateway.closePayment(paymentId);
    };
    bench = await openWorkflowBench({ tickMs, gateway: { ...gateway, refund, closePayment } });
  });
  afterAll(() => bench.close());
  beforeEach(() => setAvailable(bench.database.store, 100));
  beforeEach(() => {
    silences = 0;
    bench.monitor.refunds.length = 0;
  });

  const available = async () => (await stockOf(bench.database.sql)).inventory;
  const settle = (paymentId: string, amountMinor?: number) => bench.gateway.settle(paymentId, 'pay', amountMinor);
  const tell = ({ run }: StartedCheckout, status: string) => run.signal(paymentSignal, { status });
  const lateRefund = ({ orderId, paymentId }: StartedCheckout) =>
    bench.refund({ orderId, paymentId, reportedPaid: true });
  const ended = (runs: (WorkflowHandle | null)[]) =>
    Promise.all(runs.filter((run) => run !== null).map((run) => run.result()));
  const dispatchOf = ({ orderId }: StartedCheckout) => bench.client.getHandle(dispatchWorkflowId(orderId));

  /**
   * An order whose shopper leaves the gateway's page without anybody telling the store. The look at the gateway, at the
   * window's end, waits for it: a short window does, however slow the machine is.
   */
  async function placeUnheard(leavePage: (placed: StartedCheckout) => Promise<void>): Promise<StartedCheckout> {
    let hasLeft = (): void => {};
    pageLeft = new Promise((resolve) => (hasLeft = resolve));
    try {
      const placed = await bench.checkout({ paymentWindowMs: 500 });
      await leavePage(placed);
      return placed;
    } finally {
      hasLeft();
    }
  }

  const until = (placed: StartedCheckout, paymentStatus: string) =>
    eventually(
      () => bench.readOrder(placed),
      (order) => order.paymentStatus === paymentStatus,
    );

  /** The order shows what the gateway gave back, the gateway gave it once, and every run has ended in good order. */
  async function expectRefunded(placed: StartedCheckout, cause: RefundCause, amountMinor = 9999): Promise<void> {
    const order = await until(placed, 'refunded');
    expect(order).toMatchObject({ status: 'CANCELLED', refundedMinor: amountMinor });
    expect(order.refundId).toMatch(/^re_/);
    expect(order.refundedAt).not.toBeNull();
    expect(await bench.gateway.keptMinor(placed.paymentId)).toBe(0);
    expect(await bench.gateway.refunds(placed.paymentId)).toBe(1);
    expect(new Set(await runEnds(bench.client, placed))).toEqual(new Set(['COMPLETED']));
    expect(await available()).toBe(100);
    expect(bench.monitor.refunds).toEqual([cause]);
  }

  describe("at the payment window's end", () => {
    it('a payment whose webhook was lost pays the order', async () => {
      const placed = await placeUnheard(({ paymentId }) => settle(paymentId));
      expect(await placed.run.result()).toMatchObject({ status: 'PAID' });
      expect(await bench.readOrder(placed)).toMatchObject({ paymentStatus: 'paid', refundedMinor: 0 });
      expect(await bench.gateway.keptMinor(placed.paymentId)).toBe(9999);
      expect(await available()).toBe(99);
    });

    it.each([1, 10_000])('another amount (%s) never pays the order, and is given back', async (amountMinor) => {
      const placed = await placeUnheard(({ paymentId }) => settle(paymentId, amountMinor));
      expect(await placed.run.result()).toMatchObject({ status: 'CANCELLED' });
      await expectRefunded(placed, 'late', amountMinor);
      expect((await bench.readOrder(placed)).cancelReason).toBe('payment_expired');
    });

    it('a payment that was declined, and nobody told of, expires', async () => {
      const placed = await placeUnheard(({ paymentId }) => bench.gateway.settle(paymentId, 'decline'));
      expect(await placed.run.result()).toMatchObject({ status: 'CANCELLED' });
      expect(await bench.readOrder(placed)).toMatchObject({ paymentStatus: 'expired', refundedAt: null });
    });
  });

  describe('paid after the order was cancelled', () => {
    it.each([
      ['failed', 'payment_failed'],
      ['expired', 'payment_expired'],
    ])('(%s) is given back once, however often it is told', async (how, cancelReason) => {
      const placed = await bench.checkout(how === 'expired' ? { paymentWindowMs: 100 } : {});
      if (how === 'failed') await tell(placed, 'failed');
      await placed.run.result();
      await settle(placed.paymentId);

      const told = [
        ...(await Promise.all(Array.from({ length: 5 }, () => lateRefund(placed)))),
        await lateRefund(placed),
      ];
      await ended(told);
      await expectRefunded(placed, 'late');
      expect(await lateRefund(placed)).toBeNull();
      expect((await bench.readOrder(placed)).cancelReason).toBe(cancelReason);
    });

    it('while its checkout is still cancelling it, is given back by the checkout', async () => {
      const placed = await bench.checkout();
      await settle(placed.paymentId);
      await bench.database.sql`alter table stock_movements rename to stock_movements_away`;
      try {
        await tell(placed, 'failed');
        await eventually(
          () => placed.run.query(orderIdQuery),
          (orderId) => orderId !== null,
        );
        await tell(placed, 'paid');
      } finally {
        // Every other test needs it.
        await bench.database.sql`alter table stock_movements_away rename to stock_movements`;
      }
      expect(await placed.run.result()).toMatchObject({ status: 'CANCELLED' });
      await expectRefunded(placed, 'late');
    });

    it('but not at the gateway, as in the unsigned form, shows a refund of nothing', async () => {
      const placed = await bench.checkout();
      await tell(placed, 'failed');
      await placed.run.result();
      const run = await lateRefund(placed);
      expect(await run?.result()).toEqual({ refundId: null, refundedMinor: 0 });
      expect(await until(placed, 'refunded')).toMatchObject({ refundId: null, refundedMinor: 0 });
    });
  });

  it('failed after paid changes nothing', async () => {
    const placed = await bench.checkout();
    await settle(placed.paymentId);
    await tell(placed, 'paid');
    await Promise.allSettled([tell(placed, 'failed'), tell(placed, 'failed')]);
    expect(await placed.run.result()).toMatchObject({ status: 'PAID' });
    await dispatchOf(placed).result();
    expect(await bench.readOrder(placed)).toMatchObject({ status: 'DISPATCHED', paymentStatus: 'paid' });
    expect(await bench.gateway.keptMinor(placed.paymentId)).toBe(9999);
  });

  describe('cancelled', () => {
    it('before the payment: the stock is released, and every ask has one answer', async () => {
      const placed = await bench.checkout();
      const asks = await Promise.allSettled([1, 2].map(() => placed.run.executeUpdate(cancelUpdate)));
      // An ask that comes while the run ends finds it closed, and the api then looks at the row.
      const answers = asks.flatMap((ask) => (ask.status === 'fulfilled' ? [ask.value] : []));
      expect(answers.length).toBeGreaterThan(0);
      for (const answer of answers) expect(answer).toMatchObject({ status: 'CANCELLED', paymentId: placed.paymentId });
      expect(await placed.run.result()).toMatchObject({ status: 'CANCELLED' });
      expect(await bench.readOrder(placed)).toMatchObject({ cancelReason: 'cancelled', paymentStatus: 'cancelled' });
      expect(await available()).toBe(100);
    });

    it('while it is dispatched: the ticks end, the money goes back, and every run ends in good order', async () => {
      const placed = await bench.checkout();
      await settle(placed.paymentId);
      await tell(placed, 'paid');
      await placed.run.result();
      await eventually(
        () => bench.readOrder(placed),
        (order) => order.progressRemaining <= 8,
      );
      expect(await dispatchOf(placed).executeUpdate(cancelUpdate)).toMatchObject({ status: 'CANCELLED' });
      const { progressRemaining } = await bench.readOrder(placed);
      await expectRefunded(placed, 'cancelled');
      expect(await bench.readOrder(placed)).toMatchObject({ cancelReason: 'cancelled', progressRemaining });
    });

    it('by a request from the Web UI: stops a checkout, and never a dispatch', async () => {
      const placed = await bench.checkout();
      await tell(placed, 'paid');
      await placed.run.result();
      await dispatchOf(placed).cancel();
      await dispatchOf(placed).result();
      expect((await bench.readOrder(placed)).status).toBe('DISPATCHED');
    });
  });

  describe('a refund run', () => {
    it('of an order that is not cancelled does nothing', async () => {
      const placed = await bench.checkout();
      await settle(placed.paymentId);
      const pending = await lateRefund(placed);
      expect(await pending?.result()).toBeNull();
      await tell(placed, 'paid');
      expect(await placed.run.result()).toMatchObject({ status: 'PAID' } satisfies Partial<CheckoutResult>);
      expect(await bench.gateway.keptMinor(placed.paymentId)).toBe(9999);
    });

    it('that finds that somebody gave the money back by hand notes it, and gives nothing more', async () => {
      const placed = await bench.checkout();
      await tell(placed, 'failed');
      await placed.run.result();
      await settle(placed.paymentId);
      const byHand = { paymentId: placed.paymentId, amountMinor: 9999, idempotencyKey: `by-hand/${placed.paymentId}` };
      const { refundId } = await bench.gateway.refund(byHand);
      await (await lateRefund(placed))?.result();
      await expectRefunded(placed, 'late');
      expect((await bench.readOrder(placed)).refundId).toBe(refundId);
    });

    it('that a person has asked for is counted as such, and its repetition is not', async () => {
      const placed = await bench.checkout();
      await settle(placed.paymentId);
      await placed.run.executeUpdate(cancelUpdate);
      const { orderId, paymentId } = placed;
      await ended([await bench.refund({ orderId, paymentId, reportedPaid: false })]);
      await expectRefunded(placed, 'by_hand');
      const recorded = { orderId, reportedPaid: false, refundId: 're_1', refundedMinor: 9999 };
      const again = await bench.database.store.recordRefund(recorded);
      expect(again.cause).toBeNull();
    });

    it('outlasts a gateway that is away, is joined by a second start, and gives back once', async () => {
      const placed = await bench.checkout();
      await settle(placed.paymentId);
      await placed.run.executeUpdate(cancelUpdate);
      silences = 3;
      await ended([await lateRefund(placed), await lateRefund(placed)]);
      expect(silences).toBeLessThan(0);
      await expectRefunded(placed, 'late');
    });
  });
});
