import type { WorkflowHandle } from '@temporalio/client';
import { failureTypes, type RefundRef } from '@widget-store/contract';
import { cancelUpdate, paymentPageUpdate, paymentSignal } from '@widget-store/workflows/messages';
import { setAvailable } from '../store/database';
import { eventually } from '../eventually';
import { flakyGateway } from '../gateway/flakyGateway';
import { lateRefund, newRefund, refundByHand } from '../gateway/gateway';
import { exportHistory } from './histories';
import { exported, type Histories, type Stage, stageOn, untilScheduled } from './historyStage';
import { playHeldDatabase, playManual, playRefusingDatabase, playSilentGateway } from './playOutages';
import { openWorkflowBench } from '../temporal/workflows';

/**
 * Runs the workflows along each of their paths. Resolves with the history of each path. The result also has the
 * histories of runs that are still open, for example of a run that waits for its payment.
 */
export async function playHistories(): Promise<Histories> {
  const flaky = flakyGateway();
  const bench = await openWorkflowBench({ tickMs: 100, gateway: flaky });
  try {
    await setAvailable(bench.database.store, 100);
    const stage = stageOn(bench, flaky);
    const apart = [playPayments, playUndoings, playRefunds, playSilentGateway, playHeldDatabase, playManual];
    const histories: Histories[] = await Promise.all(apart.map((play) => play(stage)));
    // The functions below affect all orders, so all dispatches and refunds must end first.
    await untilAllRunsHaveEnded(stage);
    for (const play of [playRefusingDatabase, playRepairs, playSoldOut]) histories.push(await play(stage));
    return Object.assign({}, ...histories) as Histories;
  } finally {
    await bench.close();
  }
}

async function playPayments(stage: Stage): Promise<Histories> {
  const open = await stage.place();
  const openPage = await stage.place();
  await openPage.run.executeUpdate(paymentPageUpdate);
  const paid = await stage.buy();
  const dispatch = stage.dispatchOf(paid);
  await untilScheduled(dispatch, 'dispatchOrder');
  const dispatchOpen = await exportHistory(dispatch);
  const knownKey = await stage.startWithPayment({ key: paid.key, status: 'paid' });
  const declined = await stage.place();
  await declined.run.signal(paymentSignal, { status: 'failed' });
  const refused = await stage.startWithPayment({ status: 'failed', productId: 404 });
  const foundPaid = await stage.place({ paymentWindowMs: 1000 });
  await stage.pay(foundPaid);
  return {
    dispatchOpen,
    ...(await exported({
      open: { open: open.run, openPage: openPage.run },
      ended: { paid: paid.run, knownKey, refused, declined: declined.run, foundPaid: foundPaid.run, dispatch },
    })),
  };
}

async function playUndoings(stage: Stage): Promise<Histories> {
  const expired = await stage.expire();
  const cancelled = await stage.place();
  await cancelled.run.cancel();
  const changedMind = await stage.place();
  await changedMind.run.executeUpdate(cancelUpdate);
  const pageClosed = await stage.place();
  await pageClosed.run.executeUpdate(paymentPageUpdate);
  await pageClosed.run.executeUpdate(cancelUpdate);
  const unusableCapture = await stage.place({ paymentWindowMs: 1000 });
  await stage.pay(unusableCapture, 1);

  const sentBack = await stage.buy();
  await eventually(
    () => stage.database.store.readOrder(sentBack.orderId),
    (order) => order !== undefined && order.progressRemaining < 9,
  );
  const dispatchCancelled = stage.dispatchOf(sentBack);
  await dispatchCancelled.executeUpdate(cancelUpdate);
  await dispatchCancelled.result();
  return exported({
    ended: {
      expired: expired.run,
      cancelled: cancelled.run,
      changedMind: changedMind.run,
      pageClosed: pageClosed.run,
      unusableCapture: unusableCapture.run,
      dispatchCancelled,
      refund: stage.refundOf(sentBack),
    },
  });
}

/**
 * Runs the refund of a late payment, an operator's refund, a refund without a payment, a refund of an order that is not
 * cancelled, and the refund of the rest after a partial refund in the dashboard. Also runs `syncPayment` after a refund
 * in the dashboard.
 */
async function playRefunds(stage: Stage): Promise<Histories> {
  const [late, dispatched, inPart] = [await stage.expire(), await stage.buy(), await stage.buy()];
  await stage.pay(late);
  const ofOperator = newRefund(dispatched, 1);
  await stage.database.store.requestRefund(ofOperator);
  await stage.gateway.refund(refundByHand(inPart.paymentId, 999));
  await stage.dispatchOf(inPart).executeUpdate(cancelUpdate);
  await stage.dispatchOf(inPart).result();
  const dashboard = await stage.buy();
  await stage.gateway.refundInDashboard(dashboard.paymentId, 1);
  return exported({
    ended: {
      syncPayment: await stage.syncPayment(dashboard),
      refundLate: await startRefund(stage, lateRefund(late)),
      refundOfOperator: await startRefund(stage, ofOperator),
      refundOfNothing: await startRefund(stage, lateRefund(await stage.expire())),
      refundRefused: await startRefund(stage, lateRefund(dispatched)),
      refundOfRest: stage.refundOf(inPart),
    },
  });
}

async function startRefund(stage: Stage, { orderId, refundId, latePayment }: RefundRef): Promise<WorkflowHandle> {
  const run = await stage.refund({ orderId, refundId, latePayment });
  if (run === null) throw new Error('the refund has run before');
  return run;
}

/**
 * Runs the reconciler twice: once when every kind of repair except `replace` is needed, and once while the gateway does
 * not answer.
 */
async function playRepairs(stage: Stage): Promise<Histories> {
  const unnoticed = await stage.place();
  await stage.pay(unnoticed);
  const lost = await stage.place({ paymentWindowMs: 100 });
  await lost.run.terminate('by hand');
  const late = await stage.expire();
  await stage.pay(late);
  const stuck = await stage.buy();
  await stage.dispatchOf(stuck).terminate('by hand');
  const reconcile = await stage.startReconcile();
  await reconcile.result();
  const made = stage.monitor.repairs.map(({ orderId, repair }) => `${repair?.action} ${orderId}`);
  const needed = [
    `signal_paid ${unnoticed.orderId}`,
    `resume_checkout ${lost.orderId}`,
    `refund ${late.orderId}`,
    `dispatch ${stuck.orderId}`,
  ];
  // An order looks stuck after its payment until its dispatch has started. This reconciler has no grace period, so it
  // can repair such an order too.
  const allowed = new Set([...needed, `dispatch ${unnoticed.orderId}`]);
  const missing = needed.filter((repair) => !made.includes(repair)).join();
  const superfluous = made.filter((repair) => !allowed.has(repair)).join();
  if (missing + superfluous !== '') throw new Error(`missing: ${missing}, superfluous: ${superfluous}`);
  const takenOver = stage.client.getHandle(lost.run.workflowId);
  await Promise.all([unnoticed.run.result(), stage.refundOf(late).result(), stage.dispatchOf(stuck).result()]);

  stage.flaky.failList(failureTypes.gatewayUnavailable);
  const reconcileInPart = await stage.startReconcile();
  await untilScheduled(reconcileInPart, 'compareLedger');
  const reconcileOpen = await exportHistory(reconcileInPart);
  stage.flaky.failList(failureTypes.orderNotFound);
  await reconcileInPart.result();
  stage.flaky.heal();
  return { reconcileOpen, ...(await exported({ ended: { reconcile, takenOver, reconcileInPart } })) };
}

/**
 * Waits for the end of all dispatches and refunds. The reconciler in this file has no grace period. If a dispatch or a
 * refund ended after the reconciler had read the order and before it looked for the run, the reconciler would repair
 * the order.
 */
async function untilAllRunsHaveEnded({ database: { sql } }: Stage): Promise<void> {
  await eventually(
    () => sql`select order_id from orders where status = 'PAID' or payment_status = 'refunding'`,
    (orders) => orders.length === 0,
  );
}

async function playSoldOut(stage: Stage): Promise<Histories> {
  await setAvailable(stage.database.store, 0);
  const soldOut = await stage.place();
  return exported({ ended: { soldOut: soldOut.run } });
}
