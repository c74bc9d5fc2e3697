import { randomBytes } from 'node:crypto';
import type postgres from 'postgres';

/** The connections to the application's database. */
export type Sql = postgres.ISql;

export interface OrderLine {
  productId: number;
  quantity: number;
}

export interface PlaceOrderInput {
  idempotencyKey: string;
  lines: OrderLine[];
  fingerprint: string;
  requestId: string;
}

export interface PlacedOrder {
  orderId: string;
  paymentId: string | null;
  status: string;
  fingerprint: string;
  requestId: string;
  totalMinor: number;
  currency: string;
  /** A time in ISO 8601. */
  expiresAt: string;
}

export interface ProductRow {
  productId: number;
  name: string;
  description: string;
  priceMinor: number;
  currency: string;
  inventory: number;
  imageUrl: string | null;
  onSale: boolean;
}

export interface OrderRow {
  orderId: string;
  paymentId: string | null;
  status: 'PENDING' | 'PAID' | 'DISPATCHED' | 'CANCELLED';
  paymentStatus: string;
  cancelReason: string | null;
  totalMinor: number;
  currency: string;
  progressRemaining: number;
  expiresAt: Date;
  createdAt: Date;
  updatedAt: Date;
  items: { productId: number; name: string; quantity: number; unitPriceMinor: number }[];
}

export const paymentWindowSeconds = 900;
export const dispatchTicks = 10;

/**
 * Inserts the order, its lines and its holds, and reserves the stock, in one statement.
 *
 * @returns the order with this idempotency key, even if an earlier call placed it
 */
export async function placeOrder(sql: Sql, input: PlaceOrderInput): Promise<PlacedOrder> {
  const { idempotencyKey, fingerprint, requestId } = input;
  const productIds = input.lines.map((line) => line.productId);
  const quantities = input.lines.map((line) => line.quantity);
  const orderId = `ord_${randomBytes(16).toString('hex')}`;
  const [placed] = await sql<PlacedOrder[]>`
    with line as (
      select * from unnest(${productIds}::int[], ${quantities}::int[]) as line (product_id, quantity)
    ), stocked as (
      select product_id, name, inventory, price_minor, currency from products
      where product_id in (select product_id from line) order by product_id for update
    ), verdict as (
      select bool_and(inventory >= quantity) as in_stock, sum(price_minor::bigint * quantity) as total_minor, min(currency) as currency
      from line left join stocked using (product_id)
      having count(stocked.product_id) = count(*)
    ), placed as (
      insert into orders (order_id, idempotency_key, fingerprint, request_id, payment_id, status, payment_status, cancel_reason, total_minor, currency, expires_at)
      select ${orderId}, ${idempotencyKey}, ${fingerprint}, ${requestId},
        case when in_stock then ${idempotencyKey} end,
        case when in_stock then 'PENDING' else 'CANCELLED' end,
        case when in_stock then 'pending' else 'none' end,
        case when in_stock then null else 'sold_out' end,
        total_minor, currency, now() + ${paymentWindowSeconds}::int * interval '1 second'
      from verdict
      on conflict (idempotency_key) do nothing
      returning *
    ), items as (
      insert into order_items (order_id, product_id, name, quantity, unit_price_minor)
      select order_id, product_id, name, quantity, price_minor from placed, line join stocked using (product_id)
    ), reserved as (
      update products set inventory = stocked.inventory - line.quantity
      from placed, line join stocked using (product_id)
      where placed.status = 'PENDING' and products.product_id = line.product_id
      returning placed.order_id, line.product_id, line.quantity
    ), held as (
      insert into stock_movements (product_id, order_id, kind, quantity)
      select product_id, order_id, 'hold', -quantity from reserved
    )
    select ${placedColumns(sql)} from placed`;
  if (placed !== undefined) return placed;
  const [known] = await sql<PlacedOrder[]>`
    select ${placedColumns(sql)} from orders where idempotency_key = ${idempotencyKey}`;
  if (known === undefined) throw new Error('the order names a product that does not exist');
  return known;
}

/** Selects `expires_at` as text, because DBOS stores the result of a step as plain JSON. */
function placedColumns(sql: Sql) {
  return sql`order_id, payment_id, status, fingerprint, request_id, total_minor, currency,
    to_char(expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as expires_at`;
}

/** Changes a PENDING order to PAID. Does not change an order in another state. */
export async function markOrderPaid(sql: Sql, orderId: string): Promise<void> {
  await sql`
    update orders set status = 'PAID', payment_status = 'paid', updated_at = now()
    where order_id = ${orderId} and status = 'PENDING'`;
}

/** Changes a PENDING order to CANCELLED and releases its stock, in one statement. */
export async function cancelOrder(sql: Sql, orderId: string, reason: 'failed' | 'expired'): Promise<void> {
  await sql`
    with cancelled as (
      update orders
      set status = 'CANCELLED', payment_status = ${reason}, cancel_reason = ${`payment_${reason}`}, updated_at = now()
      where order_id = ${orderId} and status = 'PENDING'
      returning order_id
    ), hold as (
      select product_id, order_id, -quantity as quantity from stock_movements join cancelled using (order_id)
      where kind = 'hold'
    ), locked as (
      select product_id from products where product_id in (select product_id from hold) order by product_id for update
    ), returned as (
      update products set inventory = inventory + hold.quantity
      from hold join locked using (product_id) where products.product_id = hold.product_id
      returning hold.product_id, hold.order_id, hold.quantity
    )
    insert into stock_movements (product_id, order_id, kind, quantity)
    select product_id, order_id, 'release', quantity from returned`;
}

/** Makes one tick of a dispatch, unless an earlier call has made it. The last tick sets the status to DISPATCHED. */
export async function tickDispatch(sql: Sql, orderId: string, from: number): Promise<void> {
  await sql`
    update orders
    set progress_remaining = ${from - 1}, status = ${from === 1 ? 'DISPATCHED' : 'PAID'}, updated_at = now()
    where order_id = ${orderId} and status = 'PAID' and progress_remaining = ${from}`;
}

export async function readProgress(sql: Sql, orderId: string): Promise<number> {
  const [order] = await sql<{ progressRemaining: number }[]>`
    select progress_remaining from orders where order_id = ${orderId}`;
  return order?.progressRemaining ?? 0;
}

export async function readOrder(sql: Sql, orderId: string): Promise<OrderRow | undefined> {
  const [order] = await sql<OrderRow[]>`
    select order_id, payment_id, status, payment_status, cancel_reason, total_minor, currency, progress_remaining,
      expires_at, created_at, updated_at, (
        select json_agg(json_build_object('productId', product_id, 'name', name, 'quantity', quantity,
          'unitPriceMinor', unit_price_minor) order by product_id)
        from order_items where order_items.order_id = orders.order_id
      ) as items
    from orders where order_id = ${orderId}`;
  return order;
}

export async function readProduct(sql: Sql, productId: number): Promise<ProductRow | undefined> {
  const [product] = await sql<ProductRow[]>`select * from products where product_id = ${productId}`;
  return product;
}
