import { pgTable, text, timestamp } from 'drizzle-orm/pg-core';

/**
 * Until when the reconciler has compared, one row for each comparison. Its workflow keeps the same moment in Temporal. After
 * a restore of Postgres the row is older, which is how the reconciler notices the restore.
 */
export const comparisons = pgTable('comparisons', {
  name: text('name').primaryKey(),
  /** By the database's clock. */
  comparedAt: timestamp('compared_at', { withTimezone: true }).notNull(),
});
