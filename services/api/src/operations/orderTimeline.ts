import type { OrderRecord } from '@widget-store/db';
import {
  askedEventId,
  decimalAmount,
  orderStatusNames,
  type OrderStatus,
  type PaymentStatus,
  type RefundSource,
  stockMovementNames,
} from '@widget-store/contract';
import type { TimelineEntryBody } from '../openapi/opsSchemas';

/** The part of an order's state whose changes the timeline shows. */
interface State {
  status: OrderStatus;
  paymentStatus: PaymentStatus;
  paymentEventId: string | null;
}

/** Merges what Postgres has recorded about an order with the entries of its runs, oldest first. */
export function orderTimeline(record: OrderRecord, runEntries: TimelineEntryBody[]): TimelineEntryBody[] {
  // Entries with the same time stay in this sequence: operators, the order, its buyer, its stock, its refunds, its
  // disputes, its runs.
  return [
    ...actions(record),
    ...changes(record),
    ...buyer(record),
    ...movements(record),
    ...refunds(record),
    ...disputes(record),
    ...runEntries,
  ].toSorted((one, other) => one.at.localeCompare(other.at));
}

const actionTitles: Record<OrderRecord['actions'][number]['kind'], string> = {
  ship: 'Marked as shipped',
  correct_shipment: 'Shipment corrected',
  cancel: 'Cancellation requested',
  settle_refund: 'Recorded that the shopper of a failed refund was paid another way',
  keep_money: 'Decided to keep the money after a dispute',
  erase_buyer: 'Buyer erased',
  redeliver_event: 'Outgoing event sent again',
  create_product: 'Product created',
  change_product: 'Product changed',
};

function actions(record: OrderRecord): TimelineEntryBody[] {
  const [, ...corrected] = parcelsOf(record);
  const detailOf = ({ kind, subject, note }: OrderRecord['actions'][number]): string | null => {
    if (kind === 'correct_shipment') return corrected.shift() ?? null;
    return kind === 'keep_money' ? null : (note ?? subject);
  };
  return record.actions.map((action) => {
    const { at, kind, operator } = action;
    return { ...entry(at, 'operator', actionTitles[kind], detailOf(action)), operator };
  });
}

/** The carrier and link with which the order was shipped, and those of each correction. Null if both are missing. */
function parcelsOf({ order: { carrier, trackingUrl }, actions: all }: OrderRecord): (string | null)[] {
  const earlier = all.filter(({ kind }) => kind === 'correct_shipment').map(({ subject }) => subject);
  return [...earlier, [carrier, trackingUrl].filter(Boolean).join(' ')].map((parcel) => parcel || null);
}

function changes(record: OrderRecord): TimelineEntryBody[] {
  const { order, events } = record;
  const [parcel = null] = parcelsOf(record);
  let state: State =
    order.cancelReason === 'sold_out'
      ? { status: 'CANCELLED', paymentStatus: 'none', paymentEventId: null }
      : { status: 'PENDING', paymentStatus: 'pending', paymentEventId: null };
  const entries = [entry(order.createdAt, 'order', `Order placed, ${wordOf(state.status)}`, null)];
  for (const event of events) {
    entries.push(...change(state, event, parcel));
    state = event;
  }
  return entries;
}

function change(before: State, event: OrderRecord['events'][number], parcel: string | null): TimelineEntryBody[] {
  const { at, status, paymentStatus, paymentEventId } = event;
  const cause = paymentEventId === before.paymentEventId ? null : causeOf(paymentEventId);
  return [
    ...(paymentStatus === before.paymentStatus
      ? []
      : [entry(at, 'payment', `Payment ${before.paymentStatus} → ${paymentStatus}`.replaceAll('_', ' '), cause)]),
    ...(status === before.status
      ? []
      : [
          entry(
            at,
            'order',
            `Order ${wordOf(before.status)} → ${wordOf(status)}`,
            status === 'DISPATCHED' ? parcel : null,
          ),
        ]),
  ];
}

/**
 * Returns an entry if the store itself has erased the buyer. If an operator has erased the buyer, `actions` returns the
 * entry. The timeline contains nothing else about the buyer.
 */
function buyer({ buyer: ofOrder, actions: all }: OrderRecord): TimelineEntryBody[] {
  const erasedAt = ofOrder?.erasedAt ?? null;
  return erasedAt === null || all.some(({ kind }) => kind === 'erase_buyer')
    ? []
    : [entry(erasedAt, 'order', 'Buyer erased', null)];
}

function movements({ movements: all, order: { items } }: OrderRecord): TimelineEntryBody[] {
  return all.map(({ createdAt, kind, quantity, productId, note, requestedBy }) => {
    const name = items.find((item) => item.productId === productId)?.name ?? `product ${productId}`;
    const title = `${stockMovementNames[kind]}: ${Math.abs(quantity)} × ${name}`;
    return { ...entry(createdAt, 'stock', title, note), operator: requestedBy };
  });
}

/** The origin of a refund that no operator requested. */
const refundSources: Record<RefundSource, string> = {
  operator: '',
  cancellation: ' by the cancellation',
  late_payment: ' because the payment came after the cancellation',
  gateway: ' at the gateway',
};

function refunds({ order: { refunds: all, currency } }: OrderRecord): TimelineEntryBody[] {
  return all.flatMap(({ amountMinor, status, source, reason, requestedBy, gatewayRefundId, createdAt, updatedAt }) => {
    const amount = `${decimalAmount({ minor: amountMinor, currency })} ${currency}`;
    const by = requestedBy === null ? refundSources[source] : '';
    const asked = {
      ...entry(new Date(createdAt), 'payment', `Refund of ${amount} requested${by}`, reason),
      operator: requestedBy,
    };
    if (status === 'pending') return [asked];
    const title = status === 'succeeded' ? `Refunded ${amount}` : `Refund of ${amount} failed`;
    const detail = gatewayRefundId ?? (status === 'succeeded' ? 'the gateway had captured nothing' : null);
    return [asked, entry(new Date(updatedAt), 'payment', title, detail)];
  });
}

function disputes({ disputes: all, order: { currency } }: OrderRecord): TimelineEntryBody[] {
  return all.flatMap(({ amountMinor, status, reason, gatewayDisputeId, openedAt, updatedAt }) => {
    const amount = `${decimalAmount({ minor: amountMinor, currency })} ${currency}`;
    const opened = entry(openedAt, 'payment', `Dispute of ${amount} opened`, reason);
    if (status === 'open') return [opened];
    return [opened, entry(updatedAt, 'payment', `Dispute of ${amount} ${status}`, gatewayDisputeId)];
  });
}

function entry(at: Date, source: TimelineEntryBody['source'], title: string, detail: string | null): TimelineEntryBody {
  return { at: at.toISOString(), source, title, detail, operator: null, workflow_id: null };
}

function wordOf(status: OrderStatus): string {
  return orderStatusNames[status].toLowerCase();
}

function causeOf(paymentEventId: string | null): string | null {
  if (paymentEventId === null) return null;
  return paymentEventId === askedEventId ? 'the store asked the gateway' : `event ${paymentEventId}`;
}
