import { type OutgoingEventType, outgoingEventTypes } from '@widget-store/contract';
import { sql } from 'drizzle-orm';
import { bigint, check, index, integer, jsonb, pgTable, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core';
import { isOneOf } from './isOneOf';

/**
 * The events that the receiver has not accepted yet. A trigger writes an event in the transaction of the change that
 * the event reports. No event is written if no worker has used a receiver in the last three days, or if the receiver
 * answered 410 more than three days ago. A delivered event is deleted.
 */
export const outgoingEvents = pgTable(
  'outgoing_events',
  {
    /** The `webhook-id`. Derived from the order's id, the order's version and the change. */
    eventId: text('event_id').primaryKey(),
    /** A change locks its order, so the events of an order are numbered in the sequence of the changes. */
    sequence: bigint('sequence', { mode: 'number' }).generatedAlwaysAsIdentity().notNull(),
    orderId: text('order_id').notNull(),
    type: text('type').$type<OutgoingEventType>().notNull(),
    /** Ids, statuses and amounts in minor units. No personal data. */
    data: jsonb('data').$type<Record<string, unknown>>().notNull(),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
    /** When a worker next looks at the event. Null if the event has failed. */
    dueAt: timestamp('due_at', { withTimezone: true }).defaultNow(),
    attempts: integer('attempts').notNull().default(0),
    /**
     * Null until the first attempt, and again after `redeliverEvent` until the next attempt. The event fails if it is
     * not delivered within three days after this time.
     */
    firstAttemptAt: timestamp('first_attempt_at', { withTimezone: true }),
    failedAt: timestamp('failed_at', { withTimezone: true }),
    /** The status of the receiver's last answer, or why there was no answer. */
    lastResult: text('last_result'),
  },
  (event) => [
    uniqueIndex('outgoing_events_order').on(event.orderId, event.sequence),
    index('outgoing_events_due').on(event.dueAt),
    // The operations page reads this index. It contains only the events that need an operator.
    index('outgoing_events_failed')
      .on(event.failedAt)
      .where(sql`${event.failedAt} is not null`),
    check('outgoing_events_type_known', isOneOf(event.type, outgoingEventTypes)),
    check('outgoing_events_due_unless_failed', sql`(${event.dueAt} is null) = (${event.failedAt} is not null)`),
  ],
);
