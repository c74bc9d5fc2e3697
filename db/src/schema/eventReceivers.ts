import { pgTable, text, timestamp } from 'drizzle-orm/pg-core';

const time = (name: string) => timestamp(name, { withTimezone: true });

/**
 * The receivers of the outgoing events: one row for each address that a worker was configured with. During a rollout
 * two receivers can be in use, and the store sends to the newer one. If the table is empty, the triggers record no
 * outgoing events.
 */
export const eventReceivers = pgTable('event_receivers', {
  /** SHA-256 of the address. */
  urlDigest: text('url_digest').primaryKey(),
  firstSeenAt: time('first_seen_at').notNull().defaultNow(),
  /** Each worker with this receiver sets this time every minute. */
  seenAt: time('seen_at').notNull().defaultNow(),
  /**
   * When the receiver answered 410. The store sends it nothing until this time is removed, for example because an
   * operator redelivers an event.
   */
  goneAt: time('gone_at'),
});
