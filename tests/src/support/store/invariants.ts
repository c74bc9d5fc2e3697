import type { ListingGateway } from '@widget-store/activities';
import type { GatewayPayment, OrderStatus, PaymentStatus } from '@widget-store/contract';
import type postgres from 'postgres';
import { eventually } from '../eventually';

/** A 2xx response that a client got for an idempotency key. */
export interface KeyAnswer {
  key: string;
  paymentId: string;
}

/** The data for the check of the invariants: the database, the gateway's ledger and the responses to clients. */
export interface Evidence {
  sql: postgres.Sql;
  /** A gateway that only this store uses. The charges of another store would be violations. */
  gateway: Pick<ListingGateway, 'listPayments'>;
  answers?: KeyAnswer[];
  /** The payments whose orders a restored backup does not contain. The gateway must keep no money of them. */
  lost?: string[];
}

/** Returns a sentence for each violation of an invariant. The store must be at rest. */
async function violations({ sql, gateway, answers = [], lost = [] }: Evidence): Promise<string[]> {
  const found = [
    stockViolations(sql),
    keyViolations(sql, answers),
    totalViolations(sql),
    moneyViolations(sql, gateway, lost),
  ];
  return (await Promise.all(found)).flat();
}

/**
 * Waits until no invariant is violated. A wait is necessary, because the store makes a refund only after it has
 * answered the request that caused the refund.
 *
 * @throws Error with the violations that remain at the deadline
 */
export async function untilNoViolations(evidence: Evidence, options?: { deadlineMs: number }): Promise<string[]> {
  return eventually(
    () => violations(evidence),
    (found) => found.length === 0,
    options,
  );
}

/**
 * I1: the movements of a product add up to its inventory. An order holds the units that no refund has returned, or
 * nothing if it is cancelled.
 */
export async function stockViolations(sql: postgres.Sql): Promise<string[]> {
  const [products, lines] = await Promise.all([
    sql<{ id: number; inventory: number; moved: number }[]>`
      select p.product_id as id, p.inventory::float8 as inventory, coalesce(sum(m.quantity), 0)::float8 as moved
      from products p left join stock_movements m using (product_id) group by p.product_id`,
    sql<{ orderId: string; productId: number; status: OrderStatus; quantity: number; held: number }[]>`
      select o.order_id as "orderId", i.product_id as "productId", o.status, i.quantity - i.returned as quantity,
        coalesce(-sum(m.quantity), 0)::int as held
      from orders o join order_items i using (order_id) left join stock_movements m using (order_id, product_id)
      group by o.order_id, i.product_id, i.quantity, i.returned`,
  ]);
  return [
    ...products
      .filter(({ inventory, moved }) => inventory !== moved || inventory < 0)
      .map(({ id, inventory, moved }) => `I1: product ${id} has ${inventory}, its movements add up to ${moved}`),
    ...lines
      .filter(({ status, quantity, held }) => held !== (status === 'CANCELLED' ? 0 : quantity))
      .map(({ orderId, productId, status, held }) => `I1: ${orderId} is ${status} and holds ${held} of ${productId}`),
  ];
}

/** I2: a key has at most one order, and every 2xx response to the key has the payment id of that order. */
export async function keyViolations(sql: postgres.Sql, answers: KeyAnswer[]): Promise<string[]> {
  const orders = await sql<{ key: string; paymentId: string | null }[]>`
    select idempotency_key as key, payment_id as "paymentId" from orders`;
  const paymentOf = new Map(orders.map(({ key, paymentId }) => [key, paymentId]));
  const repeated = orders.length - paymentOf.size;
  return [
    ...(repeated > 0 ? [`I2: ${repeated} orders have the key of another order`] : []),
    ...answers
      .filter(({ key, paymentId }) => paymentOf.get(key) !== paymentId)
      .map(({ key, paymentId }) => `I2: a response to ${key} has ${paymentId}, its order has ${paymentOf.get(key)}`),
  ];
}

/** I3: the total of an order is what its items and adjustments cost. */
async function totalViolations(sql: postgres.Sql): Promise<string[]> {
  const orders = await sql<{ orderId: string; totalMinor: number; partsMinor: number }[]>`
    select order_id as "orderId", total_minor::float8 as "totalMinor", parts.minor::float8 as "partsMinor"
    from orders, lateral (
      select coalesce(sum(quantity * unit_price_minor::bigint), 0)
        + (select coalesce(sum((one ->> 'amount_minor')::bigint), 0) from jsonb_array_elements(adjustments) one) as minor
      from order_items i where i.order_id = orders.order_id
    ) parts
    where total_minor <> parts.minor`;
  return orders.map(
    ({ orderId, totalMinor, partsMinor }) => `I3: ${orderId} has the total ${totalMinor}, its parts cost ${partsMinor}`,
  );
}

interface OrderMoney {
  orderId: string;
  paymentId: string;
  status: OrderStatus;
  paymentStatus: PaymentStatus;
  totalMinor: number;
  refundedMinor: number;
}

/**
 * I3: for a paid or dispatched order, the gateway keeps the total less the refunds. For any other order, the gateway
 * keeps nothing. The order shows the same refunded amount as the gateway. The gateway has no payment without an order,
 * and no refund is still pending.
 */
async function moneyViolations(sql: postgres.Sql, gateway: Evidence['gateway'], lost: string[]): Promise<string[]> {
  const orders = await sql<OrderMoney[]>`
    select order_id as "orderId", payment_id as "paymentId", status, payment_status as "paymentStatus",
      total_minor::int as "totalMinor", refunded_minor::int as "refundedMinor"
    from orders where payment_id is not null`;
  const charges = await readLedger(gateway);
  const known = new Set(orders.map(({ paymentId }) => paymentId));
  const orphans = [...charges.keys()].filter((paymentId) => !known.has(paymentId) && !lost.includes(paymentId));
  const lostMoney = lost.filter((paymentId) => keptMinorOf(charges.get(paymentId)) !== 0);
  return [
    ...lostMoney.map((paymentId) => `I3: the gateway keeps money of ${paymentId}, but its order is lost`),
    ...orphans.map((paymentId) => `I3: the gateway has ${paymentId}, but no order has this payment`),
    ...orders.flatMap((order) => moneyOfOrder(order, charges.get(order.paymentId))),
  ];
}

function moneyOfOrder(order: OrderMoney, charge: GatewayPayment | undefined): string[] {
  const { orderId, status, paymentStatus, totalMinor, refundedMinor } = order;
  const dueMinor = status === 'PAID' || status === 'DISPATCHED' ? totalMinor - refundedMinor : 0;
  const keptMinor = keptMinorOf(charge);
  const gatewayRefundedMinor = charge?.refundedMinor ?? 0;
  const wrong = [];
  if (keptMinor !== dueMinor) wrong.push(`the gateway keeps ${keptMinor} instead of ${dueMinor}`);
  if (gatewayRefundedMinor !== refundedMinor)
    wrong.push(`the order shows a refund of ${refundedMinor}, the gateway one of ${gatewayRefundedMinor}`);
  if (paymentStatus === 'refunding') wrong.push('the refund has not ended');
  return wrong.map((what) => `I3: ${orderId} (${status}, ${paymentStatus}): ${what}`);
}

function keptMinorOf(charge: GatewayPayment | undefined): number {
  return charge === undefined ? 0 : charge.capturedMinor - charge.refundedMinor;
}

async function readLedger(gateway: Evidence['gateway']): Promise<Map<string, GatewayPayment>> {
  const charges = new Map<string, GatewayPayment>();
  let cursor: string | null = null;
  do {
    const page = await gateway.listPayments({ updatedSince: new Date(0).toISOString(), cursor });
    for (const payment of page.payments) charges.set(payment.paymentId, payment);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return charges;
}
