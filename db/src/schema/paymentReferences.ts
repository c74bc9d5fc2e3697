import { index, pgTable, text } from 'drizzle-orm/pg-core';

/**
 * The gateway's own ids of payments, for a gateway that cannot find a payment by our payment id. The row is written before the
 * shopper gets the payment page, so nobody can have made a payment that has no row. There is no foreign key, because the gateway
 * can have payments whose orders were lost in a restore.
 */
export const paymentReferences = pgTable(
  'payment_references',
  {
    paymentId: text('payment_id').primaryKey(),
    /** The id with which the store asks the gateway for the payment. */
    reference: text('reference').notNull(),
    /**
     * The id with which the gateway's events name a payment that the shopper has made. Null until the store has read
     * this id.
     */
    intent: text('intent'),
  },
  (reference) => [index('payment_references_intent').on(reference.intent)],
);
