import { type AttentionKind, attentionKinds, type OrderRef } from '@widget-store/contract';
import { and, asc, eq, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../postgres/database';
import { paidOutside } from '../refunds/paidOutside';
import { disputes, operatorActions, orders, outgoingEvents, products, refunds } from '../schema';
import { type ByOperator, recordAction } from './operatorActions';
import { isReadyWithPieces } from './orders';
import type { OutgoingEvent } from './outgoingEvents';

/** Something about an order that needs the decision of a person. */
export interface AttentionItem {
  kind: AttentionKind;
  orderId: string;
  /** The `sequence` of the order. */
  sequence: number;
  refundId: string | null;
  disputeId: string | null;
  /** The outgoing event that failed. */
  event: OutgoingEvent | null;
  /**
   * The amount of the refund or the dispute, or the money that the store still has after a dispute. For the kind
   * `stock_kept`: the whole payment, which the shopper has got back. For a failed event: the order's total.
   */
  amountMinor: number;
  currency: string;
  /**
   * When the refund or the event failed, or the dispute was opened. For the kind `money_kept`: when a dispute of the
   * order last changed. For `stock_kept`: when the order last changed. ISO 8601.
   */
  since: string;
}

export type SoldOutProduct = Pick<typeof products.$inferSelect, 'productId' | 'name'>;

/**
 * The query of each kind of item. Its columns are order_id, refund_id, dispute_id, event_id, amount_minor and since.
 */
const found: Record<AttentionKind, SQL> = {
  // Only failed refunds that are not settled, of orders that still have money to refund.
  refund_failed: sql`
    select order_id, refund_id, null as dispute_id, null as event_id, failed.amount_minor, failed.updated_at as since
    from ${refunds} as failed join ${orders} using (order_id)
    where failed.status = 'failed' and settled_by is null and captured_minor - refunded_minor - disputed_minor > 0`,
  dispute_open: sql`
    select order_id, null as refund_id, dispute_id, null as event_id, amount_minor, opened_at as since
    from ${disputes} as dispute where dispute.status = 'open'`,
  // Cancelled orders with money that the store still has after the decision of all their disputes. The query subtracts
  // what operators have paid to the shopper in another way. It leaves out orders with a pending refund, and orders with
  // a failed refund that needs an operator. It also leaves out an order if an operator has decided to keep the money,
  // and no dispute of the order has changed after this decision.
  money_kept: sql`
    select order_id, null as refund_id, null as dispute_id, null as event_id, kept_minor as amount_minor, since
    from (
      select order_id, disputed.since, captured_minor - refunded_minor - disputed_minor - ${paidOutside} as kept_minor
      from (
        select order_id, max(updated_at) as since from ${disputes} group by order_id having bool_and(status <> 'open')
      ) as disputed join ${orders} using (order_id)
      where orders.status = 'CANCELLED' and refunding_minor = 0 and not exists (
        select 1 from ${refunds} as failed
        where failed.order_id = orders.order_id and failed.status = 'failed' and settled_by is null)
      and not exists (
        select from ${operatorActions} as kept
        where kept.order_id = orders.order_id and kept.kind = 'keep_money' and kept.at >= disputed.since)
    ) as cancelled
    where kept_minor > 0`,
  // Leaves out orders with a pending refund, because the refund can fail.
  stock_kept: sql`
    select order_id, null as refund_id, null as dispute_id, null as event_id, captured_minor as amount_minor, updated_at as since
    from ${orders} where ${isReadyWithPieces} and all_paid_back and refunding_minor = 0`,
  event_failed: sql`
    select order_id, null as refund_id, null as dispute_id, event_id, null::bigint as amount_minor, failed_at as since
    from ${outgoingEvents} where failed_at is not null`,
};

/** Lists what a person must decide about, the newest first. Failed events come after everything else. */
export async function listAttention(db: Database, { limit }: { limit: number }): Promise<AttentionItem[]> {
  const newest = attentionKinds.map(
    (kind) => sql`(select ${kind} as kind, item.* from (${found[kind]}) as item order by since desc limit ${limit})`,
  );
  const rows = await db.execute<AttentionItem & Record<string, unknown>>(sql`
    select kind, item.order_id as "orderId", orders.sequence::float8 as sequence, refund_id as "refundId", dispute_id as "disputeId",
      case when event_id is not null then json_build_object('eventId', event_id, 'orderId', item.order_id,
        'type', event.type, 'attempts', event.attempts, 'lastResult', event.last_result) end as event,
      coalesce(amount_minor, total_minor)::float8 as "amountMinor", currency, since
    from (${sql.join(newest, sql` union all `)}) as item
    join ${orders} using (order_id) left join ${outgoingEvents} as event using (event_id)
    -- Money comes first, so that thousands of failed events cannot hide it.
    order by (kind = 'event_failed'), since desc limit ${limit}`);
  return rows.map((item) => ({ ...item, since: new Date(item.since).toISOString() }));
}

/** Counts all items of `listAttention`, by their kind. */
export async function countAttention(db: Database): Promise<Record<AttentionKind, number>> {
  const counts = attentionKinds.map(
    (kind) => sql`(select count(*)::int from (${found[kind]}) as item) as ${sql.identifier(kind)}`,
  );
  const [row] = await db.execute<Record<AttentionKind, number>>(sql`select ${sql.join(counts, sql`, `)}`);
  return row ?? { refund_failed: 0, dispute_open: 0, money_kept: 0, stock_kept: 0, event_failed: 0 };
}

/**
 * If a cancelled order has money left after its disputes (`money_kept`), records that an operator has decided to keep
 * it. Repeating the call changes nothing, also if two operators decide at the same time.
 *
 * @returns whether the last recorded decision is newer than the last change of the disputes
 */
export async function keepMoney(db: Database, { orderId, operator }: OrderRef & ByOperator): Promise<boolean> {
  await db.execute(sql`
    with kept as (
      select order_id, since from (${found.money_kept}) as item where order_id = ${orderId}
    ), ${recordAction(sql`kept`, { kind: 'keep_money', operator, subject: sql`extract(epoch from since)` })}
    select from kept`);
  const decisions = await db
    .select({ at: operatorActions.at })
    .from(operatorActions)
    .where(
      and(
        eq(operatorActions.orderId, orderId),
        eq(operatorActions.kind, 'keep_money'),
        sql`${operatorActions.at} >= (select max(updated_at) from ${disputes} where disputes.order_id = ${orderId})`,
      ),
    )
    .limit(1);
  return decisions.length > 0;
}

/** Lists the products on sale that have no stock, sorted by product id. */
export async function listSoldOut(db: Database, { limit }: { limit: number }): Promise<SoldOutProduct[]> {
  return db
    .select({ productId: products.productId, name: products.name })
    .from(products)
    .where(and(eq(products.inventory, 0), products.onSale))
    .orderBy(asc(products.productId))
    .limit(limit);
}
