import { pgTable, text, timestamp } from 'drizzle-orm/pg-core';

/**
 * The time until which a comparison of the reconciler has covered all changes. Only the comparison `ledger` has a row.
 * The result of the reconciler's run, which Temporal keeps, contains a copy of the time. After a restore of Postgres,
 * the time in the row is older than the copy, so the reconciler notices the restore.
 */
export const comparisons = pgTable('comparisons', {
  name: text('name').primaryKey(),
  /** By the database's clock. */
  comparedAt: timestamp('compared_at', { withTimezone: true }).notNull(),
});
