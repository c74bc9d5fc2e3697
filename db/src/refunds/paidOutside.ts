import { settlements } from '@widget-store/contract';
import { sql } from 'drizzle-orm';

/** The SQL for `paidOutsideMinor`, in a statement that selects from `orders`. */
export const paidOutside = sql`(
  select coalesce(sum(amount_minor), 0) from refunds as paid
  where paid.order_id = orders.order_id and paid.status = 'failed' and paid.settled_by = ${settlements.outside})`;
