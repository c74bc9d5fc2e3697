import type { Charge, Evidence, OrderRecord, RefundRecord } from '../evidence';
import { type Anomaly, breaking } from './anomaly';

/** I3: the gateway keeps the amount that is due for the order, and the order shows the same refunds as the gateway. */
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
  const { orderId, status, paymentStatus, totalMinor, capturedMinor, refundedMinor } = order;
  const dueMinor = status === 'PAID' || status === 'DISPATCHED' ? totalMinor - refundedMinor : 0;
  const keptMinor = charge === undefined ? 0 : charge.capturedMinor - charge.refundedMinor;
  const wrong: string[] = [];
  if (keptMinor !== dueMinor) wrong.push(`the gateway keeps ${keptMinor} instead of ${dueMinor}`);
  if (keptMinor < 0) wrong.push(`the gateway has refunded ${-keptMinor} more than it has captured`);
  if (charge !== undefined && charge.capturedMinor !== capturedMinor) {
    wrong.push(`the order shows ${capturedMinor} captured, the gateway ${charge.capturedMinor}`);
  }
  return [...wrong, ...refundsOf(order, charge), ...disputesOf(order, charge)].map(
    (what) => `${orderId} (${status}, ${paymentStatus}): ${what}`,
  );
}

/**
 * Compares the refunds one by one: each refund at the gateway needs a row, and each row needs a refund at the gateway.
 * Two kinds of rows need no refund at the gateway: rows with an amount of 0, and rows of failed refunds that have no id
 * of the gateway.
 */
function refundsOf({ refunds, refundedMinor }: OrderRecord, charge: Charge | undefined): string[] {
  const sumMinor = refunds.reduce((sum, { status, amountMinor }) => sum + (status === 'failed' ? 0 : amountMinor), 0);
  const made = refunds.filter(
    ({ status, amountMinor, gatewayRefundId }) => amountMinor > 0 && (status !== 'failed' || gatewayRefundId !== null),
  );
  const shown = made.map(textOf);
  const ofGateway = (charge?.refunds ?? []).map(textOf);
  return [
    ...(sumMinor === refundedMinor ? [] : [`it shows ${refundedMinor} refunded, its refunds are ${sumMinor}`]),
    ...ofGateway
      .filter((refund) => !shown.includes(refund))
      .map((refund) => `the gateway made ${refund}, which it does not show`),
    ...shown
      .filter((refund) => !ofGateway.includes(refund))
      .map((refund) => `it shows ${refund}, which the gateway does not know`),
  ];
}

function disputesOf({ disputes }: OrderRecord, charge: Charge | undefined): string[] {
  const [shown, ofGateway] = [disputes, charge?.disputes ?? []].map((all) =>
    all
      .map((dispute) => `${dispute.gatewayDisputeId} of ${dispute.amountMinor} (${dispute.status})`)
      .toSorted()
      .join(),
  );
  return shown === ofGateway ? [] : [`it shows the disputes [${shown}], the gateway has [${ofGateway}]`];
}

function textOf(refund: Pick<RefundRecord, 'gatewayRefundId' | 'amountMinor' | 'status'>): string {
  return `${refund.gatewayRefundId} of ${refund.amountMinor} (${refund.status})`;
}
