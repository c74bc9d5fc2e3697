import { createHash } from 'node:crypto';
import {
  type GatewayRefund,
  isToMake,
  type OrderStatus,
  ownRefundId,
  refundIdFrom,
  type RefundSource,
  type RefundStatus,
  reservedMinor,
  settlements,
} from '@widget-store/contract';

/** The columns of a refund that `mergeRefunds` reads or changes. */
export interface MergedRefund {
  refundId: string;
  amountMinor: number;
  status: RefundStatus;
  source: RefundSource;
  gatewayRefundId: string | null;
  /** Absent if the order does not have the refund yet. */
  settledBy?: string | null;
}

interface OrderOfRefunds {
  orderId: string;
  status: OrderStatus;
  capturedMinor: number;
  /** The newest refund is last. */
  refunds: MergedRefund[];
}

interface RefundsOfGateway {
  refunds: GatewayRefund[];
  /** The captured amount minus the disputes that are open or lost. */
  refundableMinor: number;
}

/** The store's id of a refund that somebody has made at the gateway. */
export function refundIdOfGateway(gatewayRefundId: string): string {
  return refundIdFrom(createHash('sha256').update(gatewayRefundId).digest('hex').slice(0, 32));
}

/**
 * Merges the gateway's ledger of a payment into the refunds of its order. Records each refund that the gateway has
 * made. The refunds that the gateway has not made may then no longer fit into the refundable amount. In this case, an
 * operator's refund fails. The store's own refund shrinks, or fails if nothing of it would be left. If the order is
 * cancelled, an operator's refund shrinks too, because a cancelled order is refunded in full. Ledgers can be merged
 * repeatedly and in any sequence.
 *
 * @returns the refunds that are new or changed
 */
export function mergeRefunds(order: OrderOfRefunds, ledger: RefundsOfGateway): MergedRefund[] {
  const before = new Map(order.refunds.map((refund) => [refund.refundId, refund]));
  const merged = new Map(before);
  for (const made of ledger.refunds) {
    const refundId = refundIdOf(merged, made);
    merged.set(refundId, mergeRefund(order, merged.get(refundId), { ...made, refundId }));
  }
  fit(merged, { refundableMinor: ledger.refundableMinor, isCancelled: order.status === 'CANCELLED' });
  return [...merged.values()].filter((refund) => isChanged(before.get(refund.refundId), refund));
}

/** The store's id under which a refund of the gateway is recorded. */
function refundIdOf(recorded: Map<string, MergedRefund>, made: GatewayRefund): string {
  const known = [...recorded.values()].find(({ gatewayRefundId }) => gatewayRefundId === made.gatewayRefundId);
  if (known !== undefined) return known.refundId;
  const asked = recorded.get(made.refundId ?? '');
  // If the gateway has made two refunds with the same store id, and neither has failed, each gets a row of its own.
  const isSecond = asked !== undefined && asked.gatewayRefundId !== null && asked.status !== 'failed';
  const isLive = made.status !== 'failed';
  return made.refundId === null || (isSecond && isLive) ? refundIdOfGateway(made.gatewayRefundId) : made.refundId;
}

/**
 * Marks a refund as succeeded, because the gateway has captured nothing and so there is nothing to refund. The store's
 * own refund gets the amount 0, and the captured amount of the order decreases accordingly. An operator's refund keeps
 * its amount, because in demo mode an order can be paid without a gateway.
 */
export function withNothingCaptured(
  { refunds, capturedMinor }: Pick<OrderOfRefunds, 'refunds' | 'capturedMinor'>,
  refundId: string,
): { refunds: MergedRefund[]; capturedMinor: number } {
  const refund = refunds.find((known) => known.refundId === refundId && isToMake(known));
  if (refund === undefined) return { refunds: [], capturedMinor };
  if (refund.source === 'operator') return { refunds: [{ ...refund, status: 'succeeded' }], capturedMinor };
  const done = { ...refund, status: 'succeeded', amountMinor: 0 } as const;
  return { refunds: [done], capturedMinor: capturedMinor - refund.amountMinor };
}

function mergeRefund(
  order: OrderOfRefunds,
  known: MergedRefund | undefined,
  made: GatewayRefund & { refundId: string },
): MergedRefund {
  const { gatewayRefundId, amountMinor, status, refundId } = made;
  if (known === undefined) return { refundId, gatewayRefundId, amountMinor, status, source: sourceOf(order, made) };
  if (known.gatewayRefundId === gatewayRefundId) return { ...known, status: later(known.status, status) };
  // If a refund fails and is made again, the gateway has two refunds with the same store refund id. The new refund
  // replaces the failed one. If the new refund fails later, it needs an operator again.
  const isReplaced = known.gatewayRefundId === null || (known.status === 'failed' && status !== 'failed');
  const settledBy = status === 'failed' ? (known.settledBy ?? null) : null;
  return isReplaced ? { ...known, gatewayRefundId, amountMinor, status, settledBy } : known;
}

/**
 * The source of a refund that has no row. If the id is that of the store's own refund of the order, the row was lost in
 * a restore of Postgres.
 */
function sourceOf(
  { orderId, refunds, capturedMinor }: OrderOfRefunds,
  { refundId }: { refundId: string },
): RefundSource {
  if (refundId === ownRefundId(orderId))
    return capturedMinor > 0 || refunds.length > 0 ? 'cancellation' : 'late_payment';
  return 'gateway';
}

const ranks = { pending: 0, succeeded: 1, failed: 2 } as const satisfies Record<RefundStatus, number>;

/** A refund that has succeeded can still fail days later, but never becomes pending again. */
function later(one: RefundStatus, other: RefundStatus): RefundStatus {
  return ranks[one] > ranks[other] ? one : other;
}

/**
 * If the refunds together exceed the refundable amount, reduces those that the gateway has not made, or marks them as
 * failed, beginning with the newest. If the store's own refund fails, nobody has to act, because other refunds or
 * disputes have already taken the money.
 */
function fit(
  refunds: Map<string, MergedRefund>,
  { refundableMinor, isCancelled }: { refundableMinor: number; isCancelled: boolean },
): void {
  let excessMinor = reservedMinor([...refunds.values()]) - refundableMinor;
  for (const refund of [...refunds.values()].toReversed()) {
    const { refundId, amountMinor, status, source, gatewayRefundId } = refund;
    if (excessMinor <= 0) return;
    if (gatewayRefundId !== null || status === 'failed') continue;
    const isOwn = source !== 'operator';
    const shrinks = (isCancelled || isOwn) && amountMinor > excessMinor;
    const failed = { status: 'failed', settledBy: isOwn ? settlements.gateway : null } as const;
    refunds.set(refundId, { ...refund, ...(shrinks ? { amountMinor: amountMinor - excessMinor } : failed) });
    excessMinor -= shrinks ? excessMinor : amountMinor;
  }
}

function isChanged(before: MergedRefund | undefined, after: MergedRefund): boolean {
  if (before === undefined) return true;
  const { amountMinor, status, gatewayRefundId } = before;
  return amountMinor !== after.amountMinor || status !== after.status || gatewayRefundId !== after.gatewayRefundId;
}
