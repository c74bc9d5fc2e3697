import { settlements } from '@widget-store/contract';
import { sql } from 'drizzle-orm';

/** What `paidOutsideMinor` computes, in SQL, for the row of `orders` in a statement. */
export const paidOutside = sql`(
  select coalesce(sum(amount_minor), 0) from refunds as paid
  where paid.order_id = orders.order_id and paid.status = 'failed' and paid.settled_by = ${settlements.outside})`;
