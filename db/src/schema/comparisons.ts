import { pgTable, text, timestamp } from 'drizzle-orm/pg-core';

/**
 * Up to when the reconciler has compared, a row a comparison. Temporal keeps the same moment for it; the one here goes back
 * when Postgres is restored to an earlier moment, and that is how the reconciler notices.
 */
export const comparisons = pgTable('comparisons', {
  name: text('name').primaryKey(),
  /** By the database's clock. */
  comparedAt: timestamp('compared_at', { withTimezone: true }).notNull(),
});
