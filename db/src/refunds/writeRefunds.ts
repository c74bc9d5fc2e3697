import {
  disputedMinor,
  failureTypes,
  keptMinor,
  type OrderLine,
  type OrderStatus,
  paidOutsideMinor,
  type PaymentStatus,
  reservedMinor,
} from '@widget-store/contract';
import { eq, sql, type SQL } from 'drizzle-orm';
import { StoreError } from '../errors';
import type { Database } from '../postgres/database';
import { lockingProducts } from '../queries/lockedProducts';
import { type OperatorAction, recordAction } from '../queries/operatorActions';
import { disputes, orders, refunds } from '../schema';
import { paymentStatusOf } from '../schema/paymentStatusOf';
import { type MergedDispute, withChanges } from './mergeLedger';
import type { MergedRefund } from './mergeRefunds';

/** An order with every field that is needed to decide about its refunds. */
export interface RefundableOrder {
  orderId: string;
  paymentId: string | null;
  status: OrderStatus;
  paymentStatus: PaymentStatus;
  currency: string;
  /** The id of the event that reported the payment. */
  paymentEventId: string | null;
  capturedMinor: number;
  version: number;
  refunds: StoredRefund[];
  disputes: MergedDispute[];
  /** Units that were sold and have not come back into stock, by product. */
  left: OrderLine[];
}

export interface StoredRefund extends MergedRefund {
  reason: string | null;
  fingerprint: string | null;
  /** The name of the operator who requested the refund. Null if no operator did. */
  requestedBy: string | null;
  settledBy: string | null;
  /** ISO 8601. */
  createdAt: string;
}

/** What `changeRefunds` writes. */
export interface RefundsChange {
  /** New and changed refunds. */
  refunds: (MergedRefund & Partial<Pick<StoredRefund, 'reason' | 'fingerprint' | 'requestedBy'>>)[];
  /** New and changed disputes. */
  disputes?: MergedDispute[];
  /** The captured amount after the change. Absent if it does not change. */
  capturedMinor?: number;
  paymentEventId?: string | undefined;
  /** Units that come back to stock. */
  returned?: OrderLine[];
  /** Who books the units in, if no refund does. Otherwise the movements of the units name the first refund in `refunds`. */
  returnedBy?: { idempotencyKey: string; note: string | null; requestedBy: string };
  /** The action of the operator who makes the change, unless the refund itself names the operator. */
  action?: OperatorAction;
}

/** The amount of an order that can still be refunded. */
export function refundableMinor({ capturedMinor, refunds: all, disputes: disputed }: RefundableOrder): number {
  const refundedMinor = reservedMinor(all) + paidOutsideMinor(all);
  return keptMinor({ capturedMinor, refundedMinor, disputes: disputed });
}

/** Whether these units of the order can come back into stock: at most those that were sold and are not back yet. */
export function canReturn({ status, left }: RefundableOrder, lines: OrderLine[]): boolean {
  // A pending order has sold nothing, and a cancellation has already put all units of its order back into stock.
  const isSold = status === 'PAID' || status === 'DISPATCHED';
  const units = new Map(isSold ? left.map((line) => [line.productId, line.quantity]) : []);
  return lines.every(({ productId, quantity }) => quantity <= (units.get(productId) ?? 0));
}

/** An attempt fails only if another session has changed the order since the attempt read it. */
const maxAttempts = 200;

/**
 * Reads an order, calls `decide`, and writes the decided change in one statement. If the order has changed since it was
 * read, the statement writes nothing, and the function reads the order and calls `decide` again. Each change of a
 * refund or a dispute also increments the version of the order, so the function notices the change.
 *
 * @param decide returns null to change nothing
 * @returns the order before the change, and the written change; undefined if there is no such order
 */
export async function changeRefunds(
  db: Database,
  orderId: string,
  decide: (order: RefundableOrder) => RefundsChange | null | Promise<RefundsChange | null>,
): Promise<{ before: RefundableOrder; change: RefundsChange | null } | undefined> {
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const before = await readRefundableOrder(db, orderId);
    if (before === undefined) return undefined;
    const change = await decide(before);
    if (change === null || (await write(db, before, change))) return { before, change };
  }
  throw new StoreError(failureTypes.databaseUnavailable, 'The order changes too often.');
}

export async function readRefundableOrder(db: Database, orderId: string): Promise<RefundableOrder | undefined> {
  const [order] = await db
    .select({
      orderId: orders.orderId,
      paymentId: orders.paymentId,
      status: orders.status,
      paymentStatus: orders.paymentStatus,
      currency: orders.currency,
      paymentEventId: orders.paymentEventId,
      capturedMinor: orders.capturedMinor,
      version: orders.version,
      refunds: storedRefunds,
      disputes: storedDisputes,
      left: sql<RefundableOrder['left']>`(
        select coalesce(json_agg(json_build_object('productId', product_id, 'quantity', quantity - returned)), '[]')
        from order_items where order_items.order_id = orders.order_id)`,
    })
    .from(orders)
    .where(eq(orders.orderId, orderId));
  return order;
}

const storedRefunds = sql<StoredRefund[]>`(
  select coalesce(json_agg(json_build_object('refundId', refund_id, 'amountMinor', amount_minor, 'status', status,
    'source', source, 'gatewayRefundId', gateway_refund_id, 'reason', reason, 'fingerprint', fingerprint,
    'requestedBy', requested_by, 'settledBy', settled_by, 'createdAt', created_at) order by created_at, refund_id), '[]')
  from ${refunds} where refunds.order_id = orders.order_id)`;

const storedDisputes = sql<MergedDispute[]>`(
  select coalesce(json_agg(json_build_object('disputeId', dispute_id, 'amountMinor', amount_minor, 'status', status,
    'reason', reason, 'gatewayDisputeId', gateway_dispute_id, 'openedAt', opened_at) order by opened_at, dispute_id), '[]')
  from ${disputes} where disputes.order_id = orders.order_id)`;

/** @returns false, without writing, if the order has changed since it was read */
async function write(db: Database, before: RefundableOrder, change: RefundsChange): Promise<boolean> {
  const { orderId, version } = before;
  const capturedMinor = change.capturedMinor ?? before.capturedMinor;
  const changed = new Map(change.refunds.map((refund) => [refund.refundId, refund]));
  const after = [...before.refunds.filter(({ refundId }) => !changed.has(refundId)), ...change.refunds];
  const refundedMinor = reservedMinor(after);
  const disputeChanges = change.disputes ?? [];
  const disputesAfter = withChanges(before.disputes, disputeChanges);
  const keptAfterMinor = keptMinor({
    capturedMinor,
    refundedMinor: refundedMinor + paidOutsideMinor(after),
    disputes: disputesAfter.filter(({ status }) => status === 'lost'),
  });
  const refundingMinor = reservedMinor(after.filter(({ status }) => status === 'pending'));
  const amounts = {
    capturedMinor: sql`${capturedMinor}::bigint`,
    refundedMinor: sql`${refundedMinor}::bigint`,
    refundingMinor: sql`${refundingMinor}::bigint`,
  };
  // If the order had a captured amount and the gateway reports that it has captured nothing, the payment status becomes
  // `refunded`.
  const withoutCapture = before.capturedMinor > 0 ? 'refunded' : before.paymentStatus;
  const paymentStatus = capturedMinor === 0 ? sql`${withoutCapture}` : paymentStatusOf(amounts);
  const settle = () =>
    db.execute(sql`
    with chosen as (
      select order_id from orders where order_id = ${orderId} and version = ${version} for no key update
    ), ${lockedProducts(change)} written as (
      update orders
      set captured_minor = ${amounts.capturedMinor}, refunded_minor = ${amounts.refundedMinor},
        refunding_minor = ${amounts.refundingMinor}, disputed_minor = ${disputedMinor(disputesAfter)}, payment_status = ${paymentStatus},
        payment_event_id = coalesce(${change.paymentEventId ?? null}, payment_event_id),
        all_returned = ${isNothingLeft(before, change)}, all_paid_back = ${keptAfterMinor === 0}, updated_at = now()
      from chosen where orders.order_id = chosen.order_id ${afterLocks(change)}
      returning orders.order_id
    ), recorded as (
      insert into refunds (refund_id, order_id, amount_minor, status, source, gateway_refund_id, reason, fingerprint,
        requested_by, settled_by)
      select "refundId", order_id, "amountMinor", status, source, "gatewayRefundId", reason, fingerprint, "requestedBy", "settledBy"
      from written, jsonb_to_recordset(${JSON.stringify(change.refunds)}::jsonb) as refund ("refundId" text,
        "amountMinor" bigint, status text, source text, "gatewayRefundId" text, reason text, fingerprint text,
        "requestedBy" text, "settledBy" text)
      on conflict (refund_id) do update
      set amount_minor = excluded.amount_minor, status = excluded.status, gateway_refund_id = excluded.gateway_refund_id,
        settled_by = excluded.settled_by,
        -- A failed refund keeps the time of its failure when it is settled.
        updated_at = case when refunds.status = 'failed' and excluded.status = 'failed' then refunds.updated_at else now() end
    ) ${recordDisputes(disputeChanges)} ${returnUnits(change)}
    ${change.action === undefined ? sql`` : sql`, ${recordAction(sql`written`, change.action)}`}
    select order_id from written`);
  const { returned = [] } = change;
  const productIds = sql.param(returned.map(({ productId }) => productId));
  const rows = await lockingProducts(db, sql`select unnest(${productIds}::int[])`, settle);
  return rows.length > 0;
}

/** Whether all pieces of the order are back in stock after the change. */
function isNothingLeft({ left }: RefundableOrder, { returned = [] }: RefundsChange): boolean {
  const back = new Map(returned.map(({ productId, quantity }) => [productId, quantity]));
  return left.every(({ productId, quantity }) => quantity <= (back.get(productId) ?? 0));
}

function recordDisputes(changed: MergedDispute[]): SQL {
  if (changed.length === 0) return sql``;
  return sql`, disputed as (
      insert into disputes (dispute_id, order_id, amount_minor, status, reason, gateway_dispute_id, opened_at)
      select "disputeId", order_id, "amountMinor", status, reason, "gatewayDisputeId", "openedAt"
      from written, jsonb_to_recordset(${JSON.stringify(changed)}::jsonb) as dispute ("disputeId" text,
        "amountMinor" bigint, status text, reason text, "gatewayDisputeId" text, "openedAt" timestamptz)
      on conflict (dispute_id) do update
      set amount_minor = excluded.amount_minor, status = excluded.status, reason = excluded.reason, updated_at = now()
    )`;
}

/** Products are locked after the order and in the sequence of their ids, as in the cancellation (`settleOrder.ts`). */
function lockedProducts({ returned = [] }: RefundsChange): SQL {
  if (returned.length === 0) return sql``;
  const productIds = sql.param(returned.map(({ productId }) => productId));
  const quantities = sql.param(returned.map(({ quantity }) => quantity));
  return sql`line as (
      select * from unnest(${productIds}::int[], ${quantities}::int[]) as line (product_id, quantity)
    ), locked as (
      select product_id from products where product_id in (select product_id from line, chosen) order by product_id for update
    ), `;
}

function afterLocks({ returned = [] }: RefundsChange): SQL {
  return returned.length === 0 ? sql`` : sql`and (select count(*) from locked) >= 0`;
}

function returnUnits({ refunds: [refund], returned = [], returnedBy }: RefundsChange): SQL {
  if (returned.length === 0) return sql``;
  const refundId = returnedBy === undefined ? (refund?.refundId ?? null) : null;
  const { idempotencyKey = null, note = null, requestedBy = null } = returnedBy ?? {};
  return sql`, items as (
      update order_items set returned = returned + line.quantity from written, line
      where order_items.order_id = written.order_id and order_items.product_id = line.product_id
    ), restocked as (
      update products set inventory = inventory + line.quantity from written, line
      where products.product_id = line.product_id
    ), moved as (
      insert into stock_movements (product_id, order_id, refund_id, kind, quantity, idempotency_key, note, requested_by)
      select product_id, order_id, ${refundId}, 'return', quantity, ${idempotencyKey}, ${note}, ${requestedBy}
      from written, line
    )`;
}
