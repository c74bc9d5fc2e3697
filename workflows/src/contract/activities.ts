import type { CancelReason, OrderStatus } from './statuses';

export interface OrderLine {
  productId: number;
  quantity: number;
}

export interface PlaceOrderInput {
  /** The key of the effect: one order per key, for ever. */
  idempotencyKey: string;
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

/** Where an order stands after a step; another run may have taken the step first, or another step. */
export interface OrderState {
  status: OrderStatus;
}

/** Every effect of the workflows. Each may run twice: the second run changes nothing and answers like the first. */
export interface Activities {
  /** Creates the order and reserves all of its stock, in one transaction. Key: the idempotency key. */
  placeOrder(input: PlaceOrderInput): Promise<PlacedOrder>;
  /** PENDING becomes PAID. Key: the order id. */
  markOrderPaid(input: OrderRef): Promise<OrderState>;
  /** PENDING becomes CANCELLED and its hold is released, in one transaction. Key: the order id. */
  cancelOrder(input: CancelOrderInput): Promise<OrderState>;
  /** Ticks a PAID order's progress down to 0 once a second, then DISPATCHED. Key: the order id and the tick. */
  dispatchOrder(input: OrderRef): Promise<void>;
}
