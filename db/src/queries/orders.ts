import type { OrderStatus } from '@widget-store/contract';
import { asc, eq, type SQL, sql } from 'drizzle-orm';
import { orderItems, orders, products } from '../schema';
import type { Database } from '../postgres/database';
import { prepared } from '../postgres/prepared';

export interface OrderRow extends Pick<typeof orders.$inferSelect, keyof typeof orderColumns> {
  items: { productId: number; name: string; quantity: number; unitPriceMinor: number }[];
}

export interface OrderPage {
  orders: OrderRow[];
  /** Pass as `before` to read on; undefined on the last page. */
  nextBefore: number | undefined;
}

/** The ids of one checkout as they were first answered, and where its order stands. */
export interface Checkout {
  idempotencyKey: string;
  orderId: string;
  paymentId: string | null;
  status: OrderStatus;
  totalMinor: number;
  currency: string;
  /** Whether the payment window has ended, by the database's clock: its run is deciding the order, or has decided it. */
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

/** No parameter: with one, a statement could not be proved to find all it looks for in the index `orders_unfinished`. */
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

/** The checkout that a payment or an order belongs to. */
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

/** Of the orders that wait for their payment, by the database's clock; both are 0 when none does. */
export interface OldestHold {
  /** Since the oldest was placed. */
  ageSeconds: number;
  /** Since the earliest end of a payment window; 0 while no window has ended. */
  overdueSeconds: number;
}

/** Seconds; 0 for a moment that is still to come, or that is not there. */
const sinceSeconds = (moment: SQL) => sql<number>`greatest(extract(epoch from now() - ${moment}), 0)::float8`;

/** Through the index of the orders that are not over, however many are. */
export async function readOldestHold(db: Database): Promise<OldestHold> {
  const [row] = await db
    .select({
      ageSeconds: sinceSeconds(sql`min(${orders.createdAt})`),
      overdueSeconds: sinceSeconds(sql`min(${orders.expiresAt})`),
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

/** Those of the orders that exist, in any order: with their items in one statement. */
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
