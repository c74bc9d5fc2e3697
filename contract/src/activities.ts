import type { Anomaly, CompareInput, Comparison, LedgerMark, OrdersMark, RunRef, StockMark } from './reconcile';
import type { PaymentEvent } from './paymentEvent';
import type { CancelReason, OrderStatus, PaymentStatus } from './statuses';

export interface OrderLine {
  productId: number;
  quantity: number;
}

export interface PlaceOrderInput {
  /** Key of the effect: one order per idempotency key, forever. */
  idempotencyKey: string;
  /** The id that the order gets if this call places it. */
  orderId: string;
  /** SHA-256 of the request body. The same key with another body is refused. */
  fingerprint: string;
  /** Id of the HTTP request that started the run; a repeated request has another one. */
  requestId: string;
  /** One line per product. Empty to look up the order of a key instead of placing one. */
  lines: OrderLine[];
  /** How long the stock stays reserved without a payment, in milliseconds from now. */
  paymentWindowMs: number;
}

/** The order of an idempotency key, placed by this call or by an earlier one. */
export interface PlacedOrder {
  orderId: string;
  /** Null when the stock was sold out: no payment is asked for. */
  paymentId: string | null;
  status: OrderStatus;
  paymentStatus: PaymentStatus;
  cancelReason: CancelReason | null;
  /** Of the request that placed the order. */
  fingerprint: string;
  requestId: string;
  totalMinor: number;
  currency: string;
  /** End of the payment window, ISO 8601. */
  expiresAt: string;
  /** Milliseconds left of the payment window by the database's clock; never negative. */
  paymentWindowLeftMs: number;
}

export interface OrderRef {
  orderId: string;
}

export interface CancelOrderInput extends OrderRef {
  reason: Exclude<CancelReason, 'sold_out'>;
}

export interface MarkPaidInput extends OrderRef {
  /** Id of the event that reported the payment, see `PaymentEvent`. */
  paymentEventId?: string | undefined;
}

/** The state of an order after a step. It can differ from what the step asked for: another run may have been first. */
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
  /** A payment event or the gateway said that the order was paid, so it shows its refund before the gateway is asked. */
  reportedPaid: boolean;
  paymentEventId?: string | undefined;
}

/** Everything that the gateway has refunded of a payment. */
export interface RefundResult {
  /** The gateway's id of the last refund; null when it had captured nothing. */
  refundId: string | null;
  refundedMinor: number;
}

export interface RecordRefundInput extends OrderRef, RefundResult {
  /** As in the run's input: false for a refund that an operator asked for. */
  reportedPaid: boolean;
}

/** The result of terminating a run. */
export interface EndedRun {
  /** False when the run was not stalled, or already closed. */
  ended: boolean;
  /** The payment event that the run had received and may not have acted on: the first `paid`, or else the first one. */
  payment: PaymentEvent | null;
}

/** Every effect of the workflows. Each may run twice: the second run changes nothing and returns what the first returned. */
export interface Activities {
  /** Creates the order and reserves all of its stock in one transaction. Key: the idempotency key. */
  placeOrder(input: PlaceOrderInput): Promise<PlacedOrder>;
  /** PENDING becomes PAID. Key: the order id. */
  markOrderPaid(input: MarkPaidInput): Promise<OrderState>;
  /** PENDING becomes CANCELLED and the order's hold is released, in one transaction. Key: the order id. */
  cancelOrder(input: CancelOrderInput): Promise<OrderState>;
  /** Ticks a PAID order down to DISPATCHED, one tick a second. Stops if it is cancelled. Key: the order id and the tick. */
  dispatchOrder(input: OrderRef): Promise<OrderState>;
  /** PAID becomes CANCELLED, the hold is released and a refund is due, in one transaction. Key: the order id. */
  cancelPaidOrder(input: OrderRef): Promise<OrderState>;
  /** Opens the payment and its page at the gateway. Key: the payment id. */
  createPayment(input: CreatePaymentInput): Promise<{ paymentUrl: string }>;
  /**
   * Closes an unpaid payment where the gateway supports that, and returns the payment's state; null if the gateway does not know
   * the payment. Key: the payment id.
   */
  closePayment(input: PaymentRef): Promise<GatewayPayment | null>;
  /** A cancelled order that was reported paid shows that a refund is due. Key: the order id. */
  beginRefund(input: BeginRefundInput): Promise<OrderState>;
  /** Refunds what the gateway still keeps of a payment. Key at the gateway: `refund/`, the payment id and what was refunded before. */
  refundPayment(input: PaymentRef): Promise<RefundResult>;
  /** The cancelled order shows what was refunded. Key: the order id. */
  recordRefund(input: RecordRefundInput): Promise<OrderState>;
  /** Compares the gateway's ledger with the orders and reports anomalies. Changes no order. */
  compareLedger(input: CompareInput<LedgerMark>): Promise<Comparison<LedgerMark>>;
  /** Compares unfinished orders with the open runs and reports anomalies. Changes nothing. */
  compareOrders(input: CompareInput<OrdersMark>): Promise<Comparison<OrdersMark>>;
  /** Compares inventory, stock movements and orders, and reports anomalies. Changes nothing. */
  compareStock(input: CompareInput<StockMark>): Promise<Comparison<StockMark>>;
  /** Terminates a checkout run that no worker can continue. A run that has recovered is left alone. Key: the run id. */
  endStalledRun(input: RunRef): Promise<EndedRun>;
  /** Reports the anomalies that were repaired. Changes nothing. */
  reportRepairs(input: { anomalies: Anomaly[] }): Promise<void>;
}
