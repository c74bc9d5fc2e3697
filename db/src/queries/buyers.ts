import type { OrderRef } from '@widget-store/contract';
import { eq, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../postgres/database';
import { buyers, orders } from '../schema';
import { plainOf, wordsOf } from '../schema/buyers';
import { recordAction } from './operatorActions';

/** Who bought an order, and where its parcel goes. */
export interface Buyer {
  name: string;
  email: string;
  phone: string | null;
  line1: string;
  line2: string | null;
  city: string | null;
  postalCode: string | null;
  region: string | null;
  /** ISO 3166-1 alpha-2. */
  country: string;
}

export type BuyerRow = typeof buyers.$inferSelect;

/** Records the buyer of an order. Does not change a row that exists, so an erased buyer stays erased. */
export async function recordBuyer(
  db: Database,
  { orderId, name, email, phone, line1, line2, city, postalCode, region, country }: Buyer & OrderRef,
): Promise<void> {
  await db.execute(sql`
    insert into ${buyers} (order_id, name, email, phone, line1, line2, city, postal_code, region, country)
    values (${orderId}, ${name}, ${email}, ${phone}, ${line1}, ${line2}, ${city}, ${postalCode}, ${region}, ${country})
    on conflict (order_id) do nothing`);
}

/** Reads the buyer of an order. Undefined if the order does not exist, null if the order has no buyer. */
export async function readBuyer(db: Database, { orderId }: OrderRef): Promise<BuyerRow | null | undefined> {
  const [found] = await db
    .select({ buyer: buyers })
    .from(orders)
    .leftJoin(buyers, eq(buyers.orderId, orders.orderId))
    .where(eq(orders.orderId, orderId));
  return found?.buyer;
}

/** Sets every column with personal data to null. */
const withoutData = sql.raw(
  ['name', 'email', 'phone', 'line1', 'line2', 'city', 'postal_code', 'region', 'country']
    .map((column) => `${column} = null`)
    .join(', '),
);

/**
 * Updates the orders of the erased buyers without changing them, so that the trigger `record_order_change` increments
 * their versions and notifies the listeners.
 */
const announceErased = sql`update ${orders} set version = version from erased
  where orders.order_id = erased.order_id returning orders.order_id as "orderId"`;

/**
 * Erases the buyer of an order. If no buyer is recorded yet, inserts a row that is already marked as erased, so that a
 * later activity cannot record one. The order gets a new version, so that open pages stop showing the buyer. A
 * repetition changes nothing.
 *
 * @returns the erased row; undefined if the order does not exist
 */
export async function eraseBuyer(
  db: Database,
  { orderId, operator }: OrderRef & { operator: string },
): Promise<BuyerRow | undefined> {
  await db.execute(sql`
    with erased as (
      insert into ${buyers} (order_id, erased_at) select order_id, now() from ${orders} where order_id = ${orderId}
      on conflict (order_id) do update set ${withoutData}, erased_at = now() where buyers.erased_at is null
      returning order_id
    ), ${recordAction(sql`erased`, { kind: 'erase_buyer', operator })} ${announceErased}`);
  return (await readBuyer(db, { orderId })) ?? undefined;
}

/**
 * Erases the buyers of orders that need no parcel any more and have not changed for `days` days: dispatched and
 * cancelled orders, and orders whose pieces are all back in stock. Begins with the buyers who were recorded first.
 * Skips orders that another session has locked.
 *
 * @returns the ids of the orders whose buyers the call has erased, at most `limit`
 */
export async function eraseOldBuyers(
  db: Database,
  { days, limit }: { days: number; limit: number },
): Promise<string[]> {
  const before = sql`now() - ${days}::int * interval '1 day'`;
  const erased = await db.execute<{ orderId: string }>(sql`
    with old as (
      select order_id from ${buyers} as kept join ${orders} using (order_id)
      -- An order usually changes after its buyer is recorded, so the condition on updated_at usually implies the one on
      -- created_at. The condition on created_at is here so that the planner can use the index buyers_kept.
      where kept.erased_at is null and kept.created_at < ${before}
        and (status in ('DISPATCHED', 'CANCELLED') or all_returned) and updated_at < ${before}
      order by kept.created_at limit ${limit} for no key update skip locked
    ), erased as (
      update ${buyers} set ${withoutData}, erased_at = now() from old
      where buyers.order_id = old.order_id and erased_at is null returning buyers.order_id
    ) ${announceErased}`);
  return erased.map((row) => row.orderId);
}

/**
 * Whether the text is the e-mail address of a buyer, or all words of the text are in the name of the buyer. Both
 * comparisons ignore case, and the comparison of names ignores accents (see `plainOf`). The expressions are those of the
 * indexes `buyers_email` and `buyers_name`.
 */
export function isBuyerCalled(text: string): SQL {
  const words = sql`plainto_tsquery('simple', ${plainOf(sql`${text}::text`)})`;
  return sql`(lower(${buyers.email}) = lower(${text}) or ${wordsOf(buyers.name)} @@ ${words})`;
}
