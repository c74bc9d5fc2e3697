import { sql } from 'drizzle-orm';
import { check, integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core';

/** At most one row: the receiver of the outgoing events. Without the row, the triggers record no outgoing events. */
export const eventReceiver = pgTable(
  'event_receiver',
  {
    receiverId: integer('receiver_id').primaryKey(),
    /** SHA-256 of the address. */
    urlDigest: text('url_digest').notNull(),
    /** The triggers record outgoing events until this time. Workers with a receiver extend it. */
    recordsUntil: timestamp('records_until', { withTimezone: true }).notNull(),
    /**
     * When the receiver answered 410. Nothing is sent until an operator redelivers an event, or the address changes.
     */
    goneAt: timestamp('gone_at', { withTimezone: true }),
  },
  (receiver) => [check('event_receiver_once', sql`${receiver.receiverId} = 1`)],
);
