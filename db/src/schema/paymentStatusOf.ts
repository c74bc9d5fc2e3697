import { type SQL, sql, type SQLWrapper } from 'drizzle-orm';

interface Amounts {
  capturedMinor: SQLWrapper;
  refundedMinor: SQLWrapper;
  refundingMinor: SQLWrapper;
}

/** The payment status of an order whose payment was captured. */
export function paymentStatusOf({ capturedMinor, refundedMinor, refundingMinor }: Amounts): SQL {
  return sql`case when ${refundingMinor} > 0 then 'refunding' when ${refundedMinor} = 0 then 'paid' when ${refundedMinor} < ${capturedMinor} then 'partially_refunded' else 'refunded' end`;
}
