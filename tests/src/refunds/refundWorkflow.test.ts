import type { WorkflowHandle } from '@temporalio/client';
import type { CheckoutResult } from '@widget-store/workflows';
import { dispatchWorkflowId, ownRefundId, type RefundSource } from '@widget-store/contract';
import { cancelUpdate, orderIdQuery, paymentSignal } from '@widget-store/workflows/messages';
import { setAvailable, stockOf } from '../support/store/database';
import { eventually } from '../support/eventually';
import { lateRefund, newRefund, refundByHand, type TestGateway, testGateway } from '../support/gateway/gateway';
import { runEnds } from '../support/temporal/runEnds';
import { openWorkflowBench, type StartedCheckout, type WorkflowBench } from '../support/temporal/workflows';

const tickMs = 200;

describe('refunds and late payments on a Temporal server', () => {
  let bench: WorkflowBench;
  /** How many of the next calls of `refund` fail. */
  let failures = 0;
  /** How many of the next calls of `getPayment` return a sum of refunds that contradicts the list of refunds. */
  let contradictions = 0;
  /** The gateway answers `closePayment` only after this promise has resolved. */
  let pageLeft = Promise.resolve();

  beforeAll(async () => {
    const gateway = testGateway();
    const away = Object.assign(new Error('away'), { name: 'GatewayError', code: 'GatewayUnavailable' });
    const refund: TestGateway['refund'] = (asked) => (failures-- > 0 ? Promise.reject(away) : gateway.refund(asked));
    const closePayment: TestGateway['closePayment'] = async (paymentId) => {
      await pageLeft;
      return gateway.closePayment(paymentId);
    };
    const getPayment: TestGateway['getPayment'] = async (paymentId) => {
      const payment = await gateway.getPayment(paymentId);
      return payment === null || contradictions-- <= 0 ? payment : { ...payment, refundedMinor: payment.capturedMinor };
    };
    bench = await openWorkflowBench({ tickMs, gateway: { ...gateway, refund, closePayment, getPayment } });
  });
  afterAll(() => bench.close());
  beforeEach(() => setAvailable(bench.database.store, 100));
  beforeEach(() => {
    failures = 0;
    contradictions = 0;
    bench.monitor.refunds.length = 0;
  });

  const available = async () => (await stockOf(bench.database.sql)).inventory;
  const settle = (paymentId: string, amountMinor?: number) => bench.gateway.settle(paymentId, 'pay', amountMinor);
  const tell = ({ run }: StartedCheckout, status: string) => run.signal(paymentSignal, { status });
  const refundLate = (placed: StartedCheckout) => bench.refund(lateRefund(placed));
  const ended = (runs: (WorkflowHandle | null)[]) =>
    Promise.all(runs.filter((run) => run !== null).map((run) => run.result()));
  const dispatchOf = ({ orderId }: StartedCheckout) => bench.client.getHandle(dispatchWorkflowId(orderId));

  /**
   * Places an order and calls `leavePage`, but sends no webhook. The gateway answers `closePayment` only after
   * `leavePage` has ended, so a short payment window is enough even on a slow machine.
   */
  async function placeWithoutWebhook(leavePage: (placed: StartedCheckout) => Promise<void>): Promise<StartedCheckout> {
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

  /** Expects that the order shows the refund, the gateway made it once, and every run has completed. */
  async function expectRefunded(placed: StartedCheckout, source: RefundSource, amountMinor = 9999): Promise<void> {
    const order = await until(placed, 'refunded');
    expect(order).toMatchObject({ status: 'CANCELLED', refundedMinor: amountMinor });
    const made = order.refunds.filter(({ status }) => status === 'succeeded');
    expect(made).toMatchObject([{ source, amountMinor, gatewayRefundId: expect.stringMatching(/^re_/) as string }]);
    expect(await bench.gateway.keptMinor(placed.paymentId)).toBe(0);
    expect(await bench.gateway.refunds(placed.paymentId)).toBe(1);
    expect(new Set(await runEnds(bench.client, placed))).toEqual(new Set(['COMPLETED']));
    expect(await available()).toBe(100);
    expect(bench.monitor.refunds).toEqual([source]);
  }

  describe("at the payment window's end", () => {
    it('a payment whose webhook was lost pays the order', async () => {
      const placed = await placeWithoutWebhook(({ paymentId }) => settle(paymentId));
      expect(await placed.run.result()).toMatchObject({ status: 'PAID' });
      expect(await bench.readOrder(placed)).toMatchObject({ paymentStatus: 'paid', refundedMinor: 0 });
      expect(await bench.gateway.keptMinor(placed.paymentId)).toBe(9999);
      expect(await available()).toBe(99);
    });

    it.each([1, 10_000])('a different amount (%s) does not pay the order, and is refunded', async (amountMinor) => {
      const placed = await placeWithoutWebhook(({ paymentId }) => settle(paymentId, amountMinor));
      expect(await placed.run.result()).toMatchObject({ status: 'CANCELLED' });
      await expectRefunded(placed, 'late_payment', amountMinor);
      expect((await bench.readOrder(placed)).cancelReason).toBe('payment_expired');
    });

    it('a declined payment whose webhook was lost expires', async () => {
      const placed = await placeWithoutWebhook(({ paymentId }) => bench.gateway.settle(paymentId, 'decline'));
      expect(await placed.run.result()).toMatchObject({ status: 'CANCELLED' });
      expect(await bench.readOrder(placed)).toMatchObject({ paymentStatus: 'expired', refunds: [] });
    });
  });

  describe('a payment after the cancellation', () => {
    it.each([
      ['failed', 'payment_failed'],
      ['expired', 'payment_expired'],
    ])('(%s) is refunded once, however often it is reported', async (how, cancelReason) => {
      const placed = await bench.checkout(how === 'expired' ? { paymentWindowMs: 100 } : {});
      if (how === 'failed') await tell(placed, 'failed');
      await placed.run.result();
      await settle(placed.paymentId);

      const told = [
        ...(await Promise.all(Array.from({ length: 5 }, () => refundLate(placed)))),
        await refundLate(placed),
      ];
      await ended(told);
      await expectRefunded(placed, 'late_payment');
      expect(await refundLate(placed)).toBeNull();
      expect((await bench.readOrder(placed)).cancelReason).toBe(cancelReason);
    });

    it('is refunded by the checkout if the checkout is still cancelling the order', async () => {
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
        // Restores the table's name even if a statement above throws, because other tests need the table.
        await bench.database.sql`alter table stock_movements_away rename to stock_movements`;
      }
      expect(await placed.run.result()).toMatchObject({ status: 'CANCELLED' });
      await expectRefunded(placed, 'late_payment');
    });

    it('that the gateway does not have is recorded as a refund of 0', async () => {
      const placed = await bench.checkout();
      await tell(placed, 'failed');
      await placed.run.result();
      const run = await refundLate(placed);
      expect(await run?.result()).toMatchObject({ status: 'succeeded', amountMinor: 0, gatewayRefundId: null });
      expect(await until(placed, 'refunded')).toMatchObject({ capturedMinor: 0, refundedMinor: 0 });
    });
  });

  it('a failed payment signal after a paid one changes nothing', async () => {
    const placed = await bench.checkout();
    await settle(placed.paymentId);
    await tell(placed, 'paid');
    await Promise.allSettled([tell(placed, 'failed'), tell(placed, 'failed')]);
    expect(await placed.run.result()).toMatchObject({ status: 'PAID' });
    await dispatchOf(placed).result();
    expect(await bench.readOrder(placed)).toMatchObject({ status: 'DISPATCHED', paymentStatus: 'paid' });
    expect(await bench.gateway.keptMinor(placed.paymentId)).toBe(9999);
  });

  describe('an order that is cancelled', () => {
    it('before its payment: its stock is released, and every answered Update returns the cancelled order', async () => {
      const placed = await bench.checkout();
      const asks = await Promise.allSettled([1, 2].map(() => placed.run.executeUpdate(cancelUpdate)));
      // An Update fails if the run is already closed. The api would then read the order's row, so the test ignores the
      // failure.
      const answers = asks.flatMap((ask) => (ask.status === 'fulfilled' ? [ask.value] : []));
      expect(answers.length).toBeGreaterThan(0);
      for (const answer of answers) expect(answer).toMatchObject({ status: 'CANCELLED', paymentId: placed.paymentId });
      expect(await placed.run.result()).toMatchObject({ status: 'CANCELLED' });
      expect(await bench.readOrder(placed)).toMatchObject({ cancelReason: 'cancelled', paymentStatus: 'cancelled' });
      expect(await available()).toBe(100);
    });

    it('during its dispatch: the progress stops, and the payment is refunded', async () => {
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
      await expectRefunded(placed, 'cancellation');
      expect(await bench.readOrder(placed)).toMatchObject({ cancelReason: 'cancelled', progressRemaining });
    });

    it('from the Web UI during its dispatch: the request has no effect, and the order is dispatched', async () => {
      const placed = await bench.checkout();
      await tell(placed, 'paid');
      await placed.run.result();
      await dispatchOf(placed).cancel();
      await dispatchOf(placed).result();
      expect((await bench.readOrder(placed)).status).toBe('DISPATCHED');
    });
  });

  describe('a refund run', () => {
    it('does nothing for an order that is not cancelled', async () => {
      const placed = await bench.checkout();
      await settle(placed.paymentId);
      const pending = await refundLate(placed);
      expect(await pending?.result()).toBeNull();
      await tell(placed, 'paid');
      expect(await placed.run.result()).toMatchObject({ status: 'PAID' } satisfies Partial<CheckoutResult>);
      expect(await bench.gateway.keptMinor(placed.paymentId)).toBe(9999);
    });

    it('records a refund that was made at the gateway, and makes no second refund', async () => {
      const placed = await bench.checkout();
      await tell(placed, 'failed');
      await placed.run.result();
      await settle(placed.paymentId);
      await bench.gateway.refund(refundByHand(placed.paymentId, 9999));
      await (await refundLate(placed))?.result();
      await expectRefunded(placed, 'gateway');
    });

    it('makes the rest of a refund if a part was already made at the gateway', async () => {
      const placed = await bench.checkout();
      await settle(placed.paymentId);
      await tell(placed, 'paid');
      await placed.run.result();
      await bench.gateway.refund(refundByHand(placed.paymentId, 999));
      await dispatchOf(placed).executeUpdate(cancelUpdate);
      const { refunds, refundedMinor } = await until(placed, 'refunded');
      const own = refunds.find(({ refundId }) => refundId === ownRefundId(placed.orderId));
      expect([refundedMinor, own?.amountMinor, refunds.length]).toEqual([9999, 9000, 2]);
      expect(await bench.gateway.keptMinor(placed.paymentId)).toBe(0);
    });

    it('refunds a dispatched order in part, once', async () => {
      const placed = await bench.checkout();
      await settle(placed.paymentId);
      await tell(placed, 'paid');
      await placed.run.result();
      await dispatchOf(placed).result();
      const request = newRefund(placed, 2000);
      await bench.database.store.requestRefund(request);
      await ended([await bench.refund(request), await bench.refund(request)]);
      const order = await until(placed, 'partially_refunded');
      expect(order).toMatchObject({ status: 'DISPATCHED', capturedMinor: 9999, refundedMinor: 2000 });
      expect(await bench.gateway.keptMinor(placed.paymentId)).toBe(7999);
      expect(bench.monitor.refunds).toEqual(['operator']);
    });

    it('retries until the gateway answers, and refunds once', async () => {
      const placed = await bench.checkout();
      await settle(placed.paymentId);
      await placed.run.executeUpdate(cancelUpdate);
      failures = 3;
      await ended([await refundLate(placed), await refundLate(placed)]);
      expect(failures).toBeLessThan(0);
      await expectRefunded(placed, 'late_payment');
    });

    it('tries again after growing pauses while the sums of the gateway contradict its list of refunds', async () => {
      const placed = await bench.checkout();
      await settle(placed.paymentId);
      await placed.run.executeUpdate(cancelUpdate);
      contradictions = 2;
      const run = await refundLate(placed);
      await ended([run]);
      const { events } = (await run?.fetchHistory()) ?? {};
      const timers = (events ?? []).flatMap(
        ({ timerStartedEventAttributes: timer }) => timer?.startToFireTimeout ?? [],
      );
      expect(timers.map(({ seconds }) => Number(seconds))).toEqual([1, 2]);
      await expectRefunded(placed, 'late_payment');
    });
  });
});
