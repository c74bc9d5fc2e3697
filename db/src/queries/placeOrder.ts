import { randomBytes } from 'node:crypto';
import { failureTypes, paymentIdFrom, type PlacedOrder, type PlaceOrderInput } from '@widget-store/contract';
import { eq, sql } from 'drizzle-orm';
import { StoreError } from '../errors';
import { orders } from '../schema';
import type { Database } from '../postgres/database';

/** Left of the payment window by the database's clock: the window belongs to the order, not to a process. */
const paymentWindowLeftMs = sql<number>`greatest(0, ceil(extract(epoch from ${orders.expiresAt} - now()) * 1000))::int`;

/**
 * The one order of a key with its whole reservation, or the order that the key already has. Sold out is remembered as
 * an order too, cancelled and without a payment id.
 *
 * @param input without lines, the order is only looked for
 * @throws StoreError `OrderNotFound` when it is looked for in vain, `ProductNotFound` when a line names no product,
 * `MixedCurrencies` when two have prices in different ones
 */
export async function placeOrder(db: Database, input: PlaceOrderInput): Promise<PlacedOrder> {
  const added = input.lines.length > 0 ? await reserve(db, input) : undefined;
  const placed = added ?? (await findPlaced(db, input.idempotencyKey));
  if (placed !== undefined) return placed;
  if (input.lines.length === 0) throw new StoreError(failureTypes.orderNotFound, 'There is no order of this key.');
  throw new StoreError(failureTypes.productNotFound, 'The order names a product that does not exist.');
}

/** The order of a key, as it was placed and as it stands. */
export async function findPlaced(db: Database, idempotencyKey: string): Promise<PlacedOrder | undefined> {
  const [placed] = await db
    .select({
      orderId: orders.orderId,
      paymentId: orders.paymentId,
      status: orders.status,
      paymentStatus: orders.paymentStatus,
      cancelReason: orders.cancelReason,
      fingerprint: orders.fingerprint,
      requestId: orders.requestId,
      totalMinor: orders.totalMinor,
      currency: orders.currency,
      expiresAt: orders.expiresAt,
      paymentWindowLeftMs,
    })
    .from(orders)
    .where(eq(orders.idempotencyKey, idempotencyKey));
  return placed && { ...placed, expiresAt: placed.expiresAt.toISOString() };
}

type PlacedRow = Omit<PlacedOrder, 'expiresAt' | 'paymentWindowLeftMs'> & { outcome: 'placed'; expiresAtMs: number };

/** What the statement has made of the cart. Drizzle wants a type that may have any column. */
type DecidedRow = (PlacedRow | { outcome: 'mixed_currencies' | 'key_is_used' }) & Record<string, unknown>;

/**
 * Order, lines, reservation and holds in one statement, which is a transaction of one round trip. The products are
 * locked in id order, so that two carts cannot deadlock; the verdict is made on the locked rows, because the statement's
 * own snapshot may be older than what it waited for; the UPDATE then takes all lines or none. It computes from the locked
 * row: of `inventory - quantity`, Postgres checks the constraint on the snapshot's row before it looks for a newer one, so
 * a cart of units that were given back in between would be refused. A key that has its order locks nothing.
 *
 * @returns undefined when the key has its order already, or a line names no product: then nothing was done
 * @throws StoreError `MixedCurrencies`, and nothing was done either: an order has one total
 */
async function reserve(db: Database, input: PlaceOrderInput): Promise<PlacedOrder | undefined> {
  const productIds = sql.param(input.lines.map((line) => line.productId));
  const quantities = sql.param(input.lines.map((line) => line.quantity));
  const [decided] = await db.execute<DecidedRow>(sql`
    with line as (
      select * from unnest(${productIds}::int[], ${quantities}::int[]) as line (product_id, quantity)
    ), stocked as (
      select product_id, inventory, price_minor, currency from products
      where product_id in (select product_id from line)
        and not exists (select from orders where idempotency_key = ${input.idempotencyKey})
      order by product_id for update
    ), verdict as (
      select bool_and(inventory >= quantity) as in_stock, sum(price_minor::bigint * quantity) as total_minor,
        min(currency) as currency, count(distinct currency) > 1 as is_mixed
      from line left join stocked using (product_id)
      having count(stocked.product_id) = count(*)
    ), placed as (
      insert into orders (order_id, idempotency_key, fingerprint, request_id, payment_id, status, payment_status, cancel_reason, total_minor, currency, expires_at)
      select ${input.orderId}, ${input.idempotencyKey}, ${input.fingerprint}, ${input.requestId},
        case when in_stock then ${paymentIdFrom(randomHex())} end,
        case when in_stock then 'PENDING' else 'CANCELLED' end,
        case when in_stock then 'pending' else 'none' end,
        case when in_stock then null else 'sold_out' end,
        total_minor, currency, now() + ${input.paymentWindowMs}::int * interval '1 millisecond'
      from verdict where not is_mixed
      on conflict do nothing
      returning *
    ), items as (
      insert into order_items (order_id, product_id, quantity, unit_price_minor)
      select order_id, product_id, quantity, price_minor from placed, line join stocked using (product_id)
    ), reserved as (
      update products set inventory = stocked.inventory - line.quantity
      from placed, line join stocked using (product_id)
      where placed.status = 'PENDING' and products.product_id = line.product_id
      returning placed.order_id, line.product_id, line.quantity
    ), held as (
      insert into stock_movements (product_id, order_id, kind, quantity)
      select product_id, order_id, 'hold', -quantity from reserved
    )
    select case when is_mixed then 'mixed_currencies' when order_id is null then 'key_is_used' else 'placed' end as outcome,
      order_id as "orderId", payment_id as "paymentId", status, payment_status as "paymentStatus",
      cancel_reason as "cancelReason", fingerprint, request_id as "requestId", placed.total_minor::float8 as "totalMinor", placed.currency,
      (extract(epoch from expires_at) * 1000)::float8 as "expiresAtMs"
    from verdict left join placed on true`);
  if (decided?.outcome === 'mixed_currencies') {
    throw new StoreError(failureTypes.mixedCurrencies, 'The order has prices in two currencies.');
  }
  if (decided?.outcome !== 'placed') return undefined;
  const { outcome: _placed, expiresAtMs, ...order } = decided;
  return { ...order, expiresAt: new Date(expiresAtMs).toISOString(), paymentWindowLeftMs: input.paymentWindowMs };
}

function randomHex(): string {
  return randomBytes(16).toString('hex');
}
