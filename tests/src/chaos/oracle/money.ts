import type { Charge, Evidence, OrderRecord } from '../evidence';
import { type Anomaly, breaking } from './anomaly';

/** I3: the gateway keeps the amount that is due for the order, and the order shows the same refund as the gateway. */
export function judgeMoney({ database, charges }: Pick<Evidence, 'database' | 'charges'>): Anomaly[] {
  const orders = database.orders.filter(({ paymentId }) => paymentId !== null);
  const orderOf = new Map(orders.map((order) => [order.paymentId, order]));
  const chargeOf = new Map(charges.map((charge) => [charge.paymentId, charge]));
  return breaking('I3', [
    ...charges
      .filter(({ paymentId }) => !orderOf.has(paymentId))
      .map(({ paymentId }) => `the gateway has ${paymentId}, but no order has this payment`),
    ...orders.flatMap((order) => moneyOf(order, chargeOf.get(order.paymentId ?? ''))),
  ]);
}

function moneyOf(order: OrderRecord, charge: Charge | undefined): string[] {
  const { orderId, status, paymentStatus, totalMinor } = order;
  const dueMinor = status === 'PAID' || status === 'DISPATCHED' ? totalMinor : 0;
  const keptMinor = charge === undefined ? 0 : charge.capturedMinor - charge.refundedMinor;
  const wrong: string[] = [];
  if (keptMinor !== dueMinor) wrong.push(`the gateway keeps ${keptMinor} instead of ${dueMinor}`);
  if (charge !== undefined && charge.refunds.length > 1) wrong.push(`it was refunded ${charge.refunds.length} times`);
  if (order.refundedMinor !== (charge?.refundedMinor ?? 0)) {
    wrong.push(`the order shows a refund of ${order.refundedMinor}, the gateway one of ${charge?.refundedMinor ?? 0}`);
  }
  return wrong.map((what) => `${orderId} (${status}, ${paymentStatus}): ${what}`);
}
