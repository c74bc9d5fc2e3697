import type { AdjustmentReason, StockMovementKind } from '@widget-store/contract';
import { and, eq, sql } from 'drizzle-orm';
import type { Database } from '../postgres/database';
import { stockMovements } from '../schema';
import { lockingProducts } from './lockedProducts';
import { isReadyWithPieces } from './orders';
import { readProduct } from './products';

/**
 * Sets a product's available inventory to `available`, and records the difference as a movement. Holds do not change,
 * and a later release still adds the held units. The statement writes the new inventory instead of adding a difference.
 * The comment of `reserveAt` in `placeOrder.ts` gives the reason.
 *
 * @throws StoreError `ProductBusy` while another session has locked the product
 */
export async function restock(
  db: Database,
  { productId, available, requestedBy = null }: { productId: number; available: number; requestedBy?: string | null },
): Promise<void> {
  const book = () =>
    db.execute(sql`
    with stocked as (
      select product_id, inventory from products where product_id = ${productId} for update
    ), restocked as (
      update products set inventory = ${available}::bigint
      from stocked
      where products.product_id = stocked.product_id and stocked.inventory <> ${available}::bigint
      returning products.product_id, ${available}::bigint - stocked.inventory as quantity
    )
    insert into stock_movements (product_id, kind, quantity, requested_by)
    select product_id, 'restock', quantity, ${requestedBy} from restocked`);
  await lockingProducts(db, sql`select ${productId}::int`, book);
}

export interface StockAdjustment {
  productId: number;
  /** Identifies the adjustment among those of the product. */
  idempotencyKey: string;
  /** Units to add (positive) or to remove (negative). */
  change: number;
  reason: AdjustmentReason;
  note: string | null;
  /** The name of the operator. */
  requestedBy: string;
}

export type AdjustedStock =
  /** `inventory` is the product's inventory right after the adjustment, even if this call repeats an earlier one. */
  { outcome: 'adjusted' | 'replayed'; inventory: number } | { outcome: 'key_is_used' | 'insufficient_stock' };

/**
 * Changes the stock of a product by a number of units, once for each idempotency key. The inventory changes only if the
 * same statement has inserted the movement.
 *
 * @returns undefined if no product has this id
 * @throws StoreError `ProductBusy` while another session has locked the product
 */
export async function adjustStock(db: Database, adjustment: StockAdjustment): Promise<AdjustedStock | undefined> {
  const { productId, idempotencyKey, change, reason, note, requestedBy } = adjustment;
  const book = () =>
    db.execute<{ inventory: number }>(sql`
    with stocked as (
      select product_id, inventory + ${change}::bigint as inventory from products where product_id = ${productId} for update
    ), moved as (
      insert into stock_movements (product_id, kind, quantity, note, requested_by, idempotency_key)
      select product_id, ${reason}, ${change}, ${note}, ${requestedBy}, ${idempotencyKey} from stocked where inventory >= 0
      on conflict (product_id, idempotency_key) where idempotency_key is not null do nothing
      returning product_id
    )
    update products set inventory = stocked.inventory from stocked join moved using (product_id)
    where products.product_id = stocked.product_id
    returning products.inventory::float8 as inventory`);
  const [adjusted] = await lockingProducts(db, sql`select ${productId}::int`, book);
  if (adjusted !== undefined) return { outcome: 'adjusted', inventory: adjusted.inventory };
  const known = await findAdjustment(db, adjustment);
  if (known === undefined) {
    return (await readProduct(db, productId)) === undefined ? undefined : { outcome: 'insufficient_stock' };
  }
  const isSame = known.kind === reason && known.quantity === change && known.note === note;
  return isSame ? { outcome: 'replayed', inventory: known.inventory } : { outcome: 'key_is_used' };
}

/**
 * Finds an adjustment by its idempotency key. `inventory` is the inventory right after the adjustment: the sum of the
 * product's movements up to this one.
 */
async function findAdjustment(
  db: Database,
  { productId, idempotencyKey }: Pick<StockAdjustment, 'productId' | 'idempotencyKey'>,
) {
  const [known] = await db
    .select({
      kind: stockMovements.kind,
      quantity: stockMovements.quantity,
      note: stockMovements.note,
      inventory: sql<number>`(select sum(quantity)::float8 from stock_movements as earlier
        where earlier.product_id = ${productId} and earlier.movement_id <= ${stockMovements}.movement_id)`,
    })
    .from(stockMovements)
    .where(and(eq(stockMovements.productId, productId), eq(stockMovements.idempotencyKey, idempotencyKey)));
  return known;
}

/** The units of a product. */
export interface StockLevel {
  /** Units that can be bought. */
  inventory: number;
  /** Units that unfinished orders hold. They are still in the shop, but cannot be bought. */
  reserved: number;
}

/** @returns undefined if no product has this id */
export async function readStockLevel(db: Database, productId: number): Promise<StockLevel | undefined> {
  // The conditions on the orders equal those of two partial indexes, which contain all orders that can hold units.
  const [level] = await db.execute<StockLevel & Record<string, unknown>>(sql`
    with unfinished as (
      select order_id from orders where status in ('PENDING', 'PAID') and ready_at is null
      union all
      select order_id from orders where ${isReadyWithPieces}
    )
    select inventory::float8 as inventory, (
      select coalesce(sum(quantity - returned), 0)::float8
      from unfinished join order_items using (order_id) where order_items.product_id = ${productId}
    ) as reserved
    from products where product_id = ${productId}`);
  return level;
}

/** A change of a product's stock. */
export interface StockMovement {
  movementId: number;
  kind: StockMovementKind;
  /** Units added (positive) or removed (negative). */
  change: number;
  /** The product's inventory after the movement. */
  inventory: number;
  orderId: string | null;
  /** The position of the order in the sequence of insertion, from which the order number is made. */
  orderSequence: number | null;
  refundId: string | null;
  note: string | null;
  /** The name of the operator; null if no operator changed the stock. */
  requestedBy: string | null;
  /** ISO 8601. */
  createdAt: string;
}

export interface StockMovementPage {
  movements: StockMovement[];
  /** The value of `before` for the next page; undefined on the last page. */
  nextBefore: number | undefined;
}

/**
 * Lists up to `limit` movements of a product, newest first. Lists only movements whose id is less than `before`. The
 * inventory after a movement is the product's inventory minus all newer movements. No movement is newer than the newest
 * page, so the cost of this page does not grow with the number of movements.
 *
 * @returns undefined if no product has this id
 */
export async function listStockMovements(
  db: Database,
  {
    productId,
    limit,
    before = Number.MAX_SAFE_INTEGER,
  }: { productId: number; limit: number; before?: number | undefined },
): Promise<StockMovementPage | undefined> {
  const rows = await db.execute<StockMovement & Record<string, unknown>>(sql`
    with page as (
      select * from stock_movements where product_id = ${productId} and movement_id < ${before}
      order by movement_id desc limit ${limit + 1}
    )
    select page.movement_id::float8 as "movementId", page.kind, page.quantity::float8 as change,
      ((select inventory from products where product_id = ${productId}) - (
        select coalesce(sum(quantity), 0) from stock_movements as newer
        where newer.product_id = ${productId} and newer.movement_id >= ${before}
      ) - sum(page.quantity) over (order by page.movement_id desc) + page.quantity)::float8 as inventory,
      page.order_id as "orderId", orders.sequence::float8 as "orderSequence", page.refund_id as "refundId", page.note,
      page.requested_by as "requestedBy", page.created_at as "createdAt"
    from page left join orders on orders.order_id = page.order_id order by page.movement_id desc`);
  if (rows.length === 0 && (await readProduct(db, productId)) === undefined) return undefined;
  const movements = rows
    .slice(0, limit)
    .map((movement) => ({ ...movement, createdAt: new Date(movement.createdAt).toISOString() }));
  return { movements, nextBefore: rows.length > limit ? movements.at(-1)?.movementId : undefined };
}
