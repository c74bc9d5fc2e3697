import {
  failureTypes,
  type GatewayLedger,
  type OrderState,
  type OrderStatus,
  type RecordRefundInput,
  type Refund,
  type RefundRef,
  type RefundSource,
  type RefundStatus,
  settlements,
} from '@widget-store/contract';
import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import { StoreError } from '../errors';
import type { Database } from '../postgres/database';
import { mergeLedger } from '../refunds/mergeLedger';
import { type MergedRefund, withNothingCaptured } from '../refunds/mergeRefunds';
import {
  canReturn,
  changeRefunds,
  readRefundableOrder,
  type RefundableOrder,
  refundableMinor,
  type RefundsChange,
  type StoredRefund,
} from '../refunds/writeRefunds';
import { orders, refunds } from '../schema';
import type { ByOperator } from './operatorActions';
import { foundOrder, readState } from './orderState';

/** A refund that an operator asks for. */
export interface RefundRequest {
  orderId: string;
  /** Derived from the idempotency key. */
  refundId: string;
  fingerprint: string;
  /** Null to refund all that is left. */
  amountMinor: number | null;
  reason: string | null;
  /** The name of the operator. */
  requestedBy: string;
  /** Units that come back to stock: one line for each product. */
  restock: { productId: number; quantity: number }[];
  /** The failed refund that this one replaces; null for none. */
  replaces: string | null;
}

type Refusal = 'key_is_used' | 'nothing_captured' | 'exceeds_captured' | 'exceeds_sold' | 'not_settleable';

/** A refund as operators see it. */
export type OperatorsRefund = Refund & Pick<StoredRefund, 'reason' | 'settledBy' | 'createdAt'>;

export type RequestedRefund =
  | { outcome: 'requested' | 'replayed'; refund: OperatorsRefund; orderStatus: OrderStatus }
  | { outcome: Refusal };

/**
 * Reserves the amount of a refund, or returns the refund that the idempotency key already has. The statement that
 * reserves the amount also settles the failed refund that the new refund replaces.
 *
 * @returns undefined when there is no such order
 */
export async function requestRefund(db: Database, request: RefundRequest): Promise<RequestedRefund | undefined> {
  const { orderId, refundId, fingerprint, reason, requestedBy, restock: returned } = request;
  let refusal: Refusal | undefined;
  const changed = await changeRefunds(db, orderId, (order) => {
    const amountMinor = request.amountMinor ?? refundableMinor(order);
    refusal = refusalOf(order, { ...request, amountMinor });
    if (refusal !== undefined || findRefund(order, refundId) !== undefined) return null;
    const refund = { refundId, amountMinor, status: 'pending', source: 'operator', gatewayRefundId: null } as const;
    const replaced = order.refunds
      .filter((known) => known.refundId === request.replaces)
      .map((known) => ({ ...known, settledBy: refundId }));
    return { refunds: [{ ...refund, reason, fingerprint, requestedBy }, ...replaced], returned };
  });
  if (changed === undefined) return undefined;
  if (refusal !== undefined) return { outcome: refusal };
  const order = foundOrder(await readRefundableOrder(db, orderId));
  const refund = findRefund(order, refundId);
  if (refund === undefined) throw new StoreError(failureTypes.databaseRejected, 'The refund was not recorded.');
  const outcome = changed.change === null ? 'replayed' : 'requested';
  return { outcome, refund: presentToOperators(order, refund), orderStatus: order.status };
}

function refusalOf(order: RefundableOrder, request: RefundRequest & { amountMinor: number }): Refusal | undefined {
  const known = findRefund(order, request.refundId);
  if (known !== undefined) return known.fingerprint === request.fingerprint ? undefined : 'key_is_used';
  if (order.capturedMinor === 0) return 'nothing_captured';
  const { replaces } = request;
  if (replaces !== null && !isUnsettled(findRefund(order, replaces))) return 'not_settleable';
  const leftMinor = refundableMinor(order);
  if (request.amountMinor > leftMinor || leftMinor === 0) return 'exceeds_captured';
  return canReturn(order, request.restock) ? undefined : 'exceeds_sold';
}

export type SettledRefund = { outcome: 'settled'; refund: OperatorsRefund } | { outcome: 'not_settleable' };

/**
 * Records that an operator has paid the shopper in another way, because the refund failed. Repeating the call changes
 * nothing.
 *
 * @param settlement.note what the operator has written about the payment
 *
 * @returns undefined when the order has no such refund
 */
export async function settleRefund(
  db: Database,
  {
    orderId,
    refundId,
    operator,
    note,
  }: Pick<RefundRef, 'orderId' | 'refundId'> & ByOperator & { note?: string | null },
): Promise<SettledRefund | undefined> {
  await changeRefunds(db, orderId, (order) => {
    const refund = findRefund(order, refundId);
    if (!isUnsettled(refund)) return null;
    const action = { kind: 'settle_refund', operator, subject: refundId, note } as const;
    return { refunds: [{ ...refund, settledBy: settlements.outside }], action };
  });
  const order = await readRefundableOrder(db, orderId);
  const refund = order && findRefund(order, refundId);
  if (order === undefined || refund === undefined) return undefined;
  const isSettled = refund.status === 'failed' && refund.settledBy === settlements.outside;
  return isSettled ? { outcome: 'settled', refund: presentToOperators(order, refund) } : { outcome: 'not_settleable' };
}

/** Whether the refund has failed and still needs an operator. */
function isUnsettled(refund: StoredRefund | undefined): refund is StoredRefund {
  return refund?.status === 'failed' && refund.settledBy === null;
}

/**
 * Finds a refund by its id. For a late payment, first records the payment and its refund on the cancelled order.
 *
 * @returns null when there is nothing to refund
 * @throws StoreError `OrderNotFound`
 */
export async function beginRefund(db: Database, { orderId, refundId, latePayment }: RefundRef): Promise<Refund | null> {
  if (latePayment !== undefined) {
    await changeRefunds(db, orderId, (order) => {
      const capturedMinor = Math.max(order.capturedMinor, latePayment.capturedMinor);
      const amountMinor = refundableMinor({ ...order, capturedMinor });
      const isDue = order.status === 'CANCELLED' && order.paymentId !== null && amountMinor > 0;
      const known = findRefund(order, refundId);
      // A refund whose amount is zero was recorded before the gateway captured the payment. Such a refund gets its
      // amount now.
      if (!isDue || (known !== undefined && known.amountMinor > 0)) return null;
      const source = known?.source ?? 'late_payment';
      const refund = { refundId, amountMinor, status: 'pending', source, gatewayRefundId: null } as const;
      return { refunds: [refund], capturedMinor, paymentEventId: latePayment.eventId };
    });
  }
  const order = foundOrder(await readRefundableOrder(db, orderId));
  const refund = findRefund(order, refundId);
  return refund === undefined ? null : presentRefund(order, refund);
}

/** The changes that a call has recorded. A repetition of the call does not report them again. */
export interface LedgerChanges {
  /** The sources of the refunds that this call has recorded as succeeded. */
  made: RefundSource[];
}

/** Records on the order what the gateway reports after the attempt to make a refund. */
export async function recordRefund(
  db: Database,
  { orderId, refundId, payment }: RecordRefundInput,
): Promise<{ refund: Refund; order: OrderState; changes: LedgerChanges }> {
  const changes = await recordChange(db, orderId, (order) =>
    payment === null ? withNothingCaptured(order, refundId) : mergeLedger(order, payment),
  );
  const order = foundOrder(await readRefundableOrder(db, orderId));
  const refund = findRefund(order, refundId);
  if (refund === undefined) throw new StoreError(failureTypes.orderNotFound, 'There is no such refund.');
  return { refund: presentRefund(order, refund), order: await readState(db, orderId), changes };
}

/**
 * Records the refunds and disputes that the gateway reports for the payment of an order. Does not change a pending
 * order, because the shopper can still pay it.
 */
export async function recordLedger(
  db: Database,
  { orderId, payment }: { orderId: string; payment: GatewayLedger },
): Promise<LedgerChanges> {
  return recordChange(db, orderId, (order) => mergeLedger(order, payment));
}

async function recordChange(
  db: Database,
  orderId: string,
  changeOf: (order: RefundableOrder) => RefundsChange,
): Promise<LedgerChanges> {
  const changed = await changeRefunds(db, orderId, (order) => {
    const change = order.status === 'PENDING' ? null : changeOf(order);
    return change === null || [...change.refunds, ...(change.disputes ?? [])].length === 0 ? null : change;
  });
  const { before, change } = changed ?? {};
  const madeBefore = new Set(
    before?.refunds.filter(({ status }) => status === 'succeeded').map(({ refundId }) => refundId),
  );
  const made = (change?.refunds ?? []).filter(
    ({ refundId, status }) => status === 'succeeded' && !madeBefore.has(refundId),
  );
  return { made: made.map(({ source }) => source) };
}

/** A refund that the gateway has not made yet. */
export interface RefundToMake {
  refundId: string;
  orderId: string;
  paymentId: string | null;
  orderStatus: OrderStatus;
  /** Milliseconds since the refund was requested, by the database's clock. */
  waitingMs: number;
}

/**
 * Lists pending refunds that the gateway has not made and that were requested more than `waitingMs` ago, sorted from
 * the oldest to the newest.
 */
export async function listRefundsToMake(
  db: Database,
  { waitingMs, limit }: { waitingMs: number; limit: number },
): Promise<RefundToMake[]> {
  return db
    .select({
      refundId: refunds.refundId,
      orderId: refunds.orderId,
      paymentId: orders.paymentId,
      orderStatus: orders.status,
      waitingMs: sql<number>`floor(extract(epoch from now() - ${refunds.createdAt}) * 1000)::float8`,
    })
    .from(refunds)
    .innerJoin(orders, eq(orders.orderId, refunds.orderId))
    .where(
      and(
        // The condition equals that of the index `refunds_pending`. The planner could not use the index if the
        // condition had parameters.
        sql`${refunds.status} = 'pending'`,
        isNull(refunds.gatewayRefundId),
        sql`${refunds.createdAt} < now() - ${waitingMs}::int * interval '1 millisecond'`,
      ),
    )
    .orderBy(asc(refunds.createdAt))
    .limit(limit);
}

function findRefund(order: RefundableOrder, refundId: string): StoredRefund | undefined {
  return order.refunds.find((refund) => refund.refundId === refundId);
}

function presentToOperators(order: RefundableOrder, refund: StoredRefund): OperatorsRefund {
  const { reason, settledBy, createdAt } = refund;
  return { ...presentRefund(order, refund), reason, settledBy, createdAt };
}

function presentRefund(
  { orderId, paymentId, currency, paymentEventId }: RefundableOrder,
  refund: MergedRefund,
): Refund {
  const { refundId, amountMinor, source, gatewayRefundId } = refund;
  const status: RefundStatus = refund.status;
  if (paymentId === null) throw new StoreError(failureTypes.databaseRejected, 'The order has no payment.');
  return { refundId, orderId, paymentId, amountMinor, currency, status, source, gatewayRefundId, paymentEventId };
}
