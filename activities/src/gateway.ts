import type { GatewayPayment } from '@widget-store/contract';
import type { Store } from '@widget-store/db';

/** A payment to open. Its id is the idempotency key. */
export interface NewPayment {
  paymentId: string;
  /** Integer minor units. */
  amountMinor: number;
  /** ISO 4217. */
  currency: string;
  /** Where the shopper goes after the payment page. */
  returnUrl: string;
  /** End of the payment window, ISO 8601. */
  expiresAt: string;
}

interface NewRefund {
  paymentId: string;
  /** Integer minor units. */
  amountMinor: number;
  idempotencyKey: string;
}

/** A payment with the fields that only activities read. */
export interface LedgerPayment extends GatewayPayment {
  lastRefundId: string | null;
  /** Its last change by the gateway's clock, ISO 8601. */
  updatedAt: string;
}

/** One page of the gateway's payments, in the order of their last change. */
export interface PaymentsPage {
  payments: LedgerPayment[];
  /** Null on the last page. */
  nextCursor: string | null;
}

/**
 * A payment gateway. Every call may be repeated: calls with the same key have one effect and the same answer. All calls throw
 * GatewayError, and StoreError where the gateway keeps references in Postgres.
 */
export interface PaymentGateway {
  /** Opens a payment, or returns the one that already has this id. */
  createPayment(payment: NewPayment): Promise<{ paymentUrl: string }>;
  /** @returns null when the gateway has no such payment */
  getPayment(paymentId: string): Promise<LedgerPayment | null>;
  /**
   * Closes a payment that was not made, where the gateway supports that. A paid payment stays as it is.
   *
   * @returns the payment's state; null when the gateway has no such payment
   */
  closePayment(paymentId: string): Promise<LedgerPayment | null>;
  /** Refunds a part of the captured amount. */
  refund(refund: NewRefund): Promise<{ refundId: string }>;
  /** @param page.updatedSince ISO 8601 */
  listPayments(page: { updatedSince: string; cursor: string | null }): Promise<PaymentsPage>;
}

/** The gateway's own ids of payments, for a gateway that cannot find a payment by our payment id. */
export type PaymentReferences = Pick<Store, 'readPaymentReference' | 'recordPaymentReferences'>;

/** The meaning of each code is in `failureTypes`. Only `GatewayUnavailable` passes without a person. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly code: 'GatewayUnavailable' | 'GatewayRefused' | 'GatewayMisconfigured';

  /** @param message one sentence for engineers, without any text of the gateway */
  constructor(code: GatewayError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
