import type { Buyer } from './buyer';
import type { SettlementEvent } from './deliveryQueue';
import type { DisputeStatus, Outcome, RefundStatus } from './records';

/* All times in this file are in ISO 8601, and all amounts are integers in minor units. */

export interface Refund {
  refundId: string;
  /** Who made the refund. The gateway does not tell the store the key of a refund that was made in the dashboard. */
  madeBy: 'store' | 'dashboard';
  /** If the same maker uses the same key again, it gets the same refund. */
  idempotencyKey: string;
  amountMinor: number;
  status: RefundStatus;
  createdAt: string;
}

export interface Dispute {
  disputeId: string;
  idempotencyKey: string;
  amountMinor: number;
  reason: string | null;
  status: DisputeStatus;
  createdAt: string;
}

/** A line of the shop's order, as the payment page shows it. */
export interface LineItem {
  name: string;
  quantity: number;
  /** Negative for a discount. */
  unitAmountMinor: number;
}

export interface Payment {
  paymentId: string;
  amountMinor: number;
  currency: string;
  /** The line items add up to the amount. Empty if the shop sent none. */
  lineItems: readonly LineItem[];
  /** Until when the shop waits for the payment. The sandbox accepts a late payment too. Undefined for no limit. */
  expiresAt: string | undefined;
  /** Address that the shopper goes to after the payment page. */
  returnUrl: string;
  /**
   * Trace of the request that opened the payment (W3C Trace Context). The webhook of the payment continues this trace.
   */
  traceparent?: string | undefined;
  /** The countries to which the shop sends parcels. Empty if the payment page asks for no address. */
  shippingCountries: readonly string[];
  /** Undefined while the payment is open, if it was not paid, or if the page asked for no address. */
  buyer: Buyer | undefined;
  /** Undefined while the payment is open. */
  outcome: Outcome | undefined;
  capturedMinor: number;
  /** The sum of the refunds that have not failed. */
  refundedMinor: number;
  /** The oldest first. */
  refunds: Refund[];
  /** The oldest first. */
  disputes: Dispute[];
  /** The status of the next refund that the store asks for. */
  nextRefund: RefundStatus;
  /** The event of the settlement; undefined while the payment is open. */
  event: SettlementEvent | undefined;
  updatedAt: string;
  /**
   * The number of the payment's last change. The changes of all payments are numbered in one sequence, which gives an
   * order to payments whose times are equal.
   */
  revision: number;
}

/** Returns the amount that can still be refunded. */
export function refundableMinor({ capturedMinor, refundedMinor }: Payment): number {
  return capturedMinor - refundedMinor;
}

/**
 * Returns the amount that can still be disputed. Refunds do not reduce it, because a cardholder can also dispute a
 * refunded payment.
 */
export function disputableMinor({ capturedMinor, disputes }: Payment): number {
  const gone = disputes.filter(({ status }) => status !== 'won');
  return capturedMinor - gone.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}
