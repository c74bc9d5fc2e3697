import { index, pgTable, text } from 'drizzle-orm/pg-core';

/**
 * The gateway's own ids of payments, for a gateway that cannot find a payment by the store's payment id. The row is
 * written before the shopper gets the payment page. A paid payment therefore lacks its row only if a restore of
 * Postgres has lost the row. There is no foreign key, because a restore of Postgres can also lose an order whose
 * payment the gateway still has.
 */
export const paymentReferences = pgTable(
  'payment_references',
  {
    paymentId: text('payment_id').primaryKey(),
    /** The id that the store uses to read the payment from the gateway. */
    reference: text('reference').notNull(),
    /**
     * The id of the payment in the gateway's events about refunds and disputes. Null until the store has learned this
     * id, which it can do only after the shopper has paid.
     */
    intent: text('intent'),
  },
  (reference) => [index('payment_references_intent').on(reference.intent)],
);
