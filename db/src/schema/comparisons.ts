import { pgTable, text, timestamp } from 'drizzle-orm/pg-core';

/**
 * The time until which each comparison of the reconciler has covered all changes. The reconciler's workflow keeps the
 * same time in Temporal. After a restore of Postgres, the time in the row is older than the time in Temporal, so the
 * reconciler notices the restore.
 */
export const comparisons = pgTable('comparisons', {
  name: text('name').primaryKey(),
  /** By the database's clock. */
  comparedAt: timestamp('compared_at', { withTimezone: true }).notNull(),
});
