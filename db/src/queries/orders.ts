import type { OrderStatus } from '@widget-store/contract';
import { asc, eq, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../postgres/database';
import { prepared } from '../postgres/prepared';
import { orderItems, orders, products } from '../schema';

export interface OrderRow extends Pick<typeof orders.$inferSelect, keyof typeof orderColumns> {
  items: { productId: number; name: string; quantity: number; unitPriceMinor: number }[];
}

export interface OrderPage {
  orders: OrderRow[];
  /** The `before` of the next page; undefined on the last page. */
  nextBefore: number | undefined;
}

/** The ids that a checkout was first answered with, and the state of its order. */
export interface Checkout {
  idempotencyKey: string;
  orderId: string;
  paymentId: string | null;
  status: OrderStatus;
  totalMinor: number;
  currency: string;
  /** Whether the payment window has ended by the database's clock. The workflow then settles the order, or has settled it. */
  isExpired: boolean;
}

const orderColumns = {
  orderId: orders.orderId,
  idempotencyKey: orders.idempotencyKey,
  status: orders.status,
  paymentStatus: orders.paymentStatus,
  cancelReason: orders.cancelReason,
  totalMinor: orders.totalMinor,
  currency: orders.currency,
  progressRemaining: orders.progressRemaining,
  paymentId: orders.paymentId,
  expiresAt: orders.expiresAt,
  refundId: orders.refundId,
  refundedMinor: orders.refundedMinor,
  refundedAt: orders.refundedAt,
  version: orders.version,
  createdAt: orders.createdAt,
  updatedAt: orders.updatedAt,
};

/** Has no parameter: with one, the planner could not use the index `orders_unfinished`. */
const isPending = sql`${orders.status} = 'PENDING'`;

const checkoutOf = (column: typeof orders.paymentId | typeof orders.orderId, name: string) =>
  prepared((db) =>
    db
      .select({
        idempotencyKey: orders.idempotencyKey,
        orderId: orders.orderId,
        paymentId: orders.paymentId,
        status: orders.status,
        totalMinor: orders.totalMinor,
        currency: orders.currency,
        isExpired: sql<boolean>`${orders.expiresAt} <= now()`,
      })
      .from(orders)
      .where(eq(column, sql.placeholder('id')))
      .prepare(name),
  );
const checkoutOfPayment = checkoutOf(orders.paymentId, 'checkout_of_payment');
const checkoutOfOrder = checkoutOf(orders.orderId, 'checkout_of_order');

/** The checkout of a payment or an order. */
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

/** The ids of the products of an order. */
export async function listProductsOf(db: Database, orderId: string): Promise<number[]> {
  const items = await db
    .select({ productId: orderItems.productId })
    .from(orderItems)
    .where(eq(orderItems.orderId, orderId));
  return items.map(({ productId }) => productId);
}

/** Ages of the orders that await their payment, by the database's clock; both are 0 when there are none. */
export interface OldestHold {
  /** Since the oldest order was placed. */
  ageSeconds: number;
  /** Since the earliest end of a payment window; 0 while no window has ended. */
  overdueSeconds: number;
}

/** Seconds since a moment; 0 when it is in the future or null. */
const elapsedSeconds = (moment: SQL) => sql<number>`greatest(extract(epoch from now() - ${moment}), 0)::float8`;

/** Reads only the index of unfinished orders. */
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

const ordersById = prepared((db) =>
  db
    .select({ order: orderColumns, item: orderItems, product: products.name })
    .from(orders)
    .leftJoin(orderItems, eq(orderItems.orderId, orders.orderId))
    .leftJoin(products, eq(products.productId, orderItems.productId))
    .where(sql`${orders.orderId} = any(${sql.placeholder('orderIds')}::text[])`)
    .orderBy(asc(orderItems.productId))
    .prepare('orders_by_id'),
);

/** The orders that exist among these ids, with their items, in no particular order. */
export async function readOrders(db: Database, orderIds: string[]): Promise<OrderRow[]> {
  const rows = await ordersById(db).execute({ orderIds });
  const found = new Map<string, OrderRow>();
  for (const { order, item, product } of rows) {
    const row = found.get(order.orderId) ?? { ...order, items: [] };
    found.set(order.orderId, row);
    if (item === null || product === null) continue;
    const { productId, quantity, unitPriceMinor } = item;
    row.items.push({ productId, name: product, quantity, unitPriceMinor });
  }
  return [...found.values()];
}
