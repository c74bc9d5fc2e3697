import { randomBytes } from 'node:crypto';
import {
  adjustmentsMinor,
  type DecideAdjustments,
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
import { storedAdjustments } from '../schema/adjustmentList';
import { type DecidedPrices, decidePrices } from './decidedPrices';
import { lockingProducts } from './lockedProducts';

/**
 * The time that is left of the payment window. The statement computes it by the database's clock, because the clocks of
 * processes differ. The result is never longer than the whole window, even if somebody has set the database's clock
 * back.
 */
const paymentWindowLeftMs = sql<number>`
  greatest(0, ceil(extract(epoch from least(${orders.expiresAt} - now(), ${orders.expiresAt} - ${orders.createdAt})) * 1000))::int`;

export interface OrderToPlace extends PlaceOrderInput {
  /** How the order is fulfilled if this call places it. */
  fulfilment?: Fulfilment;
  /**
   * The countries to which the order can be shipped if this call places it. By default, the payment page asks for no
   * address.
   */
  shippingCountries?: string[] | null;
  /** Decides the adjustments if this call places the order. By default, the order has none. */
  decideAdjustments?: DecideAdjustments | null | undefined;
}

/**
 * Places an order and reserves all of its lines, or returns the order that the idempotency key already has. If a
 * product is sold out, records a cancelled order without a payment id.
 *
 * @param input if it has no lines, the function only returns an existing order
 * @throws StoreError `OrderNotFound` if there are no lines and the key has no order, `ProductNotFound` if a line names
 * an unknown product, `ProductNotOnSale` if a product is not on sale, `MixedCurrencies` if prices are in different
 * currencies, `TotalChanged` if the total is not the expected one, `ProductBusy` while another session has locked a
 * product or keeps changing a price
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
  | { outcome: 'not_on_sale' | 'mixed_currencies' | 'prices_changed' | 'key_is_used' }
  | { outcome: 'total_changed'; totalMinor: number }
) &
  Record<string, unknown>;

/**
 * The maximum number of times that the adjustments are decided. They are decided again if a price has changed before
 * the order was placed.
 */
const maxDecisions = 5;

async function reserve(db: Database, input: OrderToPlace): Promise<PlacedOrder | StoreError | undefined> {
  for (let decisions = 0; decisions < maxDecisions; decisions++) {
    const decided = await decidePrices(db, input);
    if (decided instanceof StoreError) return decided;
    const placed = await reserveAt(db, input, decided);
    if (placed !== 'prices_changed') return placed;
  }
  return new StoreError(failureTypes.productBusy, 'The prices of the order kept changing.');
}

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
 * different currencies, `TotalChanged` if the total is not the expected one, `prices_changed` if the adjustments were
 * decided for other prices
 */
async function reserveAt(
  db: Database,
  input: OrderToPlace,
  decided: DecidedPrices | null,
): Promise<PlacedOrder | StoreError | 'prices_changed' | undefined> {
  const adjustments = decided?.adjustments ?? [];
  const pricesMinor = sql.param(decided?.pricesMinor ?? []);
  const productIds = sql.param(input.lines.map((line) => line.productId));
  const quantities = sql.param(input.lines.map((line) => line.quantity));
  const place = () =>
    db.execute<DecidedRow>(sql`
    with line as (
      select * from unnest(${productIds}::int[], ${quantities}::int[], ${pricesMinor}::int[]) as line (product_id, quantity, decided_minor)
    ), stocked as (
      select product_id, name, image_url, inventory, price_minor, currency, on_sale from products
      where product_id in (select product_id from line)
        and not exists (select from orders where idempotency_key = ${input.idempotencyKey})
      order by product_id for update
    ), sums as (
      select bool_and(inventory >= quantity) as in_stock, bool_and(on_sale) as is_on_sale,
        sum(price_minor::bigint * quantity) + ${adjustmentsMinor(adjustments)}::bigint as total_minor,
        min(currency) as currency, count(distinct currency) > 1 as is_mixed,
        ${decided !== null}::boolean and bool_or((price_minor, currency) is distinct from (decided_minor, ${decided?.currency ?? null}::text)) as is_outdated
      from line left join stocked using (product_id)
      having count(stocked.product_id) = count(*)
    ), verdict as (
      select *, coalesce(total_minor <> ${input.expectedTotalMinor ?? null}::bigint, false) as is_changed from sums
    ), placed as (
      insert into orders (order_id, idempotency_key, fingerprint, request_id, payment_id, status, payment_status, cancel_reason, total_minor, currency, adjustments, fulfilment, shipping_countries, expires_at)
      select ${input.orderId}, ${input.idempotencyKey}, ${input.fingerprint}, ${input.requestId},
        case when in_stock then ${paymentIdFrom(randomHex())} end,
        case when in_stock then 'PENDING' else 'CANCELLED' end,
        case when in_stock then 'pending' else 'none' end,
        case when in_stock then null else 'sold_out' end,
        total_minor, currency, ${storedAdjustments(adjustments)}::jsonb, ${input.fulfilment ?? 'demo'},
        ${sql.param(input.shippingCountries ?? null)}::text[], now() + ${input.paymentWindowMs}::int * interval '1 millisecond'
      from verdict where is_on_sale and not is_mixed and not is_outdated and not is_changed
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
    select case when not is_on_sale then 'not_on_sale' when is_mixed then 'mixed_currencies'
        when is_outdated then 'prices_changed' when is_changed then 'total_changed' when order_id is null then 'key_is_used' else 'placed' end as outcome,
      order_id as "orderId", payment_id as "paymentId", status, payment_status as "paymentStatus",
      cancel_reason as "cancelReason", fingerprint, request_id as "requestId", verdict.total_minor::float8 as "totalMinor", placed.currency,
      (extract(epoch from expires_at) * 1000)::float8 as "expiresAtMs"
    from verdict left join placed on true`);
  const [row] = await lockingProducts(db, sql`select unnest(${productIds}::int[])`, place);
  if (row?.outcome === 'not_on_sale') {
    return new StoreError(failureTypes.productNotOnSale, 'The order names a product that is not on sale.');
  }
  if (row?.outcome === 'mixed_currencies') {
    return new StoreError(failureTypes.mixedCurrencies, 'The order has prices in two currencies.');
  }
  if (row?.outcome === 'prices_changed') return row.outcome;
  if (row?.outcome === 'total_changed') return new TotalChanged(row.totalMinor);
  if (row?.outcome !== 'placed') return undefined;
  const { outcome: _placed, expiresAtMs, ...order } = row;
  return { ...order, expiresAt: new Date(expiresAtMs).toISOString(), paymentWindowLeftMs: input.paymentWindowMs };
}

function randomHex(): string {
  return randomBytes(16).toString('hex');
}
