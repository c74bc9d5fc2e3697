import type { OrderRef } from '@widget-store/contract';
import { type SQL, sql, type SQLWrapper } from 'drizzle-orm';
import type { Database } from '../postgres/database';
import { operatorActions, orders } from '../schema';
import type { OperatorActionKind } from '../schema/operatorActions';

/** An action of an operator. The statement that carries out the action supplies the id of the order or product. */
export interface OperatorAction {
  kind: OperatorActionKind;
  operator: string;
  /** The id of the refund or the event that the action is about, or a column of `effect`. */
  subject?: string | SQL;
  note?: string | null | undefined;
}

/**
 * Returns a common table expression that records an action in the statement that carries out the action. If `effect`
 * has no rows, nothing is recorded. An action that a unique index allows only once is recorded once.
 *
 * @param effect the common table expression whose rows are the changed orders, with their `order_id`
 */
export function recordAction(effect: SQL, { kind, operator, subject, note }: OperatorAction): SQL {
  return sql`acted as (
      insert into ${operatorActions} (operator, kind, order_id, subject, note)
      select ${operator}, ${kind}, order_id, ${subject ?? null}::text, ${note ?? null}::text from ${effect}
      on conflict do nothing
    )`;
}

export interface ByOperator {
  /** The name of the operator. */
  operator: string;
}

/**
 * Returns a common table expression that records an action in the statement that creates or changes a product.
 *
 * @param effect the common table expression whose rows are the products, with their `product_id`
 */
export function recordProductAction(db: Database, effect: SQLWrapper, { kind, operator }: OperatorAction) {
  return db.$with('acted', {}).as(sql`
    insert into ${operatorActions} (operator, kind, subject)
    select ${operator}, ${kind}, product_id::text from ${effect}`);
}

/**
 * If the order can still be cancelled, records which operator asks for the cancellation. A repetition by the same
 * operator changes nothing.
 */
export async function recordCancelRequest(db: Database, { orderId, operator }: OrderRef & ByOperator): Promise<void> {
  await db.execute(sql`
    insert into ${operatorActions} (operator, kind, order_id)
    select ${operator}, 'cancel', order_id from ${orders} where order_id = ${orderId} and status in ('PENDING', 'PAID')
    on conflict do nothing`);
}
