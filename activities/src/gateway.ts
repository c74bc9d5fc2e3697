import type { GatewayPayment, GatewayRefund } from '@widget-store/contract';
import type { Buyer, Store } from '@widget-store/db';

/** An item or an adjustment of an order, as the payment page shows it. */
export interface PaymentItem {
  name: string;
  quantity: number;
  /** The price of one unit, in integer minor units. Negative for a discount. */
  unitPriceMinor: number;
}

/** A payment to open. `paymentId` is the idempotency key, so every attempt must send the same values in all fields. */
export interface NewPayment {
  paymentId: string;
  /** Integer minor units. */
  amountMinor: number;
  /** ISO 4217. */
  currency: string;
  /**
   * The items, then the adjustments. Empty if the order is no longer in Postgres. Otherwise, the prices of all units add
   * up to `amountMinor`.
   */
  items: PaymentItem[];
  /** The address to which the gateway sends the shopper after the payment. */
  returnUrl: string;
  /** End of the payment window, ISO 8601. */
  expiresAt: string;
  /**
   * The ISO 3166-1 countries that the payment page offers for the shipping address. Null if the page asks for no
   * address.
   */
  shippingCountries: string[] | null;
}

interface NewRefund {
  paymentId: string;
  /** The store's id of the refund. The gateway returns this id with the refund. */
  refundId: string;
  /** Integer minor units. */
  amountMinor: number;
  idempotencyKey: string;
}

/** A payment with the time of its last change. The contract's type for workflows, `GatewayPayment`, lacks this time. */
export interface LedgerPayment extends GatewayPayment {
  /** When the payment last changed, by the gateway's clock, ISO 8601. */
  updatedAt: string;
}

/** One page of the payments that have changed at the gateway since the `updatedSince` of `listPayments`. */
interface PaymentsPage {
  payments: LedgerPayment[];
  /** Null on the last page. */
  nextCursor: string | null;
}

/**
 * A payment gateway. Every call can safely be repeated: calls with the same idempotency key have one effect and return
 * the same answer. Every call can throw a GatewayError. The calls of a gateway that uses `PaymentReferences` can also
 * throw a StoreError.
 */
export interface PaymentGateway {
  /** Opens a payment, and returns the address of its payment page. A repeated call returns the address again. */
  createPayment(payment: NewPayment): Promise<{ paymentUrl: string }>;
  /** @returns null if the gateway does not know the payment */
  getPayment(paymentId: string): Promise<LedgerPayment | null>;
  /**
   * Reads who has paid and where the parcel goes. No activity may return anything from the result, because workflow
   * histories must not contain personal data.
   *
   * @returns null if the gateway does not know the payment, or has no shipping address for it
   */
  getBuyer(paymentId: string): Promise<Buyer | null>;
  /**
   * Closes an unpaid payment, if the gateway supports that. Does not change a paid payment.
   *
   * @returns the payment's state; null if the gateway does not know the payment
   */
  closePayment(paymentId: string): Promise<LedgerPayment | null>;
  /** Refunds the captured amount, or a part of it. */
  refund(refund: NewRefund): Promise<GatewayRefund>;
  /**
   * Lists the payments that have changed, also by a refund or a dispute. If a gateway lacks this call, the reconciler
   * asks for the payments of orders that have changed recently, at most 500 in each comparison. It then misses payments
   * without an order. It also misses a change at the gateway if the event of the change is lost and the order has not
   * changed recently.
   *
   * @param page.updatedSince ISO 8601
   */
  listPayments?(page: { updatedSince: string; cursor: string | null }): Promise<PaymentsPage>;
}

/** A gateway that can list payments. */
export type ListingGateway = Required<PaymentGateway>;

/**
 * Reads and records the gateway's own ids of payments. The store needs these ids if the gateway cannot find a payment
 * by the store's payment id.
 */
export type PaymentReferences = Pick<Store, 'readPaymentReference' | 'recordPaymentReferences'>;

/**
 * A failed call to the gateway. `failureTypes` explains the codes. The cause of a `GatewayUnavailable` can go
 * away by itself; the other codes need a person.
 */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly code: 'GatewayUnavailable' | 'GatewayRefused' | 'GatewayMisconfigured';

  /** @param message one sentence for engineers, without any text that the gateway has sent */
  constructor(code: GatewayError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
