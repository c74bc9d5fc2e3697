import { failureTypes } from '@widget-store/contract';
import { cancelUpdate, paymentPageUpdate, paymentSignal, reservationUpdate } from '@widget-store/workflows/messages';
import { eventually } from '../eventually';
import { exportHistory } from './histories';
import { exported, type Histories, type Stage, untilCompleted, untilScheduled } from './historyStage';

/*
 * The paths through the workflows on which the gateway or the database fails or answers late, and the paths of a manual
 * order.
 */

/**
 * Simulates a gateway that does not answer: at a request for a payment page, at the end of a payment window, and during
 * a refund and `syncPayment`. Also simulates a gateway that opens a payment page only after the order has been
 * cancelled.
 */
export async function playSilentGateway(stage: Stage): Promise<Histories> {
  const { flaky } = stage;
  const pageFailed = await stage.place();
  flaky.failFor(pageFailed.paymentId, failureTypes.gatewayUnavailable);
  await pageFailed.run.executeUpdate(paymentPageUpdate).catch(() => {});

  const asking = await stage.place({ paymentWindowMs: 100 });
  flaky.failFor(asking.paymentId, failureTypes.gatewayUnavailable);
  await untilScheduled(asking.run, 'closePayment');
  const askingOpen = await exportHistory(asking.run);
  // This error is not retried, so the run continues at once, and the test need not wait. Without an answer from the
  // gateway, the run would continue in the same way after half a minute.
  flaky.failFor(asking.paymentId, failureTypes.orderNotFound);

  const pageTooLate = await stage.place();
  const open = flaky.holdPage(pageTooLate.paymentId);
  const page = pageTooLate.run.executeUpdate(paymentPageUpdate);
  await untilScheduled(pageTooLate.run, 'createPayment');
  await pageTooLate.run.executeUpdate(cancelUpdate);
  open();
  await page;

  const sentBack = await stage.buy();
  flaky.failFor(sentBack.paymentId, failureTypes.gatewayUnavailable);
  await stage.dispatchOf(sentBack).executeUpdate(cancelUpdate);
  await stage.dispatchOf(sentBack).result();
  await untilScheduled(stage.refundOf(sentBack), 'refundPayment');
  const refundOpen = await exportHistory(stage.refundOf(sentBack));
  const syncPayment = await stage.syncPayment(sentBack);
  await untilScheduled(syncPayment, 'syncPayment');
  const syncPaymentOpen = await exportHistory(syncPayment);
  const histories = await exported({
    open: { pageFailed: pageFailed.run },
    ended: { gatewaySilent: asking.run, pageTooLate: pageTooLate.run },
  });
  flaky.heal();
  await Promise.all([stage.refundOf(sentBack).result(), syncPayment.result()]);
  return { askingOpen, refundOpen, syncPaymentOpen, ...histories };
}

/** Simulates a payment that arrives while its order is being cancelled. A lock on the row delays the cancellation. */
export async function playHeldDatabase(stage: Stage): Promise<Histories> {
  const placed = await stage.place();
  const { run, orderId } = placed;
  const cancelling = await stage.database.sql.begin(async (sql) => {
    await sql`select 1 from orders where order_id = ${orderId} for update`;
    await run.signal(paymentSignal, { status: 'failed' });
    await untilScheduled(run, 'cancelOrder');
    const open = await exportHistory(run);
    await stage.pay(placed);
    await run.signal(paymentSignal, { status: 'paid', eventId: 'evt_1' });
    return open;
  });
  return { cancelling, ...(await exported({ ended: { paidWhileCancelling: run } })) };
}

/**
 * Makes a manual order ready to ship, and later cancels it. The cancellation starts a second dispatch run. A lock on
 * the row delays the cancellation until the activity `dispatchOrder` of this run has returned the order as PAID.
 */
export async function playManual(stage: Stage): Promise<Histories> {
  const placed = await stage.buy({ manual: true });
  await stage.dispatchOf(placed).result();
  const dispatchManual = await exportHistory(stage.dispatchOf(placed));
  const { runId } = await stage.dispatchOf(placed).describe();
  const cancelled = await stage.database.sql.begin(async (sql) => {
    await sql`select 1 from orders where order_id = ${placed.orderId} for update`;
    const cancelling = stage.cancelPaid(placed);
    await eventually(
      () => stage.dispatchOf(placed).describe(),
      (run) => run.runId !== runId,
    );
    await untilCompleted(stage.dispatchOf(placed), 'dispatchOrder');
    return { cancelling };
  });
  const { status } = await cancelled.cancelling;
  if (status !== 'CANCELLED') throw new Error(`the cancelled order is ${status}`);
  return {
    dispatchManual,
    ...(await exported({
      ended: { dispatchManualCancelled: stage.dispatchOf(placed) },
    })),
  };
}

/**
 * Simulates a database that refuses every attempt of a local activity. The database works again when the workflow has
 * scheduled an ordinary activity instead. A client waits for the reservation of the run `delayed`, and gets the reason
 * for the delay.
 */
export async function playRefusingDatabase(stage: Stage): Promise<Histories> {
  const { sql } = stage.database;
  await sql`alter table stock_movements rename to away`;
  const run = await stage.startWithPayment({ status: 'failed' });
  const delayed = await stage.startWithPayment({ status: 'failed' });
  const reservation = await delayed.executeUpdate(reservationUpdate);
  if (!('delayedBy' in reservation) || reservation.delayedBy !== failureTypes.databaseRejected) {
    throw new Error(`the reservation is not delayed by the database: ${JSON.stringify(reservation)}`);
  }
  await untilScheduled(run, 'placeOrder');
  await sql`alter table away rename to stock_movements`;
  return exported({ ended: { placedLate: run, reservationDelayed: delayed } });
}
