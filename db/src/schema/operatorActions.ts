import { sql } from 'drizzle-orm';
import { bigint, check, index, pgTable, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core';
import { isOneOf } from './isOneOf';
import { orders } from './orders';

const operatorActionKinds = [
  'ship',
  'correct_shipment',
  'cancel',
  'settle_refund',
  'keep_money',
  'erase_buyer',
  'redeliver_event',
  'create_product',
  'change_product',
] as const;
export type OperatorActionKind = (typeof operatorActionKinds)[number];

/**
 * What operators did. Changes of stock and requests for refunds are not here, because the rows of the stock movements
 * and of the refunds name the operator. Rows of this table are never updated or deleted.
 */
export const operatorActions = pgTable(
  'operator_actions',
  {
    actionId: bigint('action_id', { mode: 'number' }).generatedAlwaysAsIdentity().primaryKey(),
    /** A name from `ADMIN_TOKENS`, or `operator` for an operator without a name. */
    operator: text('operator').notNull(),
    kind: text('kind').$type<OperatorActionKind>().notNull(),
    /** Null if the action is not about an order. */
    orderId: text('order_id').references(() => orders.orderId),
    /**
     * The id of the refund, the event or the product. For `correct_shipment`, the earlier carrier and tracking link. For
     * `keep_money`, when a dispute last changed. Null if the action is about the order itself.
     */
    subject: text('subject'),
    /** What the operator has written about the action. Shoppers do not see it. */
    note: text('note'),
    at: timestamp('at', { withTimezone: true }).notNull().defaultNow(),
  },
  (action) => [
    index('operator_actions_order').on(action.orderId),
    // A request to cancel an order is recorded before the order is cancelled. If the operator repeats the request, the
    // repetition is not recorded.
    uniqueIndex('operator_actions_cancel_once')
      .on(action.orderId, action.operator)
      .where(sql`${action.kind} = 'cancel'`),
    // Two operators can decide at the same time. The subject is the time of the change that they decide about.
    uniqueIndex('operator_actions_keep_once')
      .on(action.orderId, action.subject)
      .where(sql`${action.kind} = 'keep_money'`),
    check('operator_actions_kind_known', isOneOf(action.kind, operatorActionKinds)),
  ],
);
