import type {
  AttentionItem,
  BuyerRow,
  OperatorsRefund,
  OrderRecord,
  OrderRow,
  OutgoingEvent,
  ProductRow,
  StockMovement,
} from '@widget-store/db';
import { decimalAmount, orderNumberOf, orderStatusCodes } from '@widget-store/contract';
import type { AttentionItemBody, BuyerBody, DisputeBody, OpsOrderBody, OutgoingEventBody } from './openapi/opsSchemas';
import type { AddressBody, OrderBody } from './openapi/orderSchemas';
import type { ProductBody, StockMovementBody } from './openapi/productSchemas';
import type { RequestedRefundBody } from './openapi/refundSchemas';

export function productBody(product: ProductRow): ProductBody {
  const { currency, priceMinor } = product;
  return {
    product_id: product.productId,
    product: product.name,
    description: product.description,
    inventory: product.inventory,
    price: decimalAmount({ minor: priceMinor, currency }),
    price_minor: priceMinor,
    currency,
    image_url: product.imageUrl,
    on_sale: product.onSale,
  };
}

export function stockMovementBody(movement: StockMovement): StockMovementBody {
  return {
    movement_id: movement.movementId,
    created_at: movement.createdAt,
    reason: movement.kind,
    change: movement.change,
    inventory: movement.inventory,
    order_id: movement.orderId,
    order_number: movement.orderSequence === null ? null : orderNumberOf(movement.orderSequence),
    refund_id: movement.refundId,
    note: movement.note,
    requested_by: movement.requestedBy,
  };
}

export function orderBody(order: OrderRow): OrderBody {
  const { currency, totalMinor } = order;
  return {
    order_id: order.orderId,
    order_number: orderNumberOf(order.sequence),
    order_status: orderStatusCodes[order.status],
    status: order.status,
    created_at: order.createdAt.toISOString(),
    last_update_time: order.updatedAt.toISOString(),
    progress_remaining: order.progressRemaining,
    fulfilment: order.fulfilment,
    shipped_at: order.shippedAt?.toISOString() ?? null,
    carrier: order.carrier,
    tracking_url: order.trackingUrl,
    items: order.items.map((item) => itemBody(item, currency)),
    adjustments: order.adjustments.map(({ kind, label, amountMinor: minor }) => ({
      kind,
      label,
      amount: decimalAmount({ minor, currency }),
      amount_minor: minor,
    })),
    total: decimalAmount({ minor: totalMinor, currency }),
    total_minor: totalMinor,
    currency,
    payment_status: order.paymentStatus,
    cancel_reason: order.cancelReason,
    payment_id: order.paymentId,
    expires_at: order.expiresAt.toISOString(),
    captured_minor: order.capturedMinor,
    refunded_minor: order.refundedMinor,
    paid_another_way: order.refunds.flatMap((refund) => paidAnotherWay(refund, currency)),
    disputed_minor: order.disputedMinor,
    lost_minor: order.lostMinor,
    ship_to: shipToBody(order.buyer),
    refunds: shownRefunds(order).map((refund) => refundBody(refund, currency)),
  };
}

export function opsOrderBody(order: OrderRow): OpsOrderBody {
  return {
    ...orderBody(order),
    refunds: order.refunds.map((refund) => ({
      ...refundBody(refund, order.currency),
      source: refund.source,
      reason: refund.reason,
      requested_by: refund.requestedBy,
      settled_by: refund.settledBy,
      gateway_refund_id: refund.gatewayRefundId,
    })),
    idempotency_key: order.idempotencyKey,
  };
}

/** The part of the buyer that the order's page shows: no phone number, and only a part of the e-mail address. */
function shipToBody(buyer: OrderRow['buyer']): OrderBody['ship_to'] {
  if (buyer === null) return null;
  const { name, email } = buyer;
  return { name, email: email.replace(/^(.).*?(@[^@]*)?$/su, '$1…$2'), address: addressBody(buyer) };
}

export function buyerBody(buyer: BuyerRow): BuyerBody {
  const { orderId, name, email, phone, line1, country, erasedAt } = buyer;
  return {
    order_id: orderId,
    name,
    email,
    address: line1 === null || country === null ? null : addressBody({ ...buyer, line1, country }),
    phone,
    erased_at: erasedAt?.toISOString() ?? null,
  };
}

function addressBody(address: Omit<NonNullable<OrderRow['buyer']>, 'name' | 'email' | 'phone'>): AddressBody {
  const { line1, line2, city, postalCode, region, country } = address;
  return { line1, line2, city, postal_code: postalCode, region, country };
}

export function disputeBody(dispute: OrderRecord['disputes'][number], currency: string): DisputeBody {
  return {
    dispute_id: dispute.disputeId,
    amount_minor: dispute.amountMinor,
    currency,
    status: dispute.status,
    reason: dispute.reason,
    gateway_dispute_id: dispute.gatewayDisputeId,
    created_at: dispute.openedAt.toISOString(),
    updated_at: dispute.updatedAt.toISOString(),
  };
}

export function attentionItemBody(item: AttentionItem): AttentionItemBody {
  return {
    kind: item.kind,
    order_id: item.orderId,
    order_number: orderNumberOf(item.sequence),
    refund_id: item.refundId,
    dispute_id: item.disputeId,
    event: item.event && outgoingEventBody(item.event),
    amount_minor: item.amountMinor,
    currency: item.currency,
    since: item.since,
  };
}

export function outgoingEventBody(event: OutgoingEvent): OutgoingEventBody {
  return {
    event_id: event.eventId,
    order_id: event.orderId,
    type: event.type,
    attempts: event.attempts,
    last_result: event.lastResult,
  };
}

export function requestedRefundBody(refund: OperatorsRefund): RequestedRefundBody {
  return {
    refund_id: refund.refundId,
    order_id: refund.orderId,
    amount_minor: refund.amountMinor,
    currency: refund.currency,
    status: refund.status,
    reason: refund.reason,
    settled_by: refund.settledBy,
    created_at: utc(refund.createdAt),
  };
}

/**
 * The refunds that a shopper sees. A refund of 0 is never shown, and a failed refund is shown only while it needs an
 * operator.
 */
function shownRefunds({ refunds, capturedMinor, refundedMinor, disputedMinor }: OrderRow): OrderRow['refunds'] {
  const isMoneyLeft = capturedMinor - refundedMinor - disputedMinor > 0;
  return refunds
    .filter(({ amountMinor }) => amountMinor > 0)
    .filter(({ status, settledBy }) => status !== 'failed' || (isMoneyLeft && settledBy === null));
}

function itemBody(item: OrderRow['items'][number], currency: string) {
  return {
    product_id: item.productId,
    product: item.name,
    image_url: item.imageUrl,
    quantity: item.quantity,
    returned: item.returned,
    price: decimalAmount({ minor: item.unitPriceMinor, currency }),
    price_minor: item.unitPriceMinor,
  };
}

function refundBody(refund: OrderRow['refunds'][number], currency: string): OrderBody['refunds'][number] {
  const { refundId, amountMinor, status, createdAt, updatedAt } = refund;
  return {
    refund_id: refundId,
    amount: decimalAmount({ minor: amountMinor, currency }),
    amount_minor: amountMinor,
    status,
    created_at: utc(createdAt),
    updated_at: utc(updatedAt),
  };
}

/** What an operator has paid to the shopper in another way because the refund failed; empty for any other refund. */
function paidAnotherWay(
  { refundId, amountMinor, paidOutsideAt }: OrderRow['refunds'][number],
  currency: string,
): OrderBody['paid_another_way'] {
  if (paidOutsideAt === null) return [];
  const amount = decimalAmount({ minor: amountMinor, currency });
  return [{ refund_id: refundId, amount, amount_minor: amountMinor, recorded_at: utc(paidOutsideAt) }];
}

/** Converts a time that Postgres has written in JSON, with microseconds and an offset, to ISO 8601 in UTC. */
function utc(time: string): string {
  return new Date(time).toISOString();
}
