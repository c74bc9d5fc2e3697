import {
  type OrderStatus,
  type PaymentStatus,
  type RefundSource,
  type RefundStatus,
  settlements,
} from '@widget-store/contract';
import { asc, eq, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../postgres/database';
import { prepared } from '../postgres/prepared';
import { buyers, disputes, operatorActions, orderItems, orders, refunds } from '../schema';
import type { Buyer } from './buyers';

export interface OrderRow extends Pick<typeof orders.$inferSelect, keyof typeof orderColumns> {
  items: {
    productId: number;
    name: string;
    imageUrl: string | null;
    quantity: number;
    unitPriceMinor: number;
    returned: number;
  }[];
  /** The oldest first. */
  refunds: OrderRefund[];
  /** The sum of the lost disputes, which the shopper has back. */
  lostMinor: number;
  /** Null if the order is not paid, if no buyer is recorded, or if the buyer is erased. */
  buyer: Buyer | null;
}

interface OrderRefund {
  refundId: string;
  amountMinor: number;
  status: RefundStatus;
  source: RefundSource;
  reason: string | null;
  requestedBy: string | null;
  gatewayRefundId: string | null;
  settledBy: string | null;
  /** When an operator has recorded that the shopper of the failed refund was paid in another way. */
  paidOutsideAt: string | null;
  /** ISO 8601. */
  createdAt: string;
  updatedAt: string;
}

export interface OrderPage {
  orders: OrderRow[];
  /** The value of `before` for the next page; undefined on the last page. */
  nextBefore: number | undefined;
}

/** The ids and the state of the order that a checkout has placed. */
export interface Checkout {
  idempotencyKey: string;
  orderId: string;
  paymentId: string | null;
  status: OrderStatus;
  paymentStatus: PaymentStatus;
  totalMinor: number;
  currency: string;
  /**
   * Whether the payment window has ended, according to the database's clock. After its end, the workflow has settled
   * the order or is settling it.
   */
  isExpired: boolean;
  /** See `needsOperatorToCancel`. */
  needsOperatorToCancel: boolean;
}

const orderColumns = {
  orderId: orders.orderId,
  sequence: orders.sequence,
  idempotencyKey: orders.idempotencyKey,
  status: orders.status,
  paymentStatus: orders.paymentStatus,
  cancelReason: orders.cancelReason,
  totalMinor: orders.totalMinor,
  currency: orders.currency,
  adjustments: orders.adjustments,
  progressRemaining: orders.progressRemaining,
  fulfilment: orders.fulfilment,
  shippingCountries: orders.shippingCountries,
  shippedAt: orders.shippedAt,
  carrier: orders.carrier,
  trackingUrl: orders.trackingUrl,
  paymentId: orders.paymentId,
  expiresAt: orders.expiresAt,
  capturedMinor: orders.capturedMinor,
  refundedMinor: orders.refundedMinor,
  disputedMinor: orders.disputedMinor,
  version: orders.version,
  createdAt: orders.createdAt,
  updatedAt: orders.updatedAt,
};

/*
 * `isPending` implies the condition of the partial index `orders_unfinished`, and `isReadyWithPieces` equals that of
 * `orders_to_ship`. The planner could not use the indexes if the conditions had parameters.
 */
const isPending = sql`${orders.status} = 'PENDING' and ${orders.readyAt} is null`;
export const isReadyToShip = sql`${orders.status} = 'PAID' and ${orders.readyAt} is not null`;

/** Whether the order is ready to ship and holds pieces. */
export const isReadyWithPieces = sql`${isReadyToShip} and not ${orders.allReturned}`;

/**
 * Whether an operator must ship the order. The order is not shipped if the shopper has all of the payment back, and not
 * before each dispute is decided.
 */
export const isToShip = sql`${isReadyWithPieces} and not ${orders.allPaidBack} and not exists (
  select from ${disputes} where disputes.order_id = orders.order_id and disputes.status = 'open')`;

/**
 * Whether only an operator can cancel the order, and no operator has asked for the cancellation. Such an order is
 * marked as ready to ship, but all its pieces are back in stock. The shop may have kept a part of the money on purpose,
 * and a cancellation would refund this part too.
 */
export const needsOperatorToCancel = sql<boolean>`(${isReadyToShip} and ${orders.allReturned} and not exists (
  select from ${operatorActions} where operator_actions.order_id = orders.order_id and kind = 'cancel'))`;

const checkoutOf = (column: typeof orders.paymentId | typeof orders.orderId, name: string) =>
  prepared((db) =>
    db
      .select({
        idempotencyKey: orders.idempotencyKey,
        orderId: orders.orderId,
        paymentId: orders.paymentId,
        status: orders.status,
        paymentStatus: orders.paymentStatus,
        totalMinor: orders.totalMinor,
        currency: orders.currency,
        isExpired: sql<boolean>`${orders.expiresAt} <= now()`,
        needsOperatorToCancel,
      })
      .from(orders)
      .where(eq(column, sql.placeholder('id')))
      .prepare(name),
  );
const checkoutOfPayment = checkoutOf(orders.paymentId, 'checkout_of_payment');
const checkoutOfOrder = checkoutOf(orders.orderId, 'checkout_of_order');

/** Finds the checkout of a payment or of an order. */
export async function findCheckout(
  db: Database,
  key: { paymentId: string } | { orderId: string },
): Promise<Checkout | undefined> {
  const [checkout] =
    'paymentId' in key
      ? await checkoutOfPayment(db).execute({ id: key.paymentId })
      : await checkoutOfOrder(db).execute({ id: key.orderId });
  return checkout;
}

export async function readOrder(db: Database, orderId: string): Promise<OrderRow | undefined> {
  const [order] = await readOrders(db, [orderId]);
  return order;
}

export async function listProductsOf(db: Database, orderId: string): Promise<number[]> {
  const items = await db
    .select({ productId: orderItems.productId })
    .from(orderItems)
    .where(eq(orderItems.orderId, orderId));
  return items.map(({ productId }) => productId);
}

/** How long orders have waited for their payment, by the database's clock. Both values are 0 if no order waits. */
interface OldestHold {
  /** The time since the oldest of the waiting orders was placed. */
  ageSeconds: number;
  /** The time since the earliest end of their payment windows; 0 if no window has ended. */
  overdueSeconds: number;
}

/** The seconds since a moment; 0 if the moment is in the future or null. */
const elapsedSeconds = (moment: SQL) => sql<number>`greatest(extract(epoch from now() - ${moment}), 0)::float8`;

/** Reads only orders in the index of unfinished orders. */
export async function readOldestHold(db: Database): Promise<OldestHold> {
  const [row] = await db
    .select({
      ageSeconds: elapsedSeconds(sql`min(${orders.createdAt})`),
      overdueSeconds: elapsedSeconds(sql`min(${orders.expiresAt})`),
    })
    .from(orders)
    .where(isPending);
  return row ?? { ageSeconds: 0, overdueSeconds: 0 };
}

/** The orders that wait for an operator to ship them. */
interface OrdersToShip {
  count: number;
  /** The time since the first of these orders became ready to ship; 0 if there is none. */
  oldestSeconds: number;
}

export async function readOrdersToShip(db: Database): Promise<OrdersToShip> {
  const [row] = await db
    .select({ count: sql<number>`count(*)::int`, oldestSeconds: elapsedSeconds(sql`min(${orders.readyAt})`) })
    .from(orders)
    .where(isToShip);
  return row ?? { count: 0, oldestSeconds: 0 };
}

/**
 * Null if the order has no refund. An order without a capture can have a refund only if its payment status is
 * `refunded`. The amount of this refund is 0. All other orders without a capture need no subquery.
 */
const refundsOfOrder = sql<
  OrderRefund[] | null
>`case when ${orders.capturedMinor} > 0 or payment_status = 'refunded' then (
  select json_agg(json_build_object('refundId', refund_id, 'amountMinor', amount_minor, 'status', status,
    'source', source, 'reason', reason, 'requestedBy', requested_by, 'gatewayRefundId', gateway_refund_id, 'settledBy', settled_by,
    'paidOutsideAt', case when settled_by = ${sql.raw(`'${settlements.outside}'`)} then (
      select at from ${operatorActions}
      where operator_actions.order_id = refunds.order_id and kind = 'settle_refund' and subject = refund_id
      order by action_id desc limit 1) end,
    'createdAt', created_at, 'updatedAt', updated_at) order by created_at, refund_id)
  from ${refunds} where refunds.order_id = orders.order_id) end`;

/** Most orders have no dispute, and need no subquery. */
const lostMinorOfOrder = sql<number>`case when ${orders.disputedMinor} > 0 then (
  select coalesce(sum(amount_minor), 0) from ${disputes}
  where disputes.order_id = orders.order_id and disputes.status = 'lost') else 0 end`.mapWith(Number);

/** Null if nothing was captured, or if the order has no buyer or an erased one. */
const buyerOfOrder = sql<Buyer | null>`case when ${orders.capturedMinor} > 0 then (
  select json_build_object('name', name, 'email', email, 'phone', phone, 'line1', line1, 'line2', line2, 'city', city,
    'postalCode', postal_code, 'region', region, 'country', country)
  from ${buyers} where buyers.order_id = orders.order_id and erased_at is null) end`;

const ordersById = prepared((db) =>
  db
    .select({
      order: orderColumns,
      refunds: refundsOfOrder,
      lostMinor: lostMinorOfOrder,
      buyer: buyerOfOrder,
      item: orderItems,
    })
    .from(orders)
    .leftJoin(orderItems, eq(orderItems.orderId, orders.orderId))
    .where(sql`${orders.orderId} = any(${sql.placeholder('orderIds')}::text[])`)
    .orderBy(asc(orderItems.productId))
    .prepare('orders_by_id'),
);

/** Reads the orders with these ids and their items, in no particular sequence. Leaves out unknown ids. */
export async function readOrders(db: Database, orderIds: string[]): Promise<OrderRow[]> {
  const rows = await ordersById(db).execute({ orderIds });
  const found = new Map<string, OrderRow>();
  for (const { order, refunds: ofOrder, lostMinor, buyer, item } of rows) {
    const row = found.get(order.orderId) ?? { ...order, items: [], refunds: ofOrder ?? [], lostMinor, buyer };
    found.set(order.orderId, row);
    if (item === null) continue;
    const { orderId: _ofOrder, ...line } = item;
    row.items.push(line);
  }
  return [...found.values()];
}
