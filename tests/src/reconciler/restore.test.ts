import { type AnomalyKind, checkoutWorkflowId, dispatchWorkflowId } from '@widget-store/contract';
import { type Backups, backupsOf } from './backups';
import { type Charge, openTill, type Till } from '../support/gateway/charges';
import { eventually } from '../support/eventually';
import { untilNoViolations } from '../support/store/invariants';
import { noReconcilingMs, openReconciling, type Reconciling } from '../support/temporal/reconciling';
import { runEnds } from '../support/temporal/runEnds';
import { startTestStore, type TestStore } from '../support/store/store';
import { testBuyer } from '../support/store/testBuyer';

const graceMs = 500;

/** The status of an order, followed by the status of its payment. */
type End = `${'PENDING' | 'PAID' | 'DISPATCHED' | 'CANCELLED'} ${string}`;

const dispatched: End = 'DISPATCHED paid';
const refunded: End = 'CANCELLED refunded';
const failed: End = 'CANCELLED failed';
const expired: End = 'CANCELLED expired';
const cancelled: End = 'CANCELLED cancelled';

/**
 * Each test restores Postgres or Temporal to an earlier state, or empties Temporal, as in "After a restore" of
 * `docs/runbook.md`.
 */
describe('after a restore', () => {
  let store: TestStore;
  let till: Till;
  let backups: Backups;
  let reconciling: Reconciling;
  /** Every order that the store must have at the end. */
  const charges: Charge[] = [];
  /** The orders that the restored backup of Postgres does not contain. */
  const lost: Charge[] = [];

  beforeAll(async () => {
    store = await startTestStore({
      ownServers: true,
      paymentWindowMs: 300_000,
      worker: { tickMs: 100 },
      extraEnvironment: {
        worker: {
          RECONCILE_EVERY_MS: String(noReconcilingMs()),
          RECONCILE_GRACE_MS: String(graceMs),
        },
      },
    });
    till = await openTill(store);
    backups = backupsOf(store);
    reconciling = await openReconciling(store);
  });
  afterAll(async () => {
    await reconciling.close();
    await store.close();
  });

  const endOf = async ({ orderId }: Charge): Promise<string> => {
    const { status, payment_status: paymentStatus } = await till.shopper.order(orderId);
    return `${status} ${paymentStatus}`;
  };
  const until = (charge: Charge, end: End) =>
    eventually(
      () => endOf(charge),
      (now) => now === end,
    );
  const open = async (): Promise<Charge> => kept(await till.open());
  const paidAtGateway = async (): Promise<Charge> => kept(await till.charge());
  const kept = (charge: Charge): Charge => {
    charges.push(charge);
    return charge;
  };
  const eraseBuyer = (orderId: string) => till.shopper.send('DELETE', `/ops/orders/${orderId}/buyer`);
  const tellPaid = (charge: Charge) => till.tell(charge, 'paid');
  const tellFailed = (charge: Charge) => till.tell(charge, 'failed');
  /** Pays the order and terminates its dispatch. */
  async function haltDispatch(charge: Charge): Promise<void> {
    await tellPaid(charge);
    const dispatch = reconciling.workflows.getHandle(dispatchWorkflowId(charge.orderId));
    // Repeats the termination, because the dispatch starts a moment after the order's row becomes PAID.
    await eventually(
      () => dispatch.terminate('by hand'),
      () => true,
    );
  }
  async function payLate(charge: Charge): Promise<void> {
    await till.pay(charge);
    await tellPaid(charge);
    await until(charge, refunded);
  }
  /** Ends the payment windows of these orders, as if the store had been down for longer than these windows. */
  async function endWindows(...of: Charge[]): Promise<void> {
    const paymentIds = of.map(({ paymentId }) => paymentId);
    await store.sql`update orders set expires_at = now() where payment_id = any(${paymentIds})`;
  }
  /** Runs comparisons until every expected difference is reported. */
  const untilReported = (expected: [Charge, AnomalyKind[]][]) =>
    eventually(
      async () => {
        await reconciling.compare();
        return expected.map(([charge]) => reconciling.kindsOf(charge));
      },
      (found) => expected.every(([, kinds], index) => kinds.every((kind) => found[index]?.includes(kind))),
      { deadlineMs: 60_000 },
    );
  /** Runs comparisons until they find no difference and each order has its expected state. */
  const untilSettled = (ends: [Charge, End][]) =>
    eventually(
      async () => {
        const { found, failed: notMade } = await reconciling.compare();
        const now = await Promise.all(ends.map(([charge]) => endOf(charge)));
        const astray = ends.filter(([, end], index) => now[index] !== end);
        return [...Object.keys(found), ...notMade, ...astray.map(([{ orderId }, end]) => `${orderId} is not ${end}`)];
      },
      (differences) => differences.length === 0,
    );

  /**
   * Expects invariants I1 to I3. Also expects I2 and I4 from the view of a client: each key still returns its payment
   * id, and each order exists.
   */
  async function expectInvariants(): Promise<void> {
    const { sql } = store;
    const { gateway, shopper } = till;
    const lostPayments = lost.map(({ paymentId }) => paymentId);
    expect(await untilNoViolations({ sql, gateway, answers: charges, lost: lostPayments })).toEqual([]);
    const paymentIds = await Promise.all(charges.map(({ key }) => shopper.reserve(key)));
    expect(paymentIds).toEqual(charges.map(({ paymentId }) => paymentId));
    for (const charge of charges) await shopper.order(charge.orderId);
  }
  async function expectEnds(ends: [Charge, End][]): Promise<void> {
    for (const [charge, end] of ends) await until(charge, end);
  }

  it('of Postgres: Temporal and the gateway are ahead, and every order reaches its expected state', async () => {
    const [stillPending, paidLater, declinedLater] = [await open(), await open(), await open()];
    const [refundedLater, cancelledLater, declinedTwice] = [await open(), await open(), await open()];
    const [declined, paidTooLate] = [await open(), await open()];
    const [done, refundedEarly] = [await paidAtGateway(), await paidAtGateway()];
    const [inDispatch, cancelledInDispatch] = [await paidAtGateway(), await paidAtGateway()];
    await Promise.all([declined, paidTooLate, refundedEarly].map(tellFailed));
    await Promise.all([tellPaid(done), tellPaid(refundedEarly)]);
    await expectEnds([
      [done, dispatched],
      [refundedEarly, refunded],
    ]);
    await store.store.recordBuyer({ orderId: done.orderId, ...testBuyer });
    const backupAt = new Date();
    await haltDispatch(cancelledInDispatch);
    await tellPaid(inDispatch);
    await backups.take('postgres');

    // The backup does not contain anything that happens from here on.
    await backups.start('api', 'worker');
    await eraseBuyer(done.orderId);
    expect((await till.cancel(cancelledInDispatch)).status).toBe(200);
    await till.pay(paidLater);
    await Promise.all([tellPaid(paidLater), ...[declinedLater, refundedLater, declinedTwice].map(tellFailed)]);
    await Promise.all([till.cancel(cancelledLater), payLate(refundedLater), payLate(paidTooLate)]);
    const lostDispatched = await till.charge();
    await tellPaid(lostDispatched);
    await expectEnds([
      [lostDispatched, dispatched],
      [paidLater, dispatched],
      [inDispatch, dispatched],
      [cancelledInDispatch, refunded],
    ]);
    await untilSettled([]);
    const [lostPending, lostWithoutWebhook, lostCancelled] = [
      await till.open(),
      await till.charge(),
      await till.open(),
    ];
    await till.cancel(lostCancelled);
    // The checkout run ends a moment after the cancellation is answered, and must be closed before the restore.
    expect(await runEnds(reconciling.workflows, lostCancelled)).toEqual(['COMPLETED']);
    lost.push(lostDispatched, lostPending, lostWithoutWebhook, lostCancelled);
    const stoppedAt = new Date();
    reconciling.forget();
    await backups.restore('postgres');
    expect(await store.sql`select order_id from orders where order_id = ${lostDispatched.orderId}`).toEqual([]);

    await endWindows(declinedLater, refundedLater);
    await backups.start('worker');
    await untilReported([
      [paidLater, ['payment_not_noticed', 'paid_without_dispatch']],
      [declinedLater, ['hold_without_run']],
      [refundedLater, ['hold_without_run']],
      [inDispatch, ['paid_without_dispatch']],
      [cancelledInDispatch, ['paid_without_dispatch']],
      [lostDispatched, ['capture_without_order']],
      [lostPending, ['run_without_order']],
      [lostWithoutWebhook, ['capture_without_order', 'run_without_order']],
    ]);
    for (const charge of [stillPending, declined, done, refundedEarly, lostCancelled]) {
      expect(reconciling.kindsOf(charge)).toEqual([]);
    }

    await deleteRuns(backupAt, stoppedAt);
    await Promise.all([lostDispatched, lostWithoutWebhook].map(refundByHand));
    await backups.start('api');
    expect((await till.shopper.order(done.orderId)).ship_to?.name).toBe(testBuyer.name);
    const erasures = store.lines.filter((line) => line.includes('a buyer was erased'));
    for (const line of erasures) await eraseBuyer(/ord_[0-9a-f]*/.exec(line)?.[0] ?? '');
    expect((await till.shopper.order(done.orderId)).ship_to).toBeNull();
    expect((await till.cancel(cancelledInDispatch)).status).toBe(200);
    // A shopper repeats a cancellation, and the gateway repeats its webhook.
    expect((await till.cancel(cancelledLater)).status).toBe(200);
    expect((await tellFailed(declinedTwice)).status).toBe(200);
    await untilSettled([
      [stillPending, 'PENDING pending'],
      [paidLater, dispatched],
      [declinedLater, expired],
      [refundedLater, refunded],
      [cancelledLater, cancelled],
      [declinedTwice, failed],
      [declined, failed],
      [paidTooLate, refunded],
      [done, dispatched],
      [refundedEarly, refunded],
      [inDispatch, dispatched],
      [cancelledInDispatch, refunded],
    ]);
    await expectInvariants();
    // The store does not know the ids of a lost order. A checkout with the key of a lost order places a new order.
    expect((await till.shopper.send('GET', `/order/${lostPending.orderId}`)).status).toBe(404);
    const again = await till.shopper.reserve(lostPending.key);
    expect(again).not.toBe(lostPending.paymentId);
    kept({ ...lostPending, paymentId: again, orderId: await store.orderIdOf(again) });
  });

  /** Deletes the runs that started between these times, as `temporal workflow delete --query` does. */
  async function deleteRuns(from: Date, to: Date): Promise<void> {
    const { workflows } = reconciling;
    const { namespace } = workflows.options;
    const started = `StartTime BETWEEN '${from.toISOString()}' AND '${to.toISOString()}'`;
    const query = `WorkflowType IN ('checkout', 'dispatch', 'refund', 'syncPayment') AND ${started}`;
    for await (const { workflowId, runId } of workflows.list({ query })) {
      const workflowExecution = { workflowId, runId };
      await workflows.workflowService.deleteWorkflowExecution({ namespace, workflowExecution });
    }
    // After such a call, an open run ends at once, but the server deletes a closed run only after half a minute. This
    // wait is therefore only for the open runs.
    await eventually(
      async () => {
        const { count } = await workflows.count(`${query} AND ExecutionStatus = 'Running'`);
        return count;
      },
      (count) => count === 0,
    );
  }

  async function refundByHand({ paymentId }: Charge): Promise<void> {
    const headers = { Authorization: `Bearer ${store.gatewayApiKey}`, 'Idempotency-Key': 'by-hand' };
    const url = `${store.gatewayUrl}/v1/payments/${paymentId}/refunds`;
    const { status } = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ amount_minor: 9999 }) });
    expect(status).toBe(200);
  }

  it('of Temporal: Postgres and the gateway are ahead, and every order reaches its expected state', async () => {
    const [paidLater, declinedLater, stillPending] = [await open(), await open(), await open()];
    const [inDispatch, cancelledInDispatch] = [await paidAtGateway(), await paidAtGateway()];
    await haltDispatch(cancelledInDispatch);
    await tellPaid(inDispatch);
    await backups.take('temporal');

    await backups.start('api', 'worker');
    expect((await till.cancel(cancelledInDispatch)).status).toBe(200);
    await till.pay(paidLater);
    await Promise.all([tellPaid(paidLater), tellFailed(declinedLater)]);
    const [newExpired, newWithoutWebhook, newPending] = [await open(), await paidAtGateway(), await open()];
    const [newInDispatch, newRefunding] = [await paidAtGateway(), await paidAtGateway()];
    await expectEnds([
      [paidLater, dispatched],
      [inDispatch, dispatched],
      [cancelledInDispatch, refunded],
    ]);
    await store.processes.gateway.stop();
    await tellPaid(newRefunding);
    await till.cancel(newRefunding);
    await tellPaid(newInDispatch);
    reconciling.forget();
    await backups.restore('temporal');
    store.processes.gateway.start();
    expect(await statusOf(newInDispatch)).toBe('PAID');

    await endWindows(newExpired);
    await backups.start('worker');
    await untilReported([
      [paidLater, ['run_after_end']],
      [declinedLater, ['run_after_end']],
      [newExpired, ['hold_without_run']],
      [newWithoutWebhook, ['payment_not_noticed']],
      [newInDispatch, ['paid_without_dispatch']],
      [newRefunding, ['refund_overdue']],
    ]);
    for (const { key } of [paidLater, declinedLater]) {
      await reconciling.workflows.getHandle(checkoutWorkflowId(key)).cancel();
    }
    await backups.start('api');
    await untilSettled([
      [paidLater, dispatched],
      [declinedLater, failed],
      [stillPending, 'PENDING pending'],
      [inDispatch, dispatched],
      [cancelledInDispatch, refunded],
      [newExpired, expired],
      [newWithoutWebhook, dispatched],
      [newPending, 'PENDING pending'],
      [newInDispatch, dispatched],
      [newRefunding, refunded],
    ]);
    await expectInvariants();
  });

  async function statusOf({ paymentId }: Charge): Promise<string> {
    const [row] = await store.sql`select status from orders where payment_id = ${paymentId}`;
    return String(row?.['status']);
  }

  it('of an empty Temporal: every order reaches its expected state', async () => {
    const [pending, late, inDispatch] = [await open(), await open(), await paidAtGateway()];
    await tellPaid(inDispatch);
    reconciling.forget();
    await backups.lose('temporal');

    await endWindows(late);
    await backups.start('worker', 'api');
    await untilReported([
      [late, ['hold_without_run']],
      [inDispatch, ['paid_without_dispatch']],
    ]);
    await untilSettled([
      [pending, 'PENDING pending'],
      [late, expired],
      [inDispatch, dispatched],
    ]);
    await expectInvariants();
    // The pending order can still be paid.
    await till.pay(pending);
    expect((await tellPaid(pending)).text).toBe(pending.orderId);
    await until(pending, dispatched);
  });
});
