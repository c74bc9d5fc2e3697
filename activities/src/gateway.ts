import type { GatewayPayment, RefundResult } from '@widget-store/contract';
import type { Store } from '@widget-store/db';

/** A payment to open: the payment id is the idempotency key. */
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

/** A payment with what only this package asks about. */
export interface LedgerPayment extends GatewayPayment {
  lastRefundId: string | null;
  /** When it last changed, by the gateway's clock; ISO 8601. */
  updatedAt: string;
}

/** One page of the gateway's payments, in the order of their last change. */
export interface PaymentsPage {
  payments: LedgerPayment[];
  /** Null on the last page. */
  nextCursor: string | null;
}

/**
 * What the store asks of a payment gateway. Every call may be repeated: with the same key it has one effect and the same
 * answer. All of them throw GatewayError and, where they keep notes in Postgres, StoreError.
 */
export interface PaymentGateway {
  /** Opens a payment, or finds the one that has this id already. */
  createPayment(payment: NewPayment): Promise<{ paymentUrl: string }>;
  /** Null when the gateway knows no such payment. */
  getPayment(paymentId: string): Promise<LedgerPayment | null>;
  /**
   * Ends a payment that was not made, where the gateway can do that, and answers how it stands; null when the gateway knows no
   * such payment. What is paid is left as it is.
   */
  closePayment(paymentId: string): Promise<LedgerPayment | null>;
  /** Gives back a part of what was captured. @returns the id of the refund */
  refund(refund: NewRefund): Promise<{ refundId: string }>;
  /** @param page.updatedSince ISO 8601 */
  listPayments(page: { updatedSince: string; cursor: string | null }): Promise<PaymentsPage>;
}

/** The gateway's own ids of payments, for a gateway that cannot find a payment by our payment id. */
export type PaymentReferences = Pick<Store, 'readPaymentReference' | 'recordPaymentReferences'>;

/** `GatewayUnavailable` passes by itself; `GatewayRefused` needs a person. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly code: 'GatewayUnavailable' | 'GatewayRefused';

  /** @param message one sentence for engineers, without anything that the gateway said */
  constructor(code: GatewayError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * Gives back whatever the gateway still keeps of a payment, so that a refund that was made before, by this step or by hand,
 * is not made again. The key is the payment's as it stands: whoever finds it so makes one refund, and no gateway gives back
 * more than it took.
 */
export async function refundPayment(gateway: PaymentGateway, paymentId: string): Promise<RefundResult> {
  const payment = await gateway.getPayment(paymentId);
  if (payment === null || payment.capturedMinor === 0) return { refundId: null, refundedMinor: 0 };
  const keptMinor = payment.capturedMinor - payment.refundedMinor;
  if (keptMinor === 0) return { refundId: payment.lastRefundId, refundedMinor: payment.refundedMinor };
  const idempotencyKey = `refund/${paymentId}/${payment.refundedMinor}/${payment.lastRefundId ?? 'first'}`;
  const { refundId } = await gateway.refund({ paymentId, amountMinor: keptMinor, idempotencyKey });
  return { refundId, refundedMinor: payment.capturedMinor };
}
