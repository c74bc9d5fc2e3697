import type { Anomaly, CompareInput, Comparison, LedgerMark, OrdersMark, RunRef, StockMark } from './reconcile';
import type { PaymentEvent } from './paymentEvent';
import type { CancelReason, OrderStatus, PaymentStatus } from './statuses';

export interface OrderLine {
  productId: number;
  quantity: number;
}

export interface PlaceOrderInput {
  /** The key of the effect: one order per key, for ever. */
  idempotencyKey: string;
  /** The id that the order gets when this call places it. */
  orderId: string;
  /** SHA-256 of what the key was first asked for; the same key with another body is refused. */
  fingerprint: string;
  /** Names the request that started the run, so that it can be told from its repetitions. */
  requestId: string;
  /** One line a product. */
  lines: OrderLine[];
  /** Milliseconds from now that the stock stays reserved without a payment. */
  paymentWindowMs: number;
}

/** The one order of an idempotency key, whether this call placed it or an earlier one did. */
export interface PlacedOrder {
  orderId: string;
  /** Null when the stock was not there: no payment is asked for. */
  paymentId: string | null;
  status: OrderStatus;
  paymentStatus: PaymentStatus;
  cancelReason: CancelReason | null;
  /** Of the request that placed it. */
  fingerprint: string;
  requestId: string;
  totalMinor: number;
  currency: string;
  /** End of the payment window, ISO 8601. */
  expiresAt: string;
  /** Milliseconds left of the payment window by the database's clock, never negative. */
  paymentWindowLeftMs: number;
}

export interface OrderRef {
  orderId: string;
}

export interface CancelOrderInput extends OrderRef {
  reason: Exclude<CancelReason, 'sold_out'>;
}

export interface MarkPaidInput extends OrderRef {
  /** What says so, see `PaymentEvent`. */
  paymentEventId?: string;
}

/** Where an order stands after a step; another run may have taken the step first, or another step. */
export interface OrderState {
  status: OrderStatus;
  paymentStatus: PaymentStatus;
  cancelReason: CancelReason | null;
  /** Null when no payment was ever asked for. */
  paymentId: string | null;
}

export interface PaymentRef {
  paymentId: string;
}

export interface CreatePaymentInput extends PaymentRef, OrderRef {
  amountMinor: number;
  currency: string;
  /** End of the payment window, ISO 8601. */
  expiresAt: string;
}

/** A payment as the gateway knows it. */
export interface GatewayPayment extends PaymentRef {
  status: 'open' | 'paid' | 'failed';
  amountMinor: number;
  currency: string;
  capturedMinor: number;
  refundedMinor: number;
}

export interface BeginRefundInput extends OrderRef {
  /** Somebody said that this order was paid, so that it shows the refund before the gateway has been asked. */
  claimed: boolean;
  paymentEventId?: string | undefined;
}

/** What the gateway has given back of a payment, all of it together. */
export interface GivenBack {
  /** The gateway's id of the refund; null when it had captured nothing. */
  refundId: string | null;
  refundedMinor: number;
}

export interface RecordRefundInput extends OrderRef, GivenBack {
  /** As in the run's input: false for a refund that a person has asked for. */
  claimed: boolean;
}

/** What is left of a run that was ended from outside. */
export interface EndedRun {
  /** False when there was nothing to end. */
  ended: boolean;
  /** What it had been told of its payment and may not have acted on; `paid` wins. Null when it was told nothing. */
  heard: PaymentEvent | null;
}

/** Every effect of the workflows. Each may run twice: the second run changes nothing and answers like the first. */
export interface Activities {
  /** Creates the order and reserves all of its stock, in one transaction. Key: the idempotency key. */
  placeOrder(input: PlaceOrderInput): Promise<PlacedOrder>;
  /** PENDING becomes PAID. Key: the order id. */
  markOrderPaid(input: MarkPaidInput): Promise<OrderState>;
  /** PENDING becomes CANCELLED and its hold is released, in one transaction. Key: the order id. */
  cancelOrder(input: CancelOrderInput): Promise<OrderState>;
  /** Ticks a PAID order down to DISPATCHED, one tick a second; stops when it is cancelled. Key: the order id and the tick. */
  dispatchOrder(input: OrderRef): Promise<OrderState>;
  /** PAID becomes CANCELLED, its hold is released and its refund is due, in one transaction. Key: the order id. */
  cancelPaidOrder(input: OrderRef): Promise<OrderState>;
  /** Opens the payment and its page at the gateway. Key: the payment id. */
  createPayment(input: CreatePaymentInput): Promise<{ paymentUrl: string }>;
  /**
   * Ends a payment that was not made, where the gateway can, so that it cannot be made any more, and says how it stands; null
   * when the gateway knows none. Key: the payment id.
   */
  closePayment(input: PaymentRef): Promise<GatewayPayment | null>;
  /** A cancelled order that was claimed to be paid shows that its refund is due. Key: the order id. */
  beginRefund(input: BeginRefundInput): Promise<OrderState>;
  /** Gives back whatever the gateway still keeps of a payment. Key: `refund/`, the payment id and how it stands, at the gateway. */
  refundPayment(input: PaymentRef): Promise<GivenBack>;
  /** The cancelled order shows what was given back. Key: the order id. */
  recordRefund(input: RecordRefundInput): Promise<OrderState>;
  /** Compares the gateway's ledger with the orders and reports what does not fit. Changes no order. */
  compareLedger(input: CompareInput<LedgerMark>): Promise<Comparison<LedgerMark>>;
  /** Compares the orders that are not over with the open runs and reports what does not fit. Changes nothing. */
  compareOrders(input: CompareInput<OrdersMark>): Promise<Comparison<OrdersMark>>;
  /** Compares inventory, stock movements and orders and reports what does not fit. Changes nothing. */
  compareStock(input: CompareInput<StockMark>): Promise<Comparison<StockMark>>;
  /** Ends a checkout run that no worker can go on with; one that goes on after all is left alone. Key: the run id. */
  endStalledRun(input: RunRef): Promise<EndedRun>;
  /** Reports the anomalies whose repair was made. Changes nothing. */
  reportRepairs(input: { anomalies: Anomaly[] }): Promise<void>;
}
