import { join } from 'node:path';
import { WorkflowFailedError } from '@temporalio/client';
import { GatewayError } from '@widget-store/activities';
import { bundleModule } from '@widget-store/worker';
import {
  type AnomalyKind,
  checkoutWorkflowId,
  dispatchWorkflowId,
  type OrderStatus,
  ownRefundId,
  refundWorkflowId,
} from '@widget-store/contract';
import { paymentSignal } from '@widget-store/workflows/messages';
import { setAvailable, stockOf } from '../support/store/database';
import { sharedServers } from '../support/env';
import { eventually } from '../support/eventually';
import { lateRefund } from '../support/gateway/gateway';
import { recordTicks, ticksOf, wholeDispatch } from '../support/store/ticks';
import { openWorkflowBench, type StartedCheckout, type WorkflowBench } from '../support/temporal/workflows';

/**
 * The reconciler with Postgres, Temporal and a gateway. Most tests use a grace period of 0, because no other work is in
 * progress.
 */
describe('the reconciler', () => {
  const publicUrl = 'http://store.example';
  let bench: WorkflowBench;

  beforeAll(async () => {
    bench = await openWorkflowBench({ tickMs: 200 });
    await recordTicks(bench.database.sql);
  });
  afterAll(() => bench.close());
  beforeEach(() => setAvailable(bench.database.store, 100));

  /**
   * Places an order. Some tests leave their order open. The payment window of an hour keeps such an order from expiring
   * during another test.
   */
  const place = (paymentWindowMs = 3_600_000) => bench.checkout({ paymentWindowMs });
  const order = (placed: StartedCheckout) => bench.readOrder(placed);
  const untilStatus = (placed: StartedCheckout, status: OrderStatus) =>
    eventually(
      () => order(placed),
      (found) => found.status === status,
    );
  const decline = async (placed: StartedCheckout) => {
    await placed.run.signal(paymentSignal, { status: 'failed' });
    await placed.run.result();
    await untilRunsEnded(placed);
  };
  const terminate = (workflowId: string) => bench.client.getHandle(workflowId).terminate('by hand');
  /** Starts two concurrent runs of the reconciler, so that both runs try every repair. */
  const reconcileTwice = () => Promise.all([bench.reconcile({ publicUrl }), bench.reconcile({ publicUrl })]);
  const expectLinked = async (workflowId: string, { orderId }: StartedCheckout): Promise<void> => {
    const details = await (await bench.client.getHandle(workflowId).describe()).staticDetails();
    expect(details).toBe(`[Operations page of the order](${publicUrl}/ops/order/${orderId})`);
  };
  const expectRepaired = ({ orderId }: StartedCheckout, kind: AnomalyKind): void => {
    expect(bench.monitor.repairs.filter((anomaly) => anomaly.orderId === orderId)).toContainEqual(
      expect.objectContaining({ kind }),
    );
  };
  /**
   * Waits until Visibility lists the checkout and the dispatch of an order as closed. The order's row shows the end of
   * the order a moment earlier.
   */
  async function untilRunsEnded({ key, orderId }: StartedCheckout): Promise<void> {
    const ids = `'${checkoutWorkflowId(key)}', '${dispatchWorkflowId(orderId)}'`;
    await eventually(
      () => bench.client.count(`WorkflowId IN (${ids}) AND ExecutionStatus = 'Running'`),
      ({ count }) => count === 0,
    );
  }
  /**
   * Waits until the order's checkout and dispatch have ended. Then expects that another comparison finds and changes
   * nothing.
   */
  async function expectQuiet(placed: StartedCheckout): Promise<void> {
    await untilRunsEnded(placed);
    const before = [await order(placed), await stockOf(bench.database.sql)];
    bench.monitor.anomalies.length = 0;
    await bench.reconcile();
    expect(bench.monitor.kindsOf(placed.orderId)).toEqual([]);
    expect([await order(placed), await stockOf(bench.database.sql)]).toEqual(before);
  }

  it('finds nothing in a consistent store', async () => {
    await place();
    await decline(await place());
    const paid = await place();
    await bench.gateway.settle(paid.paymentId, 'pay');
    await paid.run.signal(paymentSignal, { status: 'paid', eventId: 'evt_1' });
    await untilStatus(paid, 'DISPATCHED');
    await untilRunsEnded(paid);
    expect(await bench.reconcile()).toMatchObject({ found: {}, repaired: 0, failed: [] });
  });

  it('ignores differences that are younger than the grace period', async () => {
    const { paymentId } = await place();
    await bench.gateway.settle(paymentId, 'pay');
    expect(await bench.reconcile({ graceMs: 60_000 })).toMatchObject({ found: {}, repaired: 0 });
  });

  it('starts a new run for a terminated checkout, and the run releases the stock after the window', async () => {
    const placed = await place(5000);
    await terminate(checkoutWorkflowId(placed.key));
    await eventually(reconcileTwice, () => bench.monitor.kindsOf(placed.orderId).includes('hold_without_run'));
    expectRepaired(placed, 'hold_without_run');
    await untilStatus(placed, 'CANCELLED');
    expect(await order(placed)).toMatchObject({ cancelReason: 'payment_expired' });
    await expectQuiet(placed);
  });

  it.each<[string, string | null, OrderStatus]>([
    ['expires', null, 'CANCELLED'],
    ['is paid, as its signal said', 'paid', 'DISPATCHED'],
  ])('replaces a run that no worker can continue, and the order %s', async (_what, heard, end) => {
    await bench.release(await bundleModule(join(__dirname, '../support/temporal/releases/unpatched.ts')));
    const placed = await place(1000);
    await bench.release({ codePath: sharedServers().bundlePath });
    if (heard !== null) await placed.run.signal(paymentSignal, { status: heard });
    await eventually(
      () => bench.reconcile({ graceMs: 100 }),
      () => bench.monitor.repairs.some(({ orderId, kind }) => orderId === placed.orderId && kind === 'run_stalled'),
    );
    expect((await placed.run.describe()).status.name).toBe('TERMINATED');
    await untilStatus(placed, end);
    await expectQuiet(placed);
  });

  it('releases the stock of an order without a run, after its window', async () => {
    const placed = await place(1000);
    await terminate(checkoutWorkflowId(placed.key));
    await eventually(
      async () => {
        await reconcileTwice();
        return order(placed);
      },
      ({ status }) => status === 'CANCELLED',
    );
    expectRepaired(placed, 'hold_without_run');
    await expectQuiet(placed);
  });

  it.each(['with its run', 'whose run was terminated'])(
    'finds the payment of an order %s before the end of the window, although its webhook was lost',
    async (what) => {
      const placed = await place();
      if (what !== 'with its run') await terminate(checkoutWorkflowId(placed.key));
      await bench.gateway.settle(placed.paymentId, 'pay');
      await reconcileTwice();
      expectRepaired(placed, 'payment_not_noticed');
      await untilStatus(placed, 'DISPATCHED');
      expect(await ticksOf(bench.database.sql, placed.orderId)).toEqual(wholeDispatch);
      if (what !== 'with its run') {
        await expectLinked(checkoutWorkflowId(placed.key), placed);
        await expectLinked(dispatchWorkflowId(placed.orderId), placed);
      }
      await expectQuiet(placed);
    },
  );

  it('makes one refund of the amount that was captured for a cancelled order', async () => {
    const placed = await place();
    await decline(placed);
    await bench.gateway.settle(placed.paymentId, 'pay');
    await reconcileTwice();
    expectRepaired(placed, 'captured_for_cancelled_order');
    await eventually(
      () => order(placed),
      ({ paymentStatus }) => paymentStatus === 'refunded',
    );
    const gatewayRefundId = expect.stringMatching(/^re_/) as string;
    expect(await order(placed)).toMatchObject({ refundedMinor: 9999, refunds: [{ gatewayRefundId }] });
    expect(await bench.gateway.getPayment(placed.paymentId)).toMatchObject({ refundedMinor: 9999 });
    await expectLinked(refundWorkflowId(ownRefundId(placed.orderId)), placed);
    await expectQuiet(placed);
  });

  it('refunds an amount that was captured after a refund of 0', async () => {
    const placed = await place();
    await decline(placed);
    await bench.startWithPayment({ key: placed.key, status: 'paid' });
    await eventually(
      () => order(placed),
      ({ paymentStatus }) => paymentStatus === 'refunded',
    );
    await bench.gateway.settle(placed.paymentId, 'pay');
    await reconcileTwice();
    await eventually(
      () => order(placed),
      ({ refundedMinor }) => refundedMinor === 9999,
    );
    await expectQuiet(placed);
  });

  /**
   * Starts the order's refund run and terminates it. Until then the gateway does not answer, which keeps the run open.
   */
  async function terminateRefund(placed: StartedCheckout): Promise<void> {
    const away = jest
      .spyOn(bench.gateway, 'refund')
      .mockRejectedValue(new GatewayError('GatewayUnavailable', 'The payment gateway does not answer.'));
    try {
      await bench.refund(lateRefund(placed));
      await eventually(
        () => away.mock.calls.length,
        (calls) => calls > 0,
      );
      await terminate(refundWorkflowId(ownRefundId(placed.orderId)));
    } finally {
      away.mockRestore();
    }
  }

  it('restarts a terminated refund', async () => {
    const placed = await place();
    await decline(placed);
    await bench.gateway.settle(placed.paymentId, 'pay');
    await terminateRefund(placed);
    expect(await order(placed)).toMatchObject({ paymentStatus: 'refunding', refundedMinor: 9999 });
    await reconcileTwice();
    expectRepaired(placed, 'refund_overdue');
    await bench.client.getHandle(refundWorkflowId(ownRefundId(placed.orderId))).result();
    expect(await order(placed)).toMatchObject({ paymentStatus: 'refunded', refundedMinor: 9999 });
    await expectQuiet(placed);
  });

  it('continues a terminated dispatch', async () => {
    const placed = await place();
    await placed.run.signal(paymentSignal, { status: 'paid' });
    await eventually(
      () => order(placed),
      ({ progressRemaining }) => progressRemaining <= 8,
    );
    await terminate(dispatchWorkflowId(placed.orderId));
    await reconcileTwice();
    expectRepaired(placed, 'paid_without_dispatch');
    await expectLinked(dispatchWorkflowId(placed.orderId), placed);
    await untilStatus(placed, 'DISPATCHED');
    expect(await ticksOf(bench.database.sql, placed.orderId)).toEqual(wholeDispatch);
    await expectQuiet(placed);
  });

  it('makes a paid manual order without a dispatch ready to ship, and then leaves it to the operator', async () => {
    const placed = await place();
    await bench.makeManual(placed);
    await bench.database.store.markOrderPaid({ orderId: placed.orderId });
    await terminate(placed.run.workflowId);
    await reconcileTwice();
    expectRepaired(placed, 'paid_without_dispatch');
    await eventually(
      () => bench.database.store.readOrdersToShip(),
      ({ count }) => count === 1,
    );
    await bench.database
      .sql`update orders set updated_at = now() - interval '30 days' where order_id = ${placed.orderId}`;
    await expectQuiet(placed);
    expect(await order(placed)).toMatchObject({ status: 'PAID', progressRemaining: 10 });
  });

  it('reports an inventory that differs from the sum of its movements, and does not change it', async () => {
    await bench.database.sql`update products set inventory = inventory + 1 where product_id = 1`;
    const before = await stockOf(bench.database.sql);
    const { found } = await bench.reconcile();
    expect(found).toMatchObject({ stock_mismatch: 1 });
    expect(bench.monitor.anomalies).toContainEqual({
      kind: 'stock_mismatch',
      detail: expect.stringContaining(`is ${before.inventory}`) as string,
      productId: 1,
      repair: null,
    });
    expect(await stockOf(bench.database.sql)).toEqual(before);
    await bench.database.sql`update products set inventory = inventory - 1 where product_id = 1`;
  });

  it('reports an order that was cancelled with SQL, and repairs neither its hold nor its run', async () => {
    const placed = await place();
    await bench.database.sql`
      update orders set status = 'CANCELLED', payment_status = 'cancelled', cancel_reason = 'cancelled'
      where order_id = ${placed.orderId}`;
    const kinds = () => new Set(bench.monitor.kindsOf(placed.orderId));
    await eventually(reconcileTwice, () => kinds().has('run_after_end'));
    expect(kinds()).toEqual(new Set(['cancelled_hold_not_released', 'run_after_end']));
    expect(bench.monitor.repairs.map(({ orderId }) => orderId)).not.toContain(placed.orderId);
    await terminate(checkoutWorkflowId(placed.key));
    await bench.database.sql`delete from stock_movements where order_id = ${placed.orderId}`;
    await bench.database.sql`update products set inventory = inventory + 1 where product_id = 1`;
  });

  it('reports an order with a wrong hold, and a run without an order', async () => {
    const placed = await place();
    await bench.database.sql`delete from stock_movements where order_id = ${placed.orderId}`;
    await bench.database.sql`update products set inventory = inventory + 1 where product_id = 1`;
    await bench.reconcile();
    expect(bench.monitor.kindsOf(placed.orderId)).toEqual(['hold_mismatch']);

    await bench.database.sql`delete from order_items where order_id = ${placed.orderId}`;
    await bench.database.sql`delete from orders where order_id = ${placed.orderId}`;
    const workflowId = checkoutWorkflowId(placed.key);
    const isReported = () =>
      bench.monitor.anomalies.some(
        (anomaly) => anomaly.kind === 'run_without_order' && anomaly.workflowId === workflowId,
      );
    await eventually(() => bench.reconcile(), isReported);
    // The signal makes the run read its order. The order does not exist, so the run must fail. It must not retry
    // forever.
    await placed.run.signal(paymentSignal, { status: 'failed' });
    await expect(placed.run.result()).rejects.toThrow(WorkflowFailedError);
  });

  it('reports a payment with a different amount, and a paid order without a charge', async () => {
    const odd = await place();
    await bench.gateway.settle(odd.paymentId, 'pay', 1);
    const forged = await place();
    await forged.run.signal(paymentSignal, { status: 'paid', eventId: 'evt_forged' });
    await forged.run.result();
    await bench.reconcile();
    expect(bench.monitor.kindsOf(odd.orderId)).toEqual(['wrong_amount_captured']);
    expect(bench.monitor.kindsOf(forged.orderId)).toContain('paid_without_capture');
    expect(await order(odd)).toMatchObject({ status: 'PENDING' });
  });

  it('still makes the other comparisons while the gateway is down', async () => {
    const placed = await place(1000);
    await terminate(checkoutWorkflowId(placed.key));
    const away = jest
      .spyOn(bench.gateway, 'listPayments')
      .mockRejectedValue(new GatewayError('GatewayUnavailable', 'The payment gateway does not answer.'));
    const result = await bench.reconcile();
    away.mockRestore();
    expect(result).toMatchObject({
      failed: ['ledger'],
      marks: { ledger: null, orders: { comparedAt: expect.any(String) as string } },
    });
    expect(bench.warnings.map(({ meta }) => meta)).toContainEqual(
      expect.objectContaining({ comparison: 'ledger', reason: 'The payment gateway does not answer.' }),
    );
    await untilStatus(placed, 'CANCELLED');
  });
});
