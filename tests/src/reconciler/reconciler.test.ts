import { join } from 'node:path';
import { WorkflowFailedError } from '@temporalio/client';
import { GatewayError } from '@widget-store/activities';
import { bundleModule } from '@widget-store/worker';
import {
  type AnomalyKind,
  checkoutWorkflowId,
  dispatchWorkflowId,
  type OrderStatus,
  refundWorkflowId,
} from '@widget-store/contract';
import { paymentSignal } from '@widget-store/workflows/messages';
import { setAvailable, stockOf } from '../support/store/database';
import { sharedServers } from '../support/env';
import { eventually } from '../support/eventually';
import { recordTicks, ticksOf, wholeDispatch } from '../support/store/ticks';
import { openWorkflowBench, type StartedCheckout, type WorkflowBench } from '../support/temporal/workflows';

/** The reconciler with Postgres, Temporal and a gateway; the grace period is nothing where nothing else is in flight. */
describe('the reconciler', () => {
  const publicUrl = 'http://store.example';
  let bench: WorkflowBench;

  beforeAll(async () => {
    bench = await openWorkflowBench({ tickMs: 200 });
    await recordTicks(bench.database.sql);
  });
  afterAll(() => bench.close());
  beforeEach(() => setAvailable(bench.database.store, 100));

  /** An hour, because the hold of an order that a test leaves open must not be released in the middle of another test. */
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
  /** Two at once: whatever is repaired is repaired twice. */
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
  /** The row says that an order is over a moment before its runs end, and before Visibility tells so. */
  async function untilRunsEnded({ key, orderId }: StartedCheckout): Promise<void> {
    const ids = `'${checkoutWorkflowId(key)}', '${dispatchWorkflowId(orderId)}'`;
    await eventually(
      () => bench.client.count(`WorkflowId IN (${ids}) AND ExecutionStatus = 'Running'`),
      ({ count }) => count === 0,
    );
  }
  /** Once its runs have ended, a run changes nothing and finds nothing about the order. */
  async function expectQuiet(placed: StartedCheckout): Promise<void> {
    await untilRunsEnded(placed);
    const before = [await order(placed), await stockOf(bench.database.sql)];
    bench.monitor.anomalies.length = 0;
    await bench.reconcile();
    expect(bench.monitor.kindsOf(placed.orderId)).toEqual([]);
    expect([await order(placed), await stockOf(bench.database.sql)]).toEqual(before);
  }

  it('finds nothing in a store where all is well, and nothing to wait for', async () => {
    await place();
    await decline(await place());
    const paid = await place();
    await bench.gateway.settle(paid.paymentId, 'pay');
    await paid.run.signal(paymentSignal, { status: 'paid', eventId: 'evt_1' });
    await untilStatus(paid, 'DISPATCHED');
    await untilRunsEnded(paid);
    expect(await bench.reconcile()).toMatchObject({ found: {}, repaired: 0, failed: [] });
  });

  it('leaves alone what is in flight', async () => {
    const { paymentId } = await place();
    await bench.gateway.settle(paymentId, 'pay');
    expect(await bench.reconcile({ graceMs: 60_000 })).toMatchObject({ found: {}, repaired: 0 });
  });

  it('has the order of a terminated checkout taken over, and its hold released at the end of its window', async () => {
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
    ['is paid, as the run had been told', 'paid', 'DISPATCHED'],
  ])('replaces a run that no worker can go on with: its order %s', async (_what, heard, end) => {
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

  it('releases a hold whose window has passed without a run', async () => {
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
    'has a payment noticed whose webhook was lost, long before its window ends: an order %s',
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

  it('gives back, once, what was captured for a cancelled order', async () => {
    const placed = await place();
    await decline(placed);
    await bench.gateway.settle(placed.paymentId, 'pay');
    await reconcileTwice();
    expectRepaired(placed, 'captured_for_cancelled_order');
    await eventually(
      () => order(placed),
      ({ paymentStatus }) => paymentStatus === 'refunded',
    );
    expect(await order(placed)).toMatchObject({
      refundedMinor: 9999,
      refundId: expect.stringMatching(/^re_/) as string,
    });
    expect(await bench.gateway.getPayment(placed.paymentId)).toMatchObject({ refundedMinor: 9999 });
    await expectLinked(refundWorkflowId(placed.paymentId), placed);
    await expectQuiet(placed);
  });

  it('gives back what was captured after a refund had found nothing to give back', async () => {
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

  /** The gateway is away for the refund, so its run is open when it is terminated. */
  async function terminateRefund({ orderId, paymentId }: StartedCheckout): Promise<void> {
    const away = jest
      .spyOn(bench.gateway, 'refund')
      .mockRejectedValue(new GatewayError('GatewayUnavailable', 'The payment gateway does not answer.'));
    try {
      await bench.refund({ orderId, paymentId, reportedPaid: true });
      await eventually(
        () => away.mock.calls.length,
        (calls) => calls > 0,
      );
      await terminate(refundWorkflowId(paymentId));
    } finally {
      away.mockRestore();
    }
  }

  it('starts the refund again that was terminated', async () => {
    const placed = await place();
    await decline(placed);
    await bench.gateway.settle(placed.paymentId, 'pay');
    await terminateRefund(placed);
    expect(await order(placed)).toMatchObject({ paymentStatus: 'refunding', refundedMinor: 0 });
    await reconcileTwice();
    expectRepaired(placed, 'refund_overdue');
    await bench.client.getHandle(refundWorkflowId(placed.paymentId)).result();
    expect(await order(placed)).toMatchObject({ paymentStatus: 'refunded', refundedMinor: 9999 });
    await expectQuiet(placed);
  });

  it('has a terminated dispatch go on where it stood', async () => {
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

  it('reports inventory that is not the sum of its movements, and does not touch it', async () => {
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

  it('reports an order that was cancelled by hand: its hold stays, and so does its run', async () => {
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

  it('reports an order that holds less than it bought, and a run without an order', async () => {
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
    // Left alone it finds no order to decide, and fails at once instead of trying for ever.
    await placed.run.signal(paymentSignal, { status: 'failed' });
    await expect(placed.run.result()).rejects.toThrow(WorkflowFailedError);
  });

  it('reports a payment of another amount, and one of an order that the gateway does not know to be paid', async () => {
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

  it('makes the other comparisons while the gateway is away', async () => {
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
    await untilStatus(placed, 'CANCELLED');
  });
});
