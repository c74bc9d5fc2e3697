import type { Anomaly, CompareInput, Comparison, LedgerMark, OrdersMark, RunRef, StockMark } from './reconcile';
import type { PaymentEvent } from './paymentEvent';
import {
  type CancelReason,
  type DisputeStatus,
  type OrderStatus,
  type PaymentStatus,
  type RefundSource,
  type RefundStatus,
  settlements,
} from './statuses';

export interface OrderLine {
  productId: number;
  quantity: number;
}

export interface PlaceOrderInput {
  /** At most one order has this key. */
  idempotencyKey: string;
  /** The id that the order gets if this call places it. */
  orderId: string;
  /**
   * SHA-256 of the lines and the expected total. If the key already has an order with another fingerprint, the api
   * refuses the request.
   */
  fingerprint: string;
  /**
   * The api chooses a new id each time it starts or joins the run. If the order of the key has another request id,
   * another request placed the order.
   */
  requestId: string;
  /** One line per product. If the list is empty, the call only returns the order that the key already has. */
  lines: OrderLine[];
  /**
   * The total that the shopper was shown. If the cart has another total, the checkout is refused. Absent if the client
   * sent none.
   */
  expectedTotalMinor?: number;
  /** The length of the payment window, in milliseconds. The window begins when the order is placed. */
  paymentWindowMs: number;
}

/** The order of an idempotency key, placed by this call or by an earlier one. */
export interface PlacedOrder {
  orderId: string;
  /** Null if a product was sold out, because the store does not ask for a payment of such an order. */
  paymentId: string | null;
  status: OrderStatus;
  paymentStatus: PaymentStatus;
  cancelReason: CancelReason | null;
  /** The fingerprint of the request that placed the order. */
  fingerprint: string;
  /** The `requestId` of the input with which the order was placed. */
  requestId: string;
  totalMinor: number;
  currency: string;
  /** End of the payment window, ISO 8601. */
  expiresAt: string;
  /** How many milliseconds of the payment window are left, by the database's clock; never negative. */
  paymentWindowLeftMs: number;
}

export interface OrderRef {
  orderId: string;
}

export interface CancelOrderInput extends OrderRef {
  reason: Exclude<CancelReason, 'sold_out'>;
}

export interface MarkPaidInput extends OrderRef {
  /** The id of the event that reported the payment (see `PaymentEvent`). */
  paymentEventId?: string | undefined;
}

/**
 * The state of an order after an activity. If another run or an operator has changed the order first, the state can
 * differ from the one that the activity would have written.
 */
export interface OrderState {
  status: OrderStatus;
  paymentStatus: PaymentStatus;
  cancelReason: CancelReason | null;
  /** Null if a product was sold out. */
  paymentId: string | null;
}

export interface PaymentRef {
  paymentId: string;
}

/** The heartbeat details of `createPayment`. They tell which server the attempt waits for. */
export const paymentPageWaits = {
  database: 'waiting for the database',
  gateway: 'waiting for the payment gateway',
} as const;

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
  /** The sum of the refunds that have not failed. */
  refundedMinor: number;
  /** The oldest refund is first. */
  refunds: GatewayRefund[];
  disputes: GatewayDispute[];
}

/** A refund as the gateway knows it. */
export interface GatewayRefund {
  gatewayRefundId: string;
  /** The store's id of the refund; null if the store did not request the refund. */
  refundId: string | null;
  amountMinor: number;
  status: RefundStatus;
  /** ISO 8601, by the gateway's clock. */
  createdAt: string;
}

/** A dispute as the gateway knows it. */
export interface GatewayDispute {
  gatewayDisputeId: string;
  /**
   * The disputed amount, in the currency of the payment. 0 while the bank only inquires and has not taken any money.
   */
  amountMinor: number;
  status: DisputeStatus;
  /** The gateway's name for the reason, such as `fraudulent`. */
  reason: string | null;
  /** When the dispute was opened, ISO 8601, by the gateway's clock. */
  createdAt: string;
}

/** What the gateway reports about the money of a payment. */
export type GatewayLedger = Pick<GatewayPayment, 'capturedMinor' | 'refunds' | 'disputes'>;

/** The sum of the refunds that have not failed. */
export function reservedMinor(refunds: Pick<GatewayRefund, 'amountMinor' | 'status'>[]): number {
  return refunds.reduce((sum, { amountMinor, status }) => sum + (status === 'failed' ? 0 : amountMinor), 0);
}

/**
 * The sum of the failed refunds for which an operator has paid the shopper in another way. The gateway keeps this
 * amount, and the store must not refund it again.
 */
export function paidOutsideMinor(
  refunds: (Pick<GatewayRefund, 'amountMinor' | 'status'> & { settledBy?: string | null })[],
): number {
  return refunds.reduce(
    (sum, { amountMinor, status, settledBy }) =>
      sum + (status === 'failed' && settledBy === settlements.outside ? amountMinor : 0),
    0,
  );
}

/** The sum of the disputes that are open or lost. The bank has taken this sum from the store. */
export function disputedMinor(disputes: Pick<GatewayDispute, 'amountMinor' | 'status'>[]): number {
  return disputes.reduce((sum, { amountMinor, status }) => sum + (status === 'won' ? 0 : amountMinor), 0);
}

/**
 * The part of a payment that the store still has and can refund. Never negative: if refunds and disputes together
 * exceed the captured amount, the result is 0.
 */
export function keptMinor({
  capturedMinor,
  refundedMinor,
  disputes,
}: Pick<GatewayPayment, 'capturedMinor' | 'refundedMinor'> & {
  disputes: Pick<GatewayDispute, 'amountMinor' | 'status'>[];
}): number {
  return Math.max(0, capturedMinor - refundedMinor - disputedMinor(disputes));
}

export interface RefundRef extends OrderRef {
  refundId: string;
  /**
   * Present if the gateway has captured a payment for a cancelled order, and Postgres perhaps does not have the capture
   * yet.
   * `beginRefund` then records the capture and the refund.
   */
  latePayment?: { capturedMinor: number; eventId?: string | undefined } | undefined;
}

/** A refund as it is recorded in Postgres. */
export interface Refund extends Omit<RefundRef, 'latePayment'>, PaymentRef {
  amountMinor: number;
  currency: string;
  status: RefundStatus;
  source: RefundSource;
  /** Null until the gateway has made the refund. Stays null if the gateway has captured nothing. */
  gatewayRefundId: string | null;
  /**
   * The id of the event that reported the payment (see `PaymentEvent`). Null if an unsigned webhook of demo mode
   * reported the payment. The gateway perhaps does not know such a payment.
   */
  paymentEventId: string | null;
}

/** Whether the store still has to make a refund at the gateway. */
export function isToMake({ status, gatewayRefundId }: Pick<Refund, 'status' | 'gatewayRefundId'>): boolean {
  return status === 'pending' && gatewayRefundId === null;
}

export interface RecordRefundInput extends OrderRef {
  refundId: string;
  /** The payment after the refund, as the gateway reports it; null if the gateway has captured nothing. */
  payment: GatewayLedger | null;
}

export interface SyncPaymentInput extends OrderRef, PaymentRef {}

/** The result of `endStalledRun`. */
export interface EndedRun {
  /** Whether the run is terminated. False if workers can replay the run again, or if the run closed in another way. */
  ended: boolean;
  /**
   * The first `paid` event that the run received, or its first payment event if none was `paid`. The run may have ended
   * before it acted on this event. Null if `ended` is false, or if the run received no payment event.
   */
  payment: PaymentEvent | null;
}

/**
 * The activities of the workflows. An activity can be executed twice: the second execution does not repeat the effect
 * of the first. In the comments below, `Key` says by which ids the second execution recognizes that the effect exists.
 */
export interface Activities {
  /**
   * Creates the order and reserves all of its stock, in one transaction. If a product is sold out, creates a cancelled
   * order and reserves nothing. Key: the idempotency key.
   */
  placeOrder(input: PlaceOrderInput): Promise<PlacedOrder>;
  /** Changes a PENDING order to PAID. Key: the order id. */
  markOrderPaid(input: MarkPaidInput): Promise<OrderState>;
  /** Cancels a PENDING order and releases its stock, in one transaction. Key: the order id. */
  cancelOrder(input: CancelOrderInput): Promise<OrderState>;
  /**
   * Records the buyer of a PAID order, if the payment page has asked for an address. For a demo order, then decreases
   * the progress by one tick a second, until the order is DISPATCHED or cancelled. For a manual order, then marks the
   * order ready to ship. Key: the order id, and the tick of a demo order.
   */
  dispatchOrder(input: OrderRef): Promise<OrderState>;
  /**
   * Cancels a PAID order, releases its stock, and reserves a refund of what is neither refunded nor disputed, in one
   * transaction. Key: the order id.
   */
  cancelPaidOrder(input: OrderRef): Promise<OrderState>;
  /** Opens the payment and its page at the gateway. Key: the payment id. */
  createPayment(input: CreatePaymentInput): Promise<{ paymentUrl: string }>;
  /**
   * Closes an unpaid payment if the gateway supports that. Returns the payment's state; null if the gateway does not
   * know the payment. Key: the payment id.
   */
  closePayment(input: PaymentRef): Promise<GatewayPayment | null>;
  /**
   * Returns a refund; null if there is nothing to refund. If the refund is for a late payment, first records the
   * refund, which reserves its amount. Key: the refund id.
   */
  beginRefund(input: RefundRef): Promise<Refund | null>;
  /**
   * Makes a refund at the gateway. Does nothing if the refund is no longer pending in Postgres, if the gateway has
   * already made it, or if less than its amount is left of the payment. Returns the payment after the refund; null if
   * the gateway has captured nothing. Key: the refund id. The idempotency key at the gateway begins with `refund/` and
   * the refund id.
   */
  refundPayment(input: Refund): Promise<GatewayPayment | null>;
  /**
   * Records on the order all refunds and disputes of the payment, as the gateway reports them. If the gateway has
   * captured nothing, marks the refund as succeeded. Key: the refund id.
   */
  recordRefund(input: RecordRefundInput): Promise<{ refund: Refund; order: OrderState }>;
  /**
   * Reads a payment from the gateway, and records its refunds and disputes on the order, unless the order is PENDING.
   * Key: the payment id.
   */
  syncPayment(input: SyncPaymentInput): Promise<OrderState>;
  /** Compares the gateway's ledger with the orders, records missing refunds and disputes, and reports anomalies. */
  compareLedger(input: CompareInput<LedgerMark>): Promise<Comparison<LedgerMark>>;
  /** Compares unfinished orders and pending refunds with their runs, and reports anomalies. Changes nothing. */
  compareOrders(input: CompareInput<OrdersMark>): Promise<Comparison<OrdersMark>>;
  /** Compares inventory, stock movements and orders, and reports anomalies. Changes nothing. */
  compareStock(input: CompareInput<StockMark>): Promise<Comparison<StockMark>>;
  /**
   * Terminates a checkout run that no worker can continue. Does nothing if workers can continue the run again. Key: the
   * run id.
   */
  endStalledRun(input: RunRef): Promise<EndedRun>;
  /** Reports the anomalies that were repaired. Changes nothing. */
  reportRepairs(input: { anomalies: Anomaly[] }): Promise<void>;
}
