import { pgTable, text } from 'drizzle-orm/pg-core';

/**
 * What a gateway calls a payment that it does not let us find by the payment id. Written before anybody learns where to pay, so
 * a payment without a row was never made. No foreign key: a gateway may have payments whose orders a restore has lost.
 */
export const paymentReferences = pgTable('payment_references', {
  paymentId: text('payment_id').primaryKey(),
  reference: text('reference').notNull(),
});
