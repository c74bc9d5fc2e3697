import type { OrderRecord } from '@widget-store/db';
import { askedEventId, decimalAmount, type OrderStatus, type PaymentStatus } from '@widget-store/contract';
import type { TimelineEntryBody } from '../openapi/opsSchemas';

interface Standing {
  status: OrderStatus;
  paymentStatus: PaymentStatus;
  paymentEventId: string | null;
}

/** What Postgres has kept of an order, merged with what its runs did, oldest first. */
export function orderTimeline(record: OrderRecord, ofRuns: TimelineEntryBody[]): TimelineEntryBody[] {
  // At the same moment the order comes before its stock, and both before what the run reports of them.
  return [...changes(record), ...movements(record), ...refund(record), ...ofRuns].toSorted((one, other) =>
    one.at.localeCompare(other.at),
  );
}

function changes({ order, events }: OrderRecord): TimelineEntryBody[] {
  const placed: Standing =
    order.cancelReason === 'sold_out'
      ? { status: 'CANCELLED', paymentStatus: 'none', paymentEventId: null }
      : { status: 'PENDING', paymentStatus: 'pending', paymentEventId: null };
  const entries = [entry(order.createdAt, 'order', `Order placed, ${placed.status}`, `key ${order.idempotencyKey}`)];
  let stood = placed;
  for (const event of events) {
    entries.push(...change(stood, event));
    stood = event;
  }
  const isWhole = stood.status === order.status && stood.paymentStatus === order.paymentStatus;
  // Orders that were on their way when changes began to be kept have a gap before this.
  if (!isWhole)
    entries.push(entry(order.updatedAt, 'order', `Order is ${order.status}`, 'how it came there was not kept'));
  return entries;
}

function change(before: Standing, event: OrderRecord['events'][number]): TimelineEntryBody[] {
  const { at, status, paymentStatus, paymentEventId } = event;
  const heard = paymentEventId === before.paymentEventId ? null : causeOf(paymentEventId);
  return [
    ...(paymentStatus === before.paymentStatus
      ? []
      : [entry(at, 'payment', `Payment ${before.paymentStatus} → ${paymentStatus}`, heard)]),
    ...(status === before.status ? [] : [entry(at, 'order', `Order ${before.status} → ${status}`, null)]),
  ];
}

function movements({ movements: moved }: OrderRecord): TimelineEntryBody[] {
  return moved.map(({ createdAt, kind, quantity, productId }) =>
    entry(createdAt, 'stock', `Stock ${kind} of ${Math.abs(quantity)}`, `product ${productId}`),
  );
}

function refund({ order }: OrderRecord): TimelineEntryBody[] {
  const { refundedAt, refundId, refundedMinor, currency } = order;
  if (refundedAt === null) return [];
  const amount = `${decimalAmount({ minor: refundedMinor, currency })} ${currency}`;
  return [entry(refundedAt, 'payment', `Refunded ${amount}`, refundId ?? 'the gateway had captured nothing')];
}

function entry(at: Date, source: TimelineEntryBody['source'], title: string, detail: string | null): TimelineEntryBody {
  return { at: at.toISOString(), source, title, detail, workflow_id: null };
}

function causeOf(paymentEventId: string | null): string | null {
  if (paymentEventId === null) return null;
  return paymentEventId === askedEventId ? 'the gateway was asked' : `event ${paymentEventId}`;
}
