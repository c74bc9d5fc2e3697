import { randomBytes } from 'node:crypto';
import {
  failureTypes,
  type Fulfilment,
  paymentIdFrom,
  type PlacedOrder,
  type PlaceOrderInput,
} from '@widget-store/contract';
import { eq, sql } from 'drizzle-orm';
import { StoreError, TotalChanged } from '../errors';
import type { Database } from '../postgres/database';
import { orders } from '../schema';
import { lockingProducts } from './lockedProducts';

/**
 * The time that is left of the payment window. The statement computes it by the database's clock, because the clocks of
 * processes differ. The result is never longer than the whole window, even if somebody has set the database's clock
 * back.
 */
const paymentWindowLeftMs = sql<number>`
  greatest(0, ceil(extract(epoch from least(${orders.expiresAt} - now(), ${orders.expiresAt} - ${orders.createdAt})) * 1000))::int`;

interface OrderToPlace extends PlaceOrderInput {
  /** How the order is fulfilled if this call places it. */
  fulfilment?: Fulfilment;
  /**
   * The countries to which the order can be shipped if this call places it. By default, the payment page asks for no
   * address.
   */
  shippingCountries?: string[] | null;
}

/**
 * Places an order and reserves all of its lines, or returns the order that the idempotency key already has. If a
 * product is sold out, records a cancelled order without a payment id.
 *
 * @param input if it has no lines, the function only returns an existing order
 * @throws StoreError `OrderNotFound` if there are no lines and the key has no order, `ProductNotFound` if a line names
 * an unknown product, `ProductNotOnSale` if a product is not on sale, `MixedCurrencies` if prices are in different
 * currencies, `TotalChanged` if the total is not the expected one, `ProductBusy` while another session has locked a
 * product
 */
export async function placeOrder(db: Database, input: OrderToPlace): Promise<PlacedOrder> {
  const added = input.lines.length > 0 ? await reserve(db, input) : undefined;
  if (added !== undefined && !(added instanceof StoreError)) return added;
  // If the key already has an order, the order is returned even if `reserve` has refused the input. For example, prices
  // can have changed since the order was placed.
  const placed = await findPlacedOrder(db, input.idempotencyKey);
  if (placed !== undefined) return placed;
  if (added instanceof StoreError) throw added;
  if (input.lines.length === 0) throw new StoreError(failureTypes.orderNotFound, 'There is no order of this key.');
  throw new StoreError(failureTypes.productNotFound, 'The order names a product that does not exist.');
}

/** Finds the order of an idempotency key, in its current state. */
export async function findPlacedOrder(db: Database, idempotencyKey: string): Promise<PlacedOrder | undefined> {
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

/** The result of the statement. Drizzle requires a type that allows any column. */
type DecidedRow = (
  | PlacedRow
  | { outcome: 'not_on_sale' | 'mixed_currencies' | 'key_is_used' }
  | { outcome: 'total_changed'; totalMinor: number }
) &
  Record<string, unknown>;

/**
 * Writes the order, its lines, the reservation and the holds in one statement, which is a transaction of one round
 * trip.
 * - Products are locked in id order, so two carts cannot deadlock.
 * - `verdict` reads the locked rows, because other transactions can have changed them since the statement's snapshot.
 *   The UPDATE reserves all lines or none.
 * - The UPDATE computes the new inventory from the locked row. With `inventory - quantity` instead, Postgres would
 *   check the constraint on the snapshot's row before it looks for a newer row, and refuse units that were released
 *   since the snapshot.
 * - If the key already has an order, the statement locks nothing.
 *
 * @returns the placed order. If the statement has written nothing: undefined if the key already has an order or a line
 * names an unknown product, `ProductNotOnSale` if a product is not on sale, `MixedCurrencies` if the prices are in
 * different currencies, `TotalChanged` if the total is not the expected one
 */
async function reserve(db: Database, input: OrderToPlace): Promise<PlacedOrder | StoreError | undefined> {
  const productIds = sql.param(input.lines.map((line) => line.productId));
  const quantities = sql.param(input.lines.map((line) => line.quantity));
  const decide = () =>
    db.execute<DecidedRow>(sql`
    with line as (
      select * from unnest(${productIds}::int[], ${quantities}::int[]) as line (product_id, quantity)
    ), stocked as (
      select product_id, name, image_url, inventory, price_minor, currency, on_sale from products
      where product_id in (select product_id from line)
        and not exists (select from orders where idempotency_key = ${input.idempotencyKey})
      order by product_id for update
    ), verdict as (
      select bool_and(inventory >= quantity) as in_stock, bool_and(on_sale) as is_on_sale, sum(price_minor::bigint * quantity) as total_minor,
        min(currency) as currency, count(distinct currency) > 1 as is_mixed,
        coalesce(sum(price_minor::bigint * quantity) <> ${input.expectedTotalMinor ?? null}::bigint, false) as is_changed
      from line left join stocked using (product_id)
      having count(stocked.product_id) = count(*)
    ), placed as (
      insert into orders (order_id, idempotency_key, fingerprint, request_id, payment_id, status, payment_status, cancel_reason, total_minor, currency, fulfilment, shipping_countries, expires_at)
      select ${input.orderId}, ${input.idempotencyKey}, ${input.fingerprint}, ${input.requestId},
        case when in_stock then ${paymentIdFrom(randomHex())} end,
        case when in_stock then 'PENDING' else 'CANCELLED' end,
        case when in_stock then 'pending' else 'none' end,
        case when in_stock then null else 'sold_out' end,
        total_minor, currency, ${input.fulfilment ?? 'demo'},
        ${sql.param(input.shippingCountries ?? null)}::text[], now() + ${input.paymentWindowMs}::int * interval '1 millisecond'
      from verdict where is_on_sale and not is_mixed and not is_changed
      on conflict do nothing
      returning *
    ), items as (
      insert into order_items (order_id, product_id, name, image_url, quantity, unit_price_minor)
      select order_id, product_id, name, image_url, quantity, price_minor from placed, line join stocked using (product_id)
    ), reserved as (
      update products set inventory = stocked.inventory - line.quantity
      from placed, line join stocked using (product_id)
      where placed.status = 'PENDING' and products.product_id = line.product_id
      returning placed.order_id, line.product_id, line.quantity
    ), held as (
      insert into stock_movements (product_id, order_id, kind, quantity)
      select product_id, order_id, 'hold', -quantity from reserved
    )
    select case when not is_on_sale then 'not_on_sale' when is_mixed then 'mixed_currencies' when is_changed then 'total_changed'
        when order_id is null then 'key_is_used' else 'placed' end as outcome,
      order_id as "orderId", payment_id as "paymentId", status, payment_status as "paymentStatus",
      cancel_reason as "cancelReason", fingerprint, request_id as "requestId", verdict.total_minor::float8 as "totalMinor", placed.currency,
      (extract(epoch from expires_at) * 1000)::float8 as "expiresAtMs"
    from verdict left join placed on true`);
  const [decided] = await lockingProducts(db, sql`select unnest(${productIds}::int[])`, decide);
  if (decided?.outcome === 'not_on_sale') {
    return new StoreError(failureTypes.productNotOnSale, 'The order names a product that is not on sale.');
  }
  if (decided?.outcome === 'mixed_currencies') {
    return new StoreError(failureTypes.mixedCurrencies, 'The order has prices in two currencies.');
  }
  if (decided?.outcome === 'total_changed') return new TotalChanged(decided.totalMinor);
  if (decided?.outcome !== 'placed') return undefined;
  const { outcome: _placed, expiresAtMs, ...order } = decided;
  return { ...order, expiresAt: new Date(expiresAtMs).toISOString(), paymentWindowLeftMs: input.paymentWindowMs };
}

function randomHex(): string {
  return randomBytes(16).toString('hex');
}
