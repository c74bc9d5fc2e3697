import { createHash } from 'node:crypto';
import {
  disputedMinor,
  disputeIdFrom,
  type DisputeStatus,
  type GatewayDispute,
  type GatewayLedger,
  type OrderStatus,
} from '@widget-store/contract';
import { type MergedRefund, mergeRefunds } from './mergeRefunds';

/** The columns of a dispute. All of them follow from what the gateway reports. */
export interface MergedDispute {
  disputeId: string;
  amountMinor: number;
  status: DisputeStatus;
  reason: string | null;
  gatewayDisputeId: string;
  /** ISO 8601. */
  openedAt: string;
}

interface OrderOfLedger {
  orderId: string;
  status: OrderStatus;
  capturedMinor: number;
  refunds: MergedRefund[];
  disputes: MergedDispute[];
}

/** The refunds and disputes that are new or changed. */
interface LedgerChange {
  refunds: MergedRefund[];
  disputes: MergedDispute[];
  capturedMinor: number;
}

/**
 * Merges the gateway's ledger of a payment into the refunds and disputes of its order. Ledgers can be merged
 * repeatedly. A dispute is recorded in full, even if it exceeds the part of the payment that is not refunded.
 */
export function mergeLedger(order: OrderOfLedger, { capturedMinor, refunds, disputes }: GatewayLedger): LedgerChange {
  const changed = mergeDisputes(order.disputes, disputes);
  const refundableMinor = capturedMinor - disputedMinor(withChanges(order.disputes, changed));
  return { capturedMinor, disputes: changed, refunds: mergeRefunds(order, { refunds, refundableMinor }) };
}

/** Returns the disputes with the changed ones in place of their old versions, and with the new ones. */
export function withChanges(disputes: MergedDispute[], changed: MergedDispute[]): MergedDispute[] {
  const ids = new Set(changed.map(({ disputeId }) => disputeId));
  return [...disputes.filter(({ disputeId }) => !ids.has(disputeId)), ...changed];
}

function mergeDisputes(known: MergedDispute[], reported: GatewayDispute[]): MergedDispute[] {
  const before = new Map(known.map((dispute) => [dispute.gatewayDisputeId, dispute]));
  return reported.flatMap(({ createdAt: openedAt, ...dispute }) => {
    const disputeId = disputeIdOfGateway(dispute.gatewayDisputeId);
    return mergeDispute(before.get(dispute.gatewayDisputeId), { ...dispute, disputeId, openedAt });
  });
}

/**
 * Always takes the reported state, because a bank can revise its decision, and an appeal opens a dispute again. An old
 * report that arrives late can therefore make a decided dispute open in the store. The reconciler corrects the dispute
 * when it next reads the open disputes from the gateway.
 *
 * @returns an empty list if the order already shows the reported state
 */
function mergeDispute(known: MergedDispute | undefined, reported: MergedDispute): MergedDispute[] {
  if (known === undefined) return [reported];
  const { status, amountMinor, reason } = reported;
  const isSame = status === known.status && amountMinor === known.amountMinor && reason === known.reason;
  return isSame ? [] : [{ ...known, status, amountMinor, reason }];
}

/** The store's id of a dispute. */
function disputeIdOfGateway(gatewayDisputeId: string): string {
  return disputeIdFrom(createHash('sha256').update(gatewayDisputeId).digest('hex').slice(0, 32));
}
